"""What is mailed about links."""

from __future__ import annotations

from datetime import datetime

from app.mail import Letter

_FEATURES = {"sso": "single sign-on", "domains": "your domains", "certificates": "certificate renewal"}


def link_letter(organization: str, features: list[str], url: str, expires_at: datetime) -> Letter:
    """The link itself."""
    what = " and ".join(_FEATURES[feature] for feature in features)
    return Letter(
        subject=f"Set up {what} for {organization}",
        paragraphs=(
            f"With this link you set up {what} for {organization}. You need no account. Everything is saved as you go, "
            "and nothing changes for your people until you turn it on.",
        ),
        action=("Open the setup", url),
        closing=(
            f"The link is good until {expires_at:%d %b %Y, %H:%M} UTC. It is as good as a key: pass it on only to a "
            "colleague who should do this.",
            "If you do not know what this is about, ignore it: nothing happens by itself.",
        ),
    )


def code_letter(organization: str, code: str) -> Letter:
    """A one-time code."""
    return Letter(
        subject=f"{code} is your code for {organization}",
        paragraphs=("Enter this code on the page where you were asked for it. It is good for 10 minutes.",),
        code=code,
        closing=(
            "Somebody with your setup link wants to change how people sign in. If that was not you, tell us at once and "
            "give the code to nobody.",
        ),
    )


def request_letter(organization: str, link_id: str, state: str) -> Letter:
    """To operators: somebody needs a new link."""
    return Letter(
        subject=f"{organization} asks for a new setup link",
        paragraphs=("Somebody opened a setup link that is over, and asks for a new one. Their answers are kept.",),
        facts=(("Organization", organization), ("Link", link_id), ("State", state)),
        closing=("Send the link again from the console, or with `portico setup-link resend`.",),
    )
