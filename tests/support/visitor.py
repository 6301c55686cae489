"""A customer's administrator with a browser without scripts, at one setup link."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.support.clock import SettableClock
from tests.support.whole_app import Api


class Visitor:
    """A browser without scripts, at one link."""

    def __init__(self, app: Flask, clock: SettableClock, **link: Any) -> None:
        self.api = Api(app, clock)
        name = f"Halden {len(self.api.ok('GET', '/organizations')['items'])}"
        self.organization = self.api.ok("POST", "/organizations", {"name": name})["id"]
        self.client: FlaskClient = app.test_client()
        self.link(**{"features": ["sso", "domains"], **link})

    def link(self, **link: Any) -> None:
        self.made = self.api.ok("POST", f"/organizations/{self.organization}/setup-links", link)
        self.path = "/setup/" + self.made["url"].rpartition("/")[2]

    def enter(self) -> Any:
        return self.client.post(self.path)

    def get(self, path: str, status: int = 200, **more: Any) -> str:
        answer = self.client.get(path, **more)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:300])
        return answer.text

    def post(self, path: str, page: str = "/setup/contacts", status: int = 303, **form: Any) -> Any:
        token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', self.get(page))
        assert token
        answer = self.client.post(path, data={"csrf_token": token[1], **form}, content_type="multipart/form-data")
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        return answer

    def choose(self, adapter: str) -> str:
        where = self.post("/setup/provider", provider=adapter).headers["Location"]
        return str(where.removesuffix("/tasks"))
