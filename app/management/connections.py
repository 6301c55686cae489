"""Connections: one customer's identity provider each."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import Field

from app.connections import Connection, ConnectionChanges, NewConnection
from app.management.domains import DomainName
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import ABSENT, Line, Page, Paging, Patch, Shape, Time, Word
from app.organizations import get_organization

READ, WRITE = "connections:read", "connections:write"

Settings = Annotated[dict[Annotated[str, Field(max_length=100)], Any], Field(max_length=100)]
Domains = Annotated[list[DomainName], Field(max_length=200)]


class ConnectionIn(Shape):
    adapter: Word
    """Key of an adapter; it never changes."""
    name: Line | None = None
    settings: Settings = Field(default={})
    """The adapter's settings; `metadata_xml` may stand for what it says. Secrets are never shown again."""
    claim_rules: Settings = Field(default={})
    """By profile field: where it comes from. Laid over the adapter's own rules."""
    domains: Domains = Field(default=[])
    """Domains whose people go to this connection, where an organization has several."""
    is_default: bool = False


class ConnectionPatch(Patch):
    name: Line = ABSENT
    settings: Settings = ABSENT
    """Laid over what is stored: what is absent stays, secrets too; null removes."""
    claim_rules: Settings = ABSENT
    """Replaces all rules."""
    domains: Domains = ABSENT
    is_default: bool = ABSENT


class ActivationIn(Shape):
    skip_test: bool = False
    """Activate what no test sign-in passed on; the audit log says so."""


class SubjectSourceIn(Shape):
    subject_source: Word | None
    """Name of the attribute or claim; null: whatever the next sign-in uses."""


class ServiceProviderOut(Shape):
    """What the identity provider must know about us: what does not apply is null."""

    entity_id: str | None = None
    acs_url: str | None = None
    metadata_url: str | None = None
    slo_url: str | None = None
    certificate: str | None = None
    redirect_uri: str | None = None
    post_logout_redirect_uri: str | None = None
    backchannel_logout_uri: str | None = None


class ConnectionOut(Shape):
    id: str
    organization_id: str
    adapter: str
    distribution: str
    adapter_available: bool
    """False: the plug-in is not loaded, and sign-ins are refused."""
    name: str
    status: Literal["draft", "active", "disabled"]
    is_default: bool
    domains: list[str]
    settings: dict[str, Any]
    """Certificates come with subject, SHA-256 and dates."""
    secrets: list[str]
    """Names of the secrets that are set."""
    claim_rules: dict[str, Any]
    version: int
    tested: bool
    """Whether a test sign-in passed on exactly this configuration."""
    revision: str
    """Name of this configuration; every change makes a new one."""
    secret_expiries: dict[str, str]
    """By secret: the last day on which the provider honours it, as somebody noted."""
    subject_source: str | None
    """Where subjects come from; fixed by the first sign-in."""
    service_provider: ServiceProviderOut
    created_at: Time
    updated_at: Time


def _show(call: Call[Any], row: Connection) -> ConnectionOut:
    return ConnectionOut.model_validate(call.rooms.connections.describe(row))


def create(call: Call[ConnectionIn], organization_id: str) -> ConnectionOut:
    new = NewConnection(**call.takes.model_dump())
    return _show(call, call.rooms.connections.add(organization_id, new, actor=call.actor, now=call.now))


def list_of(call: Call[Paging], organization_id: str) -> Page[ConnectionOut]:
    get_organization(organization_id)
    return _list(call, organization_id)


def list_all(call: Call[Paging]) -> Page[ConnectionOut]:
    return _list(call, None)


def _list(call: Call[Paging], organization_id: str | None) -> Page[ConnectionOut]:
    rows = call.rooms.connections.list(organization_id, limit=call.takes.limit + 1, after=call.takes.after)
    return cut_page(rows, call.takes, lambda row: _show(call, row), lambda row: row.id)


def get(call: Call[Shape], connection_id: str) -> ConnectionOut:
    return _show(call, call.rooms.connections.get(connection_id))


def change(call: Call[ConnectionPatch], connection_id: str) -> ConnectionOut:
    changes = cast(ConnectionChanges, call.takes.given)
    return _show(call, call.rooms.connections.change(connection_id, changes, actor=call.actor, now=call.now))


def activate(call: Call[ActivationIn], connection_id: str) -> ConnectionOut:
    skip_test = call.takes.skip_test
    row = call.rooms.connections.activate(connection_id, skip_test=skip_test, actor=call.actor, now=call.now)
    return _show(call, row)


def deactivate(call: Call[Shape], connection_id: str) -> ConnectionOut:
    return _show(call, call.rooms.connections.deactivate(connection_id, actor=call.actor, now=call.now))


def restore(call: Call[Shape], connection_id: str) -> ConnectionOut:
    return _show(call, call.rooms.connections.restore(connection_id, actor=call.actor, now=call.now))


def move_subject(call: Call[SubjectSourceIn], connection_id: str) -> ConnectionOut:
    source = call.takes.subject_source
    row = call.rooms.connections.change_subject_source(connection_id, source, actor=call.actor, now=call.now)
    return _show(call, row)


def delete(call: Call[Shape], connection_id: str) -> None:
    call.rooms.connections.delete(connection_id, actor=call.actor, now=call.now)


OF, ALL, ONE = "/organizations/{organization_id}/connections", "/connections", "/connections/{connection_id}"
_EXAMPLE = "org-… --adapter saml --settings metadata_xml=@metadata.xml --domains haldenfreight.example"

OPERATIONS = (
    Operation(("connection", "create"), "POST", OF, WRITE, "Add a connection, as a draft", create, ConnectionIn,
              ConnectionOut, 201, _EXAMPLE),
    Operation(("connection", "list-of"), "GET", OF, READ, "List a customer's connections", list_of, Paging,
              Page[ConnectionOut]),
    Operation(("connection", "list"), "GET", ALL, READ, "List all connections", list_all, Paging, Page[ConnectionOut]),
    Operation(("connection", "get"), "GET", ONE, READ, "Show a connection", get, gives=ConnectionOut),
    Operation(("connection", "update"), "PATCH", ONE, WRITE,
              "Change a connection, as a new version; people sign in by it at once where it is active "
              "(`connection update-draft` changes it beside them)", change,
              ConnectionPatch, ConnectionOut, example="con-… --settings clock_skew_s=240"),
    Operation(("connection", "activate"), "POST", ONE + "/activate", WRITE, "Open a connection for sign-ins", activate,
              ActivationIn, ConnectionOut, example="con-… --skip-test"),
    Operation(("connection", "deactivate"), "POST", ONE + "/deactivate", WRITE,
              "Close a connection at once, also for sign-ins under way", deactivate, gives=ConnectionOut),
    Operation(("connection", "restore"), "POST", ONE + "/restore", WRITE, "Go back to the configuration before",
              restore, gives=ConnectionOut),
    Operation(("connection", "change-subject-source"), "POST", ONE + "/subject-source", WRITE,
              "Let subjects come from elsewhere: people get new accounts; contacts are told", move_subject, SubjectSourceIn,
              ConnectionOut, example="con-… --subject-source employeeNumber"),
    Operation(("connection", "delete"), "DELETE", ONE, WRITE, "Delete a connection for good", delete, status=204),
)  # fmt: skip
