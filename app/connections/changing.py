"""Changing a connection, and going back to the configuration before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.adapters import AdapterUnavailable
from app.audit import Actor, EventName
from app.connections.announcing import announce_change
from app.connections.claim_rules import check_mapped, read_rules
from app.connections.configuration import (
    Configuration,
    change_configuration,
    check_customer_may,
    check_ready,
)
from app.connections.default_connection import take_default
from app.connections.models import Connection
from app.connections.sealed import open_secrets, seal_secrets
from app.connections.service_provider import entity_id_of
from app.connections.storing import (
    check_domains_unlisted,
    facts_of,
    find_version_before,
    flush,
    keep_version,
    lock_row,
    record_change,
    schedule_metadata,
)
from app.connections.surroundings import Surroundings
from app.connections.values import (
    ConnectionChanges,
    check_changes,
    parse_domains,
    parse_flag,
    parse_name,
)
from app.database import transaction
from app.errors import Conflict, Invalid, Problem
from portico_sdk import AdapterSpec


def change_connection(
    around: Surroundings, connection_id: str, changes: ConnectionChanges, *, actor: Actor, now: datetime
) -> Connection:
    """Store the changes. Raises NotFound, Invalid, Conflict as `Connections.change` says."""
    check_changes(changes)
    with transaction():
        row = lock_row(connection_id)
        before = facts_of(row)
        renewed = _change_configuration(around, row, changes, actor, now)
        if "name" in changes:
            row.name = parse_name(changes["name"])
        if "domains" in changes:
            row.domains = parse_domains(changes["domains"])
            if row.status == "active":
                check_domains_unlisted(row, row.domains)
        if "is_default" in changes:
            _change_default(row, parse_flag("is_default", changes["is_default"]))
        after = facts_of(row)
        if after != before or renewed:
            row.updated_at = now
            flush()
            details = {"changed": renewed}
            record_change(
                EventName.CONNECTION_CHANGED, row, actor=actor, now=now, before=before, after=after, details=details
            )
    return row


def restore_connection(around: Surroundings, connection_id: str, *, actor: Actor, now: datetime) -> Connection:
    """Make the configuration before the present one again, as a new version. Raises NotFound, Conflict, Invalid."""
    with transaction():
        row = lock_row(connection_id)
        earlier = find_version_before(row)
        if earlier is None:
            raise Conflict(f"{row.id} has one version", code="nothing-to-restore", hint="There is no version before.")
        before = facts_of(row)
        spec = spec_of(around, row)
        secret = open_secrets(around.cipher, row.id, earlier.secrets)
        configuration = Configuration(earlier.settings, secret)
        renewed = store_configuration(around, row, spec, configuration, dict(earlier.claim_rules), now)
        announce_change(around, row, spec, renewed, actor=actor, now=now)
        row.updated_at = now
        flush()
        details = {"restored": earlier.version, "changed": renewed}
        record_change(
            EventName.CONNECTION_RESTORED,
            row,
            actor=actor,
            now=now,
            before=before,
            after=facts_of(row),
            details=details,
        )
    return row


def spec_of(around: Surroundings, row: Connection) -> AdapterSpec:
    """Return the adapter of a stored connection, for those who manage it. Raises Conflict when it is not loaded."""
    try:
        return around.registry.get(row.adapter, row.distribution)
    except AdapterUnavailable as error:
        hint = "Install or repair the adapter's distribution."
        raise Conflict(error.detail, code="adapter-unavailable", hint=hint) from error


def configuration_of(around: Surroundings, row: Connection) -> Configuration:
    """Return the stored configuration, decrypted. Raises CannotDecrypt."""
    return Configuration(row.settings, open_secrets(around.cipher, row.id, row.secrets))


def _change_configuration(
    around: Surroundings, row: Connection, changes: ConnectionChanges, actor: Actor, now: datetime
) -> list[str]:
    """Store a new version when settings or claim rules differ; returns the names of what does."""
    if "settings" not in changes and "claim_rules" not in changes:
        return []
    if actor.kind == "setup_link" and row.status == "active":
        hint = "Change its draft: it is tested before it takes the place of what people sign in through."
        raise Conflict(f"{row.id} is active", code="draft-needed", hint=hint)
    return _renew(around, row, changes, actor, now)


def _renew(around: Surroundings, row: Connection, changes: Mapping[str, Any], actor: Actor, now: datetime) -> list[str]:
    spec = spec_of(around, row)
    configuration, rules = apply_changes(
        spec, configuration_of(around, row), row.claim_rules, changes, actor=actor, now=now
    )
    renewed = store_configuration(around, row, spec, configuration, rules, now)
    announce_change(around, row, spec, renewed, actor=actor, now=now)
    return renewed


def change_settings(
    around: Surroundings, connection_id: str, patch: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Connection:
    """Change settings at once although the connection is active: for acts that were proven in another way than by a draft.

    Raises:
        NotFound, Invalid, Conflict as `Connections.change`, but for `draft-needed`.
    """
    with transaction():
        row = lock_row(connection_id)
        before = facts_of(row)
        details = {"changed": _renew(around, row, {"settings": patch}, actor, now)}
        row.updated_at = now
        flush()
        after = facts_of(row)
        record_change(
            EventName.CONNECTION_CHANGED, row, actor=actor, now=now, before=before, after=after, details=details
        )
    return row


def apply_changes(
    spec: AdapterSpec,
    configuration: Configuration,
    rules: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> tuple[Configuration, dict[str, Any]]:
    """Return settings and claim rules with the changes laid over them. Raises Invalid, also for what is not theirs."""
    new_rules = dict(rules)
    if "settings" in changes:
        patch: Any = changes["settings"]
        if not isinstance(patch, Mapping):
            raise Invalid(Problem("settings", "settings-syntax", "Settings are an object."))
        if actor.kind == "setup_link":
            check_customer_may(spec, patch)
        configuration = change_configuration(spec, configuration.all, patch, now)
    if "claim_rules" in changes:
        new_rules = read_rules(changes["claim_rules"], actor, rules)
    return configuration, new_rules


def store_configuration(
    around: Surroundings,
    row: Connection,
    spec: AdapterSpec,
    configuration: Configuration,
    rules: dict[str, Any],
    now: datetime,
) -> list[str]:
    """Make this the configuration, as a new version; returns the names of what differs. Inside `transaction()` only.

    Raises:
        Invalid: an active connection could no longer work; Conflict: `entity-id-taken`.
    """
    changed = differing_settings(configuration_of(around, row), configuration)
    if not changed and rules == row.claim_rules:
        return []
    if row.status == "active":  # people sign in through it at this moment
        check_ready(spec, configuration.all, now)
        check_mapped(rules)
    keep_version(row, now)
    row.trust_version += 1 if changed else 0
    row.settings, row.claim_rules = configuration.public, rules
    row.secrets = seal_secrets(around.cipher, row.id, configuration.secret)
    row.sp_entity_id = entity_id_of(around.base_url, row.id, spec.protocol, configuration.public)
    row.secret_expiries = {name: day for name, day in row.secret_expiries.items() if name not in changed}
    schedule_metadata(row, now)
    flush()  # before anything else is asked: the entity id may be taken
    return [*changed, *([] if changed else ["claim_rules"])]


def differing_settings(before: Configuration, after: Configuration) -> list[str]:
    """Return the names of the settings that differ, secrets too."""
    names = {*before.all, *after.all}
    return sorted(name for name in names if before.all.get(name) != after.all.get(name))


def _change_default(row: Connection, wanted: bool) -> None:
    if wanted and not row.is_default:
        take_default(row)
    elif not wanted and row.is_default and row.status == "active":
        message = "An organization keeps a default: make another connection the default instead."
        raise Invalid(Problem("is_default", "default-needed", message))
    else:
        row.is_default = wanted
