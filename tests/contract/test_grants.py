"""Codes and access tokens: hashed, bound, short-lived, redeemed exactly once (rows O2, O3, O10, A8), on both databases."""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.database import db
from app.provider.grants import (
    CODE_LIFETIME,
    NewGrant,
    StoredGrant,
    add_grant,
    consume_assertion,
    consume_code,
    delete_expired_grants,
    find_grant_by_code,
    find_grant_by_token,
    revoke_grant,
)
from app.provider.models import Grant

LIFETIME = timedelta(minutes=5)
NEW = NewGrant(
    client_id="cli-a",
    organization_id="org-a",
    connection_id="con-a",
    sub="sub-a",
    redirect_uri="https://tenant.example/cb",
    scope="openid",
    nonce=None,
    code_challenge=None,
    claims={"sub": "sub-a", "portico_groups": ["a", "b"]},
    trace_id="t" * 32,
)


def give(now: datetime) -> tuple[str, StoredGrant]:
    code = add_grant(NEW, now=now, random=os.urandom)
    found = find_grant_by_code(code, "cli-a")
    assert found is not None
    return code, found


def test_a_code_is_redeemed_once_and_its_token_finds_the_claims(app_context: Flask, now: datetime) -> None:
    code, grant = give(now)
    assert consume_code(grant, "token", now=now, lifetime=LIFETIME)
    assert not consume_code(grant, "another", now=now, lifetime=LIFETIME)
    found = find_grant_by_token("token", now)
    assert found is not None
    assert found.claims == NEW.claims
    assert find_grant_by_token("another", now) is None
    assert find_grant_by_code(code, "cli-a").redeemed  # type: ignore[union-attr]


def test_o3_a_code_of_one_client_is_unknown_to_another(app_context: Flask, now: datetime) -> None:
    code, _ = give(now)
    assert find_grant_by_code(code, "cli-b") is None


def test_o3_a_code_lives_for_sixty_seconds(app_context: Flask, now: datetime) -> None:
    assert timedelta(seconds=60) == CODE_LIFETIME
    _, grant = give(now)
    assert not consume_code(grant, "token", now=now + CODE_LIFETIME, lifetime=LIFETIME)


def test_o10_a_token_ends_by_time_and_by_revocation(app_context: Flask, now: datetime) -> None:
    _, grant = give(now)
    consume_code(grant, "token", now=now, lifetime=LIFETIME)
    assert find_grant_by_token("token", now + LIFETIME) is None
    revoke_grant(grant, now=now)
    assert find_grant_by_token("token", now) is None


def test_neither_code_nor_token_can_be_read_from_the_database(app_context: Flask, now: datetime) -> None:
    code, grant = give(now)
    consume_code(grant, "token-in-clear", now=now, lifetime=LIFETIME)
    stored = repr(db.session.execute(select(Grant.__table__)).all())
    assert code not in stored
    assert "token-in-clear" not in stored


def test_o2_of_many_redemptions_at_once_one_wins(app: Flask, now: datetime) -> None:
    with app.app_context():
        _, grant = give(now)
    won: list[str] = []
    barrier = threading.Barrier(10)

    def redeem(token: str) -> None:
        barrier.wait(5)
        with app.app_context():
            if consume_code(grant, token, now=now, lifetime=LIFETIME):
                won.append(token)

    threads = [threading.Thread(target=redeem, args=(f"token-{index}",)) for index in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(won) == 1
    with app.app_context():
        assert find_grant_by_token(won[0], now) is not None


def test_a_client_assertion_is_good_once(app_context: Flask, now: datetime) -> None:
    until = now + timedelta(minutes=1)
    assert consume_assertion("cli-a", "jti", until=until)
    assert not consume_assertion("cli-a", "jti", until=until)
    assert consume_assertion("cli-b", "jti", until=until)


def test_a_used_code_is_remembered_for_an_hour(app_context: Flask, now: datetime) -> None:
    _, grant = give(now)
    consume_code(grant, "token", now=now, lifetime=LIFETIME)
    assert delete_expired_grants(now + timedelta(minutes=60)) == 0
    assert delete_expired_grants(now + timedelta(minutes=66)) == 1
