"""What went wrong in a sign-in, read from its trace for whoever explains it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from portico_sdk import Failure

#: Nobody needs longer for a password; after that the usual causes are worth showing.
WAITED_LONG: Final = timedelta(minutes=2)


def read_failure(
    *, outcome: str, code: str | None, started_at: datetime, steps: Iterable[Mapping[str, Any]], now: datetime
) -> Failure | None:
    """Return what to explain, or None when all went well: the refusal, the wait for nobody, or groups left out.

    Args:
        steps: of the whole trace, in order; the adapter's check that failed stands before the step `denied`.
    """
    if outcome == "pending":
        return Failure("no-response") if now - started_at >= WAITED_LONG else None
    detail = expected = received = incomplete = ""
    for step in steps:
        incomplete = str(step.get("incomplete", incomplete))
        if step.get("ok") is False:
            detail = str(step.get("detail", detail))
            expected, received = str(step.get("expected", expected)), str(step.get("received", received))
    if outcome == "denied" and code:
        return Failure(code, detail, expected, received)
    return Failure("groups-incomplete", incomplete) if incomplete else None
