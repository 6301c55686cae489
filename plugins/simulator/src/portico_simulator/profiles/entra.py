"""Microsoft Entra ID over OpenID Connect, v2.0 tokens: tenant in the issuer, pairwise `sub`, e-mail on request."""

from datetime import timedelta

from portico_simulator.profiles.spec import OidcProfile, ReleasedClaim

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
    claims=(
        ReleasedClaim("oid", "id"),
        ReleasedClaim("name", "name", scope="profile"),
        ReleasedClaim("preferred_username", "username", scope="profile"),
        ReleasedClaim("email", "email", optional=True),
        ReleasedClaim("given_name", "given_name", optional=True),
        ReleasedClaim("family_name", "family_name", optional=True),
        ReleasedClaim("groups", "group_ids", optional=True, many=True),
    ),
    constant_claims={"ver": "2.0", "tid": "{tenant}"},
    auth_methods=("client_secret_post", "private_key_jwt", "client_secret_basic"),
    keys=3,
    signs=1,
    jwk_alg=False,
    pairwise_sub=True,
    backdated=timedelta(minutes=5),  # Entra writes iat and nbf five minutes early
    auth_time=False,
    id_token_lifetime=timedelta(minutes=65),
    code_lifetime=timedelta(minutes=10),
    session_state=True,
    advertises_pkce=False,
    error_codes={
        "unauthorized_client": 700016,
        "redirect_uri": 50011,
        "unsupported_response_type": 700054,
        "login_required": 50058,
        "interaction_required": 50076,
        "access_denied": 65004,
        "not_assigned": 50105,
        "invalid_scope": 70011,
        "invalid_request": 900144,
        "code_reused": 54005,
        "code_expired": 70008,
        "code_verifier": 501481,
        "code_unknown": 9002313,
        "invalid_client": 7000215,
        "client_secret_missing": 7000218,
        "unsupported_grant_type": 70003,
    },
    extra_metadata={"tenant_region_scope": "EU", "cloud_instance_name": "microsoftonline.com"},
    not_assigned="This application is only for people whom the administrator assigned to it.",
)
