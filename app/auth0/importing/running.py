"""The import itself: a draft for each connection that was planned, each with everything of it or not at all.

Safe to run again: what was imported is left exactly as it is, whatever became of it since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventName, record
from app.auth0.importing.customers import add_customer_domains, choose_organization, list_aliases
from app.auth0.importing.models import ImportedConnection
from app.auth0.importing.moves import begin_move
from app.auth0.importing.plan import TOLD_EVERY, ImportOptions, Planned
from app.auth0.importing.prefixes import check_prefix, names_connection
from app.auth0.importing.proposal import Proposal
from app.auth0.importing.report import Row, make_row
from app.auth0.importing.trust import certificates_of, trust_of
from app.connections import Connection, Connections, NewConnection
from app.crypto import make_service_provider_key
from app.database import db, new_id, transaction
from app.errors import Conflict, Forbidden, Invalid, NotFound
from portico_sdk import KeyPair


def run_import(
    planned: Sequence[Planned],
    options: ImportOptions,
    connections: Connections,
    *,
    actor: Actor,
    now: datetime,
    tell: Callable[[str], None] = lambda _line: None,
) -> tuple[Row, ...]:
    """Return what became of every planned connection. One that cannot be stored is reported, and the others go on.

    Raises Forbidden: the actor is no operator.
    """
    if actor.kind not in ("operator", "api_key", "cli"):
        raise Forbidden("only an operator imports connections")
    rows = []
    for number, one in enumerate(planned, 1):
        rows.append(_import_one(one, options, connections, actor, now))
        if number % TOLD_EVERY == 0 or number == len(planned):
            tell(f"{number} of {len(planned)} imported")
    return tuple(rows)


def show_plan(planned: Sequence[Planned], options: ImportOptions, connections: Connections) -> tuple[Row, ...]:
    """Return what `run_import` would say, storing nothing."""
    return tuple(_show(one, options.tenant, connections) for one in planned)


def find_import(tenant: str, planned: Planned) -> ImportedConnection | None:
    """Return what was imported of this connection before: by its id in the tenant, else by its name.

    Raises Conflict: the tenant had another connection of that name when it was imported.
    """
    existing = planned.existing
    same = [ImportedConnection.name == existing.name]
    if existing.source_id:
        same.append(ImportedConnection.source_id == existing.source_id)
    query = select(ImportedConnection).where(ImportedConnection.tenant == tenant, or_(*same))
    found = db.session.scalars(query).all()
    for row in found:
        if existing.source_id in (None, row.source_id) or row.source_id is None:
            return row
    if found:
        hint = f"{existing.name} was another connection when it was imported: delete that one's draft first."
        raise Conflict(f"{found[0].source_id} was imported as {existing.name}", code="import-other", hint=hint)
    return None


def _show(planned: Planned, tenant: str, connections: Connections) -> Row:
    try:
        row = find_import(tenant, planned)
    except Conflict as error:
        return make_row(planned, "failed", notes=[error.hint])
    if row is None:
        return make_row(planned, "planned" if planned.proposal.adapter else "skipped")
    return make_row(planned, "already", **_ids(row, connections))


def _import_one(planned: Planned, options: ImportOptions, connections: Connections, actor: Actor, now: datetime) -> Row:
    proposal = planned.proposal
    try:
        if row := find_import(options.tenant, planned):
            return make_row(planned, "already", **_ids(row, connections))
        if proposal.adapter is None:
            return make_row(planned, "skipped")
        if proposal.legacy:
            check_prefix(planned.existing, proposal.legacy.prefix)
        keys = _keys(planned, connections, now)  # outside of the transaction: making a key takes long
        with transaction():
            row, notes = _store(planned, keys, options, connections, actor, now)
    except (Conflict, Invalid, NotFound) as error:
        return make_row(planned, "failed", notes=[error.hint or error.detail])
    return make_row(planned, "created", notes=notes, **_ids(row, connections))


def _keys(planned: Planned, connections: Connections, now: datetime) -> tuple[KeyPair, ...]:
    """The key from before signs where there is one; what decrypts comes last."""
    proposal = planned.proposal
    if planned.existing.strategy not in ("samlp", "pingfederate", "adfs"):
        return ()
    signing = proposal.signing_key or make_service_provider_key(planned.existing.name[:60], now)
    return (signing, proposal.decryption_key) if proposal.decryption_key else (signing,)


def _store(
    planned: Planned,
    keys: tuple[KeyPair, ...],
    options: ImportOptions,
    connections: Connections,
    actor: Actor,
    now: datetime,
) -> tuple[ImportedConnection, list[str]]:
    existing, proposal = planned.existing, planned.proposal
    organization_id = choose_organization(existing, options, actor=actor, now=now)
    domains, notes = list_aliases(existing)
    notes += add_customer_domains(organization_id, domains, vouched=options.vouch_domains, actor=actor, now=now)
    new = NewConnection(
        adapter=proposal.adapter or "",
        settings=proposal.settings,
        name=existing.display_name,
        claim_rules=proposal.claim_rules,
        domains=domains,
        keys=keys,
    )
    connection = connections.add(organization_id, new, actor=actor, now=now)
    _check_namespace(proposal)
    row = _row(planned, options, connection, now)
    db.session.add(row)
    _flush(row)
    begin_move(organization_id, now=now)
    record(
        EventName.CONNECTION_IMPORTED,
        actor=actor,
        now=now,
        organization_id=organization_id,
        target=connection.id,
        after={"tenant": row.tenant, "name": row.name, "source_id": row.source_id, "strategy": row.strategy},
        details={"verdict": proposal.verdict, "legacy_prefix": row.legacy_prefix, "legacy_source": row.legacy_source},
    )
    return row, notes


def _row(planned: Planned, options: ImportOptions, connection: Connection, now: datetime) -> ImportedConnection:
    existing, proposal = planned.existing, planned.proposal
    return ImportedConnection(
        id=new_id("imp"),
        connection_id=connection.id,
        organization_id=connection.organization_id,
        tenant=options.tenant,
        source_id=existing.source_id,
        name=existing.name,
        strategy=existing.strategy,
        findings={
            "verdict": proposal.verdict,
            "must_change": proposal.must_change,
            "carries": list(proposal.carries),
            "lost": list(proposal.lost),
            "confirm": list(proposal.confirm),
        },
        legacy_prefix=proposal.legacy.prefix if proposal.legacy else None,
        legacy_namespace=_namespace(proposal),
        legacy_source=proposal.legacy.source if proposal.legacy else None,
        trusted=trust_of(connection),
        trusted_certificates=certificates_of(connection.settings),
        created_at=now,
    )


def _flush(row: ImportedConnection) -> None:
    """Raise Conflict where another run imported it, or took its ids, at this moment: an index of the database says so."""
    try:
        db.session.flush()
    except IntegrityError as error:
        hint = "Somebody else imports it at this moment: run it again."
        raise Conflict(f"{row.name} is being imported", code="import-running", hint=hint) from error


def _namespace(proposal: Proposal) -> str | None:
    return proposal.legacy.prefix if proposal.legacy and names_connection(proposal.legacy.prefix) else None


def _check_namespace(proposal: Proposal) -> None:
    """Raise Conflict where another import has the prefix: two customers would tell the same ids."""
    namespace = _namespace(proposal)
    query = select(ImportedConnection.id).where(ImportedConnection.legacy_namespace == namespace)
    if namespace is not None and db.session.execute(query).first() is not None:
        hint = f"Ids that begin with {namespace} belong to a connection that was imported before, from another tenant."
        raise Conflict(f"{namespace} is taken", code="legacy-prefix-taken", hint=hint)


def _ids(row: ImportedConnection, connections: Connections) -> dict[str, Any]:
    told = connections.describe(connections.get(row.connection_id))
    return {
        "import_id": row.id,
        "organization_id": row.organization_id,
        "connection_id": row.connection_id,
        "service_provider": {name: value for name, value in told["service_provider"].items() if name != "certificate"},
    }
