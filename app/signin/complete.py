"""The way back: from what a browser brings to an accepted identity, or to a refusal with its reason in the trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.audit import EventName
from app.connections import LiveConnection, fix_subject_source, note_certificates_used
from app.database import transaction
from app.errors import NotFound, SignInFailed
from app.memory import one_moment
from app.signin.allowed import Standing
from app.signin.asking import ask_adapter
from app.signin.begin import check_usable, new_trace
from app.signin.decide import check_subject_source, decide
from app.signin.journey import Completed, FinishedSignIn, Journey, SignInEnded
from app.signin.outcome import audit_sign_in, observe, personal_of
from app.signin.pending import Pending, consume_pending
from app.signin.proofs import consume_proof
from app.signin.received import redact
from app.signin.refusals import store_refusal
from app.signin.sessions import add_session
from app.signin.start_anew import is_handle, may_start_at_provider, start_anew
from app.signin.testing import TEST, is_for_test
from app.signin.trace import Trace, finish_trace
from app.signin.tried import complete_test
from portico_sdk import AdapterError, Callback, ExternalIdentity

HANDLE_PARAMETERS = {"saml": "RelayState", "oidc": "state"}


@dataclass(frozen=True, slots=True)
class Cookies:
    """What the browser showed: the value that binds its sign-ins, and that of its sessions. Both unverified."""

    browser: str | None
    session: str | None = None


def complete(
    journey: Journey, connection_id: str, protocol: str, arrived: Callback, *, browser: Cookies, now: datetime
) -> Completed:
    """Return where an accepted sign-in goes on.

    Args:
        protocol: what the address that was called speaks; a connection of the other protocol is not found there.
        arrived: its `state` is filled in here from the pending sign-in, which only the browser that began it consumes.

    Raises:
        SignInEnded: refused, with the reference under which the reason is stored.
    """
    trace = new_trace(journey, "callback")
    live: LiveConnection | None = None
    try:
        live = _open(journey, connection_id, protocol)
        handle = _read_handle(live, arrived)
        if not is_for_test(live, handle):
            check_usable(live)
        pending = _consume(journey, live, handle, browser, now)
        if pending is None:
            return start_anew(journey, live, arrived, trace, now)
        if pending.purpose == TEST:
            return complete_test(journey, live, pending, arrived, trace, now)
    except (SignInFailed, NotFound) as error:
        raise _refuse_unbegun(journey, trace, live, error, now) from error
    trace.id = pending.trace_id
    try:
        identity = _ask_adapter(live, arrived, pending, trace, now)
        finished = decide(live, identity, client_id=pending.client_id, started_at=now, trace=trace, now=now)
        completed = _accept(journey, live, pending, finished, browser, trace)
    except SignInFailed as error:
        _store_refusal(live, pending, error, trace, now)
        observe(journey, live, pending.trace_id, "denied", error.code, now)
        leave_url = journey.continuations[pending.purpose].leave_url(pending.continuation, pending.trace_id)
        wish = pending.continuation.get("ui_locales")
        raise SignInEnded(error, reference=pending.trace_id, leave_url=leave_url, ui_locales=wish) from error
    observe(journey, live, pending.trace_id, "allowed", "", now)
    return completed


def _open(journey: Journey, connection_id: str, protocol: str) -> LiveConnection:
    live = journey.connections.open(connection_id)
    if live.spec.protocol != protocol:
        raise NotFound(f"{connection_id} speaks {live.spec.protocol}")
    return live


def _read_handle(live: LiveConnection, arrived: Callback) -> str | None:
    try:
        return arrived.single(HANDLE_PARAMETERS[live.spec.protocol])
    except AdapterError as error:
        raise SignInFailed(error.detail, code=error.code) from error


def _consume(
    journey: Journey, live: LiveConnection, handle: str | None, browser: Cookies, now: datetime
) -> Pending | None:
    """The sign-in that this browser began; None when nobody began one and the connection lets providers begin."""
    if may_start_at_provider(live) and not is_handle(handle):
        return None
    if not handle:
        raise SignInFailed("it names no sign-in that was begun here", code="unsolicited")
    return consume_pending(journey.cipher, handle=handle, browser=browser.browser, connection_id=live.id, now=now)


def _ask_adapter(
    live: LiveConnection, arrived: Callback, pending: Pending, trace: Trace, now: datetime
) -> ExternalIdentity:
    callback = Callback(arrived.method, arrived.url, arrived.raw_query, arrived.unverified_params, pending.state)
    context = live.context(now, trace.record)
    identity = ask_adapter(live, "complete", lambda: live.spec.adapter.complete(context, callback))
    trace.received = redact(identity)
    trace.add("provider-proved", subject=identity.subject, source=identity.subject_source, issuer=identity.issuer)
    return identity


def _accept(
    journey: Journey, live: LiveConnection, pending: Pending, finished: FinishedSignIn, browser: Cookies, trace: Trace
) -> Completed:
    """The transaction that accepts: proof used up, still allowed, audited, traced, continued, or none of it."""
    now = finished.now
    with transaction():
        consume_proof(live.id, finished.identity, now=now)
        standing = Standing(pending.client_id, live.organization_id, live.id, finished.sub)
        if live.subject_source is None:
            check_subject_source(
                fix_subject_source(live.id, finished.identity.subject_source, now=now), finished.identity
            )
        with one_moment():
            journey.allowed.verify(standing, now)
            note_certificates_used(live.id, finished.identity.verified_by, now=now)
            action = journey.continuations[pending.purpose].finish(finished, pending.continuation)
        trace.add("allowed", sub=finished.sub)
        token = _remember(journey, live, finished, browser, now)
        finish_trace(trace, now=now, outcome="allowed", email=finished.profile.email)
        audit_sign_in(
            EventName.SIGN_IN_ALLOWED,
            live,
            trace_id=pending.trace_id,
            client_id=pending.client_id,
            details={"sub": finished.sub},
            personal=personal_of(finished),
            now=now,
        )
    return Completed(action, token)


def _remember(
    journey: Journey, live: LiveConnection, finished: FinishedSignIn, browser: Cookies, now: datetime
) -> str | None:
    """Begin the session; a sign-in that no client began leaves none."""
    if finished.client_id is None:
        return None
    token = journey.make_token()
    add_session(journey.cipher, finished, trust=live.trust, token=token, earlier=browser.session, now=now)
    return token


def _store_refusal(live: LiveConnection, pending: Pending, error: SignInFailed, trace: Trace, now: datetime) -> None:
    trace.add("denied", ok=False, code=error.code, detail=error.detail, hint=error.hint)
    with transaction():
        finish_trace(trace, now=now, outcome="denied", code=error.code)
        audit_sign_in(
            EventName.SIGN_IN_DENIED,
            live,
            trace_id=pending.trace_id,
            client_id=pending.client_id,
            details={"code": error.code},
            now=now,
        )


def _refuse_unbegun(
    journey: Journey, trace: Trace, live: LiveConnection | None, error: SignInFailed | NotFound, now: datetime
) -> SignInEnded:
    """A callback that belongs to no sign-in of this browser."""
    cause = error if isinstance(error, SignInFailed) else SignInFailed(error.detail, code="connection-unknown")
    known = (live.organization_id, live.id) if live else (None, None)
    store_refusal(
        trace,
        cause,
        journey.allowance,
        now=now,
        purpose="callback",
        organization_id=known[0],
        connection_id=known[1],
    )
    return SignInEnded(cause, reference=trace.id)
