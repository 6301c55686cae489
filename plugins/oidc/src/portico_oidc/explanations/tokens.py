"""What refusals of an answer or a token mean: another sign-in's, another client's, another time's."""

from __future__ import annotations

from portico_sdk import Explanation, about

_AGAIN = "Begin again. When it happens every time, send the reference to whoever runs this application."

TOKENS = (
    about(
        "state-missing",
        Explanation(
            "oidc-unsolicited",
            "Somebody began at the provider, which OpenID Connect does not know.",
            ("A tile in the provider's portal leads straight to the redirect URI.",),
            "Let the tile open the application's own sign-in page.",
        ),
    ),
    about(
        "state-mismatch settings-changed id-token-nonce id-token-at-hash",
        Explanation(
            "oidc-other-sign-in",
            "This answers another sign-in than the one that was begun.",
            ("Two tabs were mixed up.", "The page was opened from history.", "The connection was changed meanwhile."),
            _AGAIN,
        ),
    ),
    about(
        "iss-missing iss-mismatch id-token-iss",
        Explanation(
            "oidc-other-issuer",
            "The answer came from another issuer than the one that was asked.",
            ("The provider was moved, or has several names.", "Another tenant of the same provider answered."),
            "Compare expected with received, and correct the issuer of this connection.",
        ),
    ),
    about(
        "id-token-aud id-token-azp",
        Explanation(
            "oidc-audience",
            "The ID token is made out for another application.",
            ("The client ID here belongs to another application there.",),
            "Copy the client ID of the application that has our redirect URI.",
        ),
    ),
    about(
        "id-token-expired id-token-iat id-token-nbf session-expired",
        Explanation(
            "oidc-time-window",
            "This sign-in is too old, or not valid yet.",
            ("The provider's clock is wrong.", "The person waited long on the provider's page."),
            "Set the provider's clock by NTP, and begin again.",
        ),
    ),
    about(
        "auth-time-missing auth-time-too-old auth-time-malformed",
        Explanation(
            "oidc-freshness",
            "The provider did not prove that the person has just authenticated.",
            ("It does not send auth_time.", "It kept an older session although a new authentication was asked for."),
            "Let the ID token carry auth_time (a claim of Core 2), or let the application ask for less.",
        ),
    ),
    about(
        "key-unknown key-ambiguous signature-invalid",
        Explanation(
            "oidc-signature",
            "The ID token is signed with a key that the provider does not publish.",
            ("The provider changed its keys a moment ago.", "The issuer belongs to another server of the provider."),
            "Wait a minute and begin again. When it stays, open the key document (jwks_uri) and compare.",
        ),
    ),
    about(
        "code-missing token-malformed id-token-missing id-token-malformed header-refused answer-unexpected",
        Explanation(
            "oidc-malformed",
            "The provider's answer is not what OpenID Connect prescribes.",
            ("The application there is of another kind.", "The scope openid is not allowed for it."),
            "Make a web application that uses OpenID Connect with the authorization code flow.",
        ),
    ),
    about(
        "id-token-encrypted",
        Explanation(
            "oidc-encrypted",
            "The ID token is encrypted.",
            ("Encryption of ID tokens is switched on there.",),
            "Switch it off; the connection between the servers is encrypted already.",
        ),
    ),
    about(
        "userinfo-refused userinfo-malformed userinfo-sub",
        Explanation(
            "oidc-userinfo",
            "The provider's userinfo endpoint does not answer as it should.",
            ("The provider serves it only for certain resources or scopes.", "It is out of order."),
            "Put the claims into the ID token, and switch Ask the userinfo endpoint off.",
        ),
    ),
)
