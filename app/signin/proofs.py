"""The memory against replay. It lives in the database, so it holds for every worker and over restarts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from app.cipher import hash_token
from app.database import insert_once, transaction
from app.errors import SignInFailed
from app.signin.models import UsedProof
from portico_sdk import ExternalIdentity

MAX_LIFETIME = timedelta(hours=25)  # an adapter caps a proof's life at 24 hours, and skew comes on top


class ProofReplayed(SignInFailed):
    """This proof was accepted before."""

    code = "proof-replayed"


def consume_proof(connection_id: str, identity: ExternalIdentity, *, now: datetime) -> None:
    """Accept this proof now and never again. Call it inside the transaction that accepts the sign-in.

    Raises:
        ProofReplayed: it was accepted before.
        SignInFailed: it carries nothing to remember it by, or could be shown for longer than we remember.
    """
    consume_once(connection_id, identity.replay_id, identity.replay_until, now=now)


def consume_once(connection_id: str, replay_id: str, until: datetime, *, now: datetime) -> None:
    """Accept whatever a provider identifies so, now and never again, inside the transaction of what follows from it.

    Raises as `consume_proof`.
    """
    if not replay_id:
        raise SignInFailed("the adapter gave no replay_id", code="proof-unidentified")
    if not now < until <= now + MAX_LIFETIME:
        raise SignInFailed(f"the proof is good until {until}", code="proof-lifetime")
    if not insert_once(UsedProof, connection_id=connection_id, proof_hash=hash_token(replay_id), until=until):
        raise ProofReplayed("this message was accepted before")


def delete_expired_proofs(now: datetime) -> int:
    """Delete what could no longer be shown. An hour is kept on top, for a clock that was set back."""
    with transaction() as session:
        statement = delete(UsedProof).where(UsedProof.until < now - timedelta(hours=1))
        return session.execute(statement).rowcount  # type: ignore[attr-defined,no-any-return]
