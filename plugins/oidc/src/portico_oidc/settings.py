"""The settings of an OpenID Connect connection."""

from __future__ import annotations

from portico_sdk import SettingField

#: Asymmetric signatures only: a secret shared with a customer must never be able to sign for the provider.
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "RS512", "PS384", "PS512", "ES384", "ES512")

DISCOVERY_PATH = "/.well-known/openid-configuration"
MAX_CLOCK_SKEW_S = 300

FIELDS: tuple[SettingField, ...] = (
    SettingField(
        "issuer",
        "url",
        "Issuer",
        required=True,
        editable_by="customer",
        help="Exactly as the provider writes it; the address of its discovery document is taken too.",
        example="https://login.example.com",
    ),
    SettingField(
        "client_id",
        "text",
        "Client ID",
        required=True,
        editable_by="customer",
        help="As the provider shows it for the application that has our redirect URI.",
    ),
    SettingField(
        "client_secret",
        "secret",
        "Client secret",
        required=True,
        secret=True,
        editable_by="customer",
        help="Its value, not its ID. Note when it expires.",
    ),
    SettingField(
        "scopes",
        "list",
        "Scopes",
        default=("openid", "profile", "email"),
        help="What to ask for; `openid` is always asked for.",
        example="openid profile email groups",
    ),
    SettingField(
        "token_endpoint_auth_method",
        "choice",
        "Client authentication",
        choices=("client_secret_basic", "client_secret_post"),
        help="Empty: what discovery offers, client_secret_basic before client_secret_post.",
    ),
    SettingField(
        "id_token_signed_response_algs",
        "list",
        "Signature algorithms",
        default=ALGORITHMS,
        choices=ALGORITHMS,
        help="Algorithms an ID token may be signed with.",
    ),
    SettingField(
        "response_mode",
        "choice",
        "Response mode",
        choices=("query", "form_post"),
        default="query",
        help="How the provider sends its answer back: in the address, or as a form.",
    ),
    SettingField(
        "fetch_userinfo",
        "boolean",
        "Ask the userinfo endpoint",
        default=True,
        help="Adds claims that are not in the ID token, where the provider has such an endpoint.",
    ),
    SettingField("prompt", "choice", "Prompt", choices=("login", "select_account", "consent")),
    SettingField("acr_values", "list", "Authentication context", help="Sent as acr_values, in order of preference."),
    SettingField(
        "sign_out_at_provider",
        "boolean",
        "Sign people out at the provider too",
        default=True,
        help="When an application signs somebody out and the provider has an end_session_endpoint. Our logout address "
        "must be among the post-logout redirect URIs there.",
    ),
    SettingField("domain_hint", "text", "Domain hint", help="Sent as domain_hint.", example="example.com"),
    SettingField(
        "clock_skew_s",
        "integer",
        "Clock skew (seconds)",
        default=120,
        minimum=0,
        maximum=MAX_CLOCK_SKEW_S,
        help="How far the provider's clock may be off.",
    ),
    SettingField(
        "authorization_endpoint",
        "url",
        "Authorization endpoint",
        help="Only for providers without discovery; with token endpoint and jwks_uri nothing is discovered.",
    ),
    SettingField("token_endpoint", "url", "Token endpoint", help="Only for providers without discovery."),
    SettingField("jwks_uri", "url", "Key document", help="Only for providers without discovery."),
    SettingField("userinfo_endpoint", "url", "Userinfo endpoint", help="Only for providers without discovery."),
    SettingField("end_session_endpoint", "url", "Logout endpoint", help="Only for providers without discovery."),
)
