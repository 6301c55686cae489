"""What Entra's own error numbers mean. Its texts change and are not looked at; the numbers stay.

An error comes back as the message of a SAML status, as an OAuth error, or only on Entra's own page.
"""

from __future__ import annotations

from portico_sdk import ExplainerRow, Explanation

Way = tuple[str, ...]

APPS: Way = ("Entra ID", "Enterprise apps", "the application")
REGISTRATION: Way = ("Entra ID", "App registrations", "the application")
PEOPLE: Way = (*APPS, "Users and groups")
SECRETS: Way = (*REGISTRATION, "Certificates & secrets")

#: What Microsoft's support asks for.
REFERENCE = r"(Trace ID: ?[0-9a-fA-F-]{36}|Correlation ID: ?[0-9a-fA-F-]{36})"


def aadsts(numbers: str, name: str, title: str, causes: Way, fix: str, where: Way) -> ExplainerRow:
    """Return the row for Entra's error numbers (blank-separated); the first is the one that is looked up."""
    choices = numbers.split()
    link = f"https://login.microsoftonline.com/error?code={choices[0]}"
    said = rf"AADSTS(?:{'|'.join(choices)})(?![0-9])"
    return ExplainerRow(Explanation(f"entra-{name}", title, causes, fix, where, link), said=said)


COMMON_ROWS = (
    aadsts(
        "50105",
        "not-assigned",
        "This person is not assigned to the application.",
        (
            "Assignment is required, and neither the person nor a group of theirs is there.",
            "A nested group was assigned.",
        ),
        "Add the person, or a group that the person is in directly.",
        PEOPLE,
    ),
    aadsts(
        "700016 650056 70001",
        "unknown-application",
        "Entra does not know this application in this tenant.",
        ("Identifier or Application (client) ID has a mistake.", "The person's tenant is another one."),
        "Compare it there with what we show, and the tenant with the issuer of this connection.",
        APPS,
    ),
    aadsts(
        "50011",
        "reply-url",
        "Entra does not know the address that it should answer to.",
        ("Our address is missing there.", "http for https, a slash at the end, or another case."),
        "Add our address byte for byte, as Reply URL (SAML) or Redirect URI of the platform Web.",
        (*APPS, "Single sign-on", "Basic SAML Configuration"),
    ),
    aadsts(
        "50020 50034 16000 90072 51004",
        "another-tenant",
        "This account is not in the customer's tenant.",
        ("The browser is signed in with another or a private account.", "The person was not invited as a guest."),
        "Sign in with the company's account, in a private window if need be, or invite the person.",
        ("Entra ID", "Users"),
    ),
    aadsts(
        "90002 90038",
        "unknown-tenant",
        "There is no such tenant in this cloud.",
        ("The tenant ID has a mistake.", "The tenant lives in another national cloud."),
        "Copy Directory (tenant) ID again, and the address of the cloud.",
        ("Entra ID", "Overview"),
    ),
    aadsts(
        "50194",
        "shared-authority",
        "An address for all tenants was used with an application of one tenant.",
        ("The issuer has /common in it.",),
        "Put your Directory (tenant) ID in the place of common.",
        ("Entra ID", "Overview"),
    ),
    aadsts(
        "65001 90094",
        "consent",
        "An administrator has not consented to this application yet.",
        ("It is new, or asks for another permission than before.",),
        "Grant admin consent.",
        (*APPS, "Permissions"),
    ),
    aadsts(
        "53003 53000 50076 50079 530032",
        "conditional-access",
        "A rule of Conditional Access did not let the person in.",
        ("Another device, place or second factor is demanded.", "The second factor was not set up or not finished."),
        "Look for the sign-in in Sign-in logs; its Conditional Access tab names the policy.",
        ("Entra ID", "Monitoring & health", "Sign-in logs"),
    ),
    aadsts(
        "50058",
        "no-session",
        "The person has no session at Entra, and the application asked not to be asked.",
        ("A silent sign-in was tried.", "The browser refuses the cookies of login.microsoftonline.com."),
        "Begin again at the application.",
        (),
    ),
)
