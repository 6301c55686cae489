"""Metadata by URL, read about every fifty minutes: a provider's new certificate is trusted before it is needed.

Reading may add certificates. It never removes one, never changes an entity ID, an address or a check: what differs there
is shown to operators, who decide. What is stored keeps working when the provider is down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from sqlalchemy import select, update

from app.audit import Actor
from app.connections.certificates import certificate_field
from app.connections.changing import change_connection, spec_of
from app.connections.describing import describe_certificate
from app.connections.drafts import change_draft, find_draft
from app.connections.models import Connection
from app.connections.storing import get_row, lock_row
from app.connections.surroundings import Surroundings
from app.database import db, end_read, transaction
from app.errors import Conflict, Invalid, NotFound
from app.notices import NoticeKind, add_notice, clear_notices
from portico_sdk import MetadataEntity, MetadataError, MetadataImport, ProviderUnreachable

log = structlog.get_logger(__name__)

SYSTEM = Actor("system", "metadata")
SHORTEST = timedelta(minutes=40)
SPREAD_S = 1200  # seconds, by chance: not every connection at once
MAX_AGE_S = 1800  # a copy that somebody else fetched so lately is as good
TOLD_AFTER = timedelta(hours=1)
BATCH = 20


@dataclass(frozen=True, slots=True)
class MetadataWatch:
    """How reading a provider's metadata goes. `differs` names what it says otherwise than what is set here."""

    url: str
    next_at: datetime | None
    read_at: datetime | None
    failed_since: datetime | None
    failure: str
    differs: tuple[str, ...]


class _Unusable(Exception):
    """The document cannot be used; says why in words for the customer."""


def find_watch(connection_id: str) -> MetadataWatch | None:
    """Return how reading its metadata goes, or None when it names no address for it. Raises NotFound."""
    row = get_row(connection_id)
    url, state = row.settings.get("metadata_url"), row.metadata_state
    if not url:
        return None
    return MetadataWatch(
        url=str(url),
        next_at=row.metadata_check_at,
        read_at=_time(state.get("read_at")),
        failed_since=_time(state.get("failed_since")),
        failure=str(state.get("failure", "")),
        differs=tuple(state.get("differs", ())),
    )


def watch_due(around: Surroundings, now: datetime) -> int:
    """Read the metadata of every connection that is due, at most twenty; returns how many were read."""
    due = select(Connection.id).where(Connection.metadata_check_at <= now).order_by(Connection.metadata_check_at)
    ids = list(db.session.scalars(due.limit(BATCH)))
    return sum(read_metadata(around, connection_id, now) for connection_id in ids)


def read_metadata(around: Surroundings, connection_id: str, now: datetime) -> bool:
    """Read the metadata of one connection and take over what may be; returns whether it could be read. Never raises."""
    wait = SHORTEST + timedelta(seconds=int.from_bytes(around.random(4), "big") % SPREAD_S)
    try:
        entity = _read(around, connection_id, now)
        differs = _take_over(around, connection_id, entity, now)
    except (NotFound, Conflict) as error:  # deleted or closed meanwhile, or its adapter is gone
        log.info("metadata_not_read", connection=connection_id, reason=error.detail)
        _reschedule(connection_id, now + wait)
        return False
    except (_Unusable, Invalid) as error:
        _note_failure(connection_id, str(error), now, now + wait)
        return False
    _note_success(connection_id, differs, now, now + wait)
    return True


