"""What refusals mean that are about the person, and what is missing of one."""

from __future__ import annotations

from portico_sdk import Explanation, about

PERSON = (
    about(
        "saml-subject",
        Explanation(
            "saml-subject",
            "The provider did not say who signed in.",
            ("No rule there issues a NameID.", "The person has no value in the field that the NameID is made of."),
            "Let the provider send one NameID for everybody.",
        ),
    ),
    about(
        "saml-transient-subject",
        Explanation(
            "saml-transient-subject",
            "The provider's name for this person changes at every sign-in.",
            ("The NameID format is transient.",),
            "Choose persistent there, or let an operator name a lasting attribute in the connection's settings.",
        ),
    ),
    about(
        "saml-subject-attribute",
        Explanation(
            "saml-subject-attribute",
            "The attribute that identifies people on this connection did not come.",
            ("It is not mapped at the provider.", "This person has no value in it, or several."),
            "Release the expected attribute with one value for everybody.",
        ),
    ),
    about(
        "saml-scope",
        Explanation(
            "saml-scope",
            "The provider named the person in a scope that is not its own.",
            ("Its metadata does not list the scope.", "The connection keeps scopes of older metadata."),
            "Let the federation list the scope in the provider's metadata, and read it again.",
        ),
    ),
    about(
        "saml-attributes",
        Explanation(
            "saml-attributes",
            "Single attributes came encrypted.",
            ("The provider encrypts attributes one by one.",),
            "Let it encrypt the whole assertion, or nothing.",
        ),
    ),
    about(
        "saml-authn-statement saml-stale-authentication",
        Explanation(
            "saml-authn-statement",
            "The provider does not say when and how the person signed in.",
            ("Its statement about authentication is switched off.", "It ignores a request to authenticate again."),
            "Include the authentication statement (AuthnStatement) at the provider.",
        ),
    ),
    about(
        "claim-missing",
        Explanation(
            "claim-missing",
            "An attribute that the profile needs did not come.",
            ("It is not mapped at the provider.", "This person has no value in it, for instance no mailbox."),
            "Map it at the provider, or use one of the attributes that did come.",
        ),
    ),
    about(
        "groups-incomplete groups-missing",
        Explanation(
            "groups-missing",
            "The provider did not send this person's groups.",
            ("Groups are not released to this application.", "There are too many, and the provider left them out."),
            "Release the groups that matter to this application only.",
        ),
    ),
)
