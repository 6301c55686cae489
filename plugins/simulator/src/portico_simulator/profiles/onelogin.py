"""OneLogin. SAML: the issuer is the address of its metadata, the old names of attributes, several values in one text.

OpenID Connect: an application takes the one way of authenticating that was chosen for it.
"""

from datetime import timedelta

from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import MetadataHabits, ReleasedAttribute, Requests, Service, Window, Writing
from portico_simulator.profiles.spec import EMAIL_ADDRESS, VendorError

_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
_THREE = timedelta(minutes=3)
_NO_ACCESS = VendorError("", "You do not have access to this application.", "not_assigned", "page", http=403)

ONELOGIN_SAML = SamlProfile(
    key="onelogin-saml",
    vendor="OneLogin",
    entity_id="{base}/saml/metadata/{number}",
    sso_path="/trust/saml2/http-post/sso/{number}",
    metadata_path="/saml/metadata/{number}",
    slo_path="/trust/saml2/http-redirect/slo/{number}",
    signed="response",
    name_id_format=EMAIL_ADDRESS,
    name_id_source="email",
    attributes=(
        ReleasedAttribute("User.email", "email", _BASIC),
        ReleasedAttribute("User.FirstName", "given_name", _BASIC),
        ReleasedAttribute("User.LastName", "family_name", _BASIC),
        ReleasedAttribute("PersonImmutableID", "onelogin_id", _BASIC),
        ReleasedAttribute("memberOf", "groups", _BASIC, joined=";"),
    ),
    window=Window(-_THREE, _THREE, _THREE),
    writing=Writing(id_prefix="pfx", issuer_format=True),
    metadata=MetadataHabits(
        name_id_formats=(EMAIL_ADDRESS,),
        want_signed_requests=None,
        contact="support@onelogin.com",
        more_services=(
            Service(
                "SingleSignOnService", "urn:oasis:names:tc:SAML:2.0:bindings:SOAP", "/trust/saml2/soap/sso/{number}"
            ),
        ),
    ),
    requests=Requests(
        bindings=("HTTP-Redirect", "HTTP-POST"), paths={"HTTP-Redirect": "/trust/saml2/http-redirect/sso/{number}"}
    ),
    errors=(_NO_ACCESS,),
)

ONELOGIN_OIDC = OidcProfile(
    key="onelogin-oidc",
    vendor="OneLogin",
    issuer="{base}/oidc/2",
    discovery_path="/oidc/2/.well-known/openid-configuration",
    authorize_path="/oidc/2/auth",
    token_path="/oidc/2/token",  # noqa: S106 -- a path
    userinfo_path="/oidc/2/me",
    jwks_path="/oidc/2/certs",
    logout_path="/oidc/2/logout",
    claims=(
        ReleasedClaim("email", "email", scope="email"),
        ReleasedClaim("name", "name", scope="profile"),
        ReleasedClaim("given_name", "given_name", scope="profile"),
        ReleasedClaim("family_name", "family_name", scope="profile"),
        ReleasedClaim("preferred_username", "username", scope="profile"),
        ReleasedClaim("groups", "groups", scope="groups", many=True),
    ),
    subject_source="onelogin_id",
    at_hash=True,
    sid=True,
    auth_time="asked",
    errors=(_NO_ACCESS,),
)
