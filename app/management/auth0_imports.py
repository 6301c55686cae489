"""The import of a tenant's connections: judged, made drafts, and what is kept of each."""

from __future__ import annotations

from typing import Any

from app.access import get_api_key, has_scope
from app.audit import Actor
from app.auth0.importing import ImportedConnection
from app.auth0.importing.existing import parse_existing
from app.auth0.importing.hosts import parse_host
from app.auth0.importing.link_action import render_link_action
from app.auth0.importing.listing import count_user_ids, list_imports
from app.auth0.importing.plan import ImportOptions, make_plan
from app.auth0.importing.report import Row, fill_in, make_report
from app.auth0.importing.running import run_import, show_plan
from app.auth0.importing.suspending import confirm_legacy_ids, get_import
from app.auth0.importing.user_ids import record_user_ids
from app.errors import Forbidden
from app.management.auth0_import_shapes import (
    ImportIn,
    ImportOut,
    ImportReportOut,
    LinkActionOut,
    RecordedOut,
    UsersIn,
)
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import Page, Paging, Shape
from app.organizations import get_organization

READ, WRITE = "auth0:read", "auth0:write"
#: What running an import needs beside WRITE.
NEEDED = ("organizations:write", "connections:write", "domains:write")


def plan(call: Call[ImportIn]) -> ImportReportOut:
    options, planned = _planned(call)
    return _report(options.tenant, show_plan(planned, options, call.rooms.connections), dry_run=True)


def run(call: Call[ImportIn]) -> ImportReportOut:
    _check_may(call.actor, NEEDED)
    options, planned = _planned(call)
    rows = run_import(planned, options, call.rooms.connections, actor=call.actor, now=call.now)
    return _report(options.tenant, rows, dry_run=False)


def list_all(call: Call[Paging]) -> Page[ImportOut]:
    rows = list_imports(limit=call.takes.limit + 1, after=call.takes.after)
    return cut_page(rows, call.takes, lambda row: _show(call, row), lambda row: row.id)


def get(call: Call[Shape], import_id: str) -> ImportOut:
    return _show(call, get_import(import_id))


def confirm(call: Call[Shape], import_id: str) -> ImportOut:
    return _show(call, confirm_legacy_ids(import_id, actor=call.actor, now=call.now))


def record_users(call: Call[UsersIn], import_id: str) -> RecordedOut:
    done = record_user_ids(import_id, call.takes.users, actor=call.actor, now=call.now)
    return RecordedOut(added=done.added, known=done.known, elsewhere=done.elsewhere, refused=done.refused)


def link_action(call: Call[Shape]) -> LinkActionOut:
    code, connections = render_link_action()
    return LinkActionOut(code=code, connections=connections)


def _check_may(actor: Actor, scopes: tuple[str, ...]) -> None:
    """An import makes what other operations make: a key needs their scopes too. Raises Forbidden."""
    if actor.kind != "api_key":
        return
    granted = get_api_key(actor.id).scopes
    for scope in scopes:
        if not has_scope(granted, scope):
            raise Forbidden(f"{actor.id} lacks {scope}", code="insufficient-scope", hint=f"The key needs {scope}.")


def _planned(call: Call[ImportIn]) -> Any:
    said = call.takes
    for organization_id in set(said.organizations.values()):
        get_organization(organization_id)
    options = ImportOptions(
        tenant=parse_host(said.tenant, "tenant"),
        custom_domains=tuple(parse_host(domain, "custom_domains") for domain in said.custom_domains),
        organizations=said.organizations,
        vouch_domains=said.vouch_domains,
        idp_initiated_client_id=said.idp_initiated_client_id or "",
        legacy_prefixes=said.legacy_prefixes,
    )
    found = [parse_existing(raw, f"connections[{number}]") for number, raw in enumerate(said.connections)]
    return options, make_plan(found, options, call.rooms.registry, call.rooms.fetch, now=call.now)


def _report(tenant: str, rows: tuple[Row, ...], *, dry_run: bool) -> ImportReportOut:
    return ImportReportOut.model_validate(make_report(tenant, rows, dry_run=dry_run), strict=False)


def _show(call: Call[Any], row: ImportedConnection) -> ImportOut:
    connection = call.rooms.connections.get(row.connection_id)
    ours = call.rooms.connections.describe(connection)["service_provider"]
    told = "none" if row.legacy_prefix is None else "told" if row.suspended_at is None else "suspended"
    return ImportOut(
        id=row.id,
        tenant=row.tenant,
        name=row.name,
        strategy=row.strategy,
        source_id=row.source_id,
        organization_id=row.organization_id,
        connection_id=row.connection_id,
        verdict=row.findings["verdict"],
        must_change=fill_in(row.findings["must_change"], ours),
        confirm=[fill_in(sentence, ours) for sentence in row.findings["confirm"]],
        legacy_prefix=row.legacy_prefix,
        legacy_source=row.legacy_source,
        legacy_ids=told,  # type: ignore[arg-type]
        suspended_at=row.suspended_at,
        suspended_for=row.suspended_for,
        recorded_user_ids=count_user_ids(row.id),
        created_at=row.created_at,
    )


ALL, ONE = "/auth0/imports", "/auth0/imports/{import_id}"
_EXAMPLE = "--body @connections.json --tenant acme.eu.auth0.com --custom-domains login.acme.example"

OPERATIONS = (
    Operation(("auth0-import", "plan"), "POST", ALL + "/plan", WRITE,
              "Say what importing a tenant's connections would do and what each customer must change", plan, ImportIn,
              ImportReportOut, writes=False, example=_EXAMPLE),
    Operation(("auth0-import", "run"), "POST", ALL, WRITE, "Import a tenant's connections as drafts; again is safe", run,
              ImportIn, ImportReportOut, example=_EXAMPLE),
    Operation(("auth0-import", "list"), "GET", ALL, READ, "List imported connections", list_all, Paging,
              Page[ImportOut]),
    Operation(("auth0-import", "get"), "GET", ONE, READ, "Show an imported connection", get, gives=ImportOut),
    Operation(("auth0-import", "confirm"), "POST", ONE + "/confirm", WRITE,
              "Vouch for whose word an imported connection takes, so that old ids are told again", confirm,
              gives=ImportOut),
    Operation(("auth0-import", "record-users"), "POST", ONE + "/users", WRITE,
              "Record the ids that people have in the tenant, as hashes", record_users, UsersIn, RecordedOut,
              example="imp-… --body @users.json"),
    Operation(("auth0-import", "link-action"), "GET", "/auth0/link-action", READ,
              "Write the Action that links old users during the dual run", link_action, gives=LinkActionOut),
)  # fmt: skip
