"""Old ids are told on the word of a provider that an operator vouched for: a change of that stops it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.audit import Actor, EventName, record
from app.auth0.importing.legacy import find_imported
from app.auth0.importing.models import ImportedConnection
from app.auth0.importing.trust import CERTIFICATES, certificates_of, decides_trust, trust_of
from app.connections import Connection
from app.database import db, transaction
from app.errors import Forbidden, NotFound
from app.notices import NoticeKind, add_notice, clear_notices


def hear_settings_changed(connection: Connection, names: Sequence[str], actor: Actor, now: datetime) -> None:
    """Suspend the old ids of an imported connection when whose word it takes was changed.

    Certificates that the provider itself published, at the metadata address that was vouched for, are taken along: an
    ordinary renewal must not make new people of everybody. Subscribed to `Connections.settings_changed`.
    """
    deciding = decides_trust(list(names))
    if not deciding:
        return
    imported = find_imported(connection.id)
    if imported is None or imported.suspended_at is not None:
        return
    by_metadata = actor.kind == "system" and actor.id == "metadata"
    if by_metadata and deciding == [CERTIFICATES]:
        imported.trusted_certificates = certificates_of(connection.settings)
        return
    imported.suspended_at, imported.suspended_for = now, ", ".join(deciding)[:500]
    db.session.flush()
    record(
        EventName.LEGACY_IDS_SUSPENDED,
        actor=actor,
        now=now,
        organization_id=connection.organization_id,
        target=connection.id,
        details={"changed": deciding},
    )
    facts = {"import": imported.id, "name": imported.name, "changed": imported.suspended_for}
    add_notice(
        NoticeKind.LEGACY_IDS_SUSPENDED,
        organization_id=connection.organization_id,
        target=connection.id,
        facts=facts,
        now=now,
    )


def confirm_legacy_ids(import_id: str, *, actor: Actor, now: datetime) -> ImportedConnection:
    """Vouch for the connection as it is now: its old ids may be told again. Without need it changes nothing.

    Raises:
        NotFound; Forbidden: the actor is no operator.
    """
    if actor.kind not in ("operator", "api_key", "cli"):
        raise Forbidden("only an operator vouches for old ids")
    with transaction() as session:
        row = get_import(import_id)
        connection = session.get(Connection, row.connection_id, populate_existing=True)
        if connection is None:
            raise NotFound(f"{row.connection_id} was deleted a moment ago")
        vouched = trust_of(connection), certificates_of(connection.settings)
        if row.suspended_at is None and vouched == (row.trusted, row.trusted_certificates):
            return row
        reason = row.suspended_for
        row.trusted, row.trusted_certificates = vouched
        row.suspended_at = row.suspended_for = None
        session.flush()
        record(
            EventName.LEGACY_IDS_CONFIRMED,
            actor=actor,
            now=now,
            organization_id=connection.organization_id,
            target=connection.id,
            details={"changed": reason, "certificates": len(row.trusted_certificates)},
        )
        clear_notices(NoticeKind.LEGACY_IDS_SUSPENDED, connection.id, now=now)
    return row


def get_import(import_id: str) -> ImportedConnection:
    """Return what was imported, as it is stored now. Raises NotFound."""
    row = db.session.get(ImportedConnection, import_id, populate_existing=True)
    if row is None:
        raise NotFound(f"no import {import_id[:60]!r}")
    return row
