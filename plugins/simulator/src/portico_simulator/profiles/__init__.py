"""One module per vendor: its habits as data."""

from portico_simulator.profiles.adfs import ADFS_OIDC, ADFS_SAML
from portico_simulator.profiles.entra import ENTRA_OIDC, ENTRA_SAML
from portico_simulator.profiles.generic import GENERIC_OIDC, GENERIC_SAML
from portico_simulator.profiles.google import GOOGLE_OIDC, GOOGLE_SAML
from portico_simulator.profiles.jumpcloud import JUMPCLOUD_OIDC, JUMPCLOUD_SAML
from portico_simulator.profiles.keycloak import KEYCLOAK_OIDC, KEYCLOAK_SAML
from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.okta import OKTA_OIDC, OKTA_SAML
from portico_simulator.profiles.onelogin import ONELOGIN_OIDC, ONELOGIN_SAML
from portico_simulator.profiles.ping import PING_FEDERATE_SAML, PING_OIDC, PING_SAML
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import EncryptionHabits, ReleasedAttribute
from portico_simulator.profiles.shibboleth import SHIBBOLETH_SAML
from portico_simulator.profiles.spec import VendorError, find_caused, find_named

Profile = SamlProfile | OidcProfile

_ALL: tuple[Profile, ...] = (
    OKTA_SAML,
    OKTA_OIDC,
    ENTRA_SAML,
    ENTRA_OIDC,
    ADFS_SAML,
    ADFS_OIDC,
    GOOGLE_SAML,
    GOOGLE_OIDC,
    KEYCLOAK_SAML,
    KEYCLOAK_OIDC,
    ONELOGIN_SAML,
    ONELOGIN_OIDC,
    PING_SAML,
    PING_OIDC,
    PING_FEDERATE_SAML,
    JUMPCLOUD_SAML,
    JUMPCLOUD_OIDC,
    SHIBBOLETH_SAML,
    GENERIC_SAML,
    GENERIC_OIDC,
)

PROFILES: dict[str, Profile] = {profile.key: profile for profile in _ALL}

__all__ = [
    "PROFILES",
    "EncryptionHabits",
    "OidcProfile",
    "Profile",
    "ReleasedAttribute",
    "ReleasedClaim",
    "SamlProfile",
    "VendorError",
    "find_caused",
    "find_named",
]
