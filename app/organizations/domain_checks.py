"""Looking for the TXT record of a domain: now, in the background while it waits, and daily once it was found.

A record missing for seven daily checks lapses the domain: it keeps its owner, routing and sign-in, only its e-mail counts
as unverified. A server that cannot answer is no missing record: such a day counts neither way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.audit import Actor, EventName
from app.database import db, end_read, transaction
from app.errors import Conflict, NotFound, TooManyRequests
from app.organizations.dns_answers import MISSING, AskDns, DnsAnswer
from app.organizations.domains import flush_domain, get_domain, record_domain
from app.organizations.models import Domain

DAILY = timedelta(days=1)
SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=6)
WATCHED_FOR = timedelta(days=7)
MISSED_UNTIL_LAPSED = 7
BETWEEN_QUESTIONS = timedelta(seconds=5)
_COUNTED_EVERY = timedelta(
    hours=20
)  # a daily check that runs a little early counts; one made by hand right after does not
BATCH = 50

#: Told of a domain that lapsed, inside the transaction that lapses it.
TellLapsed = Callable[[Domain, datetime], None]

SYSTEM = Actor("system", "domain-checks")


def check_domain(organization_id: str, domain: str, ask: AskDns, *, actor: Actor, now: datetime) -> Domain:
    """Ask DNS at once and store what it says in `last_answer`; a record that is found makes the domain owned.

    Nothing is asked for a domain that an operator vouches for. Outside of transactions: the network is slow.

    Raises:
        NotFound.
        TooManyRequests: it was asked less than five seconds ago.
        Conflict: `domain-owned`, to a customer `domain-unavailable`: another organization owns it by now.
    """
    row = get_domain(organization_id, domain)
    if row.vouched:
        return row
    if row.checked_at is not None and timedelta(0) <= now - row.checked_at < BETWEEN_QUESTIONS:
        raise TooManyRequests(f"{row.domain} was asked for a moment ago", hint="Wait five seconds.")
    answer = _ask(row, ask)
    return _store(row.organization_id, row.domain, answer, actor=actor, now=now)


def check_due_domains(ask: AskDns, lapsed: TellLapsed, *, now: datetime) -> None:
    """Ask for every domain that is due, at most fifty; `lapsed` is told of each that lapses, with the event."""
    due = select(Domain.organization_id, Domain.domain).where(Domain.next_check_at <= now)
    for organization_id, name in db.session.execute(due.order_by(Domain.next_check_at).limit(BATCH)).all():
        try:
            row = get_domain(organization_id, name)
            _store(organization_id, name, _ask(row, ask), actor=SYSTEM, now=now, lapsed=lapsed)
        except (NotFound, Conflict):  # removed meanwhile; or owned elsewhere, which its next check will say again
            continue


def _ask(row: Domain, ask: AskDns) -> DnsAnswer:
    domain, name, value = row.domain, row.txt_name, row.txt_value
    end_read()
    return ask(domain, name, value)


def _store(
    organization_id: str,
    domain: str,
    answer: DnsAnswer,
    *,
    actor: Actor,
    now: datetime,
    lapsed: TellLapsed | None = None,
) -> Domain:
    """Store the answer and what follows from it. Without `lapsed` somebody asked: a pending one is looked for anew.

    A day counts as missed in the background only: nobody lapses a domain by asking often.
    """
    try:
        with transaction():
            row = get_domain(organization_id, domain)
            row.checked_at, row.last_answer = now, answer.as_json()
            if lapsed is None and row.status == "pending":
                row.watched_since = now
            if answer.outcome == "found":
                _found(row, actor, now)
            elif lapsed and answer.outcome in MISSING and row.status == "verified" and _is_new_day(row, now):
                _missed(row, now)
                if row.status == "lapsed":
                    lapsed(row, now)
            row.next_check_at = _next_check(row, now)
        return row
    except Conflict:
        with transaction():  # what was found is kept all the same, and asked for less and less
            row = get_domain(organization_id, domain)
            row.checked_at, row.last_answer = now, answer.as_json()
            row.next_check_at = _next_check(row, now)
        raise


def _found(row: Domain, actor: Actor, now: datetime) -> None:
    row.missed, row.missed_at = 0, None
    if row.status != "verified":
        row.status, row.verified_at = "verified", now
        flush_domain(row.domain, actor)  # before anything else is asked: the index may refuse it
        record_domain(EventName.DOMAIN_VERIFIED, row, actor, now)


def _missed(row: Domain, now: datetime) -> None:
    row.missed, row.missed_at = row.missed + 1, now
    if row.missed >= MISSED_UNTIL_LAPSED:
        row.status = "lapsed"
        record_domain(EventName.DOMAIN_LAPSED, row, SYSTEM, now)


def _is_new_day(row: Domain, now: datetime) -> bool:
    return row.missed_at is None or now - row.missed_at >= _COUNTED_EVERY


def _next_check(row: Domain, now: datetime) -> datetime | None:
    """When to look next: daily for what was found once; else ever more seldom, for seven days."""
    if row.status != "pending":
        return now + DAILY
    age = now - row.watched_since
    return now + min(max(age, SHORTEST), LONGEST) if age < WATCHED_FOR else None
