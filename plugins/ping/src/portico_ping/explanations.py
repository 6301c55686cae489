"""What goes wrong at Ping, and where in its console to mend it. Data only."""

from __future__ import annotations

from portico_oidc import OidcConsole
from portico_oidc import explain_by as explain_oidc
from portico_saml import SamlConsole
from portico_saml import explain_by as explain_saml
from portico_sdk import Explanation, about

_APP = ("Applications", "Applications", "the application")
_CONFIGURATION = (*_APP, "Configuration")
_MAPPINGS = (*_APP, "Attribute Mappings")
_ACCESS = (*_APP, "Access")

SAML_ROWS = (
    *explain_saml(
        SamlConsole(
            key="ping-saml",
            vendor="Ping",
            entity_id="Entity ID",
            acs_url="ACS URLs",
            issuer="Issuer ID",
            certificate="Signing Certificate",
            metadata="IDP Metadata URL",
            addresses=_CONFIGURATION,
            values=_CONFIGURATION,
            signing=_CONFIGURATION,
            sign="Choose Sign Assertion, or Sign Assertion and Response.",
            claims=_MAPPINGS,
            groups=_MAPPINGS,
            people=_ACCESS,
            pitfalls=(
                ("issuer", ("A virtual server ID of PingFederate changes the issuer.",)),
                ("no-response", ("The application's switch is off, as it is at first.",)),
            ),
        )
    ),
    about(
        "scim-not-deactivated scim-duplicated",
        Explanation(
            "ping-scim",
            "Ping's provisioning did not arrive as it should.",
            ("The rule selects another population or group.", "PingFederate's connector does not use PATCH."),
            "Look at the rule of the SCIM outbound connection.",
            ("Provisioning", "the connection"),
        ),
    ),
)

OIDC_ROWS = explain_oidc(
    OidcConsole(
        key="ping-oidc",
        vendor="Ping",
        redirect_uri="Redirect URIs",
        client_id="Client ID",
        client_secret="Client Secret",  # noqa: S106 -- what Ping calls the field
        issuer="Issuer ID",
        addresses=_CONFIGURATION,
        values=(*_APP, "Overview"),
        secrets=(*_APP, "Overview"),
        claims=_MAPPINGS,
        groups=_MAPPINGS,
        people=_ACCESS,
        pitfalls=(
            ("issuer", ("/as is missing at its end.",)),
            ("no-response", ("The application's switch is off, as it is at first.",)),
        ),
    )
)
