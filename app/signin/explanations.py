"""Why a sign-in was refused by a check of our own: the adapter's words first, ours where the adapter has none.

Constant texts for whoever can mend it. Every code of the gateway that a trace can end with stands in one of the tables;
a test compares them with the source.
"""

from __future__ import annotations

from typing import Final

from app.adapters.explain import explain
from app.signin.explanations_of_requests import REQUESTS
from portico_sdk import UNREACHABLE_ROWS, AdapterSpec, Explainer, ExplainerRow, Explanation, Failure, about


def explain_failure(spec: AdapterSpec | None, failure: Failure) -> Explanation:
    """Return the explanation: of the connection's adapter where it has one, else ours. `spec` is None where it is gone."""
    own = explain(spec, failure) if spec is not None else None
    return own or _EXPLAINER.explain(failure) or _UNKNOWN


_PENDING: Final[tuple[ExplainerRow, ...]] = (
    about(
        "pending-expired",
        Explanation(
            "pending-expired",
            "The person came back more than half an hour after the sign-in began.",
            ("The page of the provider stood open for long.", "A bookmark of the provider's sign-in page was used."),
            "Begin again at the application. Bookmark the application, never the provider's sign-in page.",
        ),
    ),
    about(
        "pending-used",
        Explanation(
            "pending-used",
            "The same answer of the provider arrived twice.",
            ("The person pressed Back or loaded the page again.", "Somebody sent a stolen answer once more."),
            "Begin again at the application. The first answer counted, the second one changed nothing.",
        ),
    ),
    about(
        "pending-unknown unsolicited",
        Explanation(
            "unsolicited",
            "An answer arrived for a sign-in that nobody began here.",
            (
                "The person started at the provider's list of applications, which this connection does not allow.",
                "The answer was for another installation, such as a test system.",
            ),
            "Begin at the application. To let people start at the provider, allow it in the connection's settings and "
            "name the application there.",
        ),
    ),
    about(
        "pending-other-browser",
        Explanation(
            "pending-other-browser",
            "The answer came to another browser than the one that began the sign-in.",
            (
                "The browser keeps no cookies, or deleted them on the way.",
                "A link was opened in another browser or app in the middle of the sign-in.",
            ),
            "Begin again and stay in one browser. When everybody is refused, a proxy in front of us drops cookies.",
        ),
    ),
    about(
        "pending-other-connection",
        Explanation(
            "pending-other-connection",
            "The answer arrived at the address of another connection.",
            ("The provider has the ACS or redirect address of another connection.", "Two connections were mixed up."),
            "Copy this connection's own addresses into the provider's application again.",
        ),
    ),
)

_TRUST: Final[tuple[ExplainerRow, ...]] = (
    about(
        "email-domain-foreign",
        Explanation(
            "email-domain-foreign",
            "The person's e-mail domain is verified for another organization.",
            (
                "The person works for both and signed in at the wrong one.",
                "The provider sends an address that is not the person's own, such as a guest's.",
                "The domain moved to this organization and was not moved here.",
            ),
            "Sign in through the organization that owns the domain. When it belongs to this one, an operator moves it.",
        ),
    ),
    about(
        "email-domain-unverified",
        Explanation(
            "email-domain-unverified",
            "Nobody verified the person's e-mail domain, and this organization takes verified ones only.",
            (
                "The company has a further domain that was never added.",
                "A subdomain is used: each one is verified by itself.",
                "The person is a guest with an address of elsewhere.",
            ),
            "Add the domain and verify it. An operator can also let unverified addresses pass for this organization.",
        ),
    ),
    about(
        "subject-source-changed",
        Explanation(
            "subject-source-changed",
            "The provider now tells people apart by another attribute than at the first sign-in.",
            (
                "The NameID or the claim that identifies people was changed in the provider's application.",
                "The attribute that was used does not come for this person.",
            ),
            "Change it back in the provider. If it must stay, an operator changes the source of subjects: everybody gets "
            "a new account then.",
        ),
    ),
    about(
        "subject-length",
        Explanation(
            "subject-length",
            "The provider's name for this person is empty or far too long.",
            ("An attribute that is no identifier was chosen to identify people.",),
            "Choose an identifier that never changes, such as an object id, as the NameID or subject.",
        ),
    ),
    about(
        "proof-replayed",
        Explanation(
            "proof-replayed",
            "This answer of the provider was accepted once already.",
            ("The page was loaded again.", "Somebody sent a stolen answer once more."),
            "Begin again at the application. When it happens to many, look for whoever sends the answers.",
        ),
    ),
    about(
        "proof-unidentified proof-lifetime",
        Explanation(
            "proof-unidentified",
            "The adapter did not say how to recognize a repeated answer, so the answer counts for nothing.",
            ("The adapter has a fault.",),
            "Update the adapter, or tell its author: an identity needs replay_id and replay_until.",
        ),
    ),
    about(
        "not-allowed client-not-allowed client-failed",
        Explanation(
            "client-not-allowed",
            "The application may not sign people of this organization in.",
            ("The client is disabled or deleted.", "Its list of allowed organizations does not name this one."),
            "Add the organization to the client's allowed organizations, or enable the client.",
        ),
    ),
    about(
        "connection-not-allowed connection-failed",
        Explanation(
            "connection-not-allowed",
            "The connection or its organization was switched off.",
            ("Somebody deactivated it while the person was at the provider.", "The organization is disabled."),
            "Activate the connection or the organization, then begin again.",
        ),
    ),
    about(
        "hint-mismatch",
        Explanation(
            "hint-mismatch",
            "The application asked for one person, and another one signed in.",
            ("Several people use this browser.", "The provider has another account open."),
            "Sign out at the provider and begin again.",
        ),
    ),
    about(
        "not-fresh freshness-unknown",
        Explanation(
            "not-fresh",
            "The application wants a fresh sign-in, and the provider used an old one or did not say.",
            ("The provider ignores the wish for a new authentication.", "It does not send when the person signed in."),
            "Let the provider honour ForceAuthn or max_age, or take the wish for freshness out of the application.",
        ),
    ),
)

