"""How often anybody may try: counted in the database before a secret is looked at, so that parallel tries count too.

By account and address together it is few; by account alone and by address alone more, so that a stranger who knows an
operator's address cannot keep that operator out from elsewhere by a handful of tries.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, update

from app.access.operators.models import SignInTries
from app.cipher import hash_token
from app.database import insert_once, transaction
from app.errors import TooManyRequests

WINDOW = timedelta(minutes=15)
FOR_BOTH, FOR_ACCOUNT, FOR_ADDRESS = 10, 20, 60
_AGAIN = 5


class TooManyTries(TooManyRequests):
    """Too many tries for this account or from this address; what was typed was not looked at."""

    code = "too-many-tries"
    public = "There were too many tries. Wait 15 minutes, then sign in again."


def count_try(account: str, address: str, *, now: datetime) -> None:
    """Count one try. Raises TooManyTries when it is one too many; the secret must not be looked at then.

    Args:
        account: e-mail address as typed, known or not: both are counted alike.
    """
    with transaction():
        counts = [(_count(key, now), most) for key, most in _keys(account, address)]
    if any(tries > most for tries, most in counts):
        raise TooManyTries(f"{max(tries for tries, _ in counts)} tries in 15 minutes")


def forget_tries(account: str, address: str) -> None:
    """Forget the tries of somebody who signed in: of this account from this address, and of no other."""
    with transaction() as session:
        session.execute(delete(SignInTries).where(SignInTries.key == _keys(account, address)[0][0]))


def delete_old_tries(now: datetime) -> None:
    """Delete counts whose window is over."""
    with transaction() as session:
        session.execute(delete(SignInTries).where(SignInTries.since < now - WINDOW))


def _keys(account: str, address: str) -> tuple[tuple[str, int], ...]:
    name = account.strip().casefold()[:320]
    return (
        (hash_token(f"both\0{name}\0{address}"), FOR_BOTH),
        (hash_token(f"account\0{name}"), FOR_ACCOUNT),
        (hash_token(f"address\0{address}"), FOR_ADDRESS),
    )


def _count(key: str, now: datetime) -> int:
    """Return which try this is. A row that somebody who signed in deletes meanwhile is made again."""
    with transaction() as session:
        for _ in range(_AGAIN):
            insert_once(SignInTries, key=key, tries=0, since=now)
            old = SignInTries.since <= now - WINDOW
            session.execute(update(SignInTries).where(SignInTries.key == key, old).values(tries=0, since=now))
            counted = update(SignInTries).where(SignInTries.key == key).values(tries=SignInTries.tries + 1)
            tries = session.execute(counted.returning(SignInTries.tries)).scalar_one_or_none()
            if tries is not None:
                return int(tries)
    raise TooManyTries("the count was deleted each time")
