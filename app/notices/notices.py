"""Adding, listing and resolving notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventName, record
from app.database import db, new_id, transaction
from app.errors import NotFound
from app.notices.models import Notice


class NoticeKind(StrEnum):
    """What a notice can be about. A closed vocabulary: the console knows where each leads."""

    LINK_REQUESTED = "link-requested"  # target: the setup link that is over
    METADATA_FAILING = "metadata-failing"  # target: a connection, as below
    METADATA_DIFFERS = "metadata-differs"  # it names another entity, or other addresses: nothing was changed
    CERTIFICATE_EXPIRING = "certificate-expiring"
    DOMAIN_LAPSED = "domain-lapsed"  # target: a domain
    MAIL_FAILING = "mail-failing"  # target: "mail"
    AUTH0_DRIFT = "auth0-drift"  # target: "auth0"; the trust is not what it should be
    LEGACY_IDS_SUSPENDED = "legacy-ids-suspended"  # target: an imported connection; an operator has to look at it
    AUTH0_FAILING = "auth0-failing"  # the tenant could not be asked, or refused


def add_notice(
    kind: NoticeKind, *, organization_id: str | None, target: str, facts: Mapping[str, Any], now: datetime
) -> Notice:
    """Store a notice, or count it onto the open one about the same thing, whose facts become these."""
    with transaction() as session:
        row = _find_open(kind, target)
        if row is None:
            fresh = Notice(
                id=new_id("ntc"),
                organization_id=organization_id,
                kind=kind.value,
                target=target,
                facts=dict(facts),
                count=1,
                first_at=now,
                last_at=now,
            )
            try:
                with session.begin_nested():
                    session.add(fresh)
                return fresh
            except IntegrityError:  # another process was faster
                row = _find_open(kind, target)
                assert row is not None
        row.count, row.last_at, row.facts = row.count + 1, now, dict(facts)
    return row


def list_notices(
    *, organization_id: str | None = None, open_only: bool = True, limit: int, after: str | None = None
) -> Sequence[Notice]:
    """Return at most `limit` notices, the newest first, that come after the one with id `after`."""
    query = select(Notice).order_by(Notice.first_at.desc(), Notice.id.desc()).limit(limit)
    if organization_id is not None:
        query = query.where(Notice.organization_id == organization_id)
    if open_only:
        query = query.where(Notice.resolved_at.is_(None))
    if after is not None:
        last = get_notice(after)
        query = query.where(
            (Notice.first_at < last.first_at) | ((Notice.first_at == last.first_at) & (Notice.id < last.id))
        )
    return db.session.scalars(query).all()


def get_notice(notice_id: str) -> Notice:
    """Return a notice. Raises NotFound."""
    found = db.session.get(Notice, notice_id, populate_existing=True)
    if found is None:
        raise NotFound(f"no notice {notice_id[:60]!r}")
    return found


def resolve_notice(notice_id: str, *, actor: Actor, now: datetime) -> Notice:
    """Close a notice by somebody's word. A closed one stays as it is. Raises NotFound."""
    with transaction():
        row = get_notice(notice_id)
        if row.resolved_at is None:
            row.resolved_at, row.resolved_by = now, actor.id
            record(
                EventName.NOTICE_RESOLVED,
                actor=actor,
                now=now,
                organization_id=row.organization_id,
                target=row.target,
                details={"notice": row.id, "kind": row.kind},
            )
    return row


def clear_notices(kind: NoticeKind, target: str, *, now: datetime) -> None:
    """Close what is over by itself."""
    with transaction() as session:
        session.execute(
            update(Notice)
            .where(Notice.kind == kind.value, Notice.target == target, Notice.resolved_at.is_(None))
            .values(resolved_at=now, resolved_by="system")
        )


def _find_open(kind: NoticeKind, target: str) -> Notice | None:
    query = select(Notice).where(Notice.kind == kind.value, Notice.target == target, Notice.resolved_at.is_(None))
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
