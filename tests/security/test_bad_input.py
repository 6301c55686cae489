"""Bad input: every route of the URL map against a matrix of hostile requests, on a running server.

Whatever is sent, the answer is a 4xx with a constant sentence and a reference id (or what the route documents for a request
that happens to be fine), never a 500, never later than 5 s, and nothing is half-written.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from werkzeug.routing import Map

from tests.support.browser import Browser
from tests.support.databases import Databases
from tests.support.gateway import Gateway
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer

LIMIT_S = 5
MARK = "zq7hostile"
ASKS_AGAIN = "/oauth2/authorize/email"  # a form that is wrong comes back with what was typed, and no reference
NEEDS_NOTHING = "/oauth2/logout"  # every parameter is optional (RP-Initiated Logout 2): it asks, or there is no session
MAX_TARGET = 8_000  # longer ones never reach the application: the HTTP server refuses them (414)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW")
WRITING = ("POST", "PUT", "PATCH", "DELETE")
#: every parameter that any route reads, so that each meets each bad value
_WORDS = """
    client_id redirect_uri response_type response_mode scope state nonce prompt max_age login_hint id_token_hint claims
    acr_values connection organization domain_hint code_challenge code_challenge_method request request_uri ui_locales
    code grant_type code_verifier client_secret client_assertion client_assertion_type token token_type_hint
    SAMLResponse SAMLRequest RelayState Signature SigAlg error iss email handle limit after connection_id
"""
NAMES = tuple(_WORDS.split())
VALUES = {
    "empty": "",
    "markup": f"%3Cscript%3E{MARK}",
    "nul": f"{MARK}%00",
    "not UTF-8": f"{MARK}%FF%FE",
    "lone surrogate": "%ED%A0%80",
    "line breaks": f"{MARK}%0D%0AX-Injected:%201",
    "traversal": "..%2F..%2Fetc%2Fpasswd",
    "quotes": f"{MARK}%27%22%3B--%20{{{{7*7}}}}",
    "number": "-1",
    "huge number": "9" * 400,
    "long": MARK * 600,
    "bad percent": "%zz%",
    "base64 of nothing": "PD94bWwgdmVyc2lvbj0iMS4wIj8+",
}
BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": ("application/x-www-form-urlencoded", b""),
    "no type": ("", b"a=b"),
    "form, not UTF-8": ("application/x-www-form-urlencoded", b"code=\xff\xfe&\xff=1"),
    "form, NUL": ("application/x-www-form-urlencoded", b"code=a\x00b&RelayState=\x00"),
    "form, 10,000 fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(10_000))),
    "form, odd charset": ("application/x-www-form-urlencoded; charset=utf-16", b"code=1"),
    "form, 3 MB": ("application/x-www-form-urlencoded", b"SAMLResponse=" + b"A" * 3_000_000),
    "json, cut": ("application/json", b'{"name": '),
    "json, list": ("application/json", b"[1, 2, 3]"),
    "json, null": ("application/json", b"null"),
    "json, deep": ("application/json", b"[" * 100_000),
    "json, nested value": ("application/json", b'{"name": ' + b'{"a":' * 2_000 + b"1" + b"}" * 2_001),
    "json, NUL": ("application/json", b'{"name": "a\\u0000b", "domain": "\\u0000", "adapter": "\\u0000"}'),
    "json, surrogate": ("application/json", b'{"name": "\\ud800", "domain": "\\ud800.example", "xml": "\\udfff"}'),
    "json, numbers": ("application/json", b'{"name": 1e999, "settings": NaN, "limit": ' + b"9" * 5_000 + b"}"),
    "json, not UTF-8": ("application/json", b'{"name": "\xff\xfe"}'),
    "json, UTF-16": ("application/json", '{"name": 1}'.encode("utf-16")),
    "json, wrong types": (
        "application/json",
        json.dumps({n: [{}] for n in ("name", "settings", "domain", "url", "xml", "redirect_uris")}).encode(),
    ),
    "json, unknown field": ("application/json", json.dumps({MARK: MARK}).encode()),
    "xml": ("text/xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    "multipart, broken": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\r\n\r\nA"),
    "multipart, no boundary": ("multipart/form-data", b"--x\r\n"),
    "multipart, many parts": (
        "multipart/form-data; boundary=x",
        b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(5_000)) + b"--x--",
    ),
    "claims to be gzip": ("application/json", b"\x1f\x8b\x08\x00garbage"),
}
HEADERS: dict[str, tuple[str, str]] = {
    "empty bearer": ("Authorization", "Bearer "),
    "garbage bearer": ("Authorization", f"Bearer {MARK}"),
    "long bearer": ("Authorization", "Bearer " + "A" * 6_000),
    "broken basic": ("Authorization", "Basic %%%"),
    "basic, not UTF-8": ("Authorization", "Basic //79Ov/+"),
    "other scheme": ("Authorization", f"Digest {MARK}"),
    "bad cookie": ("Cookie", 'portico-browser="\\377; ;=;,'),
    "long cookie": ("Cookie", "portico-browser=" + "A" * 6_000),
    "other host": ("X-Forwarded-Host", f"{MARK}.example"),
    "bad accept": ("Accept", "*/*;q=x, ;;"),
    "bad encoding": ("Content-Encoding", "gzip"),
    "idempotency": ("Idempotency-Key", "A" * 6_000),
}


@dataclass(frozen=True, slots=True)
class Hostile:
    """One request, named by what is wrong with it."""

    name: str
    method: str
    target: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One rule of the URL map. `paths` are addresses that it matches: with unknown, foreign-looking and real ids."""

    rule: str
    methods: frozenset[str]
    paths: tuple[str, ...]


