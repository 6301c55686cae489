"""R3, R5: the OpenID adapter over the real guard and store, against a provider on a real socket that misbehaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.outbound import DocumentStore, Limits, OutboundGuard
from portico_oidc import OidcAdapter
from portico_oidc.testing import FakeProvider, SentRequest, fake_context, refusal_of
from portico_sdk import AdapterContext, BeginRequest, ExternalIdentity
from tests.security.loopback import Answer, Request, Server, serve

HANG_S = 5.0


@dataclass
class Stage:
    """A provider on a socket of its own; `instead` answers a path in another way."""

    server: Server
    provider: FakeProvider
    store: DocumentStore
    adapter: OidcAdapter = field(default_factory=OidcAdapter)

    def context(self) -> AdapterContext:
        now = datetime.now(UTC)
        self.provider.now = now
        settings = self.adapter.validate(self.provider.settings(), now)
        return fake_context(settings, self.store.http_for("con-1"), now=now)

    def login(self) -> ExternalIdentity:
        context = self.context()
        begun = self.adapter.begin(context, BeginRequest(handle="h"))
        return self.adapter.complete(context, self.provider.sign_in(begun))

    def refusal(self) -> str:
        started = time.monotonic()
        code = refusal_of(self.login)
        assert time.monotonic() - started < HANG_S
        return code


@pytest.fixture
def instead() -> dict[str, Answer]:
    return {}


@pytest.fixture
def stage(app_context: Flask, instead: dict[str, Answer]) -> Iterator[Stage]:
    providers: list[FakeProvider] = []

    def answer(request: Request) -> Answer:
        if request.path in instead:
            return instead[request.path]
        [provider] = providers
        sent = SentRequest(request.method, provider.issuer + request.path, request.headers, request.body)
        said = provider.answer(sent)
        return Answer(said.body, said.status, dict(said.headers))

    with serve(answer) as server:
        providers.append(FakeProvider(f"http://idp.localhost:{server.port}"))
        guard = OutboundGuard(
            allow=frozenset({providers[0].issuer}), development=True, resolver=unasked, limits=Limits(deadline_s=0.3)
        )
        yield Stage(server, providers[0], DocumentStore(guard, lambda: datetime.now(UTC)))
        guard.close()


def unasked(host: str, port: int) -> list[str]:
    raise AssertionError(f"DNS was asked for {host}")


def test_a_whole_sign_in(stage: Stage) -> None:
    """Discovery, keys, token and userinfo over one connection, to `*.localhost` without DNS and without variables."""
    assert stage.login().subject == "alice"
    paths = [request.path for request in stage.server.requests]
    assert paths == ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"]
    assert len({request.client for request in stage.server.requests}) == 1
    assert stage.login().subject == "alice"
    assert [request.path for request in stage.server.requests[4:]] == ["/token", "/userinfo"]


def drip(write: Callable[[bytes], None]) -> None:
    write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n")
    for _ in range(20):
        time.sleep(0.05)
        write(b" ")


def endless(write: Callable[[bytes], None]) -> None:
    while True:
        write(b"x" * 65536)


HOSTILE = {
    "HTML": (Answer(b"<html>", 200, {"Content-Type": "text/html"}), "token-malformed"),
    "10 GB": (Answer(b"", 200, {"Content-Length": str(10 * 1024**3)}, stream=endless), "outbound-too-large"),
    "302": (Answer(b"", 302, {"Location": "http://169.254.169.254/"}), "token-malformed"),
    "307": (Answer(b"", 307, {"Location": "http://127.0.0.1:1/token"}), "token-malformed"),
    "slowloris": (Answer(raw=drip), "outbound-timeout"),
    "silence": (Answer(raw=lambda write: time.sleep(1)), "outbound-timeout"),
    "hang-up": (Answer(raw=lambda write: None), "outbound-connection"),
}


@pytest.mark.parametrize("answer", HOSTILE)
def test_hostile_token_endpoint(stage: Stage, instead: dict[str, Answer], answer: str) -> None:
    """R3: each is refused within the limits; no secret follows a redirect."""
    instead["/token"], code = HOSTILE[answer]
    assert stage.refusal() == code
    assert [request.path for request in stage.server.requests][-1] == "/token"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/userinfo"])
@pytest.mark.parametrize("answer", HOSTILE)
def test_hostile_documents(stage: Stage, instead: dict[str, Answer], path: str, answer: str) -> None:
    """R3: the same for discovery, keys and userinfo."""
    instead[path] = HOSTILE[answer][0]
    assert stage.refusal() in (
        "outbound-document", "userinfo-refused", "userinfo-malformed",
        "outbound-timeout", "outbound-too-large", "outbound-connection",
    )  # fmt: skip
