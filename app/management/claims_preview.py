"""Trying claim rules: what they make of attributes, and what other rules would make of the same."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import Field, StringConstraints

from app.claims import Explained, load_additions
from app.connections import Connection
from app.errors import Invalid, Problem
from app.management.operation import Call, Operation
from app.management.pasted import MAX_PASTED, read_pasted
from app.management.shapes import Shape, Word
from app.signin.preview import Preview, preview_claims
from app.signin.received import Received, get_received

#: It shows what a person's provider said: personal data.
SCOPE = "sign-ins:read"

Name = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Text = Annotated[str, StringConstraints(max_length=10_000)]
Attributes = Annotated[dict[Name, Text | Annotated[list[Text], Field(max_length=2000)]], Field(max_length=500)]
Rules = Annotated[dict[Annotated[str, Field(max_length=100)], Any], Field(max_length=100)]


Document = Annotated[str, Field(max_length=MAX_PASTED, json_schema_extra={"contentMediaType": "text/plain"})]


class ClaimsPreviewIn(Shape):
    sign_in_id: Word | None = None
    """A sign-in of this connection: what its provider sent is tried again. Give one of the three."""
    attributes: Attributes | None = None
    """By name, one text or a list of them."""
    document: Document | None = None
    """What the provider sends, as text: a SAML response in XML or base64, an ID token, or its claims in JSON. Read as a
    sign-in reads it; nothing is verified, and nothing is kept."""
    claim_rules: Rules | None = None
    """Rules in the place of the connection's own; null tries those that are stored."""


class RuleStepOut(Shape):
    kind: str
    values: list[str]


class ExplainedOut(Shape):
    field: str
    source: str | None
    """The attribute, or the expression, that gave it."""
    raw: list[str]
    """What was sent, at most ten values."""
    steps: list[RuleStepOut]
    """What each transform made of them."""
    result: str | list[str] | bool | None
    """The field of the profile; null: absent."""
    remark: str
    """Why it is absent, or where else it came from."""


class DifferenceOut(Shape):
    field: str
    before: str | list[str] | bool | None
    after: str | list[str] | bool | None


class ClaimsPreviewOut(Shape):
    before: list[ExplainedOut]
    """By the rules that are stored."""
    after: list[ExplainedOut]
    """By `claim_rules`."""
    differences: list[DifferenceOut]
    missing: list[str]
    """Required attributes that would lack: such a sign-in is refused."""
    left_out: list[str]
    """Attributes that were sent and are not here, or not whole: secret, too long, or left out by the provider."""


def preview(call: Call[ClaimsPreviewIn], connection_id: str) -> ClaimsPreviewOut:
    said = call.takes
    if sum(one is not None for one in (said.sign_in_id, said.attributes, said.document)) != 1:
        message = "Give exactly one of sign_in_id, attributes and document."
        raise Invalid(Problem("attributes", "required", message))
    row = call.rooms.connections.get(connection_id)
    received = _receive(call, row)
    before, after = call.rooms.connections.rules_before_and_after(row.id, said.claim_rules, actor=call.actor)
    additions = load_additions(row.organization_id, row.id)
    return _show(preview_claims(before, after, received, additions), received)


def _receive(call: Call[ClaimsPreviewIn], row: Connection) -> Received:
    said = call.takes
    if said.document is not None:
        return read_pasted(call.rooms, row, said.document)
    if said.sign_in_id is not None:
        return get_received(said.sign_in_id, row.id)
    return Received(_listed(said.attributes or {}), frozenset())


def _listed(attributes: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: (value,) if isinstance(value, str) else tuple(value) for name, value in attributes.items()}


def _show(found: Preview, received: Received) -> ClaimsPreviewOut:
    return ClaimsPreviewOut(
        before=[_show_one(one) for one in found.before],
        after=[_show_one(one) for one in found.after],
        differences=[
            DifferenceOut(field=field, before=_plain(before), after=_plain(after))
            for field, before, after in found.differences
        ],
        missing=list(found.missing),
        left_out=sorted(received.left_out),
    )


def _show_one(one: Explained) -> ExplainedOut:
    return ExplainedOut(
        field=one.field,
        source=one.source,
        raw=list(one.raw),
        steps=[RuleStepOut(kind=kind, values=list(values)) for kind, values in one.steps],
        result=_plain(one.result),
        remark=one.remark,
    )


def _plain(value: Any) -> str | list[str] | bool | None:
    return cast("str | list[str] | bool | None", list(value) if isinstance(value, tuple) else value)


OPERATIONS = (
    Operation(("connection", "preview-claims"), "POST", "/connections/{connection_id}/claims/preview", SCOPE,
              "Try claim rules on what a sign-in brought, or on attributes", preview, ClaimsPreviewIn,
              ClaimsPreviewOut, example="con-… --attributes mail=ada@halden.example --claim-rules @rules.json",
              writes=False),
)  # fmt: skip
