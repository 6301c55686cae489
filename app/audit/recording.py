"""Writing one event, in the transaction of the change that it tells about."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert

from app.audit.events import EventName
from app.audit.hashing import body_of, canonical, hash_personal
from app.audit.masking import mask
from app.audit.models import events, personal
from app.database import db, get_connection, new_id

_INSERT_EVENT = insert(events)
_INSERT_PERSONAL = insert(personal)

ActorKind = Literal["api_key", "cli", "operator", "setup_link", "person", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it.

    Args:
        id: stable and not personal: a key's id, a `sub`, the name of a job; at most 255 characters.
        label: how people know them (an e-mail address, say); kept with the personal fields.
    """

    kind: ActorKind
    id: str
    label: str = ""


def record(
    name: EventName,
    *,
    actor: Actor,
    now: datetime,
    organization_id: str | None,
    target: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> str:
    """Store one event with the change it tells about: both are kept or neither is.

    Args:
        organization_id: whose chain seals it; None means the installation's.
        target: id of what was changed, or of the connection that was used.
        before, after: what changed, as plain data; values under a secret's name are masked.
        details: whatever else a reader needs to know, of people nothing.
        personal: fields about a person (e-mail address, IP address), in the table that can be erased.
    Returns:
        The event's id.
    Raises:
        RuntimeError: called outside of `transaction()`.
        TypeError: a value is not plain data.
    """
    if not db.session().info.get("writing"):
        raise RuntimeError("an audit event is written inside transaction(), with the change it tells about")
    about_people = {key: text for key, text in {"actor": actor.label, **(personal or {})}.items() if text}
    fields = canonical(mask(about_people)) if about_people else None
    key = secrets.token_hex(32)
    event_id = new_id("evt")
    row = {
        "id": event_id,
        "occurred_at": now,
        "organization_id": organization_id,
        "name": name.value,
        "actor_kind": actor.kind,
        "actor_id": _plain(actor.id),
        "target": _plain(target),
        "body": body_of(*(None if part is None else mask(part) for part in (before, after, details))),
        "personal_hash": hash_personal(key, fields) if fields else None,
    }
    connection = get_connection()
    stored = connection.execute(_INSERT_EVENT, row)
    if fields:
        primary_key = stored.inserted_primary_key
        assert primary_key is not None
        connection.execute(_INSERT_PERSONAL, {"event_number": primary_key[0], "hash_key": key, "fields": fields})
    return event_id


def _plain(text: str) -> str:
    """What any database can store and any log can show on one line."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:255])
