"""What each of our own refusals means, for providers that we do not know by name.

A vendor's table comes first and says the same with the vendor's words. Codes are those of `reasons.REASONS` and of
`portico_sdk.SYMPTOMS`; a test holds this page to have every one.
"""

from __future__ import annotations

from portico_oidc.explanations_of_tokens import TOKENS
from portico_sdk import UNREACHABLE_ROWS, Explanation, about

_PROVIDERS_WORD = (
    about(
        "provider-error",
        Explanation(
            "oidc-access-denied",
            "The provider did not let the person in.",
            (
                "The person is not assigned to the application.",
                "A rule for sign-ins there forbids it.",
                "The person chose Cancel.",
            ),
            "Look for this sign-in in the provider's own log, and assign the person there.",
        ),
        said=r"access_denied",
    ),
    about(
        "provider-error",
        Explanation(
            "oidc-interaction",
            "The provider wanted to ask the person something and was not allowed to.",
            ("The application asked for a silent sign-in, and the person has no session there.",),
            "Begin again at the application.",
        ),
        said=r"login_required|interaction_required|consent_required|account_selection_required",
    ),
    about(
        "provider-error",
        Explanation(
            "oidc-request-refused",
            "The provider does not accept our request.",
            (
                "The redirect URI is not registered there, or not byte for byte.",
                "A scope is not allowed for this application.",
                "The authorization code flow is not allowed for this application.",
            ),
            "Compare redirect URI, scopes and grant types there with this connection's.",
        ),
        said=r"invalid_request|invalid_scope|unauthorized_client|unsupported_response_type|redirect_uri",
    ),
    about(
        "provider-error",
        Explanation(
            "oidc-provider-error",
            "The provider answered with an error of its own.",
            ("It says so in its own words in the detail.",),
            "Look for the same moment in the provider's log.",
        ),
    ),
    about(
        "token-refused",
        Explanation(
            "oidc-invalid-client",
            "The provider does not accept our client ID and secret.",
            (
                "The secret expired, or was replaced.",
                "The secret's ID was copied instead of its value.",
                "The client belongs to another issuer of the same provider.",
                "The provider expects the secret in another place than we send it.",
            ),
            "Create a new secret there and paste its value here.",
        ),
        said=r"invalid_client|unauthorized_client|\b401\b",
    ),
    about(
        "token-refused",
        Explanation(
            "oidc-token-refused",
            "The provider does not exchange the code for a token.",
            ("The code was too old.", "The page was sent twice.", "The redirect URI differs from the registered one."),
            "Begin again. When it happens every time, compare the redirect URI there with ours.",
        ),
    ),
)

_SETTINGS = (
    about(
        "issuer-mismatch issuer-template",
        Explanation(
            "oidc-issuer",
            "The provider calls itself by another name than the issuer of this connection.",
            (
                "A slash at the end is missing or too much.",
                "The address of a shared page was copied instead of your own tenant's.",
                "Custom domain and original domain were mixed up.",
            ),
            "Copy the issuer exactly as the discovery document writes it; it is shown as received.",
        ),
    ),
    about(
        "discovery-malformed jwks-malformed",
        Explanation(
            "oidc-discovery",
            "The issuer's address does not lead to an OpenID Connect provider.",
            ("The address of a console or a sign-in page was copied.", "The provider is out of order."),
            "Open the issuer with /.well-known/openid-configuration at its end in a browser; it must show JSON.",
        ),
    ),
    about(
        "endpoint-refused",
        Explanation(
            "oidc-endpoint",
            "The provider's own addresses cannot be used from here.",
            ("They are not https.", "They lie in a private network."),
            "Publish them on https addresses, or ask the operator to allow them.",
        ),
    ),
    about(
        "settings-incomplete",
        Explanation(
            "oidc-settings",
            "This connection is not complete.",
            ("Issuer, client ID or client secret is empty.",),
            "Fill in all three.",
        ),
    ),
    about(
        "code-flow-not-offered algorithm-not-offered auth-method-not-offered algorithm-refused",
        Explanation(
            "oidc-not-offered",
            "The provider does not offer what a safe sign-in needs.",
            ("It was set to another flow.", "It signs with a shared secret (HS256) or not at all."),
            "Allow the authorization code flow, a signature such as RS256 or ES256, and a client secret.",
        ),
    ),
)

_PERSON = (
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

_OTHERS = (
    about(
        "no-response",
        Explanation(
            "oidc-no-response",
            "Nobody has come back from the provider.",
            (
                "The person is not assigned to the application.",
                "The redirect URI is not registered there, and the provider shows an error.",
                "The tab was closed.",
            ),
            "Look at what the provider shows in the browser, and assign the person there.",
        ),
    ),
    about(
        "sign-in-loop",
        Explanation(
            "oidc-sign-in-loop",
            "The person is sent to the provider again and again.",
            ("The browser refuses cookies.", "The provider's session is not kept."),
            "Allow cookies for both addresses.",
        ),
    ),
    about(
        "metadata-html metadata-unreachable metadata-no-provider",
        Explanation(
            "oidc-metadata",
            "This address does not lead to a discovery document.",
            ("It is the address of the console.", "The server can only be reached from inside the company."),
            "Copy the issuer from the application's page.",
        ),
    ),
    about(
        "scim-duplicated",
        Explanation(
            "oidc-scim-duplicated",
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
            "oidc-scim-not-deactivated",
            "A person who left stays active.",
            ("The provider tells us nothing when it suspends somebody.", "Deactivation is not among its actions."),
            "Unassign the person from the application, and switch deactivation on there.",
        ),
    ),
)

_LOGOUT = (
    about(
        "logout-token-missing logout-token-refused",
        Explanation(
            "oidc-logout-token",
            "The provider's message that somebody signed out cannot be used.",
            ("It is not a logout token of OpenID Connect Back-Channel Logout 1.0.", "It is older than ten minutes."),
            "Enter our back-channel logout URL at the provider, and let it send sub or sid.",
        ),
    ),
)

EXPLANATIONS = (*_PROVIDERS_WORD, *_SETTINGS, *_PERSON, *_OTHERS, *_LOGOUT, *TOKENS, *UNREACHABLE_ROWS)
