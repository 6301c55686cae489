"""The gateway in production mode over TLS, with peers on hosts that are really cross-site.

Requirement: the browser test of the architecture page: `__Host-` cookies, `SameSite=None`, the SAML ACS and the OIDC
`form_post` callback reached by cross-site POST, with no repost page in between.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.fernet import Fernet

from app.demo.addresses import Addresses, taken_ports
from app.demo.cast import BRIGHTWATER, HALDEN, NORRLAND
from app.demo.children import Children
from app.demo.configuration import ledgerline_configuration, simulator_configuration, standin_configuration
from app.demo.gateway_api import GatewayApi, SimulatorConsole
from app.demo.loopback import LoopbackHttp
from app.demo.runner import ROOT
from app.demo.seed import seed
from tests.support.authority import ServerTls, make_server_tls

pytestmark = pytest.mark.browser

Open = Callable[..., AbstractContextManager[Any]]
FORM_POST = replace(BRIGHTWATER, connection={**BRIGHTWATER.connection, "response_mode": "form_post"})


def free_addresses() -> tuple[Addresses, int]:
    """Return addresses over TLS and the port of the gateway behind its proxy. The identity providers are at an IP address:
    in production no name is loopback by decree, and `.test` is in no DNS."""
    for _ in range(50):
        gateway, simulator, auth0, app, inner = range(base := random.randrange(20_000, 32_000, 5), base + 5)
        addresses = Addresses(
            gateway=f"https://portico.test:{gateway}",
            simulator=f"https://127.0.0.1:{simulator}",
            auth0=f"https://auth0.test:{auth0}",
            app=f"https://app.test:{app}",
            gateway_port=gateway,
            simulator_port=simulator,
            auth0_port=auth0,
            app_port=app,
        )
        if not taken_ports(replace(addresses, gateway_port=inner)) and not taken_ports(addresses):
            return addresses, inner
    raise AssertionError("no five free ports in a row")


@dataclass(frozen=True)
class Stage:
    """Everything running over TLS."""

    addresses: Addresses
    tls: ServerTls
    api: GatewayApi
    console: SimulatorConsole

    @property
    def chromium_arguments(self) -> tuple[str, str]:
        """How Chromium finds the names and trusts the one certificate."""
        return (
            "--host-resolver-rules=MAP *.test 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={self.tls.spki}",
        )


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The gateway in production mode behind a proxy that ends TLS, and the demo's peers with TLS of their own."""
    folder = tmp_path_factory.mktemp("tls")
    addresses, inner_port = free_addresses()
    tls = make_server_tls(folder, "portico.test", "auth0.test", "app.test", "127.0.0.1")
    with Children(folder) as children:
        api, console = start(folder, addresses, inner_port, tls, children)
        yield Stage(addresses, tls, api, console)


