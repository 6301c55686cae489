"""What goes wrong at Acme, and where in its console to mend it."""

from portico_saml import SamlConsole, explain_by
from portico_sdk import Explanation, about

_APP = ("Realm", "Applications", "the application")

ROWS = (
    about(
        "saml-status",
        Explanation(
            "acme-saml-suspended",
            "Acme has suspended this realm.",
            ("The realm's subscription has ended.",),
            "Ask the owner of the realm to renew it.",
            ("Realm", "Billing"),
        ),
        said=r"ACME-402",
    ),
    *explain_by(
        SamlConsole(
            key="acme-saml",
            vendor="Acme",
            entity_id="Application name",
            acs_url="Return address",
            issuer="Realm address",
            certificate="Realm certificate",
            metadata="Realm address",
            addresses=(*_APP, "Addresses"),
            values=(*_APP, "Details"),
            signing=(*_APP, "Signing"),
            sign="Set Sign to Assertion and Algorithm to RSA-SHA256.",
            claims=(*_APP, "Attributes"),
            groups=(*_APP, "Attributes"),
            people=(*_APP, "Members"),
        )
    ),
)
