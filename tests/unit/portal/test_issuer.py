"""Requirement 16: a wrong issuer is explained with the right value, before it is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.adapters import Registry
from app.portal.issuer import check_issuer
from portico_sdk import AdapterSpec, ProviderUnreachable

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def spec() -> AdapterSpec:
    found = Registry.load(frozenset()).find("oidc")
    assert found
    return found.spec


def publishing(issuer: object, asked: list[str] | None = None) -> Callable[[str], bytes]:
    def fetch(url: str) -> bytes:
        if asked is not None:
            asked.append(url)
        return json.dumps({"issuer": issuer}).encode()

    return fetch


def test_the_issuer_that_the_provider_writes_is_taken(spec: AdapterSpec) -> None:
    """Also when the address of the discovery document was pasted."""
    for typed in ("https://login.example", "https://login.example/.well-known/openid-configuration"):
        asked: list[str] = []
        fetch = publishing("https://login.example", asked)
        assert check_issuer(spec, {"issuer": typed}, {}, fetch, NOW) == ()
        assert asked == ["https://login.example/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    ("typed", "published"),
    [
        ("https://login.example/", "https://login.example"),
        ("https://login.example", "https://login.example/"),
        ("https://login.example/tenant/v2.0", "https://login.example/tenant"),
    ],
)
def test_another_spelling_is_told_with_the_right_one(spec: AdapterSpec, typed: str, published: str) -> None:
    (problem,) = check_issuer(spec, {"issuer": typed}, {}, publishing(published), NOW)
    assert (problem.field, problem.code) == ("issuer", "issuer-mismatch")
    assert f" {published}. " in problem.message


@pytest.mark.parametrize("document", [b"<html>", b"[]", b"{}", b'{"issuer": 3}', b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_discovery_document_is_told_as_that(spec: AdapterSpec, document: bytes) -> None:
    (problem,) = check_issuer(spec, {"issuer": "https://login.example"}, {}, lambda _: document, NOW)
    assert problem.code == "discovery-malformed"


def test_an_issuer_of_many_lines_is_not_shown(spec: AdapterSpec) -> None:
    (problem,) = check_issuer(spec, {"issuer": "https://login.example"}, {}, publishing("x\ny"), NOW)
    assert problem.code == "discovery-malformed"


def test_one_that_cannot_be_asked_is_told_why(spec: AdapterSpec) -> None:
    def fetch(url: str) -> bytes:
        raise ProviderUnreachable("outbound-status", "the server answered 404")

    (problem,) = check_issuer(spec, {"issuer": "https://login.example"}, {}, fetch, NOW)
    assert (problem.field, problem.code) == ("issuer", "outbound-status")
    assert "404" in problem.message
    assert "file" not in problem.message


def test_nothing_is_asked_where_nothing_is_discovered(spec: AdapterSpec) -> None:
    """An operator set the endpoints; or there is no issuer; or its form is wrong, which storing it says."""
    stored = dict.fromkeys(("authorization_endpoint", "token_endpoint", "jwks_uri"), "https://login.example/x")

    def fetch(url: str) -> bytes:
        raise AssertionError(url)

    assert check_issuer(spec, {"issuer": "https://login.example"}, stored, fetch, NOW) == ()
    assert check_issuer(spec, {"client_id": "a"}, {}, fetch, NOW) == ()
    assert check_issuer(spec, {"issuer": "file:///etc/passwd"}, {}, fetch, NOW) == ()
