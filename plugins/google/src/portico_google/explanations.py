"""What Google's error codes mean. Most stand only on Google's own page: nobody comes back to us then."""

from __future__ import annotations

from portico_oidc import OidcConsole
from portico_oidc import explain_by as explain_oidc
from portico_saml import SamlConsole
from portico_saml import explain_by as explain_saml
from portico_sdk import ExplainerRow, Explanation, about

Way = tuple[str, ...]

_APP: Way = ("Apps", "Web and mobile apps", "the app")
_DETAILS: Way = (*_APP, "Service provider details")
_ACCESS: Way = (*_APP, "User access")
_PLATFORM: Way = ("console.cloud.google.com", "Google Auth Platform")
_CLIENT: Way = (*_PLATFORM, "Clients", "the client")


def _page(said: str, name: str, title: str, causes: Way, fix: str, where: Way) -> ExplainerRow:
    return ExplainerRow(Explanation(f"google-{name}", title, causes, fix, where), said=said)


_CONSOLE = SamlConsole(
    key="google-saml",
    vendor="Google",
    entity_id="Entity ID (Service provider details)",
    acs_url="ACS URL",
    issuer="Entity ID (Google Identity Provider details)",
    certificate="Certificate",
    metadata="Google IdP metadata",
    addresses=_DETAILS,
    values=(*_APP, "Download metadata"),
    signing=_DETAILS,
    sign="Signed response may be on or off: Google signs the response or else the assertion.",
    claims=(*_APP, "SAML attribute mapping"),
    groups=(*_APP, "SAML attribute mapping", "Group membership (optional)"),
    people=_ACCESS,
    pitfalls=(
        ("signature", ("The account's certificate was changed under Security › SSO with SAML applications.",)),
        ("groups", ("Google sends only the groups that were chosen, at most 75.",)),
        ("no-response", ("User access is OFF for this person, or was switched on less than a day ago.",)),
        ("metadata-url", ("Google has no metadata URL.",)),
    ),
)

SAML_ROWS = (
    _page(
        r"app_not_enabled_for_user|not_enabled",
        "not-enabled",
        "The app is not switched on for this person.",
        (
            "User access is OFF for the person's group or organizational unit.",
            "It was switched on less than a day ago.",
        ),
        "Switch User access ON, and wait: it can take 24 hours.",
        _ACCESS,
    ),
    _page(
        r"app_not_configured_for_user",
        "entity-id",
        "Google knows the app by another Entity ID than ours.",
        ("Case, a slash at the end, or http for https; Google compares exactly.", "The person chose another account."),
        "Replace Entity ID under Service provider details with our entity ID.",
        _DETAILS,
    ),
    _page(
        r"app_not_configured",
        "unknown-app",
        "Google knows no app with our entity ID in this account.",
        ("The app is not created yet, or in another account.", "Entity ID has a mistake."),
        "Create the app, or replace Entity ID under Service provider details with our entity ID.",
        _DETAILS,
    ),
    _page(
        r"duplicate[ _]entity[ _]id",
        "duplicate",
        "Another app in this account has our entity ID already.",
        ("The app was created twice.",),
        "Delete the app that nobody uses.",
        ("Apps", "Web and mobile apps"),
    ),
    _page(
        r"saml_invalid_sp_id|saml_invalid_user_id_mapping|invalid[ _]ACS",
        "acs-url",
        "Google does not take our address or entity ID.",
        ("ACS URL does not begin with https.", "idpid or entity ID in the request is another account's."),
        "Replace ACS URL and Entity ID with our values.",
        _DETAILS,
    ),
    *explain_saml(_CONSOLE),
)

_OIDC_CONSOLE = OidcConsole(
    key="google-oidc",
    vendor="Google",
    redirect_uri="Authorized redirect URIs",
    client_id="Client ID",
    client_secret="client secret",  # noqa: S106 -- what Google calls the field
    issuer="the issuer",
    addresses=_CLIENT,
    values=_CLIENT,
    secrets=(*_CLIENT, "Client secrets"),
    claims=(*_PLATFORM, "Data access"),
    groups=("admin.google.com", "Apps", "Web and mobile apps", "Add custom SAML app"),
    people=("admin.google.com", "Security", "Access and data control", "API controls"),
    pitfalls=(("groups", ("Google has no groups in OpenID Connect; its SAML app has.",)),),
)

OIDC_ROWS = (
    about(
        "claim-mismatch",
        Explanation(
            "google-domain",
            "This Google account is not of the organization's domain.",
            ("The person chose a private account or another company's.", "A domain is missing in the settings."),
            "Choose the work account, or add its domain to Google Workspace domains in this connection.",
            ("admin.google.com", "Account", "Domains", "Manage domains"),
        ),
    ),
    _page(
        r"redirect_uri_mismatch",
        "redirect-uri",
        "Google does not know our redirect URI.",
        ("It is missing there, or not byte for byte.", "It was added a few minutes ago."),
        "Add our redirect URI to Authorized redirect URIs, byte for byte, and wait some minutes.",
        _CLIENT,
    ),
    _page(
        r"org_internal",
        "internal",
        "The app is for the organization's own accounts, and this is another.",
        ("The person chose a private account or another company's.", "The project belongs to another organization."),
        "Choose the work account.",
        (*_PLATFORM, "Audience"),
    ),
    _page(
        r"admin_policy_enforced",
        "policy",
        "An administrator's rule keeps this app out.",
        ("App access control blocks or limits it.",),
        "Trust the client ID there.",
        ("admin.google.com", "Security", "Access and data control", "API controls", "App access control"),
    ),
    *explain_oidc(_OIDC_CONSOLE),
)
