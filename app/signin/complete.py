"""The way back: from what a browser brings to an accepted identity, or to a refusal with its reason in the trace."""

from __future__ import annotations

from datetime import datetime

import structlog

from app.audit import Actor, EventName, record
from app.claims import make_sub
from app.connections import LiveConnection, fix_subject_source
from app.database import end_read, transaction
from app.errors import NotFound, SignInFailed
from app.signin.allowed import Standing
from app.signin.begin import check_usable, new_trace
from app.signin.email import verify_email
from app.signin.journey import Action, FinishedSignIn, Journey, SignInEnded
from app.signin.pending import Pending, consume_pending
from app.signin.profiles import read_profile
from app.signin.proofs import consume_proof
from app.signin.received import redact
from app.signin.refusals import store_refusal
from app.signin.trace import Trace, finish_trace
from portico_sdk import AdapterError, Callback, ExternalIdentity, SignInEvent

log = structlog.get_logger(__name__)

HANDLE_PARAMETERS = {"saml": "RelayState", "oidc": "state"}
MAX_SUBJECT = 1024


def complete(
    journey: Journey, connection_id: str, protocol: str, arrived: Callback, *, browser: str | None, now: datetime
) -> Action:
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
        check_usable(live)
        pending = _consume(journey, live, arrived, browser, now)
    except (SignInFailed, NotFound) as error:
        raise _refuse_unbegun(journey, trace, live, error, now) from error
    trace.id = pending.trace_id
    try:
        identity = _ask_adapter(live, arrived, pending, trace, now)
        finished = _decide(live, pending, identity, trace, now)
        action = _accept(journey, live, pending, finished, trace)
    except SignInFailed as error:
        _store_refusal(live, pending, error, trace, now)
        _observe(journey, live, pending.trace_id, "denied", error.code, now)
        leave_url = journey.continuations[pending.purpose].leave_url(pending.continuation, pending.trace_id)
        raise SignInEnded(error, reference=pending.trace_id, leave_url=leave_url) from error
    _observe(journey, live, pending.trace_id, "allowed", "", now)
    return action


def _open(journey: Journey, connection_id: str, protocol: str) -> LiveConnection:
    live = journey.connections.open(connection_id)
    if live.spec.protocol != protocol:
        raise NotFound(f"{connection_id} speaks {live.spec.protocol}")
    return live


def _consume(journey: Journey, live: LiveConnection, arrived: Callback, browser: str | None, now: datetime) -> Pending:
    try:
        handle = arrived.single(HANDLE_PARAMETERS[live.spec.protocol])
    except AdapterError as error:
        raise SignInFailed(error.detail, code=error.code) from error
    if not handle:
        raise SignInFailed("it names no sign-in that was begun here", code="unsolicited")
    return consume_pending(journey.cipher, handle=handle, browser=browser, connection_id=live.id, now=now)


def _ask_adapter(
    live: LiveConnection, arrived: Callback, pending: Pending, trace: Trace, now: datetime
) -> ExternalIdentity:
    callback = Callback(arrived.method, arrived.url, arrived.raw_query, arrived.unverified_params, pending.state)
    end_read()
    try:
        identity = live.spec.adapter.complete(live.context(now, trace.record), callback)
    except AdapterError as error:
        raise SignInFailed(error.detail, code=error.code, hint=error.hint) from error
    except Exception as error:
        log.exception("adapter_failed", adapter=live.spec.key, connection=live.id, step="complete")
        raise SignInFailed(f"{live.spec.key} raised {type(error).__name__}", code="adapter-failed") from error
    trace.received = redact(identity)
    trace.add("provider-proved", subject=identity.subject, source=identity.subject_source, issuer=identity.issuer)
    return identity


def _decide(
    live: LiveConnection, pending: Pending, identity: ExternalIdentity, trace: Trace, now: datetime
) -> FinishedSignIn:
    """Everything that can be decided before the transaction: subject, profile, e-mail."""
    if not 0 < len(identity.subject) <= MAX_SUBJECT:
        raise SignInFailed(f"the subject has {len(identity.subject)} characters", code="subject-length")
    if live.subject_source is not None:
        _check_subject_source(live.subject_source, identity)
    profile = read_profile(live, identity, trace)
    email_verified = verify_email(
        profile.email,
        organization_id=live.organization_id,
        policy=live.organization_policy,
        said_verified=identity.email_verified,
    )
    trace.add("profile", email=profile.email, email_verified=email_verified, groups=_count(profile.groups))
    return FinishedSignIn(
        trace_id=pending.trace_id,
        client_id=pending.client_id,
        organization_id=live.organization_id,
        organization_external_id=live.organization_external_id,
        connection_id=live.id,
        sub=make_sub(live.id, identity.subject),
        identity=identity,
        profile=profile,
        email_verified=email_verified,
        now=now,
    )


def _check_subject_source(fixed: str, identity: ExternalIdentity) -> None:
    """A person is (connection, subject): subjects from another source could be other persons' under the same names."""
    if fixed != identity.subject_source:
        detail = f"subjects of this connection come from {fixed}, this one from {identity.subject_source}"
        raise SignInFailed(detail, code="subject-source-changed")


def _accept(journey: Journey, live: LiveConnection, pending: Pending, finished: FinishedSignIn, trace: Trace) -> Action:
    """The transaction that accepts: proof used up, still allowed, audited, traced, continued, or none of it."""
    now = finished.now
    with transaction():
        consume_proof(live.id, finished.identity, now=now)
        standing = Standing(pending.client_id, live.organization_id, live.id, finished.sub)
        journey.allowed.verify(standing, now)
        if live.subject_source is None:
            _check_subject_source(
                fix_subject_source(live.id, finished.identity.subject_source, now=now), finished.identity
            )
        action = journey.continuations[pending.purpose].finish(finished, pending.continuation)
        trace.add("allowed", sub=finished.sub)
        finish_trace(trace, now=now, outcome="allowed", email=finished.profile.email)
        _audit(EventName.SIGN_IN_ALLOWED, live, pending, now, {"sub": finished.sub}, _personal(finished))
    return action


def _store_refusal(live: LiveConnection, pending: Pending, error: SignInFailed, trace: Trace, now: datetime) -> None:
    trace.add("denied", ok=False, code=error.code, detail=error.detail, hint=error.hint)
    with transaction():
        finish_trace(trace, now=now, outcome="denied", code=error.code)
        _audit(EventName.SIGN_IN_DENIED, live, pending, now, {"code": error.code}, None)


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


def _audit(
    name: EventName,
    live: LiveConnection,
    pending: Pending,
    now: datetime,
    details: dict[str, str],
    personal: dict[str, str] | None,
) -> None:
    record(
        name,
        actor=Actor("person", details.get("sub", "")),
        now=now,
        organization_id=live.organization_id,
        target=live.id,
        details={**details, "trace_id": pending.trace_id, "client_id": pending.client_id or ""},
        personal=personal,
    )


def _personal(finished: FinishedSignIn) -> dict[str, str]:
    said = {"email": finished.profile.email, "name": finished.profile.name, "idp_sub": finished.identity.subject}
    return {key: value for key, value in said.items() if value}


def _observe(journey: Journey, live: LiveConnection, trace_id: str, outcome: str, code: str, now: datetime) -> None:
    journey.observe(SignInEvent(now, trace_id, live.organization_id, live.id, live.spec.key, outcome, code))


def _count(groups: tuple[str, ...] | None) -> str:
    return "unknown" if groups is None else str(len(groups))
