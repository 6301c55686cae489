"""An operator in a browser: enrolled by a link, signed in by password and code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.access.operators import Invitations
from app.gateway import Gateway
from tests.support.clock import SettableClock
from tests.support.whole_app import OPERATOR

PASSWORD = "seven quiet harbours"


@dataclass
class Person:
    """One browser at the console. `secret` is in the authenticator app."""

    app: Flask
    clock: SettableClock
    email: str = "vera@yourcompany.example"
    address: str = "203.0.113.7"
    agent: str = "Firefox"
    accept_language: str = "en"
    secret: str = ""
    codes: list[str] = field(default_factory=list)
    browser: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()

    def get(self, path: str) -> TestResponse:
        return self._open("GET", path)

    def post(
        self, path: str, *, page: str = "/console/sign-in", token: str | None = None, **fields: Any
    ) -> TestResponse:
        """Send a form as the page at `page` would."""
        if token is None:
            found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', self.get(page).text)
            token = found[1] if found else ""
        return self._open("POST", path, data={"csrf_token": token, **fields})

    def invite(self) -> str:
        """Return the path of a link for this person."""
        gateway: Gateway = self.app.extensions["portico"]
        with self.app.app_context():
            invitations = Invitations(gateway.cipher, gateway.settings.base_url)
            url = invitations.invite(self.email, actor=OPERATOR, now=self.clock())
        return url.removeprefix(gateway.settings.base_url)

    def enrol(self, path: str | None = None, **fields: str) -> TestResponse:
        """Use a link."""
        path = path or self.invite()
        self.secret = secret_on(self.get(path).text)
        said = {"name": "Vera Lund", "password": PASSWORD, "code": self.code(), **fields}
        response = self.post(path, page=path, **said)
        shown = re.search(r"<pre[^>]*>(.*?)</pre>", response.text, re.S)
        self.codes = shown[1].split() if shown else []
        return response

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.clock())

    def sign_in(self, path: str = "/console/") -> TestResponse:
        """Both steps, half a minute later: a code works once. Return the page behind them."""
        self.clock.advance(seconds=31)
        first = self.post("/console/sign-in", email=self.email, password=PASSWORD, next=path)
        assert first.status_code == 303, first.text
        second = self.post("/console/sign-in/code", page="/console/sign-in/code", code=self.code())
        assert second.status_code == 303, second.text
        return self.get(second.headers["Location"])

    def _open(self, method: str, path: str, **more: Any) -> TestResponse:
        return self.browser.open(
            path,
            method=method,
            headers={"User-Agent": self.agent, "Accept-Language": self.accept_language, **more.pop("headers", {})},
            environ_overrides={"REMOTE_ADDR": self.address},
            **more,
        )


def secret_on(page: str) -> str:
    """Return the key that the enrolment page shows."""
    found = re.search(r'<code class="copy">([A-Z2-7]+)</code>', unescape(page))
    assert found, page
    return found[1]
