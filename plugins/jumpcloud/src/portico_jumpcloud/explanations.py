"""What goes wrong at JumpCloud, and where in its console to mend it. Data only."""

from __future__ import annotations

from portico_oidc import OidcConsole
from portico_oidc import explain_by as explain_oidc
from portico_saml import SamlConsole
from portico_saml import explain_by as explain_saml

_APP = ("SSO Applications", "the application")
_SSO = (*_APP, "SSO")
_GROUPS = (*_APP, "User Groups")

SAML_ROWS = explain_saml(
    SamlConsole(
        key="jumpcloud-saml",
        vendor="JumpCloud",
        entity_id="SP Entity ID",
        acs_url="ACS URLs",
        issuer="IdP Entity ID",
        certificate="IDP Certificate",
        metadata="Copy Metadata URL",
        addresses=_SSO,
        values=_SSO,
        signing=_SSO,
        sign="Set Sign to Assertion, or to Assertion and Response.",
        claims=(*_SSO, "User Attribute Mapping"),
        groups=(*_SSO, "Group Attributes"),
        people=_GROUPS,
        pitfalls=(
            ("issuer", ("IdP Entity ID is free text, and was changed there or typed differently here.",)),
            ("claim-missing", ("JumpCloud sends no attributes by itself.",)),
            ("groups", ("include group attribute is not ticked.",)),
            ("no-response", ("None of the person's groups is ticked.",)),
        ),
    )
)

OIDC_ROWS = explain_oidc(
    OidcConsole(
        key="jumpcloud-oidc",
        vendor="JumpCloud",
        redirect_uri="Redirect URIs",
        client_id="Client ID",
        client_secret="Client Secret",  # noqa: S106 -- what JumpCloud calls the field
        issuer="the issuer",
        addresses=_SSO,
        values=_SSO,
        secrets=_SSO,
        claims=(*_SSO, "Attribute Mapping"),
        groups=(*_SSO, "Attribute Mapping"),
        people=_GROUPS,
        pitfalls=(
            ("claim-missing", ("Email and Profile are not ticked under Standard Scopes.",)),
            ("no-response", ("None of the person's groups is ticked.",)),
        ),
    )
)
