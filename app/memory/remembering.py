"""Remembering what was read. One short query per moment asks for the generation; what it still fits is not read again.

A moment is a read transaction, or what `one_moment` encloses. Nothing outlives it unasked: a client that was disabled, in
whatever process, is disabled at the next moment of every other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.database import MOMENT, db, get_connection, process_memory
from app.memory.models import ConfigurationGeneration

T = TypeVar("T")

MAX_REMEMBERED = 50_000

_TABLE = cast(Table, ConfigurationGeneration.__table__)
_GENERATION = select(_TABLE.c.value).where(_TABLE.c.id == 1)


@dataclass(slots=True)
class _Remembered:
    """What was read at one generation. Shared by threads: values are never changed."""

    generation: str
    values: dict[tuple[str, Hashable], Any] = field(default_factory=dict)


class _Latest:
    """The newest that this process has met. A transaction that still sees an older one only costs reading anew."""

    def __init__(self) -> None:
        self.remembered = _Remembered("")


def remember(kind: str, key: Hashable, read: Callable[[], T]) -> T:
    """Return what `read` returned at this generation of the configuration.

    Args:
        kind: names what is read, apart from all that others remember.
        read: reads watched tables alone, and returns what nobody changes. None is not remembered: strangers may ask for
            any number of things that do not exist.
    """
    remembered = _at_this_moment(db.session())
    if remembered is None:
        return read()
    found = remembered.values.get((kind, key))
    if found is None:
        found = read()
        if found is not None:
            if len(remembered.values) >= MAX_REMEMBERED:
                remembered.values.clear()
            remembered.values[kind, key] = found
    return cast(T, found)


@contextmanager
def one_moment() -> Iterator[None]:
    """Inside a write transaction: ask for the generation once for all that is enclosed, which changes nothing."""
    info = db.session().info
    if not info.get("writing") or MOMENT in info:
        yield
        return
    info[MOMENT] = None
    try:
        yield
    finally:
        info.pop(MOMENT, None)


def _at_this_moment(session: Session) -> _Remembered | None:
    known: _Remembered | None = session.info.get(MOMENT)
    if known is not None:
        return known
    generation = get_connection().execute(_GENERATION).scalar()
    if generation is None:
        return None  # nothing was ever configured
    latest: _Latest = process_memory().setdefault("configuration", _Latest())
    remembered = latest.remembered
    if remembered.generation != generation:
        latest.remembered = remembered = _Remembered(generation)
    if MOMENT in session.info or not session.info.get("writing"):
        session.info[MOMENT] = remembered
    return remembered
