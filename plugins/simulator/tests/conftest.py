"""A running simulator on loopback with one identity provider per profile, and a clock that a test can set."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from portico_simulator import create_simulator, parse_config
from portico_simulator.keys import MakeKey, SigningKey, make_signing_key

SP = {"entity_id": "https://sp.example/metadata", "acs_urls": ["https://sp.example/acs"]}
RP = {"client_id": "rp", "client_secret": "s3cret", "redirect_uris": ["https://rp.example/callback"]}
PERSONS = [
    {
        "username": "tessa.brandt@halden.example",
        "given_name": "Tessa",
        "family_name": "Brandt",
        "email": "tessa.brandt@halden.example",
        "groups": ["Dispatch", "Admins"],
    },
    {"username": "no.mail@halden.example", "given_name": "No", "family_name": "Mail"},
    {"username": "out@halden.example", "given_name": "Not", "family_name": "Assigned", "assigned": False},
]


@dataclass
class Clock:
    """A clock that stands still."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 14, 2, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def make_key() -> MakeKey:
    """Return a key factory that makes each key once in a test run: making keys is most of a start's time."""
    made: dict[str, SigningKey] = {}

    def make(common_name: str, now: datetime, years: int) -> SigningKey:
        if common_name not in made:
            made[common_name] = make_signing_key(common_name, now, years)
        return made[common_name]

    return make


@pytest.fixture
def make_app(clock: Clock, make_key: MakeKey) -> Callable[..., Flask]:
    """Return a function that makes a simulator with one identity provider `idp` of the given profile."""

    def make(profile: str, *, base_url: str = "http://idp.localhost:8001", **extra: Any) -> Flask:
        saml = profile.endswith("saml")
        entry = {
            "id": "idp",
            "profile": profile,
            "label": "Halden Freight",
            "domain": "halden.example",
            "persons": PERSONS,
            "applications": [SP if saml else RP],
        }
        raw = {"base_url": base_url, "admin_token": "admin", "idps": [entry | extra]}
        return create_simulator(parse_config(raw), now=clock, make_key=make_key)

    return make


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Return a function that serves an application on a free loopback port and returns its address."""
    servers = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    """Return a session that follows nothing by itself and asks no proxy."""
    with requests.Session() as session:
        session.trust_env = False
        yield session
