"""Operators as they stand: reading them, another password, shutting one out, signing out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.access.operators.models import Operator
from app.access.operators.open_invitations import end_invitations
from app.access.operators.passwords import check_password, hash_password, verify_password
from app.access.operators.sessions import end_sessions
from app.access.operators.signing_in import find_operator, note_refusal
from app.access.operators.throttle import count_try, forget_tries
from app.audit import Actor, EventName, record
from app.database import db, end_read, transaction
from app.errors import Conflict, Invalid, NotFound, Problem
from app.translations import is_language


def find_active_operator(operator_id: str) -> Operator | None:
    """Return the operator while they may use the console: asked at every request."""
    row = db.session.get(Operator, operator_id, populate_existing=True)
    return row if row is not None and row.status == "active" else None


def list_operators() -> Sequence[Operator]:
    """Return all of them, by address."""
    return db.session.scalars(select(Operator).order_by(Operator.email)).all()


def list_operator_addresses() -> dict[str, str | None]:
    """Return whom operators' mail goes to, those who are active, each with the language they chose, if any."""
    query = select(Operator.email, Operator.language).where(Operator.status == "active").order_by(Operator.email)
    return {row.email: row.language for row in db.session.execute(query)}


def choose_language(operator_id: str, language: str) -> None:
    """Keep the language of an operator's console and mails, where it is one of ours. A taste: it is not audited."""
    if is_language(language):
        with transaction() as session:
            session.execute(update(Operator).where(Operator.id == operator_id).values(language=language))


def confirm_password(operator_id: str, password: str, *, address: str, now: datetime) -> None:
    """Return only when somebody who is signed in has just proved again who they are.

    Raises:
        NotFound: no such operator.
        TooManyTries: too many wrong ones; this one was not looked at.
        Invalid: it is not their password (`password`).
    """
    row = find_active_operator(operator_id)
    if row is None:
        raise NotFound("no such operator")
    stored, email = row.password_hash, row.email
    count_try(email, address, now=now)
    end_read()
    if not verify_password(stored, password):
        note_refusal("confirmation", row, email, address, now)
        raise Invalid(Problem("password", "password-wrong", "This is not your password."))
    forget_tries(email, address)


def change_password(
    operator_id: str, old: str, new: str, *, keep_session: str | None, address: str, now: datetime
) -> None:
    """Store another password and end every other session.

    Raises:
        NotFound: no such operator.
        TooManyTries: too many wrong ones.
        Invalid: the old one is wrong (`old_password`), or the new one is refused (`password`).
    """
    row = find_active_operator(operator_id)
    if row is None:
        raise NotFound("no such operator")
    stored, email = row.password_hash, row.email
    count_try(email, address, now=now)
    check_password(new, email=email)
    end_read()
    if not verify_password(stored, old):
        raise Invalid(Problem("old_password", "password-wrong", "This is not your present password."))
    hashed = hash_password(new)
    with transaction() as session:
        row = session.get_one(Operator, operator_id, populate_existing=True, with_for_update=True)
        row.password_hash = hashed
        ended = end_sessions(operator_id, but=keep_session, now=now)
        _record(EventName.OPERATOR_PASSWORD_CHANGED, row, Actor("operator", row.id, row.email), now, ended)


def disable_operator(email: str, *, actor: Actor, now: datetime) -> Operator:
    """Shut an operator out at once, open links for them included. A new invitation lets them in again.

    Raises:
        NotFound: no such operator.
        Conflict: `own-account`; `last-operator`: nobody could sign in any more.
    """
    with transaction():
        row = lock_active(email, actor, also_inactive=True)
        row.status = "disabled"
        end_invitations(row.email, now)
        ended = end_sessions(row.id, but=None, now=now)
        _record(EventName.OPERATOR_DISABLED, row, actor, now, ended)
        return row


def lock_active(email: str, actor: Actor, *, also_inactive: bool = False) -> Operator:
    """Return an operator who may be shut out: another active one stays. Inside `transaction()`.

    All active ones are locked, so that two who shut each other out at once do not both succeed.

    Raises:
        NotFound: no such operator.
        Conflict: `own-account`, `last-operator`; `not-active` unless `also_inactive`.
    """
    active = select(Operator.id).where(Operator.status == "active").order_by(Operator.id).with_for_update()
    others = set(db.session.scalars(active))
    row = find_operator(email)
    if row is None:
        raise NotFound("no such operator", hint="portico operator list shows them.")
    if actor.kind == "operator" and actor.id == row.id:
        raise Conflict("their own account", code="own-account", hint="Another operator does this for you.")
    if row.status != "active" and not also_inactive:
        raise Conflict("not active", code="not-active", hint="Invite them again instead.")
    if others == {row.id}:
        hint = "Nobody could sign in any more. Invite another operator first."
        raise Conflict("the last active operator", code="last-operator", hint=hint)
    return row


def note_signed_out(operator: Operator, *, now: datetime) -> None:
    """Record that somebody signed out. Does not end the session: the caller does."""
    with transaction():
        _record(EventName.OPERATOR_SIGNED_OUT, operator, Actor("operator", operator.id, operator.email), now, 1)


def end_other_sessions(operator: Operator, session_id: str, *, now: datetime) -> None:
    """End every session of the operator but this one."""
    with transaction():
        ended = end_sessions(operator.id, but=session_id, now=now)
        _record(EventName.OPERATOR_SESSION_ENDED, operator, Actor("operator", operator.id, operator.email), now, ended)


def _record(name: EventName, row: Operator, actor: Actor, now: datetime, ended: int) -> None:
    record(name, actor=actor, now=now, organization_id=None, target=row.id, details={"sessions_ended": ended})
