"""What each of our own refusals means, for providers that we do not know by name.

A vendor's table comes first and says the same with the vendor's words. Codes are those of `reasons.Reason` and of
`portico_sdk.SYMPTOMS`; a test holds this page to have every one.
"""

from __future__ import annotations

from portico_saml.explanations_of_form import FORM
from portico_sdk import UNREACHABLE_ROWS, Explanation, about

_VERDICT = (
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

_ADDRESSEE = (
    about(
        "issuer-mismatch",
        Explanation(
            "issuer-mismatch",
            "The sign-in came from another issuer.",
            (
                "The issuer was typed, or copied from another page than metadata.",
                "http instead of https, or a slash at the end.",
                "The provider was moved, or its name was changed.",
            ),
            "Compare expected with received, and read the provider's metadata again.",
        ),
    ),
    about(
        "saml-audience",
        Explanation(
            "saml-audience",
            "The provider made this sign-in out for a different address.",
            (
                "Audience and ACS URL were swapped.",
                "http instead of https, a slash at the end, or another case.",
                "The application at the provider belongs to another connection.",
            ),
            "Replace the audience there, also called entity ID or identifier, with our entity ID.",
        ),
    ),
    about(
        "saml-destination saml-recipient",
        Explanation(
            "saml-destination",
            "The provider sent this sign-in to a different address.",
            (
                "The ACS URL there is an old one, or the entity ID stands in its place.",
                "A separate field for the recipient was left empty.",
                "A proxy in front of us changes addresses.",
            ),
            "Replace the ACS URL there with ours, in every field that asks for it.",
        ),
    ),
    about(
        "saml-in-response-to",
        Explanation(
            "saml-in-response-to",
            "This answers another sign-in than the one that was begun.",
            ("The page was opened again from history.", "Two tabs were mixed up.", "The provider sent it on its own."),
            "Begin again at the application.",
        ),
    ),
    about(
        "saml-unsolicited",
        Explanation(
            "saml-unsolicited",
            "Somebody began at the provider, which this connection does not allow.",
            ("A tile in the provider's portal was used.",),
            "Begin at the application, or allow starting at the provider in the connection's settings.",
        ),
    ),
)

_SIGNATURE = (
    about(
        "saml-signature",
        Explanation(
            "saml-signature",
            "Signed with a certificate that we do not know.",
            (
                "The provider renewed its certificate.",
                "The certificate here is another one of that provider, or was cut when it was copied.",
                "A proxy rewrote the response on its way.",
            ),
            "Read the metadata again, or paste the new certificate beside the old one.",
        ),
    ),
    about(
        "saml-unsigned",
        Explanation(
            "saml-unsigned",
            "Nothing in this response is signed.",
            ("Signing is switched off at the provider.",),
            "Let the provider sign the assertion or the response. We never accept unsigned sign-ins.",
        ),
    ),
    about(
        "saml-signature-policy",
        Explanation(
            "saml-signature-policy",
            "Another part is signed than this connection demands.",
            ("Signing was changed at the provider.", "The setting What must be signed is stricter than the provider."),
            "Sign what is expected there, or choose either in the connection's settings.",
        ),
    ),
    about(
        "saml-algorithm",
        Explanation(
            "saml-algorithm",
            "Signed or encrypted in a way that is no longer safe.",
            ("The provider still uses SHA-1.",),
            "Choose RSA with SHA-256 at the provider. No setting here accepts less.",
        ),
    ),
    about(
        "saml-not-encrypted",
        Explanation(
            "saml-not-encrypted",
            "This connection demands encryption, and the sign-in came in clear.",
            ("The provider does not have our encryption certificate.",),
            "Switch encryption of assertions on at the provider, with the certificate from our metadata.",
        ),
    ),
    about(
        "saml-decryption",
        Explanation(
            "saml-decryption",
            "We cannot decrypt this sign-in.",
            ("The provider has an old certificate of ours.", "It uses an algorithm that we do not take."),
            "Give the provider our present certificate, or switch encryption off there.",
        ),
    ),
)

_TIME = (
    about(
        "time-window",
        Explanation(
            "time-window",
            "This sign-in is too old, or not valid yet.",
            (
                "The provider's clock is wrong.",
                "The person waited long on the provider's page.",
                "The provider allows only seconds.",
            ),
            "Set the provider's clock by NTP. A difference of minutes can be allowed in the connection's settings.",
        ),
    ),
    about(
        "saml-lifetime",
        Explanation(
            "saml-lifetime",
            "The provider makes sign-ins valid for longer than a day.",
            ("The lifetime of tokens was set far too high there.",),
            "Set it to an hour or less.",
        ),
    ),
)

_PERSON = (
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

_OTHERS = (
    about(
        "no-response",
        Explanation(
            "no-response",
            "Nobody has come back from the provider.",
            (
                "The person is not assigned to the application.",
                "The provider does not know our entity ID or our ACS URL.",
                "The tab was closed.",
            ),
            "Look at what the provider shows in the browser, and assign the person there.",
        ),
    ),
    about(
        "sign-in-loop",
        Explanation(
            "sign-in-loop",
            "The person is sent to the provider again and again.",
            ("The browser refuses cookies.", "The provider's session is not kept."),
            "Allow cookies for both addresses, and look for the provider's own limit in its log.",
        ),
    ),
    about(
        "metadata-html metadata-unreachable",
        Explanation(
            "metadata-url",
            "This address does not lead to metadata.",
            (
                "It is the address of the console.",
                "The application is not published yet.",
                "The server can only be reached from inside the company.",
            ),
            "Copy the metadata URL from the application's page, or upload the metadata as a file.",
        ),
    ),
    about(
        "metadata-no-provider",
        Explanation(
            "metadata-no-provider",
            "This metadata describes an application, not an identity provider.",
            ("Our own metadata was pasted back.", "The document lists many organizations."),
            "Give us the identity provider's metadata.",
        ),
    ),
    about(
        "scim-duplicated",
        Explanation(
            "scim-duplicated",
            "The directory made the same person twice.",
            (
                "userName differs from the e-mail address, or in case.",
                "externalId is mapped to something that changes.",
            ),
            "Map userName and externalId to values that last, and provision the person again.",
        ),
    ),
    about(
        "scim-not-deactivated",
        Explanation(
            "scim-not-deactivated",
            "A person who left stays active.",
            ("The provider tells us nothing when it suspends somebody.", "Deactivation is not among its actions."),
            "Unassign the person from the application, and switch deactivation on there.",
        ),
    ),
    about(
        "saml-configuration",
        Explanation(
            "saml-configuration",
            "This connection is not complete at our side.",
            ("A setting is empty.", "A key that the connection needs is missing."),
            "The detail names it; ask the operator.",
        ),
    ),
)

EXPLANATIONS = (*_VERDICT, *_ADDRESSEE, *_SIGNATURE, *_TIME, *_PERSON, *_OTHERS, *FORM, *UNREACHABLE_ROWS)