def start(
    folder: Path, addresses: Addresses, inner_port: int, tls: ServerTls, children: Children
) -> tuple[GatewayApi, SimulatorConsole]:
    """Start and seed every process."""
    http = LoopbackHttp(tls.authority, timeout_s=20)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTICO_")} | {
        "PORTICO_ENV": "production",
        "PORTICO_BASE_URL": addresses.gateway,
        "PORTICO_INSTANCE_PATH": str(folder),
        "PORTICO_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "PORTICO_OUTBOUND_ALLOW": addresses.simulator,
        "SSL_CERT_FILE": str(tls.authority),
    }
    portico = [sys.executable, "-m", "app.cli"]

    def peer(name: str, module: str, port: int, configuration: dict[str, Any], *more: str) -> None:
        file = folder / f"{name}.json"
        file.write_text(json.dumps(configuration))
        certificate = ["--tls-certificate", str(tls.certificate), "--tls-key", str(tls.key)]
        command = [sys.executable, "-m", module, "--port", str(port), "--config", str(file), *certificate, *more]
        child = children.start(name, command, cwd=ROOT)
        children.wait_ready(child, http, f"https://127.0.0.1:{port}/healthz")

    admin_token = secrets.token_hex(16)
    gateway = children.start(
        "gateway", [*portico, "serve", "--port", str(inner_port)], environment=environment, cwd=ROOT
    )
    proxy = [sys.executable, "-m", "tests.support.tls_proxy", "--listen", str(addresses.gateway_port)]
    proxy += ["--to", str(inner_port), "--certificate", str(tls.certificate), "--key", str(tls.key)]
    front = children.start("proxy", proxy, cwd=ROOT)
    peer("simulator", "portico_simulator", addresses.simulator_port, simulator_configuration(addresses, admin_token))
    children.wait_ready(gateway, http, f"http://127.0.0.1:{inner_port}/readyz")
    children.wait_ready(front, http, f"{addresses.gateway}/readyz")
    made = subprocess.run(
        [*portico, "api-key", "create", "--name", "TLS", "--json"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    api_key = json.loads(made.stdout)["api_key"]
    api = GatewayApi(http, addresses.gateway, api_key)
    console = SimulatorConsole(http, addresses.simulator, admin_token)
    seeded = seed(api, console, addresses.auth0, addresses.app, (HALDEN, FORM_POST, NORRLAND))
    client, ca = (secrets.token_hex(8), secrets.token_hex(16)), ("--ca", str(tls.authority))
    peer("standin", "app.demo.standin", addresses.auth0_port, standin_configuration(addresses, seeded, client), *ca)
    own = ledgerline_configuration(addresses, seeded, client, api_key)
    peer("ledgerline", "app.demo.ledgerline", addresses.app_port, own, *ca)
    return api, console


@pytest.mark.parametrize(
    ("choice", "person", "path"),
    [
        ("halden", "Tessa Brandt", "/sso/saml/"),
        ("norrland", "Sven Ekberg", "/sso/saml/"),
        ("brightwater", "Amara Okafor", "/sso/oidc/"),
    ],
)
def test_a_cross_site_post_carries_the_answer_and_finds_its_cookie(
    stage: Stage, open_chromium: Open, choice: str, person: str, path: str
) -> None:
    """One POST from another site to the ACS (or the form_post callback) finishes the sign-in: its cookie came along."""
    with open_chromium(*stage.chromium_arguments) as watched:
        page, posts = watched.page, []
        gateway = stage.addresses.gateway

        def note(request: Any) -> None:
            if request.method == "POST" and request.url.startswith(gateway + path):
                posts.append(request)

        page.on("request", note)
        page.goto(f"{stage.addresses.app}/sign-in/{choice}")
        page.get_by_role("button", name=person).click()
        page.wait_for_url(f"{stage.addresses.app}/profile")
        assert page.get_by_role("heading", name=f"Welcome, {person.split()[0]}").is_visible()
        assert len(posts) == 1, "the answer was posted more than once"
        headers = posts[0].all_headers()
        assert headers["sec-fetch-site"] == "cross-site"
        assert "__Host-portico-" in headers["cookie"]
        assert posts[0].response().status == 303
        assert watched.complaints == []
        assert watched.hosts == {"portico.test", "auth0.test", "app.test", "127.0.0.1"}


def test_every_cookie_of_the_gateway_is_bound_to_its_host(stage: Stage, open_chromium: Open) -> None:
    """`__Host-`: Secure, HttpOnly, path /, no domain; the one that binds a pending sign-in is SameSite=None (O14)."""
    with open_chromium(*stage.chromium_arguments) as watched:
        page = watched.page
        page.goto(f"{stage.addresses.app}/sign-in/halden")
        page.get_by_role("button", name="Tessa Brandt").wait_for()
        cookies = [cookie for cookie in page.context.cookies() if cookie["domain"] == "portico.test"]
        assert cookies
        for cookie in cookies:
            assert cookie["name"].startswith("__Host-portico-")
            assert (cookie["secure"], cookie["httpOnly"], cookie["path"]) == (True, True, "/")
        assert [cookie["sameSite"] for cookie in cookies] == ["None"]


def test_the_gateway_tells_browsers_to_stay_on_https(stage: Stage) -> None:
    """HSTS on every answer of the gateway, through the proxy."""
    answer = LoopbackHttp(stage.tls.authority).request("GET", f"{stage.addresses.gateway}/healthz")
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_an_answer_to_the_old_address_of_an_imported_connection_finds_its_cookie(
    stage: Stage, open_chromium: Open
) -> None:
    """The provider posts to another site, which sends the same POST on to ours, where our cookie comes along (issue 6)."""
    gateway, callback = stage.addresses.gateway, f"{stage.addresses.app}/imported"
    old = import_halden(stage, f"login.test:{stage.addresses.gateway_port}")
    client = stage.api.post("/clients", name="RP", redirect_uris=[callback], require_pkce=False)["client_id"]
    query = {"response_type": "code", "scope": "openid", "client_id": client, "redirect_uri": callback, "state": "s"}
    with open_chromium(*stage.chromium_arguments) as watched:
        page, posts = watched.page, []
        page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
        page.goto(f"{gateway}/oauth2/authorize?{urlencode({**query, 'connection': old['connection_id']})}")
        page.get_by_role("button", name="Tessa Brandt").click()
        page.wait_for_url(f"{callback}?*")
        assert "code=" in page.url
        arrived, moved = [request for request in posts if "SAMLResponse" in (request.post_data or "")]
        assert arrived.url.startswith("https://login.test:")
        assert "cookie" not in arrived.all_headers()
        assert arrived.response().status == 307
        assert moved.url == old["service_provider"]["acs_url"]
        assert moved.post_data == arrived.post_data
        assert "__Host-portico-" in moved.all_headers()["cookie"]


def import_halden(stage: Stage, old_host: str) -> Any:
    """The customer's provider knows the tenant's old address; its connection is imported and active."""
    xml = stage.console.metadata("halden")
    [entity] = stage.api.post("/metadata/parse", xml=xml)["entities"]
    name = "halden-old"
    known = {
        "entity_id": f"urn:auth0:acme:{name}",
        "acs_urls": [f"https://{old_host}/login/callback?connection={name}"],
    }
    stage.console.register("halden", **known)
    options = {"signInEndpoint": entity["settings"]["sso_url"], "metadataXml": xml}
    [halden] = [one for one in stage.api.call("GET", "/organizations")["items"] if one["name"] == HALDEN.name]
    body = {"tenant": "acme.eu.auth0.com", "custom_domains": [old_host], "organizations": {name: halden["id"]}}
    raw = {"name": name, "strategy": "samlp", "options": options}
    [row] = stage.api.post("/auth0/imports", **body, connections=[raw])["connections"]
    stage.api.post(f"/connections/{row['connection_id']}/activate", skip_test=True)
    return row
