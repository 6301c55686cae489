"""The query syntax of `q`, as far as it is used with logs and users."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.standin.management.refusals import ApiRefused
from app.demo.standin.management.search import parse_query

RECORD: dict[str, Any] = {
    "type": "sapi",
    "description": "Create a connection",
    "date": "2026-03-02T09:00:00.000Z",
    "connection_id": "con_1",
    "identities": [{"connection": "acme", "isSocial": False}, {"connection": "portico"}],
    "app_metadata": {"portico": {"moved": "yes"}},
}


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("", True),
        ("type:sapi", True),
        ("type:sap", False),
        ("type:sap*", True),
        ('type:sapi AND description:"Create a connection"', True),
        ('type:s OR description:"Create a connection"', True),
        ('type:s OR (type:sapi AND connection_id:"con_2")', False),
        ("type:(s OR sapi)", True),
        ("NOT type:s AND connection_id:con_1", True),
        ('identities.connection:"portico"', True),
        ('identities.connection:"port"', False),
        ('app_metadata.portico.moved:"yes"', True),
        ("date:[2026-03-01 TO *]", True),
        ("date:[2026-03-03 TO *]", False),
        ("date:[* TO 2026-03-03]", True),
        ("nothing:x", False),
    ],
)
def test_what_matches(query: str, matches: bool) -> None:
    """Clauses, phrases, joined and bracketed; a list stands for each of its items."""
    assert parse_query(query)(RECORD) is matches


@pytest.mark.parametrize("query", ["type:", "(type:s", "type:s)", "AND", "sapi", 'type:"s', "type:s type:f"])
def test_what_is_not_understood_is_an_error(query: str) -> None:
    """A wrong query never means everything, or nothing."""
    with pytest.raises(ApiRefused) as refused:
        parse_query(query)(RECORD)
    assert refused.value.error_code == "invalid_query_string"
