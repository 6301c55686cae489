"""How schemas are compared and written down."""

from __future__ import annotations

from typing import Any

from sqlalchemy.types import TypeDecorator


def options(dialect: str) -> dict[str, Any]:
    """Return the options of Alembic's context that all our uses share.

    Args:
        dialect: SQLite cannot alter most of a table, so there every change rebuilds it (batch mode).
    """
    return {
        "render_as_batch": dialect == "sqlite",
        "transactional_ddl": True,  # true of both, and SQLite needs to be told
        "compare_type": True,
        "compare_server_default": True,
        "render_item": _render_plainly,
    }


def _render_plainly(kind: str, item: Any, context: Any) -> str | bool:
    """Write our column types as what the database sees: an old script must not change with the code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False
