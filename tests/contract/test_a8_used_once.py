"""Row A8: of many simultaneous uses of one code, state, assertion or row, over four processes, exactly one succeeds.

Five rounds of 52 here; `make soak` sets PORTICO_SOAK for 200 rounds of 100.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from cryptography.fernet import Fernet
from flask import Flask

from app.cipher import Cipher
from app.database import insert_once, transaction
from app.jobs.leases import take_lease
from app.jobs.models import HostHeartbeat
from app.provider.grants import NewGrant, add_grant, consume_assertion, consume_code, find_grant_by_code
from app.signin.pending import Pending, PendingUnusable, add_pending, consume_pending
from app.signin.proofs import ProofReplayed, consume_proof
from portico_sdk import ExternalIdentity
from tests.support.race import Attempts, race
from tests.support.soak import SOAK

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROUNDS, THREADS = (200, 25) if SOAK else (5, 13)
GRANT = NewGrant(
    "cli-a", "org-a", "con-a", "sub-a", "https://tenant.example/cb", "openid", None, None, {"sub": "sub-a"}, "t" * 32
)
PENDING = Pending("con-a", "org-a", "cli-a", "authorize", "t" * 32, {}, {})
IDENTITY = ExternalIdentity("ann", "NameID", "https://idp.example", {}, "_a1", NOW + timedelta(minutes=5))


def redeem(codes: list[str], number: int) -> bool:
    """As /oauth2/token does: read first, then redeem."""
    grant = find_grant_by_code(codes[number], "cli-a")
    assert grant is not None
    return consume_code(grant, os.urandom(16).hex(), now=NOW, lifetime=timedelta(minutes=5))


def come_back(key: str, number: int) -> bool:
    """One browser, one state."""
    try:
        consume_pending(Cipher([key]), handle=f"handle-{number}", browser="browser", connection_id="con-a", now=NOW)
    except PendingUnusable:
        return False
    return True


def show_assertion(number: int) -> bool:
    """One SAML assertion or ID token."""
    try:
        with transaction():
            consume_proof("con-a", replace(IDENTITY, replay_id=f"_a{number}"), now=NOW)
    except ProofReplayed:
        return False
    return True


def authenticate_client(number: int) -> bool:
    """One private_key_jwt."""
    return consume_assertion("cli-a", f"jti-{number}", until=NOW + timedelta(minutes=5))


def insert_row(number: int) -> bool:
    """What all of these rest on."""
    with transaction():
        return insert_once(HostHeartbeat, host=f"host-{number}", seen_at=NOW)


def lease(number: int) -> bool:
    """One run of a job."""
    return take_lease(f"job-{number}", os.urandom(8).hex(), NOW, timedelta(minutes=1))


def test_a8_over_four_processes_each_is_used_exactly_once(app_context: Flask, database_url: str) -> None:
    codes = [add_grant(GRANT, now=NOW, random=os.urandom) for _ in range(ROUNDS)]
    key = Fernet.generate_key().decode()
    for number in range(ROUNDS):
        add_pending(Cipher([key]), PENDING, handle=f"handle-{number}", browser="browser", now=NOW)
    attempts: Attempts = {
        "authorization code": partial(redeem, codes),
        "pending sign-in": partial(come_back, key),
        "assertion": show_assertion,
        "client JWT": authenticate_client,
        "row": insert_row,
        "lease": lease,
    }
    once = [1] * ROUNDS
    assert race(database_url, attempts, rounds=ROUNDS, threads=THREADS) == dict.fromkeys(attempts, once)
