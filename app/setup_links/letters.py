"""What is mailed about links, in the language of whoever reads it."""

from __future__ import annotations

from datetime import datetime

from app.mail import Letter
from app.translations import Words, marked

_FEATURES = {
    "sso": marked("single sign-on"),
    "domains": marked("your domains"),
    "certificates": marked("certificate renewal"),
}
_STATES = {"used": marked("Used"), "expired": marked("Expired"), "revoked": marked("Revoked")}


def link_letter(words: Words, organization: str, features: list[str], url: str, expires_at: datetime) -> Letter:
    """The link itself."""
    what = words.list([words(_FEATURES[feature]) for feature in features])
    return Letter(
        subject=words("Set up %(what)s for %(organization)s", what=what, organization=organization),
        paragraphs=(
            words(
                "With this link you set up %(what)s for %(organization)s. You need no account. Everything is saved as "
                "you go, and nothing changes for your people until you turn it on.",
                what=what,
                organization=organization,
            ),
        ),
        action=(words("Open the setup"), url),
        closing=(
            words(
                "The link is good until %(time)s. It is as good as a key: pass it on only to a colleague who should "
                "do this.",
                time=words.moment(expires_at),
            ),
            words("If you do not know what this is about, ignore it: nothing happens by itself."),
        ),
        language=words.language,
    )


def code_letter(words: Words, organization: str, code: str) -> Letter:
    """A one-time code."""
    return Letter(
        subject=words("%(code)s is your code for %(organization)s", code=code, organization=organization),
        paragraphs=(words("Enter this code on the page where you were asked for it. It is good for 10 minutes."),),
        code=code,
        closing=(
            words(
                "Somebody with your setup link wants to change how people sign in. If that was not you, tell us at once "
                "and give the code to nobody."
            ),
        ),
        language=words.language,
    )


def request_letter(words: Words, organization: str, link_id: str, state: str) -> Letter:
    """To operators: somebody needs a new link."""
    return Letter(
        subject=words("%(organization)s asks for a new setup link", organization=organization),
        paragraphs=(
            words("Somebody opened a setup link that is over, and asks for a new one. Their answers are kept."),
        ),
        facts=(
            (words("Organization"), organization),
            (words("Link"), link_id),
            (words("State"), words(_STATES.get(state, state))),
        ),
        closing=(words("Send the link again from the console, or with `portico setup-link resend`."),),
        language=words.language,
    )
