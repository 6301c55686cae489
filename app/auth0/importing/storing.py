"""One draft with everything of it, or nothing: organization, domains, connection, and what was imported."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventName, record
from app.auth0.importing.customers import add_customer_domains, choose_organization, list_aliases
from app.auth0.importing.models import ImportedConnection
from app.auth0.importing.moves import begin_move
from app.auth0.importing.plan import ImportOptions, Planned
from app.auth0.importing.prefixes import check_prefix, names_connection
from app.auth0.importing.proposal import Proposal
from app.auth0.importing.trust import certificates_of, trust_of
from app.connections import Connection, Connections, NewConnection
from app.crypto import make_service_provider_key
from app.database import db, new_id, transaction
from app.errors import Conflict
from portico_sdk import KeyPair


def store_import(
    planned: Planned, options: ImportOptions, connections: Connections, *, actor: Actor, now: datetime
) -> tuple[ImportedConnection, list[str]]:
    """Return what was stored, and notes on what was left out.

    Raises:
        Invalid, Conflict, NotFound: nothing was stored.
    """
    if planned.proposal.legacy:
        check_prefix(planned.existing, planned.proposal.legacy.prefix)
    keys = _keys(planned, now)  # outside of the transaction: making a key takes long
    with transaction():
        return _store(planned, keys, options, connections, actor, now)


def _keys(planned: Planned, now: datetime) -> tuple[KeyPair, ...]:
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
