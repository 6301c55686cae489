"""What goes wrong with AD FS over SAML, and where to mend it."""

from __future__ import annotations

from portico_adfs.explanations import COMMON_ROWS, EVENTS, TRUST, event
from portico_saml import SamlConsole, explain_by
from portico_sdk import Explanation, about

_RULES = (*TRUST, "Edit Claim Issuance Policy")
_ADVANCED = (*TRUST, "Properties", "Advanced")

_EVENTS = (
    event(
        r"MSIS7070|InvalidNameIDPolicy|Event (?:ID )?321(?![0-9])",
        "name-id-policy",
        "AD FS issued another NameID than we asked for, or none.",
        (
            "The connection asks for a NameID format.",
            "No rule issues a NameID, or its format is not set.",
            "The account has no value for it, often no mailbox.",
        ),
        "Empty the setting NameID format to ask for, and add our rule Persistent NameID.",
        _RULES,
    ),
    event(
        r"Event (?:ID )?378(?![0-9])|expected signature algorithm",
        "signature-algorithm",
        "AD FS expects requests signed by another algorithm.",
        ("Secure hash algorithm of the trust is SHA-1; we sign with SHA-256.",),
        "Set Secure hash algorithm to SHA-256.",
        _ADVANCED,
    ),
    event(
        r"ID4037|MSIS003[78](?![0-9])|Event (?:ID )?303(?![0-9])|key needed to verify the signature",
        "request-signature",
        "AD FS cannot verify the signature of our request.",
        ("The trust has an old certificate of ours, or none.",),
        "Update the trust from our metadata, or add our certificate under Signature.",
        (*TRUST, "Properties", "Signature"),
    ),
    event(
        r"NoAuthnContext|MSIS7102",
        "authn-context",
        "AD FS does not authenticate in the way that we asked for.",
        ("The connection asks for a password, and the person signed in by Windows.",),
        "Empty the setting Authentication contexts to ask for.",
        (),
    ),
)

_OTHERS = (
    about(
        "saml-decryption saml-encryption-form",
        Explanation(
            "adfs-encryption",
            "AD FS encrypted this sign-in for a certificate that we do not have any more.",
            ("The trust keeps an old encryption certificate; AD FS encrypts as soon as it has one.",),
            "Update the trust from our metadata, or remove the certificate under Encryption.",
            (*TRUST, "Properties", "Encryption"),
        ),
    ),
    about(
        "time-window",
        Explanation(
            "adfs-time",
            "This sign-in is too old, or not valid yet.",
            (
                "The server's clock is wrong; AD FS allows no difference at all before now.",
                "The person waited long on the sign-in page.",
            ),
            "Set the server's clock by NTP, or give the trust a NotBeforeSkew of one minute.",
            ("PowerShell", "Set-AdfsRelyingPartyTrust", "NotBeforeSkew"),
        ),
    ),
    about(
        "saml-status",
        Explanation(
            "adfs-status",
            "AD FS answered with an error of its own.",
            ("Its event 364 of the same moment names an MSIS number.",),
            "Look for the event, and for the MSIS number in it.",
            EVENTS,
        ),
    ),
)

_CONSOLE = SamlConsole(
    key="adfs-saml",
    vendor="AD FS",
    entity_id="Relying party trust identifier",
    acs_url="Relying party SAML 2.0 SSO service URL",
    issuer="Federation Service identifier",
    certificate="Token-signing certificate",
    metadata="Federation metadata URL",
    addresses=(*TRUST, "Properties", "Identifiers and Endpoints"),
    values=("AD FS Management", "Service", "Certificates"),
    signing=("PowerShell", "Set-AdfsRelyingPartyTrust", "SamlResponseSignature"),
    sign="Set SamlResponseSignature to AssertionOnly, its default, or to MessageAndAssertion.",
    claims=_RULES,
    groups=_RULES,
    people=(*TRUST, "Edit Access Control Policy"),
    pitfalls=(
        ("issuer", ("https:// was typed; the identifier begins with http://.",)),
        ("signature", ("AD FS replaced its certificate by itself, as it does every year.",)),
        ("subject", ("No rule issues a NameID: AD FS sends none by itself.",)),
        ("claim-missing", ("No rule issues it: AD FS sends nothing by itself.",)),
        ("groups", ("The rule for Token-Groups is missing.",)),
        ("metadata-url", ("The server is reachable only inside the company.",)),
        ("no-response", ("The access control policy, or an error whose event AD FS wrote.",)),
    ),
)

SAML_ROWS = (*_EVENTS, *COMMON_ROWS, *_OTHERS, *explain_by(_CONSOLE))
