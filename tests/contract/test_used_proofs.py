"""Replay memory (row P1): a proof signs somebody in once, over workers and restarts, also after the clock went back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.database import transaction
from app.errors import SignInFailed
from app.signin.proofs import MAX_LIFETIME, ProofReplayed, consume_proof, delete_expired_proofs
from portico_sdk import ExternalIdentity


def identity(now: datetime, replay_id: str = "_a1", until: timedelta = timedelta(minutes=5)) -> ExternalIdentity:
    return ExternalIdentity("ada", "NameID", "https://idp.example", {}, replay_id, now + until)


def accept(now: datetime, connection_id: str = "con-a", **changed: object) -> None:
    with transaction():
        consume_proof(connection_id, identity(now, **changed), now=now)  # type: ignore[arg-type]


def test_the_second_use_is_refused(app_context: Flask, now: datetime) -> None:
    accept(now)
    with pytest.raises(ProofReplayed):
        accept(now)


def test_connections_do_not_share_their_memory(app_context: Flask, now: datetime) -> None:
    accept(now)
    accept(now, "con-b")


def test_a_proof_without_an_identifier_is_refused(app_context: Flask, now: datetime) -> None:
    with pytest.raises(SignInFailed, match="replay_id"):
        accept(now, replay_id="")


@pytest.mark.parametrize("until", [timedelta(0), timedelta(seconds=-1), MAX_LIFETIME + timedelta(seconds=1)])
def test_a_proof_that_could_be_shown_longer_than_we_remember_is_refused(
    app_context: Flask, now: datetime, until: timedelta
) -> None:
    with pytest.raises(SignInFailed):
        accept(now, until=until)


def test_a_refusal_in_the_same_transaction_leaves_the_proof_unused(app_context: Flask, now: datetime) -> None:
    def accept_and_fail() -> None:
        with transaction():
            consume_proof("con-a", identity(now), now=now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        accept_and_fail()
    accept(now)


def test_what_expired_is_forgotten_an_hour_later_and_not_before(app_context: Flask, now: datetime) -> None:
    accept(now)
    assert delete_expired_proofs(now + timedelta(minutes=64)) == 0
    assert delete_expired_proofs(now + timedelta(minutes=66)) == 1
