"""Adding a connection, and deleting one."""

from __future__ import annotations

from datetime import datetime

from app.audit import Actor, EventName
from app.claims import delete_role_rules_of
from app.connections.claim_rules import read_rules
from app.connections.configuration import check_customer_may, make_configuration
from app.connections.default_connection import pass_on_default
from app.connections.models import Connection
from app.connections.sealed import seal_keys, seal_secrets
from app.connections.service_provider import entity_id_of
from app.connections.storing import facts_of, flush, lock_row, record_change
from app.connections.surroundings import Surroundings
from app.connections.values import NewConnection, parse_domains, parse_flag, parse_name
from app.crypto import make_service_provider_key
from app.database import new_id, transaction
from app.errors import Invalid, Problem
from app.organizations import get_organization


def add_connection(
    around: Surroundings, organization_id: str, new: NewConnection, *, actor: Actor, now: datetime
) -> Connection:
    """Store a draft. Raises NotFound, Invalid, Conflict as `Connections.add` says."""
    adapter = around.registry.find(new.adapter)
    if adapter is None:
        raise Invalid(Problem("adapter", "adapter-unknown", "There is no such adapter here."))
    spec = adapter.spec
    if actor.kind == "setup_link":
        check_customer_may(spec, new.settings)
    configuration = make_configuration(spec, new.settings, now)
    connection_id = new_id("con")
    row = Connection(
        id=connection_id,
        organization_id=organization_id,
        adapter=spec.key,
        distribution=adapter.distribution,
        name=parse_name(spec.label if new.name is None else new.name),
        status="draft",
        is_default=parse_flag("is_default", new.is_default),
        domains=parse_domains(new.domains),
        settings=configuration.public,
        secrets=seal_secrets(around.cipher, connection_id, configuration.secret),
        claim_rules=read_rules(new.claim_rules, actor),
        version=1,
        trust_version=1,
        subject_source=None,
        sp_entity_id=entity_id_of(around.base_url, connection_id, spec.protocol, configuration.public),
        secret_expiries={},
        metadata_state={},
        created_at=now,
        updated_at=now,
    )
    get_organization(organization_id)
    # Last, and outside of the transaction: making a key takes long, and a refused request makes none.
    keys = list(new.keys) or [make_service_provider_key(connection_id, now)] if spec.protocol == "saml" else []
    row.sp_keys = seal_keys(around.cipher, connection_id, keys)
    with transaction() as session:
        get_organization(organization_id)
        session.add(row)
        flush()
        record_change(EventName.CONNECTION_CREATED, row, actor=actor, now=now, after=facts_of(row))
    return row


def delete_connection(connection_id: str, *, actor: Actor, now: datetime) -> None:
    """Delete a connection in any state, with its versions and keys, for good. Raises NotFound."""
    with transaction() as session:
        row = lock_row(connection_id)
        record_change(EventName.CONNECTION_DELETED, row, actor=actor, now=now, before=facts_of(row))
        row.status = "disabled"
        pass_on_default(row)
        delete_role_rules_of(row.id)
        session.delete(row)
