"""`/logs`: by checkpoint, which sees everything in its order, or by a search."""

from __future__ import annotations

from typing import Any

from app.demo.standin.management.call import Call, Reply
from app.demo.standin.management.paging import Pages, check_query, choose_fields, read_number
from app.demo.standin.management.refusals import invalid_query, not_there
from app.demo.standin.management.search import parse_query

_LIST = ("page", "per_page", "include_totals", "sort", "fields", "include_fields", "q", "search", "from", "take")
_PAGES = Pages("logs")


def list_logs(call: Call) -> Reply:
    """With `from` or `take` the entries after a checkpoint, oldest first; `q` and everything else is then ignored."""
    check_query(call.query, _LIST)
    entries = [entry.as_json() for entry in call.tenant.log.entries()]
    if "from" in call.query or "take" in call.query:
        return Reply(_after(call, entries[::-1]))
    matches, choose = parse_query(call.query.get("q", call.query.get("search", ""))), choose_fields(call.query)
    found = [choose(entry) for entry in _sort(call.query.get("sort", "date:-1"), entries) if matches(entry)]
    return Reply(_PAGES.give(call, found))


def get_log(call: Call) -> Reply:
    """One entry."""
    entry = next((entry for entry in call.tenant.log.entries() if entry.log_id == call.path["id"]), None)
    if entry is None:
        raise not_there("log event", "log_not_found")
    return Reply(entry.as_json())


def _after(call: Call, oldest_first: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a bare list. It names no next page: that is the id of its last entry."""
    take = read_number(call.query, "take", 50, 1, 100)
    checkpoint = call.query.get("from", "")
    return [entry for entry in oldest_first if entry["log_id"] > checkpoint][:take]


def _sort(text: str, newest_first: list[dict[str, Any]]) -> list[dict[str, Any]]:
    name, _, direction = text.partition(":")
    if direction not in ("1", "-1"):
        raise invalid_query("Invalid sort on property sort")
    if name == "date":
        return list(newest_first if direction == "-1" else reversed(newest_first))
    return sorted(newest_first, key=lambda entry: str(entry.get(name, "")), reverse=direction == "-1")
