"""What goes wrong with Entra over SAML, and where in its admin center to mend it."""

from __future__ import annotations

from portico_entra.explanations import APPS, COMMON_ROWS, PEOPLE, aadsts
from portico_saml import SamlConsole, explain_by
from portico_sdk import Explanation, about

_SSO = (*APPS, "Single sign-on")
_BASIC = (*_SSO, "Basic SAML Configuration")
_CLAIMS = (*_SSO, "Attributes & Claims")
_CERTIFICATES = (*_SSO, "SAML Certificates")

_REQUESTS = (
    aadsts(
        "75011",
        "authn-context",
        "The person signed in by another method than we asked for.",
        ("The connection asks for an authentication context, such as a password, and the person used another.",),
        "Empty the setting Authentication contexts to ask for, or ask to authenticate again each time.",
        (),
    ),
    aadsts(
        "750054 75005 7500514",
        "request-malformed",
        "Entra got no sign-in request that it understands.",
        ("Login URL was opened by hand.", "Something between us and Entra cut the request."),
        "Begin at the application.",
        (),
    ),
    aadsts(
        "75016 90011",
        "name-id-policy",
        "Entra does not know the NameID format that we asked for.",
        ("The connection asks for a NameID format.",),
        "Empty the setting NameID format to ask for.",
        (),
    ),
    aadsts(
        "75003",
        "binding",
        "Entra answers by HTTP-POST only.",
        ("Another binding was asked for.",),
        "Send the reference to whoever runs this application.",
        (),
    ),
    aadsts(
        "75008",
        "request-destination",
        "Entra refused the request for its destination.",
        ("Login URL was copied from another application or tenant.",),
        "Copy Login URL again.",
        _SSO,
    ),
    aadsts(
        "76021 76026",
        "signed-requests",
        "Entra demands a signed request that is fresh.",
        ("Require verification certificates is on, and our requests are not signed.", "A clock is wrong."),
        "Turn Sign requests on and upload our certificate, or switch the demand off.",
        (*_CERTIFICATES, "Verification certificates (optional)"),
    ),
    aadsts(
        "7500529",
        "request-id",
        "Entra does not take the number of our request.",
        ("An ID may not begin with a digit; ours never does, so something rewrote the request.",),
        "Begin again. When it stays, send the reference to whoever runs this application.",
        (),
    ),
    aadsts(
        "50003 50146",
        "no-certificate",
        "This application has no valid signing certificate at Entra.",
        ("The certificate expired.", "A new one was made and never made active."),
        "Create a certificate, choose Make certificate active, and read the metadata again.",
        _CERTIFICATES,
    ),
    aadsts(
        "501241",
        "name-id-empty",
        "This person has no value for the NameID.",
        ("Unique User Identifier is made of a field that is empty for this person, such as user.mail.",),
        "Choose a field that everybody has, such as user.userprincipalname.",
        (*_CLAIMS, "Unique User Identifier (Name ID)"),
    ),
)

_CHECKS = (
    about(
        "saml-subject-attribute",
        Explanation(
            "entra-saml-person",
            "Entra did not send tenantid and objectidentifier, which name a person for good.",
            ("A claims policy or another provider between Entra and us removes them.", "Other names were chosen."),
            "Let Entra send its default claims. We never fall back to an e-mail address or a user principal name.",
            _CLAIMS,
        ),
    ),
    about(
        "groups-incomplete",
        Explanation(
            "entra-saml-overage",
            "This person is in more than 150 groups, and Entra left all of them out.",
            ("The group claim is set to all groups; nested groups count too.",),
            "Choose Groups assigned to the application. Until then we count the groups as unknown, not as none.",
            (*_CLAIMS, "Add a group claim"),
        ),
    ),
)

_CONSOLE = SamlConsole(
    key="entra-saml",
    vendor="Entra",
    entity_id="Identifier (Entity ID)",
    acs_url="Reply URL (Assertion Consumer Service URL)",
    issuer="Microsoft Entra Identifier",
    certificate="Certificate (Base64)",
    metadata="App Federation Metadata Url",
    addresses=_BASIC,
    values=_CERTIFICATES,
    signing=(*_CERTIFICATES, "Token signing certificate", "Edit"),
    sign="Set Signing Option to Sign SAML assertion or Sign SAML response and assertion, and Signing Algorithm to SHA-256.",
    claims=_CLAIMS,
    groups=(*_CLAIMS, "Add a group claim"),
    people=PEOPLE,
    pitfalls=(
        (
            "issuer",
            ("https://login.microsoftonline.com/ was typed; the identifier begins with https://sts.windows.net/.",),
        ),
        (
            "signature",
            (
                "The metadata URL has no ?appid= at its end, so the tenant's certificates came.",
                "It was rolled by hand.",
            ),
        ),
        ("claim-missing", ("This person has no mailbox, so emailaddress is left out.",)),
        ("no-response", ("Entra says AADSTS50105: the person is not assigned.",)),
        ("metadata-no-provider", ("The tenant's document was copied instead of the application's.",)),
        ("audience", ("The identifier is no address, and Entra put spn: before it.",)),
    ),
)

_SCIM = (
    about(
        "scim-duplicated",
        Explanation(
            "entra-scim-duplicated",
            "Entra made the same person twice.",
            ("externalId is mapped to mailNickname, its default, which changes.", "userName differs from the address."),
            "Map objectId to externalId, and restart provisioning.",
            (*APPS, "Provisioning", "Mappings"),
        ),
    ),
    about(
        "scim-not-deactivated",
        Explanation(
            "entra-scim-not-deactivated",
            "A person who left stays active.",
            ("Provisioning runs every 40 minutes.", "Update and Delete are not among Target Object Actions."),
            "Tick Create, Update and Delete, and look at the provisioning log.",
            (*APPS, "Provisioning", "Mappings"),
        ),
    ),
)

SAML_ROWS = (*_REQUESTS, *COMMON_ROWS, *_CHECKS, *explain_by(_CONSOLE), *_SCIM)
SCIM_ROWS = _SCIM
