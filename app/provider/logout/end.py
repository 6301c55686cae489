"""Ending the sessions of a browser: at once where an ID token says whose, else after the person said so.

Without that, any page could sign people out by sending their browser here (ASVS 10.6.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.access import find_client
from app.audit import Actor, EventName, record
from app.cipher import CannotDecrypt
from app.crypto import SigningKeys
from app.database import transaction
from app.provider.logout.asked import AskedLogout, read_logout
from app.signin.begin import new_trace
from app.signin.journey import Journey
from app.signin.logout.leaving import PURPOSE, Departed, Leaving, Stop, depart
from app.signin.pending import Pending, PendingUnusable, add_pending, consume_pending
from app.signin.sessions import StoredSession, end_sessions, find_sessions, open_session
from app.signin.trace import Trace, add_trace
from portico_sdk import Redirect

NOWHERE = "-"  # a question belongs to no connection


@dataclass(frozen=True, slots=True)
class EndSession:
    """What the logout endpoint works with."""

    issuer: str
    journey: Journey
    keys: SigningKeys
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Question:
    """Whether the person wants to sign out. `handle` comes back with the answer, from this browser only."""

    handle: str
    browser: str
    client_id: str | None


def ask_to_end(
    logout: EndSession,
    parameters: Mapping[str, Sequence[str]],
    *,
    browser: str | None,
    session: str | None,
    now: datetime,
) -> Departed | Question:
    """Return where the browser goes, or the question to ask first. Never refuses."""
    asked = read_logout(parameters, issuer=logout.issuer, jwks=logout.keys.public_jwks(now), find_client=find_client)
    live = find_sessions(session, now) if session else []
    meant = [one for one in live if asked.means(one)]
    if meant or not live:
        return _end(logout.journey, meant, asked, browser=browser, now=now)
    journey, handle, browser = logout.journey, logout.journey.make_token(), browser or logout.journey.make_token()
    continuation = {"onward": asked.onward or ""}
    trace_id = new_trace(journey, PURPOSE).id
    pending = Pending(NOWHERE, NOWHERE, asked.client_id, PURPOSE, trace_id, {}, continuation)
    with transaction():
        add_pending(journey.cipher, pending, handle=_domain(handle), browser=browser, now=now)
    return Question(handle, browser, asked.client_id)


def end_as_answered(
    logout: EndSession, handle: str, *, browser: str | None, session: str | None, now: datetime
) -> Departed | None:
    """End every session of the browser that was asked; None when it was not asked, or answered before."""
    try:
        pending = consume_pending(
            logout.journey.cipher, handle=_domain(handle), browser=browser, connection_id=NOWHERE, now=now
        )
    except PendingUnusable:
        return None
    asked = AskedLogout(pending.client_id, "", "", pending.continuation["onward"] or None)
    live = find_sessions(session, now) if session else []
    return _end(logout.journey, live, asked, browser=browser, now=now)


def _end(
    journey: Journey, sessions: Sequence[StoredSession], asked: AskedLogout, *, browser: str | None, now: datetime
) -> Departed:
    if not sessions:  # nothing to end, and nobody to ask
        return Departed(None if asked.onward is None else Redirect(asked.onward))
    trace = new_trace(journey, PURPOSE)
    stops = _stops(journey, sessions, trace)
    first = sessions[0]
    with transaction():
        ended = end_sessions(sessions, now)
        for tell in journey.sessions_ended:
            tell(ended, False, now)
        trace.add("sessions-ended", live=len(ended), onward=asked.onward is not None)
        add_trace(
            Trace(trace.id, PURPOSE),
            now=now,
            purpose=PURPOSE,
            client_id=asked.client_id,
            organization_id=first.organization_id,
            connection_id=first.connection_id,
        )
        for one in ended:
            record(
                EventName.SESSION_ENDED,
                actor=Actor("person", one.sub),
                now=now,
                organization_id=one.organization_id,
                target=one.connection_id,
                details={"by": "application", "client_id": one.client_id, "sub": one.sub, "trace_id": trace.id},
            )
    return depart(
        journey, Leaving(trace.id, asked.client_id, asked.onward, stops), browser=browser, trace=trace, now=now
    )


def _stops(journey: Journey, sessions: Sequence[StoredSession], trace: Trace) -> tuple[Stop, ...]:
    """The providers of these sessions, each once, the last one signed in at first."""
    stops: dict[str, Stop] = {}
    for session in sessions:
        try:
            state = open_session(journey.cipher, session).logout_state
        except (CannotDecrypt, ValueError, TypeError, KeyError) as error:
            trace.add("session-unreadable", ok=False, detail=str(error)[:200])
            continue
        stops.setdefault(session.connection_id, Stop(session.connection_id, state))
    return tuple(stops.values())


def _domain(handle: str) -> str:
    """The question is stored beside sign-ins and never found as one: its handle is another."""
    return f"confirm.{handle}"
