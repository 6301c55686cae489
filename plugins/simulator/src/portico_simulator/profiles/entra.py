"""Microsoft Entra ID. SAML: assertion signed by the application's own certificate, an hour of validity, 150 groups at most.

OpenID Connect, v2.0 tokens: tenant in the issuer, pairwise `sub`, e-mail on request, 200 groups at most, `iat` and `nbf`
five minutes early.
"""

from datetime import timedelta

from portico_simulator.profiles.entra_errors import OIDC_ERRORS, SAML_ERRORS
from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import MetadataHabits, Overage, ReleasedAttribute, Requests, Window, Writing
from portico_simulator.profiles.spec import EMAIL_ADDRESS, PERSISTENT, TRANSIENT, UNSPECIFIED

_IDENTITY = "http://schemas.microsoft.com/identity/claims"
_XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
_GROUPS = f"{_ROLE}/groups"
_NAMES = ("tenantid", "objectidentifier", "displayname", "identityprovider")

ENTRA_SAML = SamlProfile(
    key="entra-saml",
    vendor="Microsoft Entra ID",
    entity_id="https://sts.windows.net/{tenant}/",
    sso_path="/{tenant}/saml2",
    metadata_path="/{tenant}/federationmetadata/2007-06/federationmetadata.xml",
    slo_path="/{tenant}/saml2",
    lower_case_queries=True,
    logout_signed=False,
    name_id_format=EMAIL_ADDRESS,
    name_id_source="upn",
    attributes=(
        ReleasedAttribute(f"{_IDENTITY}/tenantid", "tenant"),
        ReleasedAttribute(f"{_IDENTITY}/objectidentifier", "id"),
        ReleasedAttribute(f"{_IDENTITY}/displayname", "name"),
        ReleasedAttribute(_GROUPS, "group_ids"),
        ReleasedAttribute(f"{_IDENTITY}/identityprovider", "home"),
        ReleasedAttribute("http://schemas.microsoft.com/claims/authnmethodsreferences", "password_method"),
        ReleasedAttribute(f"{_ROLE}/role", "roles"),
        ReleasedAttribute(f"{_XMLSOAP}/givenname", "given_name"),
        ReleasedAttribute(f"{_XMLSOAP}/surname", "family_name"),
        ReleasedAttribute(f"{_XMLSOAP}/emailaddress", "email"),
        ReleasedAttribute(f"{_XMLSOAP}/name", "upn"),
    ),
    overage=Overage(
        _GROUPS,
        150,
        "http://schemas.microsoft.com/claims/groups.link",
        "https://graph.windows.net/{tenant}/users/{person}/getMemberObjects",
    ),
    authn_context="urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
    publishes_next=False,
    certificate_years=3,
    window=Window(timedelta(minutes=-5), timedelta(minutes=60), timedelta(minutes=60)),
    writing=Writing(prefixes=("samlp", None), attributes_first=True, typed_values=False),
    metadata=MetadataHabits(
        name_id_formats=(),
        want_signed_requests=None,
        roles=("SecurityTokenServiceType", "ApplicationServiceType"),
        claim_types=(
            *(f"{_IDENTITY}/{name}" for name in _NAMES),
            f"{_XMLSOAP}/emailaddress",
            f"{_XMLSOAP}/name",
            _GROUPS,
        ),
        signed=True,
        byte_order_mark=True,
        application_parameter="appid",
    ),
    requests=Requests(
        bindings=("HTTP-Redirect", "HTTP-POST"),
        name_id_policy="obey",
        name_id_choices={PERSISTENT: "pairwise", UNSPECIFIED: "pairwise", EMAIL_ADDRESS: "upn", TRANSIENT: "random"},
        authn_context=True,
        digit_ids=False,
        lifetime=timedelta(minutes=10),
    ),
    errors=SAML_ERRORS,
    support_tail=True,
)

ENTRA_OIDC = OidcProfile(
    key="entra-oidc",
    vendor="Microsoft Entra ID",
    issuer="{base}/{tenant}/v2.0",
    discovery_path="/{tenant}/v2.0/.well-known/openid-configuration",
    authorize_path="/{tenant}/oauth2/v2.0/authorize",
    token_path="/{tenant}/oauth2/v2.0/token",  # noqa: S106 -- a path
    userinfo_path="/oidc/userinfo",
    jwks_path="/{tenant}/discovery/v2.0/keys",
    logout_path="/{tenant}/oauth2/v2.0/logout",
    shared_path="/common/v2.0/.well-known/openid-configuration",
    shared_issuer="{base}/{{tenantid}}/v2.0",
    claims=(
        ReleasedClaim("oid", "id", scope="profile"),
        ReleasedClaim("tid", "tenant", scope="profile"),
        ReleasedClaim("name", "name", scope="profile"),
        ReleasedClaim("preferred_username", "username", scope="profile"),
        ReleasedClaim("idp", "foreign_home"),
        ReleasedClaim("email", "foreign_email", scope="email"),  # of a guest it comes without being asked for
        ReleasedClaim("email", "email", optional=True),
        ReleasedClaim("upn", "upn", optional=True),
        ReleasedClaim("given_name", "given_name", optional=True),
        ReleasedClaim("family_name", "family_name", optional=True),
        ReleasedClaim("groups", "group_ids", optional=True, many=True, overage=200),
        ReleasedClaim("roles", "roles", many=True),
        ReleasedClaim("xms_edov", "domain_owner_verified", optional=True),
    ),
    constant_claims={"ver": "2.0"},
    auth_methods=("client_secret_post", "private_key_jwt", "client_secret_basic"),
    keys=3,
    signs=1,
    jwk_alg=False,
    pairwise_sub=True,
    backdated=timedelta(minutes=5),  # measured: Entra writes iat and nbf five minutes early
    auth_time="asked",
    id_token_lifetime=timedelta(minutes=65),
    code_lifetime=timedelta(minutes=10),
    session_state=True,
    advertises_pkce=False,
    extra_metadata={"tenant_region_scope": "EU", "cloud_instance_name": "microsoftonline.com"},
    errors=OIDC_ERRORS,
    support_tail=True,
)