def _read(around: Surroundings, connection_id: str, now: datetime) -> MetadataEntity:
    row = get_row(connection_id)
    spec, url, entity_id = spec_of(around, row), row.settings.get("metadata_url"), row.settings.get("idp_entity_id")
    if not url or "metadata_import" not in spec.capabilities:
        raise _Unusable("There is nothing to read it with.")
    end_read()
    try:
        document = around.background_for(connection_id).document(str(url), max_age_s=MAX_AGE_S)
        if document.stale:
            raise _Unusable("It could not be fetched just now; the copy from before is kept.")
        parsed = cast(MetadataImport, spec.adapter).parse_metadata(document.body, now)
    except (ProviderUnreachable, MetadataError) as error:
        raise _Unusable(error.detail[:400]) from error
    except _Unusable:
        raise
    except Exception as error:
        log.exception("adapter_failed", adapter=spec.key, connection=connection_id, step="metadata")
        raise _Unusable("The adapter cannot read it.") from error
    for entity in parsed.entities:
        if entity.entity_id == entity_id:
            return entity
    others = ", ".join(entity.entity_id for entity in parsed.entities[:3])
    raise _Unusable(f"It describes {others[:300]}, and not {entity_id}. Nothing was changed.")


def _take_over(around: Surroundings, connection_id: str, entity: MetadataEntity, now: datetime) -> list[str]:
    """Add certificates that are new, here and in the draft; returns the names of the settings that differ otherwise."""
    row = get_row(connection_id)
    name = certificate_field(spec_of(around, row))
    if name is not None:
        fresh = [info.pem for info in entity.certificates if info.not_after > now]
        with transaction():
            row = lock_row(connection_id)
            if row.status == "active":
                _add(around, row, name, fresh, now)
    urls = {url for _, _, url in entity.endpoints}
    return [one for one in ("sso_url", "slo_url") if row.settings.get(one) and row.settings[one] not in urls]


def _add(around: Surroundings, row: Connection, name: str, offered: list[str], now: datetime) -> None:
    draft = find_draft(row.id)
    drafted = None if draft is None else draft.settings
    if missing := _missing(row.settings, name, offered):
        settings = {name: [*(row.settings.get(name) or []), *missing]}
        change_connection(around, row.id, {"settings": settings}, actor=SYSTEM, now=now)
    if drafted is not None and (lacking := _missing(drafted, name, offered)):
        settings = {name: [*(drafted.get(name) or []), *lacking]}
        change_draft(around, row.id, {"settings": settings}, actor=SYSTEM, now=now)
    elif drafted is not None and missing:
        change_draft(around, row.id, {}, actor=SYSTEM, now=now)  # made of the new version from now on


def _missing(settings: Mapping[str, Any], name: str, offered: list[str]) -> list[str]:
    known = {describe_certificate(pem)["sha256"] for pem in settings.get(name) or []}
    return [pem for pem in offered if describe_certificate(pem)["sha256"] not in known]


def _note_success(connection_id: str, differs: list[str], now: datetime, next_at: datetime) -> None:
    with transaction():
        row = get_row(connection_id)
        row.metadata_state = {"read_at": now.isoformat(), "differs": differs}
        row.metadata_check_at = next_at if row.metadata_check_at is not None else None
        clear_notices(NoticeKind.METADATA_FAILING, row.id, now=now)
        if differs:
            facts = {"differs": differs}
            add_notice(
                NoticeKind.METADATA_DIFFERS, organization_id=row.organization_id, target=row.id, facts=facts, now=now
            )
        else:
            clear_notices(NoticeKind.METADATA_DIFFERS, row.id, now=now)


def _note_failure(connection_id: str, failure: str, now: datetime, next_at: datetime) -> None:
    with transaction():
        row = get_row(connection_id)
        since = _time(row.metadata_state.get("failed_since")) or now
        row.metadata_state = {**row.metadata_state, "failed_since": since.isoformat(), "failure": failure[:500]}
        row.metadata_check_at = next_at if row.metadata_check_at is not None else None
        if now - since >= TOLD_AFTER:
            facts = {"failure": failure[:500], "since": since.isoformat()}
            add_notice(
                NoticeKind.METADATA_FAILING, organization_id=row.organization_id, target=row.id, facts=facts, now=now
            )


def _reschedule(connection_id: str, next_at: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(Connection)
            .where(Connection.id == connection_id, Connection.metadata_check_at.is_not(None))
            .values(metadata_check_at=next_at)
        )


def _time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
