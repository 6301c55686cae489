"""A visit: one browser at work by a link, with all that it may touch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.audit import Actor
from app.errors import Forbidden, Invalid, NotFound, PorticoError, Problem, Unauthorized
from app.setup_links.models import SetupLink


class LinkUnusable(PorticoError):
    """The link is over: `code` is link-expired, link-used or link-revoked. `link` is for the page that says so."""

    status = 410
    code = "link-expired"
    public = "This setup link does not open any more."

    def __init__(self, link: SetupLink, state: str) -> None:
        super().__init__(f"{link.id} is {state}", code=f"link-{state}", hint="Ask for a new link.")
        self.link = link


class VisitOver(Unauthorized):
    """There is no such visit, or no longer: after eight hours, or because its link was revoked or sent anew."""

    code = "visit-over"
    public = "This visit has ended. Open your setup link again."


class CodeNeeded(Forbidden):
    """People sign in through this connection: the code that was mailed to the contact comes first.

    `can_ask`: whether the link has a contact to mail it to.
    """

    code = "code-needed"
    public = "Enter the code that we mail to the contact of this link first."

    def __init__(self, *, can_ask: bool) -> None:
        hint = "Send the code." if can_ask else "This link has no contact: ask for a new one."
        super().__init__("the connection is active and no code was entered", hint=hint)
        self.can_ask = can_ask


class CodeWrong(Invalid):
    """Not the code: `code` is code-wrong, code-expired or code-tries (five wrong ones: a new code is needed)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(Problem("code", code, message), code=code)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit and its scope, as it was at the time `at`.

    Args:
        step: the only page that the link opens; None: all of its features.
        proven: a code was entered during this visit.
    """

    id: str
    link_id: str
    organization_id: str
    features: frozenset[str]
    connection_id: str | None
    step: str | None
    contact: str | None
    proven: bool
    expires_at: datetime
    link_expires_at: datetime
    at: datetime
    cookie: str = field(repr=False)

    @property
    def actor(self) -> Actor:
        """Who the audit log names."""
        return Actor("setup_link", self.link_id, self.contact or "")

    def may(self, *features: str) -> bool:
        """Whether the link opens one of the features."""
        return not self.features.isdisjoint(features)

    def check_step(self, step: str) -> None:
        """Raise NotFound when the link opens one step only, and not this one. The pages ask it first of all."""
        if self.step is not None and self.step != step:
            raise NotFound(f"{self.link_id} opens the step {self.step}, not {step[:80]!r}")
