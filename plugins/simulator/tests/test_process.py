"""The process around the identity providers: configuration, registration, headers, start and stop."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from flask import Flask

from portico_simulator import PROFILES, create_simulator, parse_config


def test_registration_needs_the_admin_token(make_app: Callable[..., Flask]) -> None:
    """No, a wrong or an empty token registers nothing; the right one does."""
    client = make_app("okta-saml").test_client()
    body = {"entity_id": "https://new.example", "acs_urls": ["https://new.example/acs"]}
    for header in ("", "Bearer", "Bearer ", "Bearer wrong", "Basic admin"):
        assert client.post("/idp/applications", json=body, headers={"Authorization": header}).status_code == 401
    made = client.post("/idp/applications", json=body, headers={"Authorization": "Bearer admin"})
    assert (made.status_code, made.get_json()["entity_id"]) == (201, "https://new.example")


def test_without_an_admin_token_nobody_registers() -> None:
    """The absence of a token closes registration; it does not open it."""
    entry = {"id": "idp", "profile": "generic-oidc", "persons": []}
    app = create_simulator(parse_config({"base_url": "http://idp.localhost:1", "idps": [entry]}))
    for token in ("", "None", "null"):
        headers = {"Authorization": f"Bearer {token}"}
        assert app.test_client().post("/idp/applications", json={}, headers=headers).status_code == 401


def test_registration_explains_what_is_wrong(make_app: Callable[..., Flask]) -> None:
    """Missing, unknown and mistyped names are 422, not a 500."""
    client = make_app("okta-saml").test_client()
    for body in ({}, {"entity_id": "x", "acs_urls": "y"}, {"entity_id": "x", "acs_urls": ["y"], "z": 1}):
        refused = client.post("/idp/applications", json=body, headers={"Authorization": "Bearer admin"})
        assert refused.status_code == 422
    refused = client.post("/idp/applications", data="[", headers={"Authorization": "Bearer admin"})
    assert refused.status_code == 400


def test_a_client_registered_without_secret_gets_one(make_app: Callable[..., Flask]) -> None:
    """Client id and secret are made by the provider, as vendors do."""
    client = make_app("entra-oidc").test_client()
    body = {"redirect_uris": ["https://a.example/cb"]}
    made = client.post("/idp/applications", json=body, headers={"Authorization": "Bearer admin"}).get_json()
    assert len(made["client_id"]) == 32
    assert len(made["client_secret"]) == 64


@pytest.mark.parametrize(
    "raw",
    [
        {"base_url": "x", "idps": [{"id": "A_b", "profile": "okta-saml", "persons": []}]},
        {"base_url": "x", "idps": [{"id": "a", "profile": "who", "persons": []}]},
        {"base_url": "x", "idps": [{"id": "a", "profile": "okta-saml", "persons": []}] * 2},
    ],
)
def test_a_wrong_configuration_is_refused(raw: dict[str, object]) -> None:
    """A bad id, an unknown profile and an id given twice stop the start."""
    with pytest.raises(ValueError, match=r"not an id|unknown profile|same id"):
        create_simulator(parse_config(raw))


def test_every_profile_starts_and_shows_its_metadata(make_app: Callable[..., Flask]) -> None:
    """Each profile of the list answers at the address that its overview links to."""
    for key in PROFILES:
        app = make_app(key)
        idp = app.extensions["idps"]["idp"]
        profile = idp.profile
        path = profile.metadata_path if profile.protocol == "saml" else profile.discovery_path
        assert app.test_client().get(idp.url(path)).status_code == 200
        about = app.test_client().get("/idp/about").get_json()
        assert any(address.startswith(idp.url(path)) for address in about.values())
        assert idp.url(path) in app.test_client().get("/").text


def test_the_sign_in_page_works_without_scripts_and_loads_nothing_foreign(make_app: Callable[..., Flask]) -> None:
    """No script on the page, a strict policy, an unknown user name is told on the same page, an old page is told so."""
    app = make_app("generic-oidc")
    client = app.test_client()
    query = "client_id=rp&redirect_uri=https://rp.example/callback&response_type=code&scope=openid"
    location = client.get(f"/idp/oauth2/authorize?{query}").headers["Location"]
    page = client.get(location)
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    again = client.post(location, data={"username": "nobody"})
    assert again.status_code == 422
    assert "No account here" in again.text
    assert client.post(location, data={"username": "TESSA.BRANDT@halden.example"}).status_code == 303
    assert client.post(location, data={"username": "tessa.brandt@halden.example"}).status_code == 400
    assert client.get("/idp/sign-in/unknown").status_code == 400


def test_the_simulator_imports_neither_the_gateway_nor_its_adapters() -> None:
    """Own code on both sides: a mistake in the adapter cannot hide behind the same mistake here."""
    source = Path(__file__).parents[1] / "src"
    for path in source.rglob("*.py"):
        for line in path.read_text().splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]):
                assert words[1].split(".")[0] not in {"app", "portico_saml", "portico_oidc", "portico_sdk", "onelogin"}


def test_the_process_starts_serves_and_stops_on_sigterm(tmp_path: Path) -> None:
    """`python -m portico_simulator` answers /healthz on loopback and ends with status 0."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = tmp_path / "simulator.json"
    entry = {"id": "idp", "profile": "generic-saml", "persons": []}
    config.write_text(json.dumps({"base_url": f"http://idp.localhost:{port}", "idps": [entry]}))
    command = [sys.executable, "-m", "portico_simulator", "--port", str(port), "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                try:
                    assert requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).text == "ok"
                    break
                except requests.ConnectionError:
                    time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0
        finally:
            process.kill()


def test_a_broken_configuration_file_ends_the_process_with_a_sentence(tmp_path: Path) -> None:
    """Exit status 2 and the name of the file, no traceback."""
    config = tmp_path / "simulator.json"
    config.write_text("{}")
    command = [sys.executable, "-m", "portico_simulator", "--port", "1", "--config", str(config)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 2
    assert "simulator.json" in ended.stderr
    assert "Traceback" not in ended.stderr
