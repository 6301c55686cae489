"""What goes wrong at OneLogin, and where in its console to mend it. Data only."""

from __future__ import annotations

from portico_oidc import OidcConsole
from portico_oidc import explain_by as explain_oidc
from portico_saml import SamlConsole
from portico_saml import explain_by as explain_saml
from portico_sdk import Explanation, about

_APP = ("Applications", "Applications", "the app")
_SSO = (*_APP, "SSO")

SAML_ROWS = (
    *explain_saml(
        SamlConsole(
            key="onelogin-saml",
            vendor="OneLogin",
            entity_id="Audience (EntityID)",
            acs_url="Recipient and ACS (Consumer) URL",
            issuer="Issuer URL",
            certificate="X.509 Certificate",
            metadata="Issuer URL",
            addresses=(*_APP, "Configuration"),
            values=_SSO,
            signing=_SSO,
            sign="Set SAML signature element to Both or Assertion, and SAML Signature Algorithm to SHA-256.",
            claims=(*_APP, "Parameters"),
            groups=(*_APP, "Parameters"),
            people=(*_APP, "Access"),
            pitfalls=(
                ("destination", ("Recipient was left empty.",)),
                ("claim-missing", ("Include in SAML assertion is not ticked.",)),
                ("groups", ("Include in SAML assertion is not ticked for memberOf.",)),
                ("algorithm", ("Older applications sign with SHA-1 unless it is changed.",)),
                (
                    "no-response",
                    ("None of the person's roles has the app.", "The validator does not match our ACS URL."),
                ),
            ),
        )
    ),
    about(
        "scim-not-deactivated scim-duplicated",
        Explanation(
            "onelogin-scim",
            "OneLogin's provisioning did not arrive as it should.",
            ("The action waits as Pending for somebody to approve it.", "The JSON template lacks a value."),
            "Approve what is pending, and compare the template with the one in our documentation.",
            (*_APP, "Provisioning"),
        ),
    ),
)

OIDC_ROWS = explain_oidc(
    OidcConsole(
        key="onelogin-oidc",
        vendor="OneLogin",
        redirect_uri="Redirect URI's",
        client_id="Client ID",
        client_secret="Client Secret",  # noqa: S106 -- what OneLogin calls the field
        issuer="Issuer URL",
        addresses=(*_APP, "Configuration"),
        values=_SSO,
        secrets=_SSO,
        claims=(*_APP, "Parameters"),
        groups=(*_APP, "Parameters"),
        people=(*_APP, "Access"),
        pitfalls=(
            ("issuer", ("/oidc/2 is missing at its end.",)),
            ("secret", ("The token endpoint's Authentication Method is not the one that this connection uses.",)),
        ),
    )
)
