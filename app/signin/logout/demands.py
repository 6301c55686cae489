"""What a provider says is over ends here, in every browser, and the clients concerned are told."""

from __future__ import annotations

from datetime import datetime

from app.audit import Actor, EventName, record
from app.connections import LiveConnection
from app.database import transaction
from app.errors import NotFound, SignInFailed
from app.signin.asking import ask_adapter
from app.signin.begin import new_trace
from app.signin.journey import Action, Journey
from app.signin.logout.leaving import PURPOSE, LogoutRefused, open_for_logout
from app.signin.proofs import consume_once
from app.signin.refusals import store_refusal
from app.signin.sessions import StoredSession, end_sessions, find_named
from app.signin.trace import Trace, add_trace, finish_trace
from portico_sdk import Callback, Logout, LogoutDemand


def obey(journey: Journey, connection_id: str, protocol: str, arrived: Callback, now: datetime) -> Action | None:
    """End the sessions that a verified logout message means, and return how the browser takes our answer back.

    That nobody is meant is no error: the person has no session here, which is what the provider wants.

    Raises:
        LogoutRefused: the message is not acceptable, or was shown before; the reference finds the reason.
    """
    trace = new_trace(journey, PURPOSE)
    live: LiveConnection | None = None
    try:
        live = open_for_logout(journey, connection_id, protocol)
        adapter = live.spec.adapter
        assert isinstance(adapter, Logout)
        context = live.context(now, trace.record)
        demand = ask_adapter(live, "receive_logout", lambda: adapter.receive_logout(context, arrived))
        _end(journey, live, demand, trace, now)
    except (SignInFailed, NotFound) as error:
        raise _refuse(journey, trace, live, error, now) from error
    try:
        return ask_adapter(live, "answer_logout", lambda: adapter.answer_logout(context, demand))
    except SignInFailed:
        return None  # the sessions are over; that the provider cannot be told changes nothing


def _end(journey: Journey, live: LiveConnection, demand: LogoutDemand, trace: Trace, now: datetime) -> None:
    with transaction():
        consume_once(live.id, demand.replay_id, demand.replay_until, now=now)
        named = find_named(live.id, demand.name, demand.session_indexes)
        ended = end_sessions(named, now)
        for tell in journey.sessions_ended:
            tell(_persons(named), True, now)
        trace.add("sessions-ended", known=len(named), live=len(ended))
        add_trace(trace, now=now, purpose=PURPOSE, organization_id=live.organization_id, connection_id=live.id)
        finish_trace(Trace(trace.id, PURPOSE), now=now, outcome="allowed")
        record(
            EventName.SESSION_ENDED,
            actor=Actor("system", "identity-provider"),
            now=now,
            organization_id=live.organization_id,
            target=live.id,
            details={
                "by": "provider",
                "sessions": len(ended),
                "subs": sorted({session.sub for session in named})[:20],
                "trace_id": trace.id,
            },
        )


def _persons(named: list[StoredSession]) -> list[StoredSession]:
    """One session for each client and person: clients are told of people, not of browsers."""
    return list({(session.client_id, session.sub): session for session in named}.values())


def _refuse(
    journey: Journey, trace: Trace, live: LiveConnection | None, error: SignInFailed | NotFound, now: datetime
) -> LogoutRefused:
    cause = error if isinstance(error, SignInFailed) else SignInFailed(error.detail, code="connection-unknown")
    store_refusal(
        trace,
        cause,
        journey.allowance,
        now=now,
        purpose=PURPOSE,
        organization_id=live.organization_id if live else None,
        connection_id=live.id if live else None,
        event=EventName.LOGOUT_DENIED,
    )
    return LogoutRefused(cause.detail, reference=trace.id, code=cause.code)
