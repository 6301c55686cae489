"""The whole application in this process, on a test's database and clock, and a client of its management API."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from app.access import add_api_key
from app.api import models  # noqa: F401 -- its tables must be known before the first database is made
from app.audit import Actor
from app.database import db
from app.gateway import assemble
from app.outbound import Resolver, system_addresses, trusted_authorities
from app.settings import Settings
from tests.support.clock import SettableClock
from tests.support.routes import compile_routes_once

OPERATOR = Actor("cli", "test")

compile_routes_once()


@cache
def _authorities() -> ssl.SSLContext:
    """Read once a test process: many tests make an application, and none changes whom it trusts."""
    return trusted_authorities()


@contextmanager
def whole_app(
    database_url: str, clock: SettableClock, instance: Path, resolver: Resolver = system_addresses, **settings: Any
) -> Iterator[Flask]:
    """The application with every route; at the end no connection of its own is left open.

    Args:
        resolver: what DNS says to whoever fetches something.
    """
    key = Fernet.generate_key().decode()
    made = Settings(database_url=database_url, instance_path=instance, encryption_keys=(key,), **settings)
    app = create_app(gateway=assemble(made, clock=clock, resolver=resolver, tls=_authorities()))
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


class Api:
    """A caller of the management API with a key of its own."""

    def __init__(self, app: Flask, clock: SettableClock, *scopes: str) -> None:
        self._client = app.test_client()
        with app.app_context():
            self.key_id, self.key = _make_key(clock, scopes or ("*",))

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        data: bytes | None = None,
    ) -> TestResponse:
        """Make one request below /api/v1."""
        sent = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        content = {"json": body} if body is not None else {"data": data}
        return self._client.open(f"/api/v1{path}", method=method, headers=sent, **content)

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Make one request that must succeed, and return its JSON."""
        response = self.send(method, path, body, **more)
        assert response.status_code < 300, (method, path, response.status_code, response.text)
        return response.json if response.data else None

    def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, dict[str, Any]]:
        """Make one request that must fail, and return the status and the problem document."""
        response = self.send(method, path, body, **more)
        assert response.status_code >= 400, (method, path, response.status_code, response.text)
        assert response.content_type == "application/problem+json", response.text
        assert response.json is not None
        return response.status_code, response.json


def _make_key(clock: SettableClock, scopes: tuple[str, ...]) -> tuple[str, str]:
    row, key = add_api_key("test", scopes, actor=OPERATOR, now=clock())
    return row.id, key
