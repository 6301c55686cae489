"""Signing in to the console in two steps: password, then a code. Every try is counted first, and audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from app.access.operators.models import Operator
from app.access.operators.passwords import hash_password, is_outdated, verify_password
from app.access.operators.second_factor import find_recovery_code, find_totp_step
from app.access.operators.throttle import count_try, forget_tries
from app.audit import Actor, EventName, record
from app.cipher import Cipher
from app.database import db, end_read, transaction
from app.errors import Unauthorized


class Refused(Unauthorized):
    """The same for an unknown account, a wrong password, a wrong code and a disabled operator."""

    code = "sign-in-refused"
    public = "That did not match."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in."""

    operator_id: str
    by_recovery_code: bool
    codes_left: int


class SignIn:
    """Both steps. Neither makes a session: the caller does, with a new token."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def check_password(self, email: str, password: str, *, address: str, now: datetime) -> str:
        """Return the id of the operator whose password this is. Nobody is signed in by it.

        Raises:
            TooManyTries: nothing was looked at.
            Refused: otherwise, after the same work for a known account and an unknown one.
        """
        count_try(email, address, now=now)
        row = find_operator(email)
        stored = row.password_hash if row else None
        end_read()
        right = verify_password(stored, password)
        if row is None or stored is None or not right or row.status != "active":
            note_refusal("password", row, email, address, now)
            raise Refused("wrong password, or nobody")
        if is_outdated(stored):
            fresh = hash_password(password)
            with transaction() as session:
                same = (Operator.id == row.id, Operator.password_hash == stored)
                session.execute(update(Operator).where(*same).values(password_hash=fresh))
        return row.id

    def check_code(self, operator_id: str, code: str, *, address: str, now: datetime) -> SignedIn:
        """Return who signed in: the code is used up by it. Call it only after `check_password` gave this id.

        Raises:
            TooManyTries: nothing was looked at.
            Refused: the code is wrong, or was used, or the operator may not sign in any more.
        """
        email = db.session.scalar(select(Operator.email).where(Operator.id == operator_id)) or ""
        count_try(email, address, now=now)
        with transaction() as session:
            row = session.get(Operator, operator_id, populate_existing=True, with_for_update=True)
            if row is not None and row.status == "active" and (signed_in := self._use_code(row, code, now)):
                row.last_signed_in_at = now
                record(
                    EventName.OPERATOR_SIGNED_IN,
                    actor=Actor("operator", row.id, row.email),
                    now=now,
                    organization_id=None,
                    target=row.id,
                    details={"second_factor": "recovery" if signed_in.by_recovery_code else "totp"},
                    personal={"address": address},
                )
                forget_tries(row.email, address)
                return signed_in
        note_refusal("code", row, email, address, now)
        raise Refused("wrong code")

    def _use_code(self, row: Operator, code: str, now: datetime) -> SignedIn | None:
        secret = self._cipher.decrypt(row.totp_secret, context=f"operators/{row.id}/totp").decode()
        step = find_totp_step(secret, code, after=row.totp_last_step, now=now)
        if step is not None:
            row.totp_last_step = step
            return SignedIn(row.id, False, len(row.recovery_codes))
        used = find_recovery_code(row.id, code, row.recovery_codes)
        if used is None:
            return None
        row.recovery_codes = [kept for kept in row.recovery_codes if kept != used]
        return SignedIn(row.id, True, len(row.recovery_codes))


def find_operator(email: str) -> Operator | None:
    """Return the operator of this address, disabled or not."""
    query = select(Operator).where(Operator.email == email.strip().lower()[:320])
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def note_refusal(step: str, row: Operator | None, email: str, address: str, now: datetime) -> None:
    """Record that a secret was wrong; `step` says which was asked for."""
    with transaction():
        record(
            EventName.OPERATOR_REFUSED,
            actor=Actor("system", "console"),
            now=now,
            organization_id=None,
            target=row.id if row else "unknown",
            details={"step": step},
            personal={"email": email[:320], "address": address},
        )
