"""What goes wrong with AD FS over OpenID Connect, and where to mend it."""

from __future__ import annotations

from portico_adfs.explanations import COMMON_ROWS, event
from portico_oidc import OidcConsole, explain_by
from portico_sdk import Explanation, about

_GROUP = ("AD FS Management", "Application Groups", "the application group")
_SERVER = (*_GROUP, "Server application")
_API = (*_GROUP, "Web API")

_ROWS = (
    event(
        r"MSIS9921",
        "userinfo",
        "AD FS answers userinfo only for tokens of its own resource.",
        ("The connection asks the userinfo endpoint, and names a Web API as resource.",),
        "Switch Ask the userinfo endpoint off; the ID token has everything.",
        (),
    ),
    about(
        "userinfo-refused userinfo-malformed userinfo-sub",
        Explanation(
            "adfs-oidc-userinfo",
            "AD FS did not answer the userinfo request.",
            ("The access token is for the Web API, and AD FS says MSIS9921.",),
            "Switch Ask the userinfo endpoint off; the ID token has everything.",
        ),
    ),
    event(
        r"MSIS9602|MSIS9321|invalid_resource",
        "resource",
        "AD FS does not know the Web API that we ask for.",
        ("The setting Web API identifier has a mistake, or is the Client Identifier.", "The permission is missing."),
        "Compare it with the identifier of the Web API, and run Grant-AdfsApplicationPermission.",
        (*_API, "Identifiers"),
    ),
    event(
        r"MSIS9223|MSIS9622",
        "client",
        "AD FS does not accept our Client Identifier and secret.",
        ("The secret was reset.", "The Client Identifier has a mistake."),
        "Generate a new shared secret and paste it here.",
        (*_SERVER, "Credentials"),
    ),
)

_CONSOLE = OidcConsole(
    key="adfs-oidc",
    vendor="AD FS",
    redirect_uri="Redirect URI",
    client_id="Client Identifier",
    client_secret="shared secret",  # noqa: S106 -- what AD FS calls the field
    issuer="the issuer",
    addresses=(*_SERVER, "General"),
    values=(*_SERVER, "General"),
    secrets=(*_SERVER, "Credentials"),
    claims=(*_API, "Issuance Transform Rules"),
    groups=(*_API, "Issuance Transform Rules"),
    people=(*_API, "Access Control Policy"),
    pitfalls=(
        ("issuer", ("/adfs is missing at its end, or http:// was typed.",)),
        ("claim-missing", ("The setting Web API identifier is empty.", "allatclaims is not permitted.")),
        ("groups", ("The setting Web API identifier is empty.", "The rule for tokenGroups is missing.")),
    ),
)

OIDC_ROWS = (*_ROWS, *COMMON_ROWS, *explain_by(_CONSOLE))
