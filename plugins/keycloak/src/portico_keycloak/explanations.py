"""What goes wrong at Keycloak, and where in its console to mend it."""

from __future__ import annotations

from portico_oidc import OidcConsole
from portico_oidc import explain_by as explain_oidc
from portico_saml import SamlConsole
from portico_saml import explain_by as explain_saml
from portico_sdk import ExplainerRow, Explanation, about

Way = tuple[str, ...]

_CLIENT: Way = ("Clients", "the client")
_SETTINGS: Way = (*_CLIENT, "Settings")
_KEYS: Way = (*_CLIENT, "Keys")
_MAPPERS: Way = (*_CLIENT, "Client scopes", "the dedicated scope", "Mappers")
_REALM: Way = ("Realm settings", "General", "Endpoints")


def _page(said: str, name: str, title: str, causes: Way, fix: str, where: Way) -> ExplainerRow:
    return ExplainerRow(Explanation(f"keycloak-{name}", title, causes, fix, where), said=said)


_PAGES = (
    _page(
        r"[Ii]nvalid [Rr]equester|invalid_signature",
        "signature-required",
        "Keycloak does not accept our request's signature, or got none.",
        (
            "Client signature required is on, and it has no or another certificate of ours.",
            "Sign requests is off here.",
        ),
        "Import our certificate, and turn Sign requests on in this connection.",
        _KEYS,
    ),
    _page(
        r"[Ii]nvalid (?:parameter: )?redirect[ _]uri",
        "redirect-uri",
        "Keycloak does not know the address that it should answer to.",
        ("Our address is missing among Valid redirect URIs, or not byte for byte.",),
        "Add it to Valid redirect URIs.",
        _SETTINGS,
    ),
    _page(
        r"[Cc]lient not found|[Ii]nvalid client credentials$",
        "client-not-found",
        "Keycloak knows no such client in this realm.",
        ("Client ID is not our entity ID (SAML) or was mistyped (OpenID Connect).", "The client is in another realm."),
        "Compare Client ID with what we show, byte for byte.",
        _SETTINGS,
    ),
)

_CONSOLE = SamlConsole(
    key="keycloak-saml",
    vendor="Keycloak",
    entity_id="Client ID",
    acs_url="Valid redirect URIs and Master SAML Processing URL",
    issuer="the realm's address",
    certificate="the realm's certificate",
    metadata="SAML 2.0 Identity Provider Metadata",
    addresses=_SETTINGS,
    values=_REALM,
    signing=(*_SETTINGS, "Signature and Encryption"),
    sign="Switch Sign documents or Sign assertions on, with RSA_SHA256.",
    claims=_MAPPERS,
    groups=_MAPPERS,
    people=("Authentication", "the client's flow"),
    pitfalls=(
        ("issuer", ("The host name of Keycloak was changed.", "/auth stands in it, which went away with version 17.")),
        ("claim-missing", ("There is no mapper for it: Keycloak sends nothing but roles by itself.",)),
        ("groups", ("There is no Group list mapper.",)),
        ("no-response", ("Keycloak shows Invalid requester: it demands a signed request.",)),
    ),
)

SAML_ROWS = (
    *_PAGES,
    about(
        "saml-authn-statement",
        Explanation(
            "keycloak-authn-statement",
            "Keycloak left out when and how the person signed in.",
            ("Include AuthnStatement is off.",),
            "Switch Include AuthnStatement on.",
            (*_SETTINGS, "SAML capabilities"),
        ),
    ),
    about(
        "time-window",
        Explanation(
            "keycloak-time",
            "This sign-in is too old, or not valid yet.",
            ("A clock is wrong; Keycloak allows one minute.", "The person waited long on the sign-in page."),
            "Set the clocks by NTP, or raise Assertion Lifespan.",
            (*_CLIENT, "Advanced", "Fine grain SAML Endpoint Configuration"),
        ),
    ),
    *explain_saml(_CONSOLE),
)

_OIDC_CONSOLE = OidcConsole(
    key="keycloak-oidc",
    vendor="Keycloak",
    redirect_uri="Valid redirect URIs",
    client_id="Client ID",
    client_secret="Client Secret",  # noqa: S106 -- what Keycloak calls the field
    issuer="The realm's address",
    addresses=_SETTINGS,
    values=_REALM,
    secrets=(*_CLIENT, "Credentials"),
    claims=_MAPPERS,
    groups=_MAPPERS,
    people=("Authentication", "the client's flow"),
    pitfalls=(
        ("issuer", ("The host name of Keycloak was changed.", "/auth stands in it, which went away with version 17.")),
        ("groups", ("There is no Group Membership mapper for the ID token.",)),
    ),
)

OIDC_ROWS = (
    *_PAGES,
    about(
        "sub-invalid subject-missing userinfo-sub",
        Explanation(
            "keycloak-sub",
            "Keycloak did not send sub.",
            ("The client scope basic is not assigned to the client.",),
            "Add the scope basic as Default.",
            (*_CLIENT, "Client scopes"),
        ),
    ),
    *explain_oidc(_OIDC_CONSOLE),
)
