"""The two ways of paging, and the choice of fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.demo.standin.management.call import Call
from app.demo.standin.management.refusals import ApiRefused, invalid_query

Record = dict[str, Any]
OFFSET_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Pages:
    """How one list is paged.

    Args:
        key: where the items are in an answer that is an object.
        marks: what names an item for `from`, in the list's own order; None where there are no checkpoints.
        most: on a page.
    """

    key: str
    marks: Callable[[Record], str] | None = None
    most: int = 100

    def give(self, call: Call, items: Sequence[Record], show: Callable[[Record], Record] = dict) -> Any:
        """Return the page that was asked for. Raises ApiRefused."""
        query = call.query
        if self.marks is not None and ("take" in query or "from" in query):
            return self._checkpoint(query, items, show)
        return self._offset(query, items, show)

    def _checkpoint(
        self, query: MultiDict[str, str], items: Sequence[Record], show: Callable[[Record], Record]
    ) -> Record:
        """Return `{key: [...], next}`; `next` only where something follows. It is the id of the first of the next page."""
        if "page" in query:
            raise invalid_query("page cannot be used with take and from")
        assert self.marks is not None
        take = read_number(query, "take", 50, 1, self.most)
        start = 0
        if query.get("from"):
            marks = [self.marks(item) for item in items]
            if query["from"] not in marks:
                raise invalid_query("from: Invalid checkpoint")
            start = marks.index(query["from"])
        page = items[start : start + take]
        following = items[start + take : start + take + 1]
        answer: Record = {self.key: [show(item) for item in page]}
        return answer | ({"next": self.marks(following[0])} if following else {})

    def _offset(self, query: MultiDict[str, str], items: Sequence[Record], show: Callable[[Record], Record]) -> Any:
        number = read_number(query, "page", 0, 0, 1_000_000)
        size = read_number(query, "per_page", 50, 1, 100)
        if number * size >= OFFSET_LIMIT:
            raise ApiRefused(400, "You can only page through the first 1000 records", "invalid_paging")
        page = [show(item) for item in items[number * size : (number + 1) * size]]
        if not read_flag(query, "include_totals", False):
            return page
        return {"start": number * size, "limit": size, "total": len(items), "length": len(page), self.key: page}


def read_number(query: MultiDict[str, str], name: str, default: int, least: int, most: int) -> int:
    """Return a number of the query within its bounds. Raises ApiRefused."""
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid_query(f"Expected type integer but found {text} on property {name}")
    if not least <= int(text) <= most:
        raise invalid_query(f"Value {text} is not between {least} and {most} on property {name}")
    return int(text)


def read_flag(query: MultiDict[str, str], name: str, default: bool) -> bool:
    """Return `true` or `false` of the query. Raises ApiRefused."""
    text = query.get(name, "true" if default else "false")
    if text not in ("true", "false"):
        raise invalid_query(f"Expected type boolean but found {text} on property {name}")
    return text == "true"


def check_query(query: MultiDict[str, str], allowed: Iterable[str]) -> None:
    """Raise ApiRefused for a parameter that the endpoint does not know."""
    unknown = sorted(set(query) - set(allowed))
    if unknown:
        raise invalid_query(f"Additional properties not allowed: {', '.join(unknown)}")


def choose_fields(query: MultiDict[str, str]) -> Callable[[Record], Record]:
    """Return what `fields` and `include_fields` leave of a record."""
    names = [name.strip() for name in query.get("fields", "").split(",") if name.strip()]
    keep = read_flag(query, "include_fields", True)
    if not names:
        return dict
    return lambda record: {name: value for name, value in record.items() if (name in names) is keep}
