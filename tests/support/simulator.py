"""portico_simulator as a process: identity providers with the habits of their vendors, and the persons in them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.support.browser import Browser, Page, Step

_START_S = 30
TOKEN = "registration-of-tests"

#: id -> profile; each has the persons below, in a directory of its own
IDPS = {
    "okta": "okta-saml",
    "entra": "entra-oidc",
    "adfs": "adfs-saml",
    "saml": "generic-saml",
    "oidc": "generic-oidc",
}


def persons(domain: str) -> list[dict[str, Any]]:
    """Return a few accounts: a member, one without a mailbox, one of another company, one whom nobody assigned."""
    return [
        {"username": f"ada@{domain}", "given_name": "Ada", "family_name": "Lovelace", "email": f"ada@{domain}"}
        | {"groups": ["Engineering", "Everyone"]},
        {"username": f"nomail@{domain}", "given_name": "No", "family_name": "Mail"},
        {"username": f"guest@{domain}", "given_name": "Guest", "family_name": "Elsewhere", "guest": True}
        | {"email": "guest@elsewhere.example"},
        {"username": f"outside@{domain}", "given_name": "Not", "family_name": "Assigned", "assigned": False},
    ]


class Simulator:
    """A running simulator."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://idp.localhost:{port}"
        self._direct = f"http://127.0.0.1:{port}"
        self._host = {"Host": f"idp.localhost:{port}"}

    def domain(self, idp: str) -> str:
        return f"{idp}-simulated.example"

    def fetch(self, path: str) -> str:
        """Return a document that an identity provider publishes."""
        response = requests.get(self._direct + path, headers=self._host, timeout=10)
        assert response.ok, f"{path}: {response.status_code}"
        return response.text

    def register(self, idp: str, **application: Any) -> dict[str, Any]:
        """Do what the customer's administrator does: register our side."""
        headers = {**self._host, "Authorization": f"Bearer {TOKEN}"}
        response = requests.post(f"{self._direct}/{idp}/applications", json=application, headers=headers, timeout=10)
        assert response.status_code == 201, response.text
        made: dict[str, Any] = response.json()
        return made

    def sign_in(self, browser: Browser, page: Page, username: str) -> Step:
        """Fill in the sign-in page as a person does."""
        assert "/sign-in/" in page.url, (page.url, page.status, page.text[:500])
        typed = next(form for form in page.forms if dict(form.fields).keys() == {"username"})
        typed.action = typed.action or page.url
        return page.submit(typed, username=username)


@contextmanager
def run_simulator(folder: Path, port: int) -> Iterator[Simulator]:
    """Run the simulator for the length of the block."""
    simulator = Simulator(port)
    idps = [
        {"id": id_, "profile": profile, "domain": simulator.domain(id_), "persons": persons(simulator.domain(id_))}
        for id_, profile in IDPS.items()
    ]
    config = folder / "simulator.json"
    config.write_text(json.dumps({"base_url": simulator.origin, "admin_token": TOKEN, "idps": idps}))
    with (folder / "simulator.log").open("ab") as log:
        command = [sys.executable, "-m", "portico_simulator", "--port", str(port), "--config", str(config)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(simulator, process, folder)
        yield simulator
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _wait(simulator: Simulator, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            simulator.fetch("/healthz")
        except requests.ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((folder / "simulator.log").read_text()[-3000:]) from None
            time.sleep(0.1)
        else:
            return
