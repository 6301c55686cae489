"""What refusals mean that are about the person, and what is missing of one."""

from __future__ import annotations

from portico_sdk import Explanation, about

PERSON = (
    about(
        "claim-mismatch",
        Explanation(
            "oidc-claim-mismatch",
            "This person belongs to another organization than this connection.",
            ("A private account, or one of another company, was used.", "The organization in the settings is wrong."),
            "Sign in with the company's account. Expected and received are shown.",
        ),
    ),
    about(
        "subject-missing sub-invalid",
        Explanation(
            "oidc-subject",
            "The provider did not say who signed in.",
            ("A claim that identifies people was switched off there.",),
            "Let the ID token carry the expected claims.",
        ),
    ),
    about(
        "claim-missing",
        Explanation(
            "oidc-claim-missing",
            "A claim that the profile needs did not come.",
            (
                "The scope for it is not asked for, or not allowed.",
                "The claim is not mapped at the provider.",
                "This person has no value in it.",
            ),
            "Map it at the provider, or use one of the claims that did come.",
        ),
    ),
    about(
        "groups-incomplete groups-missing",
        Explanation(
            "oidc-groups",
            "The provider did not send this person's groups.",
            ("Groups are not in the ID token.", "There are too many, and the provider left them out or cut the list."),
            "Release the groups that matter to this application only.",
        ),
    ),
    about(
        "claims-too-large id-token-too-large",
        Explanation(
            "oidc-too-large",
            "The provider sends far more claims than a sign-in needs.",
            ("Every group of the person is in the token.",),
            "Release only the groups and claims that this application uses.",
        ),
    ),
)
