"""Keycloak. SAML: demands signed requests, lives for a minute, repeats an attribute for each value, names its keys.

OpenID Connect: groups as paths, roles inside `realm_access`, a flag for verified addresses at each user.
"""

from datetime import timedelta

from portico_simulator.profiles.oidc import OidcProfile, ReleasedClaim
from portico_simulator.profiles.saml import SamlProfile
from portico_simulator.profiles.saml_habits import MetadataHabits, ReleasedAttribute, Requests, Service, Window, Writing
from portico_simulator.profiles.spec import EMAIL_ADDRESS, PERSISTENT, TRANSIENT, UNSPECIFIED, VendorError

_BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
_ENDPOINT = "/realms/main/protocol/saml"
_SOAP = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
_ARTIFACT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"

KEYCLOAK_SAML = SamlProfile(
    key="keycloak-saml",
    vendor="Keycloak",
    entity_id="{base}/realms/main",
    sso_path=_ENDPOINT,
    metadata_path="/realms/main/protocol/saml/descriptor",
    slo_path=_ENDPOINT,
    slo_bindings=("HTTP-POST", "HTTP-Redirect"),
    signed="response",
    name_id_source="username",
    attributes=(
        ReleasedAttribute("email", "email", _BASIC),
        ReleasedAttribute("firstName", "given_name", _BASIC),
        ReleasedAttribute("lastName", "family_name", _BASIC),
        ReleasedAttribute("Role", "roles", _BASIC),
        ReleasedAttribute("groups", "group_paths", _BASIC),
    ),
    authn_context="urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
    window=Window(timedelta(seconds=-2), timedelta(seconds=58), timedelta(seconds=58)),
    writing=Writing(id_prefix="ID_", repeat_attributes=True),
    metadata=MetadataHabits(
        name_id_formats=(PERSISTENT, TRANSIENT, UNSPECIFIED, EMAIL_ADDRESS),
        want_signed_requests="true",
        key_name=True,
        more_services=(
            Service("SingleSignOnService", _SOAP, _ENDPOINT),
            Service("SingleSignOnService", _ARTIFACT, _ENDPOINT),
        ),
    ),
    requests=Requests(signed=True),
    errors=(
        VendorError("", "Invalid requester", "signature", "page"),
        VendorError("", "Invalid requester", "signature_algorithm", "page"),
        VendorError("", "Invalid redirect uri", "wrong_acs", "page"),
        VendorError("", "Client not found.", "unknown_application", "page"),
        VendorError("", "Access denied", "not_assigned", status=("Responder", "RequestDenied")),
    ),
)

KEYCLOAK_OIDC = OidcProfile(
    key="keycloak-oidc",
    vendor="Keycloak",
    issuer="{base}/realms/main",
    discovery_path="/realms/main/.well-known/openid-configuration",
    authorize_path="/realms/main/protocol/openid-connect/auth",
    token_path="/realms/main/protocol/openid-connect/token",  # noqa: S106 -- a path
    userinfo_path="/realms/main/protocol/openid-connect/userinfo",
    jwks_path="/realms/main/protocol/openid-connect/certs",
    logout_path="/realms/main/protocol/openid-connect/logout",
    claims=(
        ReleasedClaim("email", "email", scope="email"),
        ReleasedClaim("name", "name", scope="profile"),
        ReleasedClaim("given_name", "given_name", scope="profile"),
        ReleasedClaim("family_name", "family_name", scope="profile"),
        ReleasedClaim("preferred_username", "username", scope="profile"),
        ReleasedClaim("groups", "group_paths", many=True),
        ReleasedClaim("roles", "roles", many=True, within="realm_access"),
    ),
    constant_claims={"typ": "ID", "acr": "1"},
    auth_methods=("client_secret_basic", "client_secret_post", "private_key_jwt"),
    id_token_lifetime=timedelta(minutes=5),
    email_verified=True,
    azp=True,
    at_hash=True,
    sid=True,
    iss_parameter=True,
    session_state=True,
    errors=(
        VendorError("", "Invalid parameter: redirect_uri", "redirect_uri", "page"),
        VendorError("", "Client not found.", "unauthorized_client", "page"),
        VendorError(
            "", "Invalid client or Invalid client credentials", "invalid_client", "token", oauth="unauthorized_client"
        ),
    ),
)
