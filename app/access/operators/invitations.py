"""One-time links that make operators: by the command line, and on an empty database the very first."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update

from app.access.operators.accounts import lock_active
from app.access.operators.models import Operator, OperatorInvitation
from app.access.operators.passwords import check_password, hash_password
from app.access.operators.second_factor import find_totp_step, make_recovery_codes, make_totp_secret, totp_uri
from app.access.operators.sessions import end_sessions
from app.audit import Actor, EventName, record
from app.cipher import Cipher, hash_token
from app.database import db, new_id, transaction
from app.errors import Invalid, NotFound, Problem
from app.mail import parse_address

GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that is still good, and what its page shows. `email` None: the first operator, who says it there."""

    id: str
    email: str | None
    totp_secret: str = field(repr=False)
    totp_uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What somebody typed on the enrolment page."""

    email: str
    name: str
    password: str = field(repr=False)
    code: str = field(repr=False)


class Invitations:
    """The links, their pages' data, and their use. Secrets of authenticators are sealed."""

    def __init__(self, cipher: Cipher, base_url: str, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._cipher = cipher
        self._base_url = base_url
        self._random = random

    def invite(self, email: str, *, actor: Actor, now: datetime) -> str:
        """Return a link that works once within a day; an earlier one for this address is dead.

        For somebody who is an operator already it replaces password and second factor when it is used.

        Raises:
            Invalid: not an e-mail address.
        """
        return self._add(parse_address(email).lower(), actor, now)

    def invite_first(self, *, actor: Actor, now: datetime) -> str | None:
        """Return a link for the very first operator, or None when there is one already. An earlier one is dead."""
        return None if _is_somebody() else self._add(None, actor, now)

    def reset_second_factor(self, email: str, *, actor: Actor, now: datetime) -> str:
        """Shut an operator out until they used the link that is returned, and make password and codes worthless now.

        For a lost phone, or one in wrong hands: unlike `invite` it does not wait for the link to be used.

        Raises:
            NotFound: no such operator.
            Conflict: `own-account`; `last-operator`; `not-active`.
        """
        with transaction():
            row = lock_active(email, actor)
            row.status, row.recovery_codes = "reset", []
            unknown = make_totp_secret(self._random)
            row.totp_secret = self._cipher.encrypt(unknown.encode(), context=f"operators/{row.id}/totp")
            ended = end_sessions(row.id, but=None, now=now)
            record(
                EventName.OPERATOR_SECOND_FACTOR_RESET,
                actor=actor,
                now=now,
                organization_id=None,
                target=row.id,
                details={"sessions_ended": ended},
            )
            return self._add(row.email, actor, now)

    def find(self, token: str, *, now: datetime) -> Invitation:
        """Return what the link's page shows, and change nothing. Raises NotFound for every link that is not good."""
        row = _good(token, now)
        secret = self._cipher.decrypt(row.totp_secret, context=_context(row.id)).decode()
        host = self._base_url.split("//")[1]
        return Invitation(row.id, row.email, secret, totp_uri(secret, row.email or "operator", f"Portico {host}"))

    def enrol(self, token: str, said: Enrolment, *, now: datetime) -> list[str]:
        """Use the link: store the operator, end sessions they had, and return their recovery codes, shown once.

        Raises:
            NotFound: the link is not good, or was used meanwhile.
            Invalid: name, address, password or code; each that is wrong is named, and the link stays good.
        """
        found = self.find(token, now=now)
        email = _check(said, found)
        step = find_totp_step(found.totp_secret, said.code, after=0, now=now)
        if step is None:
            raise Invalid(Problem("code", "code-wrong", "Type the six digits that your app shows at this moment."))
        hashed = hash_password(said.password)
        with transaction():
            row = _good(token, now, lock=True)
            row.used_at = now
            return self._store(email, said.name.strip(), hashed, found.totp_secret, step, now)

    def _store(self, email: str, name: str, hashed: str, secret: str, step: int, now: datetime) -> list[str]:
        session = db.session()
        row = session.scalars(select(Operator).where(Operator.email == email).with_for_update()).one_or_none()
        operator_id = row.id if row else new_id("opr")
        codes, hashes = make_recovery_codes(operator_id, self._random)
        if row is None:
            row = Operator(id=operator_id, email=email, language=None, created_at=now, last_signed_in_at=None)
            session.add(row)
        row.name, row.status, row.password_hash = name, "active", hashed
        row.totp_secret = self._cipher.encrypt(secret.encode(), context=f"operators/{operator_id}/totp")
        row.totp_last_step, row.recovery_codes, row.enrolled_at = step, hashes, now
        session.flush()
        end_sessions(operator_id, but=None, now=now)
        record(
            EventName.OPERATOR_ENROLLED,
            actor=Actor("operator", operator_id, email),
            now=now,
            organization_id=None,
            target=operator_id,
            details={"again": row.created_at != now},
        )
        return codes

    def _add(self, email: str | None, actor: Actor, now: datetime) -> str:
        token, invitation_id = secrets.token_urlsafe(32), new_id("inv")
        sealed = self._cipher.encrypt(make_totp_secret(self._random).encode(), context=_context(invitation_id))
        with transaction() as session:
            same = OperatorInvitation.email.is_(None) if email is None else OperatorInvitation.email == email
            session.execute(
                update(OperatorInvitation).where(same, OperatorInvitation.used_at.is_(None)).values(used_at=now)
            )
            session.add(
                OperatorInvitation(
                    id=invitation_id,
                    token_hash=hash_token(token),
                    email=email,
                    totp_secret=sealed,
                    created_at=now,
                    expires_at=now + GOOD_FOR,
                    used_at=None,
                )
            )
            record(
                EventName.OPERATOR_INVITED,
                actor=actor,
                now=now,
                organization_id=None,
                target=invitation_id,
                details={"first": email is None},
                personal={"email": email or ""},
            )
        return f"{self._base_url}/console/enrol/{token}"


def _check(said: Enrolment, found: Invitation) -> str:
    """Return the address that the operator gets. Raises Invalid with everything that is wrong but the code."""
    problems: list[Problem] = []
    email = found.email or ""
    try:
        email = found.email or parse_address(said.email).lower()
    except Invalid as error:
        problems += error.problems
    if not said.name.strip() or len(said.name) > 200 or not said.name.isprintable():
        problems.append(Problem("name", "name-syntax", "A name has 1 to 200 characters on one line."))
    try:
        check_password(said.password, email=email or said.email)
    except Invalid as error:
        problems += error.problems
    if problems:
        raise Invalid(*problems)
    return email


def _good(token: str, now: datetime, *, lock: bool = False) -> OperatorInvitation:
    query = select(OperatorInvitation).where(
        OperatorInvitation.token_hash == hash_token(token[:200]),
        OperatorInvitation.used_at.is_(None),
        OperatorInvitation.expires_at > now,
        or_(OperatorInvitation.email.is_not(None), ~exists(select(Operator.id))),
    )
    found = db.session.scalars(
        (query.with_for_update() if lock else query).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound("no such link, or it is over")
    return found


def _is_somebody() -> bool:
    return db.session.scalar(select(Operator.id).limit(1)) is not None


def _context(invitation_id: str) -> str:
    return f"operator_invitations/{invitation_id}/totp"
