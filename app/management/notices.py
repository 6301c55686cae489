"""What operators should look at."""

from __future__ import annotations

from typing import Any

from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import Page, Paging, Shape, Time, Word
from app.notices import Notice, NoticeKind, list_notices, resolve_notice

READ, WRITE = "notices:read", "notices:write"


class NoticeQuery(Paging):
    organization_id: Word | None = None
    resolved: bool = False
    """True lists the resolved ones too."""


class NoticeOut(Shape):
    id: str
    organization_id: str | None
    kind: NoticeKind
    target: str
    """Id of what it is about."""
    facts: dict[str, Any]
    count: int
    """How often it happened."""
    first_at: Time
    last_at: Time
    resolved_at: Time | None
    resolved_by: str | None


def _show(row: Notice) -> NoticeOut:
    facts = {name: getattr(row, name) for name in NoticeOut.model_fields}
    return NoticeOut.model_validate({**facts, "kind": NoticeKind(row.kind)})


def list_all(call: Call[NoticeQuery]) -> Page[NoticeOut]:
    said = call.takes
    rows = list_notices(
        organization_id=said.organization_id, open_only=not said.resolved, limit=said.limit + 1, after=said.after
    )
    return cut_page(rows, said, _show, lambda row: row.id)


def resolve(call: Call[Shape], notice_id: str) -> NoticeOut:
    return _show(resolve_notice(notice_id, actor=call.actor, now=call.now))


OPERATIONS = (
    Operation(("notice", "list"), "GET", "/notices", READ, "List what needs attention, newest first", list_all,
              NoticeQuery, Page[NoticeOut]),
    Operation(("notice", "resolve"), "POST", "/notices/{notice_id}/resolve", WRITE, "Close a notice", resolve,
              gives=NoticeOut),
)  # fmt: skip
