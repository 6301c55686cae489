"""Rows of links and visits: finding them, and the one shape of their audit events."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from app.audit import Actor, EventName, record
from app.cipher import hash_token
from app.database import db
from app.errors import NotFound
from app.setup_links.models import SetupLink


def find_link(token: str) -> SetupLink:
    """Return the link that a token belongs to, whatever its state. Raises NotFound."""
    query = select(SetupLink).where(SetupLink.token_hash == hash_token(token))
    link = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if link is None:
        raise NotFound("no such setup link")
    return link


def get_link(link_id: str) -> SetupLink:
    """Return the link with this id. Raises NotFound."""
    link = db.session.get(SetupLink, link_id, populate_existing=True) if "\0" not in link_id else None
    if link is None:
        raise NotFound(f"no setup link {link_id[:60]!r}")
    return link


def make_token(random: Callable[[int], bytes]) -> str:
    """Return 256 random bits as 43 characters of `[A-Za-z0-9_-]`: a link's token, or a visit's cookie."""
    return base64.urlsafe_b64encode(random(32)).decode().rstrip("=")


def actor_of(link: SetupLink) -> Actor:
    """Return who the audit log names for what is done with a link."""
    return Actor("setup_link", link.id, link.contact or "")


def record_link(name: EventName, link: SetupLink, actor: Actor, now: datetime, **details: object) -> None:
    """Write the audit event of a link. Inside `transaction()` only."""
    record(name, actor=actor, now=now, organization_id=link.organization_id, target=link.id, details=details)


def list_links(
    organization_id: str | None, *, limit: int, after: str | None, open_at: datetime | None
) -> Sequence[SetupLink]:
    """Return at most `limit` links (of one organization; that are open then) by id, behind the id `after`."""
    query = select(SetupLink).order_by(SetupLink.id).limit(limit)
    if open_at is not None:
        unused = SetupLink.revoked_at.is_(None), SetupLink.used_at.is_(None)
        query = query.where(*unused, SetupLink.expires_at > open_at)
    if organization_id is not None:
        query = query.where(SetupLink.organization_id == organization_id)
    return db.session.scalars(query if after is None else query.where(SetupLink.id > after)).all()
