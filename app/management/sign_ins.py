"""Sign-ins: every step of each, with the reason where one was refused."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import Field

from app.adapters import AdapterUnavailable
from app.errors import NotFound
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import Line, Page, Paging, Shape, Time, Word
from app.signin.explanations import explain_failure
from app.signin.failure import read_failure
from app.signin.trace import TraceFilter, get_trace, list_traces
from portico_sdk import AdapterSpec

READ = "sign-ins:read"
Outcome = Literal["pending", "allowed", "denied"]


class SignInQuery(Paging):
    organization_id: Word | None = None
    connection_id: Word | None = None
    outcome: Outcome | None = None
    email: Line | None = None


class SignInOut(Shape):
    id: str
    """The reference that the person was shown."""
    started_at: Time
    finished_at: Time | None
    purpose: str
    client_id: str | None
    organization_id: str | None
    connection_id: str | None
    outcome: Outcome
    code: str | None
    """Why it was refused."""
    email: str | None


class TraceStepOut(Shape):
    request: str
    """Which request of the sign-in it belongs to: authorize, callback, token, userinfo."""
    at: Time
    """When that request was handled."""
    name: str
    ok: bool
    ms: Annotated[float, Field(ge=0)]
    """Milliseconds since that request began."""
    facts: dict[str, Any]
    """What was compared or found: `expected`, `received`, `code`, `detail`, `hint` and the like; never a secret."""


class ExplanationOut(Shape):
    code: str
    """Names it in the documentation."""
    title: str
    """What went wrong, in one plain sentence."""
    causes: list[str]
    """The likeliest first."""
    fix: str
    """What to do."""
    where: list[str]
    """The way through the provider's console, in its own words."""
    link: str
    """The provider's own page about this error, or empty."""
    reference: str
    """The provider's own name for this event, for its support, or empty."""


class SignInDetail(SignInOut):
    steps: list[TraceStepOut]
    explanation: ExplanationOut | None
    """Why it failed and what to do, or about groups that the provider left out; null when all went well."""
    received: dict[str, list[str]] | None
    """The attributes that the provider sent, those left out that look secret or are too long; null: it proved nobody."""


def _facts(row: Any) -> dict[str, object]:
    return {name: getattr(row, name) for name in SignInOut.model_fields}


def _show(row: Any) -> SignInOut:
    return SignInOut.model_validate(_facts(row))


def list_all(call: Call[SignInQuery]) -> Page[SignInOut]:
    said = call.takes
    wanted = TraceFilter(said.organization_id, said.connection_id, said.outcome, said.email)
    return cut_page(list_traces(wanted, limit=said.limit + 1, after=said.after), said, _show, lambda row: row.id)


def get(call: Call[Shape], sign_in_id: str) -> SignInDetail:
    row, parts = get_trace(sign_in_id)
    steps = [
        TraceStepOut(
            request=part.request,
            at=part.at,
            name=step["name"],
            ok=step["ok"],
            ms=step["ms"],
            facts={key: value for key, value in step.items() if key not in ("name", "ok", "ms")},
        )
        for part in parts
        for step in part.steps
    ]
    received = next((part.received["attributes"] for part in reversed(parts) if part.received), None)
    explanation = _explain(call, row, [step for part in parts for step in part.steps])
    facts = {**_facts(row), "steps": steps, "received": received, "explanation": explanation}
    return SignInDetail.model_validate(facts)


def _explain(call: Call[Shape], row: Any, steps: list[dict[str, Any]]) -> ExplanationOut | None:
    """The explanation by the adapter that the connection has now, or ours; None when all went well."""
    failure = read_failure(outcome=row.outcome, code=row.code, started_at=row.started_at, steps=steps, now=call.now)
    if failure is None:
        return None
    found = explain_failure(_find_spec(call, row.connection_id), failure)
    texts: dict[str, Any] = asdict(found)
    return ExplanationOut(**{**texts, "causes": list(found.causes), "where": list(found.where)})


def _find_spec(call: Call[Shape], connection_id: str | None) -> AdapterSpec | None:
    if connection_id is None:
        return None
    try:
        connection = call.rooms.connections.get(connection_id)
        return call.rooms.registry.get(connection.adapter, connection.distribution)
    except (NotFound, AdapterUnavailable):
        return None


OPERATIONS = (
    Operation(("sign-in", "list"), "GET", "/sign-ins", READ, "List sign-ins, newest first", list_all, SignInQuery,
              Page[SignInOut], example="--outcome denied --limit 5"),
    Operation(("sign-in", "get"), "GET", "/sign-ins/{sign_in_id}", READ,
              "Show every step of a sign-in, by the reference that the person was shown", get, gives=SignInDetail,
              example="c41e7a90d25b4f38a6017be95d3c8f12"),
)  # fmt: skip
