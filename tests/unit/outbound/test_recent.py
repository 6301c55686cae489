"""What a process remembers of kept documents: for a minute, and not without bound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.outbound.recent import Recent
from portico_sdk import Document

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MIB = 1024 * 1024


def document(size: int = 2) -> Document:
    return Document(b"x" * size, NOW, stale=False)


def test_a_copy_is_remembered_for_a_minute_and_not_into_the_past() -> None:
    recent = Recent()
    recent.keep("con-a", "u", document(), NOW)
    assert recent.find("con-a", "u", NOW + timedelta(seconds=59))
    assert recent.find("con-a", "u", NOW + timedelta(seconds=60)) is None
    assert recent.find("con-a", "u", NOW - timedelta(seconds=1)) is None
    assert recent.find("con-b", "u", NOW) is None


def test_memory_is_bounded_and_gives_up_what_was_used_longest_ago() -> None:
    recent = Recent()
    for number in range(40):
        recent.keep("con-a", str(number), document(MIB), NOW)
        recent.find("con-a", "0", NOW)
    kept = [number for number in range(40) if recent.find("con-a", str(number), NOW)]
    assert (len(kept), kept[0], kept[1]) == (32, 0, 9)


def test_a_scope_is_forgotten() -> None:
    recent = Recent()
    recent.keep("con-a", "u", document(), NOW)
    recent.forget("con-a")
    assert recent.find("con-a", "u", NOW) is None
