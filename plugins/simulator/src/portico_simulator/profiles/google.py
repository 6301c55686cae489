"""Google Workspace. SAML: a file of metadata, one entity ID for all applications, attributes even without a value.

OpenID Connect: one issuer for every account there is; the organization is the claim `hd`, and private accounts have none.
"""

from datetime import timedelta

from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import MetadataHabits, ReleasedAttribute, Requests, Writing
from portico_simulator.profiles.spec import EMAIL_ADDRESS, VendorError

_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"


def _page(code: str, text: str, cause: str = "", http: int = 403) -> VendorError:
    return VendorError(code, text, cause, "page", http=http)


GOOGLE_SAML = SamlProfile(
    key="google-saml",
    vendor="Google Workspace",
    entity_id="https://accounts.google.com/o/saml2?idpid=C0{google_id}",
    sso_path="/o/saml2/idp?idpid=C0{google_id}",
    metadata_path="/download/GoogleIDPMetadata.xml",
    attributes=(
        ReleasedAttribute("email", "email", _BASIC, always=True),
        ReleasedAttribute("firstName", "given_name", _BASIC, always=True),
        ReleasedAttribute("lastName", "family_name", _BASIC, always=True),
        ReleasedAttribute("department", "nothing", _BASIC, always=True),
        ReleasedAttribute("groups", "groups", _BASIC),
    ),
    authn_context="urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
    publishes_next=False,
    certificate_years=5,
    writing=Writing(prefixes=("saml2p", "saml2"), subject_name=True),
    metadata=MetadataHabits(name_id_formats=(EMAIL_ADDRESS,), valid_until=True),
    requests=Requests(bindings=("HTTP-Redirect", "HTTP-POST")),
    errors=(
        _page("app_not_configured", "The entity ID in the request is not known.", "unknown_application"),
        _page("app_not_configured_for_user", "Issuer in the request is not the Entity ID of the app."),
        _page("app_not_enabled_for_user", "The app is switched off for this account.", "not_assigned"),
        _page("saml_invalid_sp_id", "The service provider of the request is not valid.", http=400),
        _page("invalid ACS", "The ACS URL in the request is not the app's.", "wrong_acs", 400),
        _page("duplicate_entity_id", "Another app of the account has this Entity ID.", http=400),
    ),
)

GOOGLE_OIDC = OidcProfile(
    key="google-oidc",
    vendor="Google",
    issuer="{base}",
    discovery_path="/.well-known/openid-configuration",
    authorize_path="/o/oauth2/v2/auth",
    token_path="/token",  # noqa: S106 -- a path
    userinfo_path="/v1/userinfo",
    jwks_path="/oauth2/v3/certs",
    logout_path="/o/oauth2/revoke",
    claims=(
        ReleasedClaim("hd", "own_domain"),
        ReleasedClaim("email", "email", scope="email"),
        ReleasedClaim("name", "name", scope="profile"),
        ReleasedClaim("given_name", "given_name", scope="profile"),
        ReleasedClaim("family_name", "family_name", scope="profile"),
    ),
    subject_source="google_id",
    auth_methods=("client_secret_post", "client_secret_basic"),
    keys=2,
    auth_time="asked",
    code_lifetime=timedelta(minutes=10),
    email_verified=True,
    azp=True,
    at_hash=True,
    errors=(
        VendorError(
            "Error 403: org_internal", "This app is for people of one organization only.", "not_assigned", "page"
        ),
        VendorError("Error 400: redirect_uri_mismatch", "The redirect URI is not registered.", "redirect_uri", "page"),
        VendorError("Error 401: invalid_client", "The OAuth client was not found.", "unauthorized_client", "page"),
    ),
)
