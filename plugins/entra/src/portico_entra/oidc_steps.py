"""Setting up Microsoft Entra ID for OpenID Connect, page by page of its admin center."""

from __future__ import annotations

from portico_sdk import SetupStep

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "register-app",
        "Register an application in Entra",
        "In the Microsoft Entra admin center open Entra ID › App registrations › New registration. Paste our redirect URI "
        "and choose Register.",
        copies=(("redirect_uri", "Redirect URI"),),
        choices=(
            ("Supported account types", "Accounts in this organizational directory only (Single tenant)"),
            ("Select a platform", "Web"),
        ),
    ),
    SetupStep(
        "tenant",
        "Copy application ID and tenant ID",
        "The Overview page shows Application (client) ID and Directory (tenant) ID. The issuer is "
        "https://login.microsoftonline.com/, the tenant ID and /v2.0; Endpoints › OpenID Connect metadata document begins "
        "with it, and may be pasted too.",
        asks=("issuer", "client_id"),
    ),
    SetupStep(
        "secret",
        "Create a client secret",
        "Open Certificates & secrets › Client secrets › New client secret. Copy its Value, not its Secret ID, before you "
        "leave the page, and note when it expires.",
        asks=("client_secret",),
    ),
    SetupStep(
        "claims",
        "Release e-mail address, name and groups",
        "Open Token configuration › Add optional claim and tick the claims below. For groups choose Add groups claim. More "
        "than 200 groups of a person are left out, so choose the groups assigned to this application.",
        choices=(
            ("Token type", "ID"),
            ("Claim", "email, family_name, given_name, upn, xms_edov"),
            ("Select group types to include", "Groups assigned to the application"),
            ("ID", "Group ID"),
        ),
    ),
    SetupStep(
        "assign-people",
        "Assign people",
        "Open Enterprise apps, the application with the same name, then Properties and choose Yes. Then open Users and "
        "groups › Add user/group. Begin with yourself.",
        choices=(("Assignment required?", "Yes"),),
    ),
)
