"""A clock that tests turn by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SettableClock:
    """Calling it returns the time, aware and UTC; it only moves when told to."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def set(self, time: datetime) -> datetime:
        """Move to `time`, forwards or backwards, and return it."""
        self.time = time
        return time

    def advance(self, seconds: float = 0, **parts: float) -> datetime:
        """Move on by `seconds` and by what timedelta understands (`minutes=`, `days=`); return the time."""
        return self.set(self.time + timedelta(seconds=seconds, **parts))
