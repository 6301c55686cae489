"""One-time codes by e-mail: six digits, ten minutes, five tries, twenty a day for each link.

A code is stored hashed together with the visit's cookie, of which the database has only a hash: who reads the database
cannot try a million codes on it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.audit import EventName, record
from app.cipher import hash_token
from app.database import db, transaction
from app.errors import TooManyRequests
from app.mail import Outbox
from app.organizations import find_language
from app.setup_links.letters import code_letter
from app.setup_links.models import SetupVisit
from app.setup_links.visit import CodeNeeded, CodeWrong, Visit

GOOD_FOR = timedelta(minutes=10)
MAX_TRIES = 5
BETWEEN_MAILS = timedelta(minutes=1)
MAX_A_DAY = 20


def send_code(
    visit: Visit, organization: str, outbox: Outbox, random: Callable[[int], bytes], *, now: datetime
) -> None:
    """Mail a fresh code to the link's contact; the one before is void.

    Raises:
        CodeNeeded: the link has no contact.
        TooManyRequests: the last one is younger than a minute, or there were twenty today by this link.
    """
    if visit.contact is None:
        raise CodeNeeded(can_ask=False)
    code = f"{int.from_bytes(random(8), 'big') % 1_000_000:06d}"
    with transaction() as session:
        row = session.get_one(SetupVisit, visit.id, populate_existing=True, with_for_update=True)
        if row.code_sent_at is not None and timedelta(0) <= now - row.code_sent_at < BETWEEN_MAILS:
            raise TooManyRequests("a code was sent a moment ago", hint="Wait a minute before you ask for another code.")
        if _sent_today(visit.link_id, now) >= MAX_A_DAY:
            raise TooManyRequests("twenty codes were sent today", hint="Ask for a new link.")
        row.code_hash, row.code_sent_at, row.code_tries = _hash(visit, code), now, 0
        row.codes_sent += 1
        words = outbox.words_for(find_language(visit.organization_id, visit.contact))
        letter = code_letter(words, organization, code)
        outbox.add(visit.contact, letter, organization_id=visit.organization_id, now=now)
        _record(EventName.SETUP_LINK_CODE_SENT, visit, now, {})


def verify_code(visit: Visit, code: str, *, now: datetime) -> None:
    """Mark the visit as proven. Every try counts, whatever it is.

    Raises:
        CodeWrong: `code-wrong`, `code-expired`, or `code-tries` after five.
    """
    problem = None
    with transaction() as session:
        row = session.get_one(SetupVisit, visit.id, populate_existing=True, with_for_update=True)
        if row.code_hash is None or row.code_sent_at is None or not now - row.code_sent_at < GOOD_FOR:
            problem = CodeWrong("code-expired", "There is no code that is still good. Send a new one.")
        elif row.code_tries >= MAX_TRIES:
            problem = CodeWrong("code-tries", "That were five wrong codes. Send a new one.")
        elif not hmac.compare_digest(row.code_hash, _hash(visit, "".join(code.split())[:20])):
            row.code_tries += 1
            problem = CodeWrong("code-wrong", "This is not the code that we mailed last.")
        else:
            row.code_hash, row.proven_at = None, now
        session.flush()
        _record(EventName.SETUP_LINK_CODE_ENTERED, visit, now, {"outcome": problem.code if problem else "right"})
    if problem is not None:  # after the transaction: the try is counted
        raise problem


def delete_old_visits(now: datetime) -> None:
    """Delete visits that ended more than a month ago; the audit log remembers them."""
    with transaction() as session:
        old = SetupVisit.__table__.delete().where(SetupVisit.expires_at < now - timedelta(days=30))
        session.execute(old)


def _sent_today(link_id: str, now: datetime) -> int:
    query = select(func.coalesce(func.sum(SetupVisit.codes_sent), 0)).where(
        SetupVisit.link_id == link_id, SetupVisit.code_sent_at > now - timedelta(days=1)
    )
    return int(db.session.scalar(query) or 0)


def _hash(visit: Visit, code: str) -> str:
    return hash_token(f"{visit.cookie}:{code}")


def _record(name: EventName, visit: Visit, now: datetime, details: dict[str, str]) -> None:
    record(
        name,
        actor=visit.actor,
        now=now,
        organization_id=visit.organization_id,
        target=visit.link_id,
        details={**details, "visit": visit.id},
    )
