"""Global Token Revocation at the stand-in: what the token has to be (facts about Auth0, section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.demo.standin.behaviour import Behaviour
from app.demo.standin.failures import LoginFailed
from app.demo.standin.logout.revocation import RevocationRefused, Revocations
from app.demo.standin.profile import User
from app.demo.standin.sessions import Session, Sessions
from app.demo.standin.tenant.state import Tenant
from tests.support.clock import SettableClock

ISSUER = "https://sso.example.com"
URL = "https://tenant.example/oauth/global-token-revocation/connection/portico"
KEY, OTHER = (RSAKey.generate_key(2048, private=True) for _ in range(2))
SUBJECT = {"format": "iss_sub", "iss": ISSUER, "sub": "usr-1"}


class FakeUpstream:
    """The provider's keys."""

    def keys(self, jwks_uri: str) -> FakeUpstream:
        assert jwks_uri == f"{ISSUER}/jwks"
        return self

    def find(self, header: dict[str, Any]) -> RSAKey:
        if header.get("kid") != "k":
            raise LoginFailed("no applicable keys found")
        return KEY


class Stage:
    """A tenant with one user, signed in twice by a linked identity, and another user."""

    def __init__(self) -> None:
        self.clock = SettableClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
        counter = iter(range(1_000_000))

        def random(size: int) -> bytes:
            return next(counter).to_bytes(size, "big")

        self.tenant = Tenant("https://tenant.example", self.clock, random)
        self.sessions = Sessions(self.clock, random)
        options = {"client_id": "cli-1", "issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks"}
        record = {"id": "con_1", "name": "portico", "strategy": "oidc", "options": options}
        self.tenant.connections.add(record)
        self.tenant.connections.add({"id": "con_2", "name": "acme", "strategy": "samlp", "options": {}})
        users = self.tenant.users
        old = users.add("samlp|acme|ada", "acme", {}, self.clock())
        users.link(old, users.add("oidc|portico|usr-1", "portico", {}, self.clock()))
        users.add("oidc|portico|usr-2", "portico", {}, self.clock())
        self.handles = [
            self.sign_in("samlp|acme|ada"),
            self.sign_in("samlp|acme|ada"),
            self.sign_in("oidc|portico|usr-2"),
        ]
        self.revocations = Revocations(self.tenant, FakeUpstream(), self.sessions)  # type: ignore[arg-type]

    def sign_in(self, user_id: str) -> str:
        return self.sessions.put(Session(User(user_id, {}, (), self.clock()), "con_1", user_id))

    def token(self, key: RSAKey = KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
        now = int(self.clock().timestamp())
        claims = {"iss": ISSUER, "sub": "cli-1", "aud": URL, "jti": "j-1", "iat": now, "exp": now + 300} | changes
        sent = {"alg": "RS256", "kid": "k", "typ": "global-token-revocation+jwt"} | (header or {})
        return jwt.encode(sent, {name: value for name, value in claims.items() if value is not None}, key, ["RS256"])

    def revoke(self, token: str, subject: object = SUBJECT, name: str = "portico") -> None:
        self.revocations.revoke(name, URL, f"Bearer {token}", {"subject": subject})

    def alive(self) -> list[bool]:
        return [self.sessions.find(handle) is not None for handle in self.handles]


def test_it_ends_every_session_of_the_user_and_nobody_elses() -> None:
    """Also where the subject's identity is a linked one; the log says so."""
    stage = Stage()
    stage.revoke(stage.token())
    assert stage.alive() == [False, False, True]
    (entry,) = stage.tenant.log.entries()
    assert (entry.type, entry.user_id) == ("universal_logout_succeeded", "samlp|acme|ada")


def test_a_subject_whom_the_tenant_does_not_know_is_no_error() -> None:
    """There is nothing to end."""
    stage = Stage()
    stage.revoke(stage.token(), SUBJECT | {"sub": "usr-9"})
    assert stage.alive() == [True, True, True]


@pytest.mark.parametrize(
    "make",
    [
        lambda stage: stage.token(OTHER),
        lambda stage: stage.token(header={"kid": "other"}),
        lambda stage: stage.token(header={"typ": "JWT"}),
        lambda stage: stage.token(header={"typ": "logout+jwt"}),
        lambda stage: stage.token(iss=f"{ISSUER}/"),
        lambda stage: stage.token(sub="cli-2"),
        lambda stage: stage.token(aud="https://tenant.example/"),
        lambda stage: stage.token(aud=[URL, "https://other.example/"]),
        lambda stage: stage.token(jti=None),
        lambda stage: stage.token(exp=None),
        lambda stage: stage.token(iat=None),
        lambda stage: stage.token(exp=int(stage.clock().timestamp()) + 301),
        lambda stage: stage.token(exp=int(stage.clock().timestamp()), iat=int(stage.clock().timestamp()) - 10),
        lambda stage: stage.token(iat=int(stage.clock().timestamp()) + 60, exp=int(stage.clock().timestamp()) + 120),
        lambda stage: "not.a.token",
        lambda stage: "",
    ],
)
def test_a_token_that_proves_nothing_ends_nothing(make: Callable[[Stage], str]) -> None:
    """Signature, kid, typ, iss, sub, aud, jti, and a life of at most five minutes: 401, and the log says why."""
    stage = Stage()
    with pytest.raises(RevocationRefused) as refused:
        stage.revoke(make(stage))
    assert refused.value.status == 401
    assert stage.alive() == [True, True, True]
    assert stage.tenant.log.entries()[0].type == "universal_logout_failed"


def test_a_token_works_once() -> None:
    """`jti` is remembered until the token is over."""
    stage = Stage()
    token = stage.token()
    stage.revoke(token)
    with pytest.raises(RevocationRefused, match="used before"):
        stage.revoke(token)


@pytest.mark.parametrize(
    "subject",
    [
        None,
        "usr-1",
        {"format": "email", "email": "a@b.example"},
        {"format": "iss_sub", "iss": ISSUER},
        {"format": "iss_sub", "iss": ISSUER, "sub": ""},
        {"format": "iss_sub", "iss": "https://other.example", "sub": "usr-1"},
    ],
)
def test_a_subject_has_to_be_of_this_issuer(subject: object) -> None:
    """400: another format, or another issuer's person."""
    stage = Stage()
    with pytest.raises(RevocationRefused) as refused:
        stage.revoke(stage.token(), subject)
    assert refused.value.status == 400
    assert stage.alive() == [True, True, True]


def test_only_oidc_connections_of_this_tenant_take_it() -> None:
    """400 for an unknown connection, another strategy, and on a tenant that takes none ([U] f)."""
    stage = Stage()
    for name in ("acme", "unknown"):
        with pytest.raises(RevocationRefused) as refused:
            stage.revoke(stage.token(), name=name)
        assert refused.value.status == 400
    stage.tenant.behaviour = Behaviour(revocation="refused")
    with pytest.raises(RevocationRefused) as refused:
        stage.revoke(stage.token())
    assert refused.value.status == 400
