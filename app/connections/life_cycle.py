"""draft -> active -> disabled -> active: who may be sent through a connection, and when."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import update

from app.audit import Actor, EventName, record
from app.connections.announcing import announce
from app.connections.changing import configuration_of, spec_of
from app.connections.claim_rules import check_mapped
from app.connections.configuration import check_ready
from app.connections.default_connection import pass_on_default, take_default, take_default_if_none
from app.connections.models import Connection
from app.connections.storing import (
    check_domains_unlisted,
    flush,
    get_row,
    lock_row,
    record_change,
    schedule_metadata,
)
from app.connections.surroundings import Surroundings
from app.connections.testing import is_tested
from app.database import db, transaction
from app.errors import Conflict, Forbidden, Invalid, Problem
from app.translations import Words, marked


def activate_connection(
    around: Surroundings, connection_id: str, *, skip_test: bool, actor: Actor, now: datetime
) -> Connection:
    """Open the connection for sign-ins. Raises NotFound, Invalid, Conflict, Forbidden as `Connections.activate` says."""
    with transaction():
        row = lock_row(connection_id)
        if row.status == "active":
            return row
        check_ready(spec_of(around, row), configuration_of(around, row).all, now)
        check_mapped(row.claim_rules)
        if skip_test and actor.kind == "setup_link":
            raise Forbidden("only an operator activates what nobody tested")
        tested = is_tested(row)
        if not tested and not skip_test:
            hint = "No test sign-in has passed on exactly this configuration; operators have skip_test."
            raise Conflict(f"{row.id} was never tested", code="connection-untested", hint=hint)
        check_domains_unlisted(row, row.domains)
        before = row.status
        if row.is_default:
            take_default(row)
        row.status, row.updated_at = "active", now
        take_default_if_none(row)
        schedule_metadata(row, now)
        flush()
        details = {"tested": tested, "is_default": row.is_default}
        record_change(
            EventName.CONNECTION_ACTIVATED,
            row,
            actor=actor,
            now=now,
            before={"status": before},
            after={"status": "active"},
            details=details,
        )
        announce(around, row, marked("Sign-in was turned on"), _people_sign_in, actor=actor, now=now)
    return row


def deactivate_connection(connection_id: str, *, actor: Actor, now: datetime) -> Connection:
    """Close the connection at once, also for sign-ins on their way. The oldest active one becomes the default.

    Raises:
        NotFound.
        Conflict: it is a draft, which is closed anyway.
    """
    with transaction():
        row = lock_row(connection_id)
        if row.status == "disabled":
            return row
        if row.status == "draft":
            raise Conflict(f"{row.id} is a draft", code="connection-draft", hint="A draft is not open for sign-ins.")
        row.status, row.updated_at = "disabled", now
        schedule_metadata(row, now)
        heir = pass_on_default(row)
        record_change(
            EventName.CONNECTION_DEACTIVATED,
            row,
            actor=actor,
            now=now,
            before={"status": "active"},
            after={"status": "disabled"},
            details={"new_default": heir.id if heir else None},
        )
    return row


def fix_subject_source(connection_id: str, source: str, *, now: datetime) -> str:
    """Return where this connection's subjects come from: `source` when nobody fixed it before, else what was fixed first.

    Inside the transaction that accepts the sign-in. The caller refuses the sign-in when the answer is not its source:
    two first sign-ins may meet here.

    Raises:
        NotFound.
    """
    with transaction() as session:
        fixed = session.execute(
            update(Connection)
            .where(Connection.id == connection_id, Connection.subject_source.is_(None))
            .values(subject_source=source)
            .execution_options(synchronize_session=False)
        )
        row = get_row(connection_id)
        if fixed.rowcount:  # type: ignore[attr-defined]
            record(
                EventName.CONNECTION_SUBJECT_FIXED,
                actor=Actor("system", "sign-in"),
                now=now,
                organization_id=row.organization_id,
                target=row.id,
                before={"subject_source": None},
                after={"subject_source": source},
            )
        assert row.subject_source is not None
        return row.subject_source


def change_subject_source(
    around: Surroundings, connection_id: str, source: str | None, *, actor: Actor, now: datetime
) -> Connection:
    """Let subjects come from elsewhere from now on. Raises as `Connections.change_subject_source` says."""
    if actor.kind not in ("operator", "api_key", "cli"):
        raise Forbidden("only an operator changes where subjects come from")
    if source is not None and not (0 < len(source) <= 500 and source.isprintable()):
        raise Invalid(Problem("subject_source", "subject-source-syntax", "A source is a name on one line."))
    with transaction():
        row = lock_row(connection_id)
        before = row.subject_source
        if before != source:
            row.subject_source, row.updated_at = source, now
            row.trust_version += 1
            db.session.flush()
            record_change(
                EventName.CONNECTION_SUBJECT_FIXED,
                row,
                actor=actor,
                now=now,
                before={"subject_source": before},
                after={"subject_source": source},
            )
            if row.status == "active":
                what = partial(_who_is_who, source=source, before=before)
                announce(around, row, marked("What tells people apart was changed"), what, actor=actor, now=now)
    return row


def _people_sign_in(words: Words) -> tuple[str, str]:
    return words("What changed"), words("People sign in through it from now on")


def _who_is_who(words: Words, *, source: str | None, before: str | None) -> tuple[str, str]:
    source = source or words("what the next sign-in brings")
    return words("What changed"), words("Who is who: by %(source)s, before by %(before)s", source=source, before=before)
