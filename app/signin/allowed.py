"""One question, one function: is this identity still allowed?

It is asked when the identity provider answers, when a code is issued, at token, at userinfo and whenever a session is used
again. Rooms above join by checks that the composition root registers; a check that raises is a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from app.errors import SignInFailed
from app.memory import one_moment

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose standing is asked for. `client_id` is None for sign-ins that no client began; `sub` None until known."""

    client_id: str | None
    organization_id: str
    connection_id: str
    sub: str | None


class NotAllowed(SignInFailed):
    """The identity may not sign in, or no longer; `code` says by which check."""

    code = "not-allowed"


#: Returns None when there is no objection, else (code, detail).
Check = Callable[[Standing, datetime], tuple[str, str] | None]


class StillAllowed:
    """The checks, in order. Fixed when the application is built."""

    def __init__(self, checks: Sequence[tuple[str, Check]]) -> None:
        self._checks = tuple(checks)

    def verify(self, standing: Standing, now: datetime) -> None:
        """Raise NotAllowed unless every check has no objection."""
        with one_moment():
            for name, check in self._checks:
                try:
                    objection = check(standing, now)
                except Exception as error:
                    log.exception("allowed_check_failed", check=name)
                    raise NotAllowed(f"{name} raised {type(error).__name__}", code=f"{name}-failed") from error
                if objection is not None:
                    code, detail = objection
                    raise NotAllowed(detail, code=code)
