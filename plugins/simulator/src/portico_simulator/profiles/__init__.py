"""One module per vendor: its habits as data."""

from portico_simulator.profiles.adfs import ADFS_SAML
from portico_simulator.profiles.entra import ENTRA_OIDC
from portico_simulator.profiles.generic import GENERIC_OIDC, GENERIC_SAML
from portico_simulator.profiles.okta import OKTA_SAML
from portico_simulator.profiles.spec import OidcProfile, Profile, ReleasedAttribute, ReleasedClaim, SamlProfile

PROFILES: dict[str, Profile] = {
    profile.key: profile for profile in (OKTA_SAML, ENTRA_OIDC, ADFS_SAML, GENERIC_SAML, GENERIC_OIDC)
}

__all__ = ["PROFILES", "OidcProfile", "Profile", "ReleasedAttribute", "ReleasedClaim", "SamlProfile"]
