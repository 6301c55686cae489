"""Which configuration a test sign-in runs on, and what a passed one is good for: exactly that configuration."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import update

from app.cipher import CannotDecrypt
from app.claims import DEFAULT_RULES, merge_rules, parse_stored_rules
from app.connections.drafts import find_draft
from app.connections.live import ConnectionCache, LiveConnection
from app.connections.models import Connection, ConnectionDraft
from app.connections.sealed import open_secrets
from app.connections.storing import get_row
from app.connections.surroundings import Surroundings
from app.database import transaction
from app.errors import SignInFailed

_VERSION = "version-"


class TestOutdated(SignInFailed):
    """The configuration was changed since the test began."""

    __test__ = False
    code = "test-outdated"


def working_revision(connection_id: str) -> str:
    """Return the name of what is being worked on: the draft beside an active connection, else its configuration."""
    draft = find_draft(connection_id)
    return draft.revision if draft is not None else f"{_VERSION}{get_row(connection_id).version}"


def is_tested(row: Connection) -> bool:
    """Whether a test sign-in passed on exactly the connection's present configuration."""
    return row.tested_version == row.version


def note_tested(connection_id: str, revision: str, *, now: datetime) -> bool:
    """Remember that a test passed; returns False when that configuration is no longer there. Inside a transaction."""
    with transaction() as session:
        if revision.startswith(_VERSION):
            number = int(revision.removeprefix(_VERSION))
            done = session.execute(
                update(Connection)
                .where(Connection.id == connection_id, Connection.version == number)
                .values(tested_version=number, tested_at=now)
                .execution_options(synchronize_session=False)
            )
        else:
            done = session.execute(
                update(ConnectionDraft)
                .where(ConnectionDraft.connection_id == connection_id, ConnectionDraft.revision == revision)
                .values(tested_revision=revision)
                .execution_options(synchronize_session=False)
            )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def open_draft(around: Surroundings, live: LiveConnection, revision: str) -> LiveConnection:
    """Return the connection as it would be with the working configuration `revision`, at the same addresses.

    Raises:
        TestOutdated: that is no longer what is being worked on.
        SignInFailed: its secrets do not open.
    """
    if working_revision(live.id) != revision:
        raise TestOutdated(f"{revision} was changed since")
    draft = find_draft(live.id)
    if draft is None:
        return live
    try:
        stored = {**draft.settings, **open_secrets(around.cipher, live.id, draft.secrets)}
    except CannotDecrypt as error:
        raise SignInFailed(error.detail, code="connection-unreadable", hint="Run portico doctor.") from error
    settings = {field.name: stored.get(field.name, field.default) for field in live.spec.settings}
    provider = live.service_provider
    if provider.entity_id:
        provider = replace(provider, entity_id=settings.get("sp_entity_id") or provider.metadata_url)
    return replace(
        live,
        configuration=replace(
            live.configuration,
            settings=MappingProxyType(settings),
            claim_rules=merge_rules(parse_stored_rules(draft.claim_rules), live.spec.claim_rules, DEFAULT_RULES),
            service_provider=provider,
            cache=ConnectionCache(),
        ),
    )
