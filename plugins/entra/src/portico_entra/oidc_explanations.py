"""What goes wrong with Entra over OpenID Connect, and where in its admin center to mend it."""

from __future__ import annotations

from portico_entra.explanations import COMMON_ROWS, PEOPLE, REGISTRATION, SECRETS, aadsts
from portico_entra.saml_explanations import SCIM_ROWS
from portico_oidc import OidcConsole, explain_by
from portico_sdk import Explanation, about

_TOKENS = (*REGISTRATION, "Token configuration")
_AUTHENTICATION = (*REGISTRATION, "Authentication")

_REQUESTS = (
    aadsts(
        "7000215 7000218",
        "secret-wrong",
        "Entra does not take the client secret.",
        ("The Secret ID was copied instead of the Value.", "The secret belongs to another application."),
        "Create a new client secret and paste its Value, not its Secret ID.",
        SECRETS,
    ),
    aadsts(
        "7000222",
        "secret-expired",
        "The client secret ended.",
        ("A secret lives 24 months at most.",),
        "Create a new one and paste its Value, not its Secret ID.",
        SECRETS,
    ),
    aadsts(
        "700054",
        "response-type",
        "Entra does not allow the answer that was asked for.",
        ("An ID token was asked for without a code.",),
        "Leave the code flow as it is; nothing has to be ticked for it.",
        _AUTHENTICATION,
    ),
    aadsts(
        "54005 70008 501481",
        "code",
        "The code was used already, is too old, or belongs to another sign-in.",
        ("The page was opened again from history.", "The person waited for more than ten minutes."),
        "Begin again at the application.",
        (),
    ),
)

_CHECKS = (
    about(
        "claim-mismatch",
        Explanation(
            "entra-oidc-tenant",
            "The token comes from another tenant than the one in the issuer.",
            ("The browser is signed in with another company's account.", "The issuer has a mistake."),
            "Sign in with the company's account, or copy Directory (tenant) ID again.",
            (*REGISTRATION, "Overview"),
        ),
    ),
    about(
        "subject-missing",
        Explanation(
            "entra-oidc-subject",
            "Entra did not send tid and oid, which name a person for good.",
            ("The scope profile is not asked for.",),
            "Ask for the scopes openid, profile and email.",
            (),
        ),
    ),
    about(
        "groups-incomplete",
        Explanation(
            "entra-oidc-overage",
            "This person is in more than 200 groups, and Entra left all of them out.",
            ("The group claim is set to all groups; nested groups count too.",),
            "Choose Groups assigned to the application. Until then we count the groups as unknown, not as none.",
            (*_TOKENS, "Edit groups claim"),
        ),
    ),
)

_CONSOLE = OidcConsole(
    key="entra-oidc",
    vendor="Entra",
    redirect_uri="Redirect URI (platform Web)",
    client_id="Application (client) ID",
    client_secret="client secret",  # noqa: S106 -- what Entra calls the field
    issuer="the issuer",
    addresses=_AUTHENTICATION,
    values=(*REGISTRATION, "Overview"),
    secrets=SECRETS,
    claims=(*_TOKENS, "Add optional claim"),
    groups=(*_TOKENS, "Add groups claim"),
    people=PEOPLE,
    pitfalls=(
        ("issuer", ("/common or /organizations stands for the tenant ID.", "/v2.0 is missing at its end.")),
        ("claim-missing", ("This person has no mailbox.", "email is not among the optional claims of the ID token.")),
        ("no-response", ("Entra says AADSTS50105: the person is not assigned.",)),
    ),
)

OIDC_ROWS = (*_REQUESTS, *COMMON_ROWS, *_CHECKS, *explain_by(_CONSOLE), *SCIM_ROWS)
