"""From a link to a visit, and the visit's way through its eight hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, select, update

from app.audit import EventName
from app.cipher import hash_token
from app.database import db, new_id, transaction
from app.organizations import get_organization, list_contacts
from app.setup_links.models import SetupLink, SetupVisit
from app.setup_links.rows import actor_of, find_link, get_link, make_token, record_link
from app.setup_links.visit import LinkUnusable, Visit, VisitOver

VISIT_FOR = timedelta(hours=8)


def find_open_link(token: str, now: datetime) -> SetupLink:
    """Return the link that a token opens; changes nothing. Raises as `SetupLinks.find`."""
    link = find_link(token)
    state = link.state(now)
    if get_organization(link.organization_id).status != "active":
        state = "revoked"
    if state != "open":
        raise LinkUnusable(link, state)
    return link


def begin_visit(token: str, random: Callable[[int], bytes], *, now: datetime) -> tuple[Visit, str]:
    """Begin a visit; one that opens once is used up by it, atomically. Raises as `SetupLinks.find`."""
    cookie = make_token(random)
    with transaction() as session:
        link = find_open_link(token, now)
        if link.single_use and not _use_up(link.id, now):
            raise LinkUnusable(link, "used")
        link.opened_at = link.opened_at or now
        visit = SetupVisit(
            id=new_id("vis"),
            link_id=link.id,
            cookie_hash=hash_token(cookie),
            created_at=now,
            expires_at=now + VISIT_FOR,
            code_tries=0,
            codes_sent=0,
        )
        session.add(visit)
        session.flush()
        record_link(EventName.SETUP_LINK_OPENED, link, actor_of(link), now, visit=visit.id)
    return _visit(visit, link, cookie, now), cookie


def find_visit(cookie: str | None, now: datetime) -> Visit:
    """Return the visit that a browser's cookie continues. Raises VisitOver."""
    query = (
        select(SetupVisit, SetupLink)
        .join(SetupLink, SetupLink.id == SetupVisit.link_id)
        .where(SetupVisit.cookie_hash == hash_token(cookie or ""))
        .where(SetupVisit.ended_at.is_(None), SetupVisit.expires_at > now, SetupLink.revoked_at.is_(None))
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(query).one_or_none()
    if not cookie or found is None or get_organization(found[1].organization_id).status != "active":
        raise VisitOver("no visit by this cookie")
    return _visit(found[0], found[1], cookie, now)


def end_visit(visit: Visit, *, now: datetime) -> None:
    """End the visit; the link opens another one while it is good."""
    with transaction() as session:
        session.execute(update(SetupVisit).where(SetupVisit.id == visit.id).values(ended_at=now))
        record_link(EventName.SETUP_LINK_LEFT, get_link(visit.link_id), visit.actor, now, visit=visit.id)


def end_visits_by(link_id: str, *, now: datetime) -> None:
    """End every visit by a link. Inside `transaction()` only."""
    ended = update(SetupVisit).where(SetupVisit.link_id == link_id, SetupVisit.ended_at.is_(None))
    db.session.execute(ended.values(ended_at=now))


def note_step(visit: Visit, step: str, *, now: datetime) -> None:
    """Remember how far the visitor came. Writes only when that changes."""
    link = get_link(visit.link_id)
    if link.step_reached != step[:80]:
        with transaction() as session:
            values = {"step_reached": step[:80], "step_reached_at": now}
            session.execute(update(SetupLink).where(SetupLink.id == link.id).values(**values))


def _use_up(link_id: str, now: datetime) -> bool:
    free = update(SetupLink).where(SetupLink.id == link_id, SetupLink.used_at.is_(None)).values(used_at=now)
    done = db.session.execute(free.execution_options(synchronize_session=False))
    return bool(cast("CursorResult[object]", done).rowcount)


def _visit(row: SetupVisit, link: SetupLink, cookie: str, now: datetime) -> Visit:
    return Visit(
        id=row.id,
        link_id=link.id,
        organization_id=link.organization_id,
        features=frozenset(link.features),
        connection_id=link.connection_id,
        step=link.step,
        contact=link.contact,
        proven=row.proven_at is not None,
        expires_at=row.expires_at,
        link_expires_at=link.expires_at,
        at=now,
        cookie=cookie,
    )


def find_sender(visit: Visit) -> tuple[str, str]:
    """Return the name and the address of whoever sent the visit's link, each empty where it is not known."""
    link = get_link(visit.link_id)
    sender = (
        link.sender if link.created_by.startswith(("operator:", "setup_link:")) else ""
    )  # a key's name says nothing
    known = (one for one in list_contacts(visit.organization_id) if one.email.lower() == sender.lower())
    contact = next(known, None)
    return (sender if contact is None else contact.name), (sender if "@" in sender else "")
