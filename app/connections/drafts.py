"""The draft beside an active connection: changed freely, tested, and then put in its place in one step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.audit import Actor, EventName
from app.connections.announcing import announce_change
from app.connections.changing import (
    apply_changes,
    configuration_of,
    differing_settings,
    spec_of,
    store_configuration,
)
from app.connections.claim_rules import check_mapped
from app.connections.configuration import Configuration, check_ready
from app.connections.models import Connection, ConnectionDraft, ConnectionVersion
from app.connections.sealed import open_secrets, seal_secrets
from app.connections.storing import facts_of, flush, get_row, lock_row, record_change
from app.connections.surroundings import Surroundings
from app.database import db, new_id, transaction
from app.errors import Conflict, Forbidden, Invalid, Problem

_CHANGEABLE = frozenset({"settings", "claim_rules"})


def find_draft(connection_id: str) -> ConnectionDraft | None:
    """Return the draft beside an active connection, or None. Raises NotFound when there is no such connection."""
    return _find(get_row(connection_id))


def change_draft(
    around: Surroundings, connection_id: str, changes: Mapping[str, Any], *, actor: Actor, now: datetime
) -> ConnectionDraft | None:
    """Lay the changes over the draft, or over the connection where there is none. Raises as `Connections.change_draft`."""
    unknown = [
        Problem(name[:60], "unknown-field", "A draft has no such field.") for name in changes.keys() - _CHANGEABLE
    ]
    if unknown:
        raise Invalid(*unknown)
    with transaction() as session:
        row = _lock_active(connection_id)
        spec = spec_of(around, row)
        draft = _find(row)
        before, rules = _working(around, row, draft)
        configuration, rules = apply_changes(spec, before, rules, changes, actor=actor, now=now)
        active = configuration_of(around, row)
        changed = differing_settings(active, configuration)
        if not changed and rules == row.claim_rules:
            _discard(row, draft, actor, now)
            return None
        if draft is None:
            draft = ConnectionDraft(connection_id=row.id)
            session.add(draft)
        elif _is_same(row, draft, before, configuration, rules):
            return draft
        draft.revision, draft.base_version, draft.tested_revision = new_id("rev"), row.version, None
        draft.settings, draft.claim_rules, draft.updated_at = configuration.public, rules, now
        draft.secrets = seal_secrets(around.cipher, row.id, configuration.secret)
        flush()
        record_change(
            EventName.CONNECTION_DRAFT_CHANGED,
            row,
            actor=actor,
            now=now,
            before=_facts(row.settings, row.claim_rules),
            after=_facts(draft.settings, draft.claim_rules),
            details={"revision": draft.revision, "changed": changed},
        )
    return draft


def discard_draft(connection_id: str, *, actor: Actor, now: datetime) -> None:
    """Throw the draft away; the connection stays as it is. Raises NotFound."""
    with transaction():
        row = lock_row(connection_id)
        _discard(row, _find(row), actor, now)


def activate_draft(
    around: Surroundings, connection_id: str, *, skip_test: bool, actor: Actor, now: datetime
) -> Connection:
    """Put the draft in the place of the configuration. Raises as `Connections.activate_draft` says."""
    if skip_test and actor.kind == "setup_link":
        raise Forbidden("only an operator activates what nobody tested")
    with transaction() as session:
        row = _lock_active(connection_id)
        draft = _find(row)
        if draft is None:
            raise Conflict(f"{row.id} has no draft", code="nothing-to-activate", hint="Nothing was changed.")
        if draft.base_version != row.version:
            hint = "The connection was changed meanwhile. Save the draft again, and test it."
            raise Conflict(f"made of version {draft.base_version}", code="draft-outdated", hint=hint)
        tested = draft.tested_revision == draft.revision
        if not tested and not skip_test:
            hint = "No test sign-in has passed on exactly this configuration."
            raise Conflict(f"{draft.revision} was never tested", code="draft-untested", hint=hint)
        spec, before = spec_of(around, row), facts_of(row)
        configuration, rules = configuration_of_draft(around, row, draft)
        check_ready(spec, configuration.all, now)
        check_mapped(rules)
        changed = store_configuration(around, row, spec, configuration, rules, now)
        row.tested_version, row.tested_at = (row.version, now) if tested else (None, None)
        row.updated_at = now
        session.delete(draft)
        flush()
        details = {"tested": tested, "changed": changed}
        record_change(
            EventName.CONNECTION_DRAFT_ACTIVATED,
            row,
            actor=actor,
            now=now,
            before=before,
            after=facts_of(row),
            details=details,
        )
        announce_change(around, row, spec, changed, actor=actor, now=now)
    return row


def configuration_of_draft(
    around: Surroundings, row: Connection, draft: ConnectionDraft | None
) -> tuple[Configuration, dict[str, Any]]:
    """Return settings, decrypted, and claim rules of the draft, or of the connection where there is none."""
    if draft is None:
        return configuration_of(around, row), dict(row.claim_rules)
    secret = open_secrets(around.cipher, row.id, draft.secrets)
    return Configuration(draft.settings, secret), dict(draft.claim_rules)


def _working(
    around: Surroundings, row: Connection, draft: ConnectionDraft | None
) -> tuple[Configuration, dict[str, Any]]:
    """The draft as it goes on: what it did not change follows the connection, which may have moved on since."""
    configuration, rules = configuration_of_draft(around, row, draft)
    if draft is None or draft.base_version == row.version:
        return configuration, rules
    made_of = db.session.get(ConnectionVersion, (row.id, draft.base_version))
    if made_of is None:  # too many versions ago: whoever saves it now looks at every value
        return configuration, rules
    present = configuration_of(around, row)
    then = Configuration(made_of.settings, open_secrets(around.cipher, row.id, made_of.secrets))
    changed = set(differing_settings(then, configuration))
    public = {name: (configuration if name in changed else present).public.get(name) for name in present.public}
    names = {*present.secret, *configuration.secret}
    secret = {name: (configuration if name in changed else present).secret.get(name) for name in names}
    kept = {name: value for name, value in secret.items() if value is not None}
    return Configuration(public, kept), rules if rules != made_of.claim_rules else dict(row.claim_rules)


def _is_same(
    row: Connection, draft: ConnectionDraft, before: Configuration, after: Configuration, rules: Mapping[str, Any]
) -> bool:
    """Whether saving it again changes nothing, so that its test still counts."""
    same = not differing_settings(before, after) and rules == draft.claim_rules
    return same and draft.base_version == row.version


def _find(row: Connection) -> ConnectionDraft | None:
    if row.status != "active":
        return None
    return db.session.get(ConnectionDraft, row.id, populate_existing=True)


def _lock_active(connection_id: str) -> Connection:
    row = lock_row(connection_id)
    if row.status != "active":
        hint = "It is not open for sign-ins: change the connection itself."
        raise Conflict(f"{row.id} is {row.status}", code="not-active", hint=hint)
    return row


def _discard(row: Connection, draft: ConnectionDraft | None, actor: Actor, now: datetime) -> None:
    if draft is None:
        return
    db.session.delete(draft)
    db.session.flush()
    details = {"revision": draft.revision}
    record_change(EventName.CONNECTION_DRAFT_DISCARDED, row, actor=actor, now=now, details=details)


def _facts(settings: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, Any]:
    said = {f"settings.{name}": value for name, value in settings.items() if value is not None}
    return {"claim_rules": rules, **said}
