"""Recomputing every chain from the tables: what was edited, deleted, moved or added by hand shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, func, select

from app.audit.hashing import FIRST, chain_of, hash_personal, hash_seal
from app.audit.models import events, personal, seals
from app.database import db

FindingKind = Literal[
    "event-changed", "event-deleted", "seal-deleted", "personal-changed", "personal-added", "head-lost"
]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of a chain. Kept elsewhere, it proves later that the chain's end was not cut off."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed. `event` is the event's id, or its number when the event is gone."""

    kind: FindingKind
    chain: str
    seq: int
    event: str
    sentence: str


@dataclass(slots=True)
class Report:
    """What `verify` found.

    Args:
        checked: links recomputed.
        erased: events whose personal fields were erased, which is allowed.
        unsealed: events that no seal covers yet; normal for those of the last seconds.
        oldest_unsealed: when the oldest of them was recorded.
    """

    checked: int = 0
    erased: int = 0
    unsealed: int = 0
    oldest_unsealed: datetime | None = None
    heads: list[Head] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify(anchors: Iterable[Head] = ()) -> Report:
    """Recompute every chain from its first link and report each event that is not as it was sealed.

    Args:
        anchors: heads noted at an earlier time, outside of this database. Without them a chain whose last links were cut
            off together with their events cannot be told from a shorter one.
    Does not:
        judge unsealed events; nothing covers them yet.
    """
    report = Report()
    wanted = {(anchor.chain, anchor.seq): anchor for anchor in anchors}
    head = Head("", 0, FIRST)
    for row in db.session().execute(_every_link(), execution_options={"yield_per": 1000}):
        if row.chain != head.chain:
            report.heads += [head] if head.seq else []
            head = Head(row.chain, 0, FIRST)
        _check_link(row, head, report)
        head = Head(row.chain, row.seq, row.hash)
        if wanted.get((row.chain, row.seq)) == head:
            del wanted[row.chain, row.seq]
    report.heads += [head] if head.seq else []
    for anchor in wanted.values():
        report.findings.append(
            Finding("head-lost", anchor.chain, anchor.seq, "", "The chain no longer holds the link that was noted.")
        )
    _count_unsealed(report)
    return report


def _every_link() -> Any:
    return (
        select(
            seals.c.chain, seals.c.seq, seals.c.event_number, seals.c.sealed_at, seals.c.hash, events,
            personal.c.hash_key, personal.c.fields,
        )
        .outerjoin(events, events.c.number == seals.c.event_number)
        .outerjoin(personal, personal.c.event_number == seals.c.event_number)
        .order_by(seals.c.chain, seals.c.seq)
    )  # fmt: skip


def _check_link(row: Row[Any], head: Head, report: Report) -> None:
    def found(kind: FindingKind, sentence: str, seq: int = row.seq) -> None:
        report.findings.append(Finding(kind, row.chain, seq, row.id or str(row.event_number), sentence))

    report.checked += 1
    if row.seq != head.seq + 1:
        # This link hangs on the lost one and cannot be recomputed; those after it can.
        found("seal-deleted", f"Links {head.seq + 1} to {row.seq - 1} are missing.", head.seq + 1)
    if row.number is None:
        found("event-deleted", "The event that this link seals is gone.")
        return
    expected = hash_seal(head.hash, row.chain, row.seq, row.sealed_at, row)
    if row.chain != chain_of(row.organization_id) or (row.seq == head.seq + 1 and row.hash != expected):
        found("event-changed", "The event, or its place in the chain, is not what was sealed.")
    _check_personal(row, found, report)


def _check_personal(row: Row[Any], found: Any, report: Report) -> None:
    if row.fields is None:
        report.erased += row.personal_hash is not None
    elif row.personal_hash is None:
        found("personal-added", "Personal fields were added to an event that had none.")
    elif hash_personal(row.hash_key, row.fields) != row.personal_hash:
        found("personal-changed", "The personal fields are not those that were recorded.")


def _count_unsealed(report: Report) -> None:
    row = db.session().execute(
        select(func.count(), func.min(events.c.occurred_at))
        .select_from(events)
        .outerjoin(seals, seals.c.event_number == events.c.number)
        .where(seals.c.event_number.is_(None))
    )
    report.unsealed, report.oldest_unsealed = row.one()
