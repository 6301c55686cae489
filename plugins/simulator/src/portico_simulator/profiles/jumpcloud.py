"""JumpCloud. SAML: the administrator invents the entity ID, HTTP-POST only, a NameID format that does not exist, IDs in
capitals. OpenID Connect: an issuer that ends with a slash.
"""

from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import MetadataHabits, ReleasedAttribute, Requests, Writing
from portico_simulator.profiles.spec import VendorError

_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.0:nameid-format:unspecified"
_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
_NOT_IN_GROUP = VendorError("", "You do not have access to this application.", "not_assigned", "page", http=403)

JUMPCLOUD_SAML = SamlProfile(
    key="jumpcloud-saml",
    vendor="JumpCloud",
    entity_id="portico of {domain}",
    sso_path="/saml2/portico",
    metadata_path="/saml2/portico/metadata",
    name_id_format=_UNSPECIFIED,
    name_id_source="email",
    attributes=(
        ReleasedAttribute("email", "email", _BASIC),
        ReleasedAttribute("firstname", "given_name", _BASIC),
        ReleasedAttribute("lastname", "family_name", _BASIC),
        ReleasedAttribute("memberOf", "groups", _BASIC),
    ),
    publishes_next=False,
    certificate_years=5,
    writing=Writing(prefixes=("saml2p", "saml2"), id_prefix="JC", id_capitals=True, issuer_format=True, consent=True),
    metadata=MetadataHabits(name_id_formats=(_UNSPECIFIED,)),
    requests=Requests(bindings=("HTTP-POST",)),
    errors=(_NOT_IN_GROUP,),
)

JUMPCLOUD_OIDC = OidcProfile(
    key="jumpcloud-oidc",
    vendor="JumpCloud",
    issuer="{base}/",
    discovery_path="/.well-known/openid-configuration",
    authorize_path="/oauth2/auth",
    token_path="/oauth2/token",  # noqa: S106 -- a path
    userinfo_path="/userinfo",
    jwks_path="/.well-known/jwks.json",
    logout_path="/oauth2/sessions/logout",
    claims=(
        ReleasedClaim("email", "email", scope="email"),
        ReleasedClaim("name", "name", scope="profile"),
        ReleasedClaim("given_name", "given_name", scope="profile"),
        ReleasedClaim("family_name", "family_name", scope="profile"),
        ReleasedClaim("groups", "groups", optional=True, many=True),
    ),
    email_verified=True,
    at_hash=True,
    sid=True,
    errors=(_NOT_IN_GROUP,),
)
