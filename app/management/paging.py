"""Pages of lists: the cursor is the id of the last item shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from app.management.shapes import Page, Paging, Shape

Row = TypeVar("Row")
Item = TypeVar("Item", bound=Shape)


def cut_page(
    rows: Sequence[Row], paging: Paging, show: Callable[[Row], Item], id_of: Callable[[Row], str]
) -> Page[Item]:
    """Return a page made of `rows`, of which one more than `paging.limit` was asked for."""
    shown = rows[: paging.limit]
    following = id_of(shown[-1]) if len(rows) > paging.limit else None
    return Page(items=[show(row) for row in shown], next=following)
