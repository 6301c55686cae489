"""What goes wrong at Okta, and where in its console to mend it."""

from __future__ import annotations

from portico_oidc import OidcConsole
from portico_oidc import explain_by as explain_oidc
from portico_saml import SamlConsole
from portico_saml import explain_by as explain_saml
from portico_sdk import Explanation, about

_APP = ("Applications", "Applications", "the app")
_ASSIGNMENTS = (*_APP, "Assignments")
_SAML_SETTINGS = (*_APP, "General", "SAML Settings", "Edit", "Configure SAML")
_SIGN_ON = (*_APP, "Sign On")
_ID_TOKEN = (*_SIGN_ON, "OpenID Connect ID Token", "Edit")

_CONSOLE = SamlConsole(
    key="okta-saml",
    vendor="Okta",
    entity_id="Audience URI (SP Entity ID)",
    acs_url="Single sign-on URL",
    issuer="Issuer",
    certificate="Signing Certificate",
    metadata="Metadata URL",
    addresses=_SAML_SETTINGS,
    values=(*_SIGN_ON, "Metadata details"),
    signing=(*_SAML_SETTINGS, "Show Advanced Settings"),
    sign="Set Response or Assertion Signature to Signed, and Signature Algorithm to RSA-SHA256.",
    claims=(*_SAML_SETTINGS, "Attribute Statements"),
    groups=(*_SAML_SETTINGS, "Group Attribute Statements"),
    people=_ASSIGNMENTS,
    pitfalls=(
        (
            "issuer",
            ("The address of your Okta organization was typed; the issuer is http://www.okta.com/exk and more.",),
        ),
        ("signature", ("The certificate was downloaded from another app, or is one that is not active.",)),
        ("groups", ("There is no line under Group Attribute Statements.",)),
        ("no-response", ("Okta says: User is not assigned to this application.",)),
    ),
)

_SCIM = (
    about(
        "scim-not-deactivated",
        Explanation(
            "okta-suspended",
            "Okta tells us nothing when somebody is suspended.",
            ("The person was suspended, not deactivated.", "Deactivate Users is not switched on."),
            "Deactivate or unassign the person, and enable Deactivate Users.",
            (*_APP, "Provisioning", "To App"),
        ),
    ),
    about(
        "scim-duplicated",
        Explanation(
            "okta-scim-duplicated",
            "Okta made the same person twice.",
            ("Unique identifier field for users is not userName.", "People were assigned before provisioning was on."),
            "Set it to userName, and choose Force Sync.",
            (*_APP, "Provisioning", "Integration"),
        ),
    ),
)

SAML_ROWS = (
    about(
        "saml-status",
        Explanation(
            "okta-saml-name-id",
            "Okta does not issue the NameID format that we asked for.",
            ("The connection asks for another format than the app's Name ID format.",),
            "Empty the setting NameID format to ask for.",
            _SAML_SETTINGS,
        ),
        said=r"InvalidNameIDPolicy",
    ),
    *explain_saml(_CONSOLE),
    *_SCIM,
)

_OIDC_CONSOLE = OidcConsole(
    key="okta-oidc",
    vendor="Okta",
    redirect_uri="Sign-in redirect URIs",
    client_id="Client ID",
    client_secret="client secret",  # noqa: S106 -- what Okta calls the field
    issuer="Okta domain",
    addresses=(*_APP, "General", "LOGIN"),
    values=(*_APP, "General", "Client Credentials"),
    secrets=(*_APP, "General", "CLIENT SECRETS"),
    claims=_ID_TOKEN,
    groups=_ID_TOKEN,
    people=_ASSIGNMENTS,
    pitfalls=(
        ("issuer", ("/oauth2/default was added, or the address of the Admin Console was copied.",)),
        ("secret", ("The issuer ends in /oauth2/default, and the app belongs to the organization's own server.",)),
        ("groups", ("The person is in 100 groups or more, where Okta cuts the list.",)),
        ("no-response", ("Okta says: User is not assigned to this application.",)),
    ),
)

OIDC_ROWS = (
    about(
        "provider-error token-refused",
        Explanation(
            "okta-access-policy",
            "No access policy of Okta's authorization server lets this app in.",
            ("The issuer ends in /oauth2/default, which has no access policy until somebody makes one.",),
            "Use your Okta domain alone as issuer, or add an access policy with a rule for this app.",
            ("Security", "API", "Authorization Servers", "default", "Access Policies"),
        ),
        said=r"[Pp]olicy evaluation failed|no_matching_policy|no_matching_scope",
    ),
    about(
        "outbound-document",
        Explanation(
            "okta-no-server",
            "There is no authorization server at this issuer.",
            ("The issuer ends in /oauth2/default, and this organization has no such server.",),
            "Use https:// and your Okta domain alone as issuer.",
            ("Security", "API", "Authorization Servers"),
        ),
        said=r"/oauth2/.* answered 404",
    ),
    *explain_oidc(_OIDC_CONSOLE),
    *_SCIM,
)
