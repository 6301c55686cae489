"""AD FS. SAML: http entity ID, assertion signed alone, no slack before now, WS-Federation in its metadata, encryption as
soon as it is offered a key. OpenID Connect: little in the ID token unless a resource is named, nothing in userinfo.
"""

from datetime import timedelta

from portico_simulator.profiles.adfs_errors import OIDC_ERRORS, SAML_ERRORS
from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import (
    EncryptionHabits,
    MetadataHabits,
    ReleasedAttribute,
    Requests,
    Window,
    Writing,
)
from portico_simulator.profiles.spec import EMAIL_ADDRESS, PERSISTENT, TRANSIENT

_IDENTITY = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_OLD = "http://schemas.xmlsoap.org/claims"
_ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
_CLAIM_TYPES = (
    *(f"{_IDENTITY}/{name}" for name in ("emailaddress", "givenname", "name", "upn", "surname", "nameidentifier")),
    *(f"{_IDENTITY}/{name}" for name in ("privatepersonalidentifier", "denyonlysid", "x500distinguishedname")),
    *(f"{_OLD}/{name}" for name in ("CommonName", "EmailAddress", "Group", "UPN")),
    *(f"{_ROLE}/{name}" for name in ("role", "authenticationinstant", "authenticationmethod", "denyonlyprimarysid")),
    *(f"{_ROLE}/{name}" for name in ("groupsid", "primarygroupsid", "primarysid", "windowsaccountname")),
)

ADFS_SAML = SamlProfile(
    key="adfs-saml",
    vendor="AD FS",
    entity_id="http://adfs.{domain}/adfs/services/trust",
    sso_path="/adfs/ls/",
    metadata_path="/FederationMetadata/2007-06/FederationMetadata.xml",
    slo_path="/adfs/ls/",
    slo_bindings=("HTTP-Redirect", "HTTP-POST"),
    lower_case_queries=True,
    name_id_format=PERSISTENT,
    name_id_source="sid",
    attributes=(
        ReleasedAttribute(f"{_IDENTITY}/emailaddress", "email"),
        ReleasedAttribute(f"{_IDENTITY}/givenname", "given_name"),
        ReleasedAttribute(f"{_IDENTITY}/surname", "family_name"),
        ReleasedAttribute(f"{_IDENTITY}/upn", "username"),
        ReleasedAttribute(f"{_OLD}/Group", "groups"),
    ),
    certificate_years=1,
    window=Window(timedelta(0), timedelta(minutes=60), timedelta(minutes=5)),
    writing=Writing(prefixes=("samlp", None), consent=True, attributes_first=True, typed_values=False),
    metadata=MetadataHabits(
        name_id_formats=(EMAIL_ADDRESS, PERSISTENT, TRANSIENT),
        encryption_key="first",
        roles=("ApplicationServiceType", "SecurityTokenServiceType"),
        provider_role_too=True,
        claim_types=_CLAIM_TYPES,
        lists_attributes=_CLAIM_TYPES,
        signed=True,
    ),
    requests=Requests(
        bindings=("HTTP-Redirect", "HTTP-POST"), name_id_policy="strict", authn_context=True, loop_limit=6
    ),
    encryption=EncryptionHabits("offered"),
    errors=SAML_ERRORS,
)

ADFS_OIDC = OidcProfile(
    key="adfs-oidc",
    vendor="AD FS",
    issuer="{base}/adfs",
    discovery_path="/adfs/.well-known/openid-configuration",
    authorize_path="/adfs/oauth2/authorize/",
    token_path="/adfs/oauth2/token/",  # noqa: S106 -- a path
    userinfo_path="/adfs/userinfo",
    jwks_path="/adfs/discovery/keys",
    logout_path="/adfs/oauth2/logout",
    claims=(
        ReleasedClaim("unique_name", "windows_account"),
        ReleasedClaim("upn", "username"),
        ReleasedClaim("sid", "sid"),
        ReleasedClaim("email", "email", scope="allatclaims", resource=True),
        ReleasedClaim("given_name", "given_name", scope="allatclaims", resource=True),
        ReleasedClaim("family_name", "family_name", scope="allatclaims", resource=True),
        ReleasedClaim("group", "groups", scope="allatclaims", resource=True),
    ),
    constant_claims={"apptype": "Confidential", "ver": "1.0"},
    pairwise_sub=True,
    auth_time="text",
    certificate_years=1,
    code_lifetime=timedelta(minutes=10),
    userinfo="resource",
    advertises_pkce=False,
    extra_metadata={"access_token_issuer": "http://adfs.{domain}/adfs/services/trust"},
    errors=OIDC_ERRORS,
)
