"""The room's face to the outside: every operation on connections, with the collaborators wired in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.adapters import Registry
from app.audit import Actor
from app.cipher import Cipher
from app.claims import ClaimRules
from app.connections import (
    adding,
    announcing,
    certificates,
    changing,
    drafts,
    keys,
    life_cycle,
    previewing,
    routes,
    testing,
    watching,
)
from app.connections.claim_rules import read_rules, rules_in_force
from app.connections.describing import describe_connection
from app.connections.live import ConfigurationMemory, LiveConnection
from app.connections.models import Connection, ConnectionDraft
from app.connections.opening import open_connection
from app.connections.secret_expiries import set_secret_expiry
from app.connections.storing import get_row
from app.connections.surroundings import Surroundings
from app.connections.values import ConnectionChanges, NewConnection
from app.database import db
from app.mail import Outbox, Readers
from portico_sdk import Http


class Connections:
    """Customers' identity providers. One per process; safe to use from several threads."""

    def __init__(
        self,
        registry: Registry,
        cipher: Cipher,
        base_url: str,
        http_for: Callable[[str], Http],
        random: Callable[[int], bytes],
        *,
        background_for: Callable[[str], Http] | None = None,
        operators: Readers = dict,
        language: str = "en",
    ) -> None:
        outbox = Outbox(cipher, language=language)
        self._around = Surroundings(
            registry, cipher, base_url, http_for, random, outbox, background_for or http_for, operators
        )
        self._memory = ConfigurationMemory()
        self.settings_changed = self._around.settings_changed  # who hears: the composition root adds rooms above

    def add(self, organization_id: str, new: NewConnection, *, actor: Actor, now: datetime) -> Connection:
        """Store a draft connection of this organization.

        Raises:
            NotFound: no such organization.
            Invalid: no such adapter, or it does not accept the settings; every field at fault is named.
            Conflict: `entity-id-taken`.
        """
        return adding.add_connection(self._around, organization_id, new, actor=actor, now=now)

    def change(self, connection_id: str, changes: ConnectionChanges, *, actor: Actor, now: datetime) -> Connection:
        """Store the changes; new settings or claim rules are a new version, new settings end the connection's sessions.

        Raises:
            NotFound.
            Invalid: as for `add`; or an active connection could no longer work; or it is not the customer's to change.
            Conflict: `entity-id-taken`, `domain-listed-twice`, `adapter-unavailable`; to a customer `draft-needed`:
                settings and rules of an active connection change by its draft.
        """
        return changing.change_connection(self._around, connection_id, changes, actor=actor, now=now)

    def activate(self, connection_id: str, *, skip_test: bool, actor: Actor, now: datetime) -> Connection:
        """Open the connection for sign-ins; the audit log says if nobody tested it. An active one stays as it is.

        The first active connection of an organization becomes its default.

        Raises:
            NotFound.
            Invalid: a sign-in could not work with these settings.
            Conflict: `connection-untested` without `skip_test`: no test passed on this configuration;
                `domain-listed-twice`, `adapter-unavailable`.
            Forbidden: a customer asks to skip the test.
        """
        return life_cycle.activate_connection(self._around, connection_id, skip_test=skip_test, actor=actor, now=now)

    def deactivate(self, connection_id: str, *, actor: Actor, now: datetime) -> Connection:
        """Close the connection at once, also for sign-ins on their way. Raises NotFound, Conflict for a draft."""
        return life_cycle.deactivate_connection(connection_id, actor=actor, now=now)

    def restore(self, connection_id: str, *, actor: Actor, now: datetime) -> Connection:
        """Go back to the configuration before, as a new version: restoring twice is where you were.

        Raises:
            NotFound; Conflict: `nothing-to-restore`; Invalid: an active connection could not work with it.
        """
        return changing.restore_connection(self._around, connection_id, actor=actor, now=now)

    def change_subject_source(
        self, connection_id: str, source: str | None, *, actor: Actor, now: datetime
    ) -> Connection:
        """Let subjects come from elsewhere (None: whatever the next sign-in uses): people get new accounts.

        Ends sessions; audited and mailed. Raises NotFound, Invalid (not a name), Forbidden (the actor is no operator).
        """
        return life_cycle.change_subject_source(self._around, connection_id, source, actor=actor, now=now)

    def announce_policy(self, organization_id: str, *, actor: Actor, now: datetime) -> None:
        """Mail that the policy was changed, where people sign in. Inside `transaction()` only."""
        announcing.announce_policy(self._around, organization_id, actor=actor, now=now)

    def delete(self, connection_id: str, *, actor: Actor, now: datetime) -> None:
        """Delete the connection in any state, for good; its id and the `sub`s of its people never come back.

        Raises:
            NotFound.
        """
        adding.delete_connection(connection_id, actor=actor, now=now)

    def get(self, connection_id: str) -> Connection:
        """Return the connection as it is stored now. Raises NotFound."""
        return get_row(connection_id)

    def list(
        self, organization_id: str | None = None, *, limit: int = 100, after: str | None = None
    ) -> Sequence[Connection]:
        """Return at most `limit` connections (of one organization) by id, beginning behind the id `after`."""
        query = select(Connection).order_by(Connection.id).limit(limit)
        if organization_id is not None:
            query = query.where(Connection.organization_id == organization_id)
        return db.session.scalars(query if after is None else query.where(Connection.id > after)).all()

    def describe(self, connection: Connection) -> dict[str, Any]:
        """Return the connection in the shape of the API, ready for JSON: of secrets only the names of those set."""
        return describe_connection(self._around, connection)

    def rules_before_and_after(
        self, connection_id: str, written: Any, *, actor: Actor
    ) -> tuple[ClaimRules, ClaimRules]:
        """Return the claim rules in force, and those that `written` would put in force. Raises as `change`."""
        row = get_row(connection_id)
        spec = changing.spec_of(self._around, row)
        rules = row.claim_rules if written is None else read_rules(written, actor, row.claim_rules)
        return rules_in_force(row.claim_rules, spec), rules_in_force(rules, spec)

    def find_draft(self, connection_id: str) -> ConnectionDraft | None:
        """Return the draft beside an active connection, or None. Raises NotFound."""
        return drafts.find_draft(connection_id)

    def describe_draft(self, connection_id: str) -> dict[str, Any]:
        """Return what is being worked on, in the shape of `describe`: the draft, or the connection where there is none.

        `draft` says which, `changed` names the settings in which the draft differs, `certificates_only` whether those are
        all that differ. Raises NotFound.
        """
        row, draft = get_row(connection_id), drafts.find_draft(connection_id)
        changed: list[str] = []
        if draft is not None:
            configuration, rules = drafts.configuration_of_draft(self._around, row, draft)
            changed = changing.differing_settings(changing.configuration_of(self._around, row), configuration)
            changed += [] if rules == row.claim_rules else ["claim_rules"]
        certificate = certificates.certificate_field(changing.spec_of(self._around, row)) if changed else None
        told = describe_connection(self._around, row, draft)
        return {
            **told,
            "draft": draft is not None,
            "outdated": draft is not None and draft.base_version != row.version,
            "changed": changed,
            "certificates_only": changed == [certificate],
        }

    def preview_settings(self, connection_id: str, patch: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
        """Return what is being worked on as it would be with a customer's `patch`. Raises NotFound, Invalid."""
        return previewing.preview_settings(self._around, connection_id, patch, now)

    def change_draft(
        self, connection_id: str, changes: Mapping[str, Any], *, actor: Actor, now: datetime
    ) -> ConnectionDraft | None:
        """Lay `settings` and `claim_rules` over the draft of an active connection, which begins as its configuration.

        Returns None, and there is no draft, when nothing differs any more. A change voids its test.

        Raises:
            NotFound; Invalid as for `change`; Conflict: `not-active`, `adapter-unavailable`.
        """
        return drafts.change_draft(self._around, connection_id, changes, actor=actor, now=now)

    def discard_draft(self, connection_id: str, *, actor: Actor, now: datetime) -> None:
        """Throw the draft away, if there is one. Raises NotFound."""
        drafts.discard_draft(connection_id, actor=actor, now=now)

    def activate_draft(self, connection_id: str, *, skip_test: bool = False, actor: Actor, now: datetime) -> Connection:
        """Put the draft in the place of the active configuration, in one step; `restore` goes back.

        Raises:
            NotFound; Invalid: nobody could sign in by it; Forbidden: a customer asks to skip the test.
            Conflict: `not-active`, `nothing-to-activate`, `draft-untested` without `skip_test`, `draft-outdated`.
        """
        return drafts.activate_draft(self._around, connection_id, skip_test=skip_test, actor=actor, now=now)

    def working_revision(self, connection_id: str) -> str:
        """Return the name of what a test would run on: the draft beside an active connection, else its configuration."""
        return testing.working_revision(connection_id)

    def open_revision(self, connection_id: str, revision: str) -> LiveConnection:
        """Return the connection as it would be with this working configuration, whatever its status.

        Raises:
            NotFound; SignInFailed: `test-outdated`, or as `open`.
        """
        return testing.open_draft(self._around, self.open(connection_id), revision)

    def note_tested(self, connection_id: str, revision: str, *, now: datetime) -> bool:
        """Remember that a test passed on `revision`; False when that is gone. Inside the transaction of the test."""
        return testing.note_tested(connection_id, revision, now=now)

    def list_certificates(self, connection_id: str, now: datetime) -> Sequence[certificates.ConnectionCertificate]:
        """Return the provider's certificates, of the draft too, those that end first first. Raises NotFound, Conflict."""
        return certificates.list_certificates(self._around, connection_id, now)

    def add_certificates(
        self, connection_id: str, written: str | Sequence[str], *, actor: Actor, now: datetime
    ) -> None:
        """Add certificates beside the present ones; of an active connection, to its draft.

        Raises:
            NotFound; Invalid: no certificate, or a private key, which is not kept; Conflict as for changes.
        """
        certificates.add_certificates(self._around, connection_id, written, actor=actor, now=now)

    def retire_certificate(self, connection_id: str, sha256: str, *, actor: Actor, now: datetime) -> Connection:
        """Trust a certificate no more, at once.

        Raises:
            NotFound; Conflict: `certificate-only`, `certificate-unproven` (sign-ins have not gone by another one since).
        """
        return certificates.retire_certificate(self._around, connection_id, sha256, actor=actor, now=now)

    def list_keys(self, connection_id: str) -> Sequence[keys.ServiceProviderKey]:
        """Return our own keys of a SAML connection, the one that signs first. Raises NotFound."""
        return keys.list_keys(self._around, connection_id)

    def publish_next_key(self, connection_id: str, *, actor: Actor, now: datetime) -> None:
        """Publish a successor of our key; it does not sign yet. Raises NotFound, Conflict `no-keys`, `keys-under-way`."""
        keys.publish_next_key(self._around, connection_id, actor=actor, now=now)

    def use_next_key(self, connection_id: str, *, actor: Actor, now: datetime) -> None:
        """Let the successor sign. Raises NotFound, Conflict `no-next-key`."""
        keys.use_next_key(self._around, connection_id, actor=actor, now=now)

    def remove_previous_key(self, connection_id: str, *, actor: Actor, now: datetime) -> None:
        """Forget the second key. Raises NotFound, Conflict `key-only`."""
        keys.remove_previous_key(self._around, connection_id, actor=actor, now=now)

    def find_watch(self, connection_id: str) -> watching.MetadataWatch | None:
        """Return how reading the provider's metadata goes; None when it names no address. Raises NotFound."""
        return watching.find_watch(connection_id)

    def read_metadata(self, connection_id: str, *, now: datetime) -> bool:
        """Read the provider's metadata at once; `find_watch` tells how it went. Returns whether it could be read."""
        return watching.read_metadata(self._around, connection_id, now)

    def watch_metadata(self, now: datetime) -> int:
        """Read whatever metadata is due; the job `watch-metadata`."""
        return watching.watch_due(self._around, now)

    def set_secret_expiry(
        self, connection_id: str, name: str, last_day: date | None, *, actor: Actor, now: datetime
    ) -> Connection:
        """Note until when the provider honours a secret; a new value of the secret forgets it. Raises NotFound, Invalid."""
        return set_secret_expiry(self._around, connection_id, name, last_day, actor=actor, now=now)

    def open(self, connection_id: str) -> LiveConnection:
        """Return the connection as it is now, whatever its status: the caller asks `usable`.

        Raises:
            NotFound: there is no such connection.
            SignInFailed: its adapter is not loaded (AdapterUnavailable), or its secrets do not open.
        """
        return open_connection(self._around, self._memory, connection_id)

    def active_of(self, organization_id: str) -> Sequence[routes.RoutableConnection]:
        """Return the connections that people of this organization may be sent to, oldest first."""
        return routes.active_of(organization_id)

    def find_route(self, connection_id: str) -> routes.RoutableConnection | None:
        """Return the connection when a sign-in may go to it, or None: unknown, draft and disabled look the same."""
        return routes.find_route(self._memory, connection_id)
