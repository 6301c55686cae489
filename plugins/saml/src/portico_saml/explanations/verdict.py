"""What a provider's own verdict means: a status that is not Success."""

from __future__ import annotations

from portico_sdk import Explanation, about

VERDICT = (
    about(
        "saml-status",
        Explanation(
            "saml-name-id-policy",
            "The provider cannot give the kind of NameID that we asked for.",
            ("The connection asks for a NameID format.", "This person has no value for the NameID, often no e-mail."),
            "Empty the setting NameID format to ask for, or let the provider issue that format for everybody.",
        ),
        said=r"InvalidNameIDPolicy",
    ),
    about(
        "saml-status",
        Explanation(
            "saml-authn-context",
            "The provider did not authenticate the person in the way that we asked for.",
            ("The connection asks for an authentication context.", "Somebody asked to sign in without being seen."),
            "Empty the setting Authentication contexts to ask for.",
        ),
        said=r"NoAuthnContext|NoPassive",
    ),
    about(
        "saml-status",
        Explanation(
            "saml-authn-failed",
            "The provider did not let the person in.",
            ("The person is not assigned to the application.", "Wrong password, or a rule for sign-ins forbids it."),
            "Look for this sign-in in the provider's own log, and assign the person there.",
        ),
        said=r"AuthnFailed|RequestDenied|UnknownPrincipal",
    ),
    about(
        "saml-status",
        Explanation(
            "saml-status",
            "The provider answered with an error of its own.",
            ("It does not know our entity ID or our ACS URL.", "It demands signed requests.", "An error at its side."),
            "Its words are in the detail; look for the same moment in its log.",
        ),
    ),
)
