"""The pending sign-in is bound to its browser and connection, expires, and is consumed exactly once (rows O5, T2, P2)."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.cipher import Cipher
from app.database import db
from app.signin.models import PendingSignIn
from app.signin.pending import (
    LIFETIME,
    Pending,
    PendingUnusable,
    add_pending,
    consume_pending,
    delete_expired_pending,
)

PENDING = Pending("con-a", "org-a", "cli-a", "authorize", "t" * 32, {"nonce": "secret-nonce"}, {"state": "s"})


def add(cipher: Cipher, now: datetime) -> None:
    add_pending(cipher, PENDING, handle="handle", browser="browser", now=now)


def consume(cipher: Cipher, now: datetime, **changed: str) -> Pending:
    wanted = {"handle": "handle", "browser": "browser", "connection_id": "con-a", **changed}
    return consume_pending(cipher, now=now, **wanted)


def test_it_comes_back_whole_and_once(app_context: Flask, cipher: Cipher, now: datetime) -> None:
    add(cipher, now)
    assert consume(cipher, now) == PENDING
    with pytest.raises(PendingUnusable) as refused:
        consume(cipher, now)
    assert refused.value.code == "pending-used"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"handle": "other"}, "pending-unknown"),
        ({"browser": "other"}, "pending-other-browser"),
        ({"browser": ""}, "pending-other-browser"),
        ({"connection_id": "con-b"}, "pending-other-connection"),
    ],
)
def test_another_browser_or_connection_gets_nothing_and_uses_nothing_up(
    app_context: Flask, cipher: Cipher, now: datetime, changed: dict[str, str], code: str
) -> None:
    add(cipher, now)
    with pytest.raises(PendingUnusable) as refused:
        consume(cipher, now, **changed)
    assert refused.value.code == code
    assert consume(cipher, now) == PENDING


def test_it_expires_after_half_an_hour(app_context: Flask, cipher: Cipher, now: datetime) -> None:
    add(cipher, now)
    late = now + LIFETIME + timedelta(seconds=1)
    with pytest.raises(PendingUnusable) as refused:
        consume(cipher, late)
    assert refused.value.code == "pending-expired"
    assert delete_expired_pending(late) == 1


def test_neither_handle_nor_browser_nor_nonce_can_be_read_from_the_database(
    app_context: Flask, cipher: Cipher, now: datetime
) -> None:
    add(cipher, now)
    row = db.session.execute(select(PendingSignIn.__table__)).one()
    assert not {"handle", "browser"} & set(row)
    assert "secret-nonce" not in repr(row)


def test_of_many_callbacks_at_once_one_consumes(app: Flask, cipher: Cipher, now: datetime) -> None:
    with app.app_context():
        add(cipher, now)
    outcomes: list[str] = []
    barrier = threading.Barrier(8)

    def arrive() -> None:
        barrier.wait(5)
        with app.app_context():
            try:
                consume(cipher, now)
                outcomes.append("consumed")
            except PendingUnusable as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["consumed"] + ["pending-used"] * 7
