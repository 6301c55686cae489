"""When a session may answer in the provider's place, and the sign-in that comes of it.

A session belongs to (browser, client, connection, `sub`) and answers only a request that names its connection or its
organization. It is judged like a fresh answer: by today's trust, rules, domains and policy, and by the one question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from app.audit import EventName
from app.cipher import CannotDecrypt
from app.connections import LiveConnection
from app.database import transaction
from app.errors import NotFound, SignInFailed
from app.signin.allowed import Standing
from app.signin.begin import check_usable
from app.signin.decide import decide
from app.signin.journey import Action, FinishedSignIn, Journey
from app.signin.outcome import audit_sign_in, observe, personal_of
from app.signin.sessions import StoredSession, end_sessions, find_sessions, open_session
from app.signin.trace import Trace, add_trace, finish_trace

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a request names. Empty organization: nobody, and then no session answers.

    Args:
        connection_id: None when the organization is named and not the connection.
        sub: of a verified id_token_hint.
        person: the login_hint, unverified; the session has to be that person's.
    """

    client_id: str
    organization_id: str
    connection_id: str | None = None
    sub: str | None = None
    person: str | None = None

    def fits(self, session: StoredSession) -> bool:
        """Whether the session belongs to what is named, the person aside."""
        return (
            bool(self.organization_id)
            and session.client_id == self.client_id
            and session.organization_id == self.organization_id
            and self.connection_id in (None, session.connection_id)
            and self.sub in (None, session.sub)
        )

    def is_person(self, finished: FinishedSignIn) -> bool:
        """Whether the login_hint, where there is one, names this person."""
        if self.person is None:
            return True
        names = (finished.profile.email, finished.profile.preferred_username)
        return self.person.casefold() in [name.casefold() for name in names if name]


@dataclass(frozen=True, slots=True)
class Recalled:
    """A session that may answer, as the sign-in that it would be now."""

    session: StoredSession
    live: LiveConnection
    finished: FinishedSignIn
    trace: Trace


def recall(journey: Journey, named: Named, token: str | None, trace_id: str, now: datetime) -> list[Recalled]:
    """Return the sessions of this browser that a request means. One whose trust is gone ends here.

    Does not ask whether the person is still allowed, nor whether the session is fresh enough: that is `answer`'s part,
    and the caller's.
    """
    found = []
    for session in find_sessions(token, now) if token else ():
        if not named.fits(session):
            continue
        recalled = _open(journey, session, trace_id, now)
        if recalled is None:
            end_sessions([session], now)
        elif named.is_person(recalled.finished):
            found.append(recalled)
    return found


def answer(
    journey: Journey, recalled: Recalled, *, purpose: str, continuation: Mapping[str, str], trace: Trace, now: datetime
) -> Action | None:
    """Return where the browser goes, or None when the session may not answer any more: it is over then."""
    session, live, finished = recalled.session, recalled.live, recalled.finished
    try:
        with transaction():
            journey.allowed.verify(Standing(session.client_id, live.organization_id, live.id, finished.sub), now)
            action = journey.continuations[purpose].finish(finished, continuation)
            trace.steps += recalled.trace.steps
            trace.add("session", started=f"{session.started_at:%Y-%m-%d %H:%M:%S}", connection=live.id)
            trace.add("allowed", sub=finished.sub)
            add_trace(
                trace,
                now=now,
                purpose=purpose,
                client_id=session.client_id,
                organization_id=live.organization_id,
                connection_id=live.id,
            )
            finish_trace(Trace(trace.id, "session"), now=now, outcome="allowed", email=finished.profile.email)
            audit_sign_in(
                EventName.SIGN_IN_ALLOWED,
                live,
                trace_id=trace.id,
                client_id=session.client_id,
                details={"sub": finished.sub, "by": "session"},
                personal=personal_of(finished),
                now=now,
            )
    except SignInFailed as error:
        end_sessions([session], now)
        trace.add("session-refused", ok=False, code=error.code, detail=error.detail)
        return None
    observe(journey, live, trace.id, "allowed", "", now)
    return action


def _open(journey: Journey, session: StoredSession, trace_id: str, now: datetime) -> Recalled | None:
    """The session as a sign-in of today, or None when it holds no longer."""
    trace = Trace(trace_id, "authorize")
    try:
        live = journey.connections.open(session.connection_id)
        check_usable(live)
        if (live.trust, live.organization_id) != (session.trust, session.organization_id):
            return None
        identity = open_session(journey.cipher, session)
        finished = decide(
            live, identity, client_id=session.client_id, started_at=session.started_at, trace=trace, now=now
        )
    except (SignInFailed, NotFound, CannotDecrypt, ValueError, TypeError, KeyError) as error:
        log.info("session_unusable", session=session.id, reason=str(error)[:200])
        return None
    ends = finished.session_expires_at
    if finished.sub != session.sub or (ends is not None and ends <= now):
        return None
    return Recalled(session, live, finished, trace)