@pytest.fixture(scope="module")
def server(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway of its own: what arrives here would use up the allowances of others."""
    with databases.database("sqlite", empty=True) as url:
        gateway = Gateway(tmp_path_factory.mktemp("hostile"), url)
        gateway.start()
        yield gateway
        gateway.stop()


@pytest.fixture(scope="module")
def routes(server: Gateway) -> list[Route]:
    """Every route, with the ids of a customer that exists."""
    customer = SamlCustomer(server)
    client = server.api.add_client()
    known = {
        "connection_id": customer.id,
        "organization_id": customer.organization_id,
        "client_id": client.client_id,
        "domain": customer.domain,
    }
    return [_route(rule.rule, rule.methods or set(), known) for rule in url_map(server).iter_rules()]


def url_map(server: Gateway) -> Map:
    """Return the URL map of the application that the server runs."""
    from app import create_app
    from app.settings import Settings

    folder = Path(server.environment["PORTICO_INSTANCE_PATH"])
    settings = Settings(base_url=server.base_url, database_url=server.database_url, instance_path=folder)
    return create_app(settings).url_map


def _route(rule: str, methods: set[str], known: dict[str, str]) -> Route:
    names = re.findall(r"<(?:[^:<>]+:)?([^<>]+)>", rule)

    def filled(value: str) -> str:
        return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda m: known.get(m[1], "x1") if value == "known" else value, rule)

    odd = ("zz", f"{MARK}%00", "%FF", "..%2F..", "A" * 3_000, "con-%E2%80%AE", "%2e%2e", "-1") if names else ()
    return Route(rule, frozenset(methods), (filled("known"), *(filled(value) for value in odd)))


def requests_for(route: Route, key: str) -> Iterator[Hostile]:
    """The matrix for one route."""
    bearer = (("Authorization", f"Bearer {key}"),) if route.rule.startswith("/api/") else ()
    if route.rule.startswith("/sso/"):  # a browser that has been here before: without its cookie a POST is sent again
        bearer = (("Cookie", f"portico-browser={'b' * 43}"),)
    path, *odd_paths = route.paths
    for method in METHODS:
        yield Hostile("plain", method, path, headers=bearer)
        for odd in odd_paths:
            yield Hostile("odd path", method, odd, headers=bearer)
    for method in sorted(route.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
        for name, value in VALUES.items():
            query = "&".join(f"{parameter}={value}" for parameter in NAMES)
            yield Hostile(f"query: {name}", method, f"{path}?{query}"[:MAX_TARGET], headers=bearer)
        yield Hostile("query: twice", method, f"{path}?" + "&".join(f"{n}=1&{n}=2" for n in NAMES), headers=bearer)
        for name, header in HEADERS.items():
            yield Hostile(f"header: {name}", method, path, headers=(header, *bearer))
        if method in WRITING:
            for name, (content_type, body) in BODIES.items():
                typed = (("Content-Type", content_type),) if content_type else ()
                yield Hostile(f"body: {name}", method, path, body, (*typed, *bearer))
            for name, value in VALUES.items():
                form = "&".join(f"{parameter}={value}" for parameter in NAMES).encode()
                typed = (("Content-Type", "application/x-www-form-urlencoded"),)
                yield Hostile(f"form: {name}", method, path, form, (*typed, *bearer))


def send(port: int, hostile: Hostile) -> tuple[int, http.client.HTTPMessage, str]:
    """Send it as it is, byte for byte, and read the answer. Raises TimeoutError after 5 s."""
    head = [f"{hostile.method} {hostile.target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    head += [f"{name}: {value}" for name, value in hostile.headers]
    if hostile.body or hostile.method in WRITING:
        head.append(f"Content-Length: {len(hostile.body)}")
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S) as connection:
        # a body that is too large may be refused before it has been read
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall("\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + hostile.body)
        response = http.client.HTTPResponse(connection, method=hostile.method)
        response.begin()
        return response.status, response.headers, response.read().decode("utf-8", "replace")


def fault(hostile: Hostile, status: int, headers: http.client.HTTPMessage, text: str) -> str:
    """Return what is wrong with an answer, or nothing."""
    if status >= 500:
        return f"status {status}"
    if headers.get("X-Injected"):
        return "a header was injected"
    if status < 400:
        # a writing request without the right content cannot have been understood
        unfit = hostile.method in WRITING and hostile.name.startswith("body: json")
        return f"status {status}" if unfit and not hostile.target.startswith(NEEDS_NOTHING) else ""
    if hostile.method == "HEAD":
        return ""
    is_page = headers.get_content_type() == "text/html"
    if is_page and f"<script>{MARK}" in text:
        return "markup that was sent is on the page"
    if hostile.target.startswith(ASKS_AGAIN) and "<form" in text:
        return ""
    if is_page and MARK in text:
        return "it repeats what was sent"
    if not re.search(r"\b[0-9a-f]{32}\b", text) and '"error"' not in text:
        return f"no reference id: {text[:200]}"
    return ""


def test_every_route_survives_every_bad_request(server: Gateway, routes: list[Route]) -> None:
    """4xx with a sentence and a reference, or what the route documents; at once; and nothing is left behind."""
    key = server.command("api-key", "create", "--name", "hostile")["api_key"]
    before = rows(server)
    faults, slowest, sent = [], 0.0, 0
    for route in routes:
        for hostile in requests_for(route, key):
            began = time.monotonic()
            try:
                problem = fault(hostile, *send(server.port, hostile))
            except (OSError, http.client.HTTPException) as error:
                problem = f"{type(error).__name__}: {error}"
            took = time.monotonic() - began
            slowest, sent = max(slowest, took), sent + 1
            if took > LIMIT_S:
                problem = problem or f"it took {took:.1f} s"
            if problem:
                faults.append(f"{hostile.method} {route.rule} [{hostile.name}]: {problem}")
    assert not faults, f"{len(faults)} of {sent}:\n" + "\n".join(fault[:200] for fault in faults[:60])
    assert sent > 1_000
    # a DELETE of what exists is understood, whatever else rides along; nothing may be more than it was
    assert {table: count for table, count in rows(server).items() if count > before[table]} == {}


def rows(server: Gateway) -> dict[str, int]:
    """Return how many rows each table has that only a well-formed request may write."""
    free = ("trace", "audit", "idempotenc", "lease", "heartbeat", "pending", "document", "alembic")
    with sqlite3.connect(server.database_url.removeprefix("sqlite:///")) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counted = [name for name in names if not any(word in name for word in free)]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in counted}


def test_the_server_is_well_afterwards(server: Gateway, browser: Browser) -> None:
    """A whole login works, and the audit log verifies."""
    customer = SamlCustomer(server)
    relying_party = RelyingParty(server.base_url, server.api.add_client())
    attempt = relying_party.attempt(connection=customer.id)
    attempt.finish(customer.log_in(browser, attempt))
    server.command("audit", "verify")


def test_the_login_path_refuses_bad_parameters_of_a_real_client(server: Gateway) -> None:
    """With a known client and redirect URI, a bad value goes back to the client as an error, one parameter at a time."""
    relying_party = RelyingParty(server.base_url, server.api.add_client())
    faults = []
    for name in NAMES:
        for kind, value in VALUES.items():
            separator = "&" if name in ("client_id", "redirect_uri") else f"&{name}=&"
            target = relying_party.attempt().url.removeprefix(server.base_url) + f"{separator}{name}={value}"
            status, headers, text = send(server.port, Hostile(kind, "GET", target))
            if status >= 500 or MARK in text or headers.get("X-Injected"):
                faults.append(f"{name}={kind}: {status}")
            if status in (302, 303) and not headers["Location"].startswith(relying_party.client.redirect_uri):
                faults.append(f"{name}={kind}: redirected to {headers['Location'][:80]}")
    assert not faults, "\n".join(faults[:60])
