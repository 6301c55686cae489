"""The client of Auth0's Management API: paging, patience within a budget, errors with a type each (facts, section 3)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.auth0.errors import (
    Auth0Busy,
    Auth0Conflict,
    Auth0CredentialsRefused,
    Auth0NotFound,
    Auth0Refused,
    Auth0ScopesMissing,
    Auth0Unreachable,
)
from app.auth0.origin import parse_origin
from app.auth0.pace import Pace
from app.auth0.tenant import MAX_TRIES, Credentials, Tenant
from app.errors import Invalid
from portico_sdk import HttpResponse, ProviderUnreachable
from tests.support.clock import SettableClock

ORIGIN = "https://acme.eu.auth0.com"


@dataclass
class Answers:
    """A tenant that answers what it is told to, one after the other, and notes what it was asked."""

    queue: list[Any] = field(default_factory=list)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    tokens: int = 0

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, data: bytes | None = None
    ) -> HttpResponse:
        if url.endswith("/oauth/token"):
            self.tokens += 1
            return answer({"access_token": f"token-{self.tokens}", "scope": "read:connections read:logs"})
        self.asked.append((method, url.removeprefix(f"{ORIGIN}/api/v2"), json.loads(data) if data else None))
        found = self.queue.pop(0)
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, HttpResponse)
        return found


def answer(body: Any, status: int = 200, **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status, named, b"" if body is None else json.dumps(body).encode())


def refusal(status: int, message: str, code: str = "") -> HttpResponse:
    return answer({"statusCode": status, "error": "x", "message": message, "errorCode": code}, status)


@dataclass
class Asked:
    tenant: Tenant
    answers: Answers
    clock: SettableClock
    waited: list[float]


@pytest.fixture
def asked(clock: SettableClock) -> Iterator[Asked]:
    waited: list[float] = []
    answers = Answers()

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock.advance(seconds)

    tenant = Tenant(ORIGIN, Credentials("m2m", "very-secret"), answers, Pace(clock, sleep, 60.0))
    yield Asked(tenant, answers, clock, waited)
    assert answers.queue == []


def test_the_audience_is_that_of_the_tenants_own_domain(asked: Asked) -> None:
    assert asked.tenant.audience == "https://acme.eu.auth0.com/api/v2/"


def test_a_list_is_read_checkpoint_by_checkpoint(asked: Asked) -> None:
    """Section 3.4: `from` and `take`, until there is no `next`."""
    asked.answers.queue = [answer({"connections": [{"id": 1}], "next": "p2"}), answer({"connections": [{"id": 2}]})]
    found = list(asked.tenant.list("/connections", "connections", {"strategy": ["oidc", "samlp"]}, take=1))
    assert found == [{"id": 1}, {"id": 2}]
    first, second = (dict(parse_qsl(urlsplit(path).query)) for _, path, _ in asked.answers.asked)
    assert (first["take"], second["from"]) == ("1", "p2")
    assert asked.answers.asked[0][1].count("strategy=") == 2


def test_a_list_that_never_ends_does_not_hold_us(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.auth0.tenant.MAX_PAGES", 3)
    asked.answers.queue = [answer({"connections": [], "next": "again"})] * 3
    with pytest.raises(Auth0Refused):
        list(asked.tenant.list("/connections", "connections"))


def test_429_waits_until_the_reset_that_the_tenant_says(asked: Asked) -> None:
    reset = str(int(asked.clock().timestamp()) + 7)
    asked.answers.queue = [answer(None, 429, x_ratelimit_reset=reset), answer([])]
    asked.tenant.patch("/connections/con_1", {})
    assert asked.waited == [7.0]


@pytest.mark.parametrize("reset", ["", "soon", "1", "-5"])
def test_429_without_a_usable_reset_waits_ever_longer(asked: Asked, reset: str) -> None:
    asked.answers.queue = [answer(None, 429, x_ratelimit_reset=reset), answer(None, 429), answer([])]
    asked.tenant.get("/connections")
    assert asked.waited == [0.5, 1.0]


def test_a_reset_beyond_the_budget_is_not_waited_for(asked: Asked) -> None:
    """A tenant cannot hold a process for ever."""
    reset = str(int(asked.clock().timestamp()) + 10**9)
    asked.answers.queue = [answer(None, 429, x_ratelimit_reset=reset)]
    with pytest.raises(Auth0Busy):
        asked.tenant.get("/connections")
    assert asked.waited == []


def test_the_budget_is_one_for_all_calls(asked: Asked) -> None:
    for _ in range(3):
        reset = str(int(asked.clock().timestamp()) + 25)
        asked.answers.queue = [answer(None, 429, x_ratelimit_reset=reset), answer([])]
        if sum(asked.waited) + 25 > 60:
            asked.answers.queue.pop()
            with pytest.raises(Auth0Busy):
                asked.tenant.get("/x")
        else:
            asked.tenant.get("/x")
    assert asked.waited == [25.0, 25.0]


def test_after_its_time_no_further_call_begins(asked: Asked) -> None:
    """A request of the API is answered before its server gives up on it."""
    until = asked.clock() + timedelta(seconds=3)
    tenant = Tenant(ORIGIN, Credentials("m2m", "s"), asked.answers, Pace(asked.clock, until=until))
    asked.answers.queue = [answer([1]), answer(None, 429, x_ratelimit_reset=str(int(until.timestamp()) + 1))]
    assert tenant.get("/x") == [1]
    with pytest.raises(Auth0Busy):
        tenant.get("/x")
    asked.clock.advance(seconds=4)
    with pytest.raises(Auth0Busy):
        tenant.get("/x")
    assert len(asked.answers.asked) == 2


def test_tries_have_an_end(asked: Asked) -> None:
    asked.answers.queue = [answer(None, 429, x_ratelimit_reset="1")] * 50
    with pytest.raises(Auth0Busy):
        asked.tenant.get("/connections")
    assert len(asked.answers.asked) <= MAX_TRIES
    asked.answers.queue.clear()


def test_what_only_reads_is_asked_again_after_a_failure(asked: Asked) -> None:
    asked.answers.queue = [ProviderUnreachable("outbound-timeout", "late"), answer({}, 502), answer([1])]
    assert asked.tenant.get("/connections") == [1]


@pytest.mark.parametrize("failure", [ProviderUnreachable("outbound-timeout", "late"), answer({}, 502)])
def test_what_writes_is_never_sent_twice_on_a_guess(asked: Asked, failure: Any) -> None:
    """It may have been done."""
    asked.answers.queue = [failure]
    with pytest.raises((Auth0Unreachable, Auth0Refused)):
        asked.tenant.post("/connections", {"name": "portico"})
    assert len(asked.answers.asked) == 1


def test_an_old_token_is_replaced_once(asked: Asked) -> None:
    asked.answers.queue = [answer([]), refusal(401, "Expired token"), answer([1])]
    asked.tenant.get("/connections")
    assert asked.tenant.get("/connections") == [1]
    assert asked.answers.tokens == 2


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        (refusal(400, "Payload validation error", "invalid_body"), Auth0Refused),
        (
            refusal(403, "Insufficient scope, expected any of: update:connections", "insufficient_scope"),
            Auth0ScopesMissing,
        ),
        (refusal(404, "The connection does not exist", "inexistent_connection"), Auth0NotFound),
        (refusal(409, "A connection with the same name already exists"), Auth0Conflict),
        (answer("<html>", 418), Auth0Refused),
    ],
)
def test_each_refusal_has_its_type(asked: Asked, refused: HttpResponse, kind: type[Exception]) -> None:
    """Section 3.5."""
    asked.answers.queue = [refused]
    with pytest.raises(kind) as raised:
        asked.tenant.patch("/connections/con_1", {})
    assert raised.value.answered == refused.status  # type: ignore[attr-defined]
    if kind is Auth0ScopesMissing:
        assert raised.value.scopes == ("update:connections",)  # type: ignore[attr-defined]


def test_credentials_that_are_refused_twice_are_wrong(asked: Asked) -> None:
    asked.answers.queue = [refusal(401, "Bad token"), refusal(401, "Bad token")]
    with pytest.raises(Auth0CredentialsRefused):
        asked.tenant.get("/connections")


def test_find_and_delete_live_with_what_is_not_there(asked: Asked) -> None:
    asked.answers.queue = [refusal(404, "no"), refusal(404, "no"), answer(None, 204)]
    assert asked.tenant.find("/connections/con_1") is None
    asked.tenant.delete("/connections/con_1")
    asked.tenant.delete("/connections/con_2")


def test_every_scope_that_lacks_is_named(asked: Asked) -> None:
    with pytest.raises(Auth0ScopesMissing) as raised:
        asked.tenant.check_scopes(["read:connections", "create:connections", "update:connections"])
    assert raised.value.scopes == ("create:connections", "update:connections")
    assert "create:connections update:connections" in raised.value.hint


def test_a_tenant_that_does_not_say_the_scopes_is_asked_all_the_same(asked: Asked, monkeypatch: Any) -> None:
    """Then its own refusal names what lacks."""
    monkeypatch.setattr("app.auth0.tenant._parse", lambda body, path: {"access_token": "t"})
    asked.tenant.check_scopes(["create:connections"])
    assert asked.tenant.scopes() == frozenset()
    assert asked.tenant.may("read:logs")


def test_an_error_tells_one_line_and_no_secret(asked: Asked) -> None:
    asked.answers.queue = [refusal(400, "first\nsecond\x1b[31m" + "x" * 900)]
    with pytest.raises(Auth0Refused) as raised:
        asked.tenant.post("/connections", {"options": {"client_secret": "s3cret"}})
    assert "\n" not in raised.value.detail
    assert "\x1b" not in raised.value.detail
    assert len(raised.value.detail) < 400
    assert "s3cret" not in str(raised.value) + repr(asked.tenant)
    assert "very-secret" not in repr(Credentials("m2m", "very-secret"))


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("acme.eu.auth0.com", "https://acme.eu.auth0.com"),
        (" HTTPS://Acme.eu.auth0.com/ ", "https://acme.eu.auth0.com"),
        ("http://auth0.localhost:8443", "http://auth0.localhost:8443"),
    ],
)
def test_a_tenant_is_named_by_its_domain(typed: str, origin: str) -> None:
    assert parse_origin(typed) == origin


@pytest.mark.parametrize(
    "typed",
    ["", "acme", "http://acme.eu.auth0.com", "https://acme.eu.auth0.com/api/v2", "acme.eu.auth0.com?x", "a b.com",
     "https://user@acme.eu.auth0.com", "ftp://acme.eu.auth0.com", "acme.eu.auth0.com#x", "169.254.169.254\n", "2130706433"],
)  # fmt: skip
def test_what_is_no_domain_of_a_tenant_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_origin(typed)
