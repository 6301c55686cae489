"""One customer's identity provider: settings, life cycle, versions, and how a sign-in opens it."""

from app.connections.certificates import ConnectionCertificate, note_certificates_used
from app.connections.claim_rules import find_unmapped
from app.connections.connections import Connections
from app.connections.keys import ServiceProviderKey
from app.connections.life_cycle import fix_subject_source
from app.connections.live import LiveConnection
from app.connections.models import Connection, ConnectionDraft, ConnectionVersion
from app.connections.routes import RoutableConnection, list_connection_names, list_routable_organizations
from app.connections.values import ConnectionChanges, NewConnection
from app.connections.watching import MetadataWatch

__all__ = [
    "Connection",
    "ConnectionCertificate",
    "ConnectionChanges",
    "ConnectionDraft",
    "ConnectionVersion",
    "Connections",
    "LiveConnection",
    "MetadataWatch",
    "NewConnection",
    "RoutableConnection",
    "ServiceProviderKey",
    "find_unmapped",
    "fix_subject_source",
    "list_connection_names",
    "list_routable_organizations",
    "note_certificates_used",
]
