"""Row M11: a dump of the database gives no secret away, and every ciphertext moves to a new encryption key."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyotp
import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import text, update

from app.access.operators import Enrolment, Invitations
from app.auth0.tenant import Credentials
from app.auth0.trust import Decisions, store_decisions
from app.cipher import CannotDecrypt, Cipher
from app.crypto import seal_anew
from app.crypto.jwk import ALGORITHMS
from app.crypto.resealing import SEALED
from app.database import db, transaction
from app.gateway import Gateway
from app.migrations.tables import load_tables
from app.provider.grants import NewGrant, add_grant
from app.signin.pending import Pending, add_pending
from app.signin.sessions import add_session
from tests.support.clock import SettableClock
from tests.support.finished import finished_sign_in
from tests.support.whole_app import OPERATOR, Api, whole_app

CIPHERTEXT = re.compile(r"gAAAA[\w=-]{40,}")
OIDC = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "s3cret-of-the-idp"}


@dataclass
class Installation:
    """An application in which one of everything that is secret was stored."""

    app: Flask
    gateway: Gateway
    secrets: list[str]
    connection_id: str


@pytest.fixture
def installation(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Installation]:
    with whole_app(database_url, clock, tmp_path) as app, app.app_context():
        gateway: Gateway = app.extensions["portico"]
        gateway.keys.ensure(clock())
        api = Api(app, clock)
        client = api.ok(
            "POST",
            "/clients",
            {
                "name": "Auth0",
                "redirect_uris": ["https://tenant.example/login/callback"],
                "token_endpoint_auth_method": "client_secret_post",
            },
            headers={"Idempotency-Key": "once"},
        )
        organization = api.ok("POST", "/organizations", {"name": "Halden Freight"})
        made = api.ok("POST", f"/organizations/{organization['id']}/connections", {"adapter": "oidc", "settings": OIDC})
        changed = {"settings": {**OIDC, "client_secret": "s3cret-number-two"}}
        api.ok("PATCH", f"/connections/{made['id']}", changed)  # the version before is kept, too
        api.ok("POST", f"/connections/{made['id']}/activate", {"skip_test": True})
        drafted = {"settings": {"client_secret": "s3cret-of-the-draft"}}
        api.ok("PATCH", f"/connections/{made['id']}/draft", drafted)
        link = {"features": ["sso"], "contact": "mira@halden.example", "send": True}  # a mail with its address waits
        token = api.ok("POST", f"/organizations/{organization['id']}/setup-links", link)["url"].rsplit("/", 1)[1]
        visit, cookie = gateway.setup_links.exchange(token, now=clock())
        gateway.setup_links.send_code(visit, now=clock())
        changed_secrets = ["s3cret-of-the-draft", token, cookie, *enrol_operator(gateway.cipher, clock())]
        secrets = [*changed_secrets, api.key, client["client_secret"], OIDC["client_secret"], "s3cret-number-two"]
        secrets += store_sign_in(gateway.cipher, clock())
        decided = Decisions("https://acme.eu.auth0.com", "https://sso.example.com/")
        machine = Credentials("m2m", "s3cret-of-the-machine")
        store_decisions(decided, machine, gateway.cipher, actor=OPERATOR, now=clock())
        secrets.append(machine.client_secret)
        for alg in ALGORITHMS:
            private = gateway.keys.current(alg, clock()).key.as_dict(private=True)
            secrets += [str(private[name]) for name in ("d", "p", "q", "dp", "dq", "qi") if name in private]
        yield Installation(app, gateway, secrets, made["id"])


def enrol_operator(cipher: Cipher, now: datetime) -> list[str]:
    """An operator; what nobody may read of them, nor of their link."""
    invitations = Invitations(cipher, "https://sso.example.com")
    link = invitations.invite("vera@yourcompany.example", actor=OPERATOR, now=now).rsplit("/", 1)[1]
    secret = invitations.find(link, now=now).totp_secret
    said = Enrolment("", "Vera", "seven quiet harbours", pyotp.TOTP(secret).at(now))
    return ["seven quiet harbours", link, secret, *invitations.enrol(link, said, now=now)]


def store_sign_in(cipher: Cipher, now: datetime) -> list[str]:
    """A sign-in under way and a code that was issued; what nobody may read of them."""
    pending = Pending("con-a", "org-a", "cli-a", "authorize", "t" * 32, {"nonce": "s3cret-nonce"}, {"state": "s3cret"})
    add_pending(cipher, pending, handle="s3cret-handle", browser="s3cret-browser", now=now)
    code = add_grant(
        NewGrant("cli-a", "org-a", "con-a", "sub", "https://a.example", "openid", None, None, {}, "t" * 32),
        now=now,
        random=os.urandom,
    )
    finished = finished_sign_in(now, logout_state={"id_token": "s3cret-id-token"})
    with transaction():
        add_session(cipher, finished, trust="1.1", token="s3cret-session", earlier=None, now=now)
    return ["s3cret-nonce", "s3cret-handle", "s3cret-browser", code, "s3cret-session", "s3cret-id-token"]


def dump() -> dict[tuple[str, str], list[str]]:
    """Every value of the database as text, by table and column."""
    db.session().commit()
    return {
        (table.name, column.name): [str(row[0]) for row in db.session().execute(text(f"SELECT {column} FROM {table}"))]
        for table in load_tables().sorted_tables
        for column in table.columns
    }


def test_m11_no_secret_is_in_a_dump_of_the_database(installation: Installation) -> None:
    everything = json.dumps(list(dump().values()))
    assert [secret for secret in installation.secrets if secret in everything] == []
    assert "PRIVATE KEY" not in everything


@pytest.mark.databases("sqlite")
def test_m11_no_secret_is_in_the_files_of_sqlite(installation: Installation) -> None:
    """Also not in pages that were freed, or in the write-ahead log."""
    path = Path(str(db.engine.url.database))
    content = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert len(content) > 100_000
    assert [secret for secret in installation.secrets if secret.encode() in content] == []


def test_m11_every_column_with_a_ciphertext_is_known_to_the_command_that_seals_anew(
    installation: Installation,
) -> None:
    found = {place for place, values in dump().items() if any(CIPHERTEXT.fullmatch(value) for value in values)}
    assert found == set(SEALED)


def test_m11_sealing_anew_moves_every_secret_to_the_newest_key(installation: Installation) -> None:
    before = {place: values for place, values in dump().items() if place in SEALED}
    old = installation.gateway.settings.encryption_keys[0]
    new = Fernet.generate_key().decode()
    done = seal_anew(Cipher([new, old]))
    assert done == {f"{table}.{column}": len(values) for (table, column), values in before.items()}
    assert min(done.values()) > 0
    for table, column in SEALED:
        for value in dump()[table, column]:
            assert Cipher([new]).rotate(value)
            with pytest.raises(CannotDecrypt):
                Cipher([old]).rotate(value)


def test_m11_a_value_that_no_key_opens_stops_it_and_it_can_be_called_again(installation: Installation) -> None:
    connections = load_tables().tables["connections"]
    old, new = installation.gateway.settings.encryption_keys[0], Fernet.generate_key().decode()
    right = dump()["connections", "sp_keys"][0]
    foreign = Cipher([Fernet.generate_key().decode()]).encrypt(b"x", context="elsewhere")
    for value, works in ((foreign, False), (right, True)):
        with transaction() as session:
            session.execute(update(connections).values(sp_keys=value))
        if works:
            assert seal_anew(Cipher([new, old]))["connections.sp_keys"] == 1
        else:
            with pytest.raises(CannotDecrypt):
                seal_anew(Cipher([new, old]))


def test_m11_more_rows_than_one_batch_are_sealed(installation: Installation, now: datetime) -> None:
    old, new = installation.gateway.settings.encryption_keys[0], Fernet.generate_key().decode()
    pending = Pending("con-a", "org-a", "cli-a", "authorize", "t" * 32, {}, {})
    with transaction():
        for number in range(450):
            add_pending(Cipher([old]), pending, handle=f"more-{number}", browser="b", now=now)
    assert seal_anew(Cipher([new, old]))["pending_sign_ins.sealed"] == 451