_OURS: Final[tuple[ExplainerRow, ...]] = (
    about(
        "adapter-failed",
        Explanation(
            "adapter-failed",
            "The connection's adapter broke while it looked at the answer.",
            ("The adapter has a fault.", "The provider sends something that the adapter does not expect."),
            "Look up the reference in the log, and update the adapter or tell its author.",
        ),
    ),
    about(
        "adapter-unavailable",
        Explanation(
            "adapter-unavailable",
            "The adapter of this connection is not loaded.",
            ("Its distribution is not installed, or not listed in PORTICO_ADAPTERS.", "It failed to load."),
            "Run portico doctor: it names the plug-in and why it does not load.",
        ),
    ),
    about(
        "connection-unreadable",
        Explanation(
            "connection-unreadable",
            "The connection's secrets do not open.",
            (
                "PORTICO_ENCRYPTION_KEYS lacks the key with which they were sealed.",
                "The database is another one's copy.",
            ),
            "Put the old key back at the end of PORTICO_ENCRYPTION_KEYS, then run portico doctor.",
        ),
    ),
    about(
        "browser-url-refused",
        Explanation(
            "browser-url-refused",
            "The provider's sign-in address is none that a browser may be sent to.",
            ("It is not https, or names a private host.", "It carries a fragment or a user name."),
            "Correct the address in the connection. An operator allows a private host with PORTICO_OUTBOUND_ALLOW.",
        ),
    ),
    about(
        "test-outdated",
        Explanation(
            "test-outdated",
            "The configuration was changed while this test was under way.",
            ("Somebody saved a setting in the meantime.",),
            "Start a new test.",
        ),
    ),
    about(
        "claim-missing",
        Explanation(
            "claim-missing",
            "An attribute that the profile needs did not come.",
            ("The provider's application does not send it.", "It has another name than the mapping expects."),
            "Release the attribute in the provider's application, or map the one that did come.",
        ),
    ),
    about(
        "no-response",
        Explanation(
            "no-response",
            "Nobody has come back from the provider.",
            (
                "The person is not assigned to the application there.",
                "The provider does not know our address.",
                "The window was closed.",
            ),
            "Look at the provider's own log for this time, and check the addresses that it has of us.",
        ),
    ),
    about(
        "groups-incomplete groups-missing",
        Explanation(
            "groups-incomplete",
            "The provider left out this person's groups.",
            ("The person is in more groups than the provider puts into one answer.", "No groups claim is configured."),
            "Send only the groups that the application needs, or bring groups by directory sync.",
        ),
    ),
)

_UNKNOWN: Final = Explanation(
    "refused",
    "A check refused this sign-in.",
    ("The step that failed says what was expected and what came.",),
    "Compare both values in the step that failed, and correct the side that is wrong.",
)

OWN: Final[tuple[ExplainerRow, ...]] = (*_PENDING, *_TRUST, *_OURS, *REQUESTS)
_EXPLAINER: Final = Explainer((*OWN, *UNREACHABLE_ROWS))
