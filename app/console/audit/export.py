"""Events of a filter as a file: exactly those that the pages show, in their order, none left out. Pure.

A cell of CSV that a spreadsheet would take for a formula gets an apostrophe in front (row M10).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

COLUMNS = (
    "id",
    "occurred_at",
    "name",
    "actor_kind",
    "actor_id",
    "actor_label",
    "organization_id",
    "target",
    "before",
    "after",
    "details",
    "personal",
    "seal_chain",
    "seal_seq",
    "seal_hash",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

#: Returns the page behind a cursor: its events and the next cursor.
ReadPage = Callable[[str | None], Any]


def read_all(read_page: ReadPage) -> Iterator[Any]:
    """Yield every event, page by page."""
    after = None
    while True:
        page = read_page(after)
        yield from page.items
        after = page.next
        if after is None:
            return


def as_json(events: Iterable[Any]) -> Iterator[str]:
    """Yield the text of a JSON list of events, as the API shows them."""
    yield "["
    for number, event in enumerate(events):
        yield (",\n" if number else "\n") + event.model_dump_json()
    yield "\n]\n"


def as_csv(events: Iterable[Any]) -> Iterator[str]:
    """Yield lines of CSV (RFC 4180), the names of the columns first."""
    yield _line(COLUMNS)
    for event in events:
        yield _line([_cell(value) for value in _values(event)])


def _values(event: Any) -> list[Any]:
    seal = event.seal
    said = event.model_dump(mode="json")
    return [
        said["id"],
        said["occurred_at"],
        said["name"],
        event.actor.kind,
        event.actor.id,
        event.actor.label,
        said["organization_id"],
        said["target"],
        *(said[name] for name in ("before", "after", "details", "personal")),
        *((seal.chain, seal.seq, seal.hash) if seal else ("", "", "")),
    ]


def _cell(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else str(value or "")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
