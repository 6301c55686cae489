"""The way back of a test sign-in: what was found is stored, whatever it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, cast

from app.audit import Actor, ActorKind, EventName, record
from app.claims import explain
from app.connections import LiveConnection, note_certificates_used
from app.database import transaction
from app.errors import NotFound, SignInFailed
from app.signin.asking import ask_adapter
from app.signin.decide import decide
from app.signin.findings import checks_of, explanation_of, raw_of
from app.signin.journey import Completed, FinishedSignIn, Journey
from app.signin.models import TestSignIn
from app.signin.pending import Pending
from app.signin.proofs import consume_proof
from app.signin.received import redact
from app.signin.testing import TEST, TestContinuation, get_test, open_tested
from app.signin.trace import Trace, finish_trace
from portico_sdk import AdapterSpec, Callback, Redirect


@dataclass(slots=True)
class Found:
    """What a test found so far, before it is stored."""

    trace: Trace
    raw: str = ""
    claims_from: list[dict[str, Any]] = field(default_factory=list)


def complete_test(
    journey: Journey, live: LiveConnection, pending: Pending, arrived: Callback, trace: Trace, now: datetime
) -> Completed:
    """Store what came of the test, and return the way to the page that shows it. Signs nobody in."""
    trace.id = pending.trace_id
    found = Found(trace, raw_of(arrived))
    callback = Callback(arrived.method, arrived.url, arrived.raw_query, arrived.unverified_params, pending.state)
    try:
        live = open_tested(journey, live.id, pending.continuation["revision"])
        context = live.context(now, trace.record)
        identity = ask_adapter(live, "complete", lambda: live.spec.adapter.complete(context, callback))
        trace.received = redact(identity)
        explained = explain(live.claim_rules, identity, live.additions)
        found.claims_from = [_plain(asdict(one)) for one in explained]
        finished = decide(live, identity, client_id=None, started_at=now, trace=trace, now=now)
        return _pass(journey, live, finished, found)
    except SignInFailed as error:
        return fail_test(journey, pending.trace_id, live.id, error, found, now=now)


def _pass(journey: Journey, live: LiveConnection, finished: FinishedSignIn, found: Found) -> Completed:
    """Every check was met: the proof is used up, and the configuration counts as tested."""
    continuation = cast(TestContinuation, journey.continuations[TEST])
    now, identity = finished.now, finished.identity
    with transaction():
        row = get_test(finished.trace_id, live.id)
        consume_proof(live.id, identity, now=now)
        journey.connections.note_tested(live.id, row.revision, now=now)
        note_certificates_used(live.id, identity.verified_by, now=now)
        row.claims, row.email_verified = continuation.preview(finished), finished.email_verified
        _store(row, "passed", None, found, live.spec, now)
        finish_trace(found.trace, now=now, outcome="allowed", email=finished.profile.email)
    return Completed(continuation.finish(finished, {"return_path": row.return_path}))


def fail_test(
    journey: Journey, test_id: str, connection_id: str, error: SignInFailed, found: Found, *, now: datetime
) -> Completed:
    """Store that the test failed, and why; return the way to the page that explains it."""
    found.trace.add("denied", ok=False, code=error.code, detail=error.detail, hint=error.hint)
    spec = _find_spec(journey, connection_id)
    continuation = cast(TestContinuation, journey.continuations[TEST])
    with transaction():
        row = get_test(test_id, connection_id)
        _store(row, "failed", error.code, found, spec, now)
        finish_trace(found.trace, now=now, outcome="denied", code=error.code)
    return Completed(Redirect(continuation.leave_url({"return_path": row.return_path}, row.id)))


def _store(
    row: TestSignIn, outcome: str, code: str | None, found: Found, spec: AdapterSpec | None, now: datetime
) -> None:
    """Write what was found into its row, with the audit event. Inside `transaction()` only."""
    received = found.trace.received
    row.outcome, row.code, row.finished_at = outcome, code, now
    row.checks, row.claims_from = checks_of(found.trace), found.claims_from
    row.attributes = None if received is None else received["attributes"]
    row.raw = found.raw or ("" if received is None else json.dumps(row.attributes, indent=2, ensure_ascii=False))
    row.explanation = explanation_of(spec, row, found.trace, now)
    kind, _, actor_id = row.actor.partition(":")
    record(
        EventName.CONNECTION_TESTED,
        actor=Actor(cast(ActorKind, kind), actor_id),
        now=now,
        organization_id=row.organization_id,
        target=row.connection_id,
        details={"outcome": outcome, "code": code, "revision": row.revision, "trace_id": row.id},
    )


def _find_spec(journey: Journey, connection_id: str) -> AdapterSpec | None:
    try:
        return journey.connections.open(connection_id).spec
    except (SignInFailed, NotFound):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
