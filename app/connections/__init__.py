"""One customer's identity provider: settings, life cycle, versions, and how a sign-in opens it."""

from app.connections.claim_rules import find_unmapped
from app.connections.connections import Connections
from app.connections.life_cycle import change_subject_source, fix_subject_source
from app.connections.live import LiveConnection
from app.connections.models import Connection, ConnectionVersion
from app.connections.routes import RoutableConnection
from app.connections.values import ConnectionChanges, NewConnection

__all__ = [
    "Connection",
    "ConnectionChanges",
    "ConnectionVersion",
    "Connections",
    "LiveConnection",
    "NewConnection",
    "RoutableConnection",
    "change_subject_source",
    "find_unmapped",
    "fix_subject_source",
]
