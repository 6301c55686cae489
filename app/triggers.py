"""Triggers that a table gets at its creation, whatever creates it: the models' metadata or a migration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import DDL, Table, event


def add_triggers(table: Table, statements: Mapping[str, tuple[str, ...]]) -> None:
    """Let `statements`, by dialect, follow the creation of `table`; `triggers_of` lists them for the migrations."""
    known = triggers_of(table)
    table.info["triggers"] = {dialect: (*known.get(dialect, ()), *texts) for dialect, texts in statements.items()}
    for dialect, texts in statements.items():
        for text in texts:
            ddl = DDL(text.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def triggers_of(table: Table) -> dict[str, tuple[str, ...]]:
    """Return the statements that `add_triggers` gave to a table, by dialect."""
    found: Any = table.info.get("triggers", {})
    return dict(found)
