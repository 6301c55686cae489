"""The stand-in for Auth0 in front of an OpenID Provider that is not the gateway, with an application behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from app.demo.ledgerline.relying_party import authorize_url, begin, finish
from app.demo.ledgerline.settings import Ledgerline
from app.demo.loopback import LoopbackHttp
from portico_simulator import create_simulator, parse_config
from portico_simulator.profiles.generic import GENERIC_OIDC
from tests.support.auth0_tenant import AFTER_LOGOUT, CALLBACK, Auth0Tenant, run_auth0_tenant
from tests.support.browser import Browser, Page, Step
from tests.support.gateway import free_port

APP = {
    "name": "Ledgerline",
    "client_id": "app",
    "client_secret": "app-secret",
    "callbacks": [CALLBACK],
    "logout_urls": [AFTER_LOGOUT],
}
UPSTREAM_PARAMS = {name: {"alias": name} for name in ("login_hint", "acr_values", "prompt", "max_age", "ui_locales")}
PERSONS = [
    {"username": "ada", "given_name": "Ada", "family_name": "Byron", "email": "ada@halden.example"},
    {"username": "bob", "given_name": "Bob", "family_name": "Moran", "email": "bob@halden.example"},
]
ORGANIZATIONS = [
    {"id": "org_halden", "name": "halden", "portico_org": "org-halden"},
    {"id": "org_other", "name": "other", "portico_org": "org-other"},
    {"id": "org_bare", "name": "bare"},
]


@dataclass
class Stage:
    """A stand-in and its upstream provider, both serving, and an application's view of them."""

    tenant: Auth0Tenant
    idp: str
    simulator: Flask
    browser: Browser
    app: Ledgerline

    @property
    def standin(self) -> str:
        """The tenant's origin."""
        return self.tenant.origin

    @property
    def connection_id(self) -> str:
        """Of the seeded connection."""
        return next(iter(self.tenant.standin.tenant.connections)).id

    def start(self, **parameters: str) -> tuple[str, Any]:
        """Return the URL of an application's request, and what the application remembers of it."""
        begun = begin("x", "browser", lambda n: b"r" * n)
        return authorize_url(self.app, begun, "app-state", {"connection": "portico"} | parameters), begun

    def upstream_request(self, **parameters: str) -> dict[str, str]:
        """Return the parameters of the request that the stand-in sends upstream."""
        url, _ = self.start(**parameters)
        return self.browser.reach(url, f"{self.idp}/oauth2/authorize").query

    def to_callback(self, person: str = "ada", **parameters: str) -> Step:
        """Sign in and return the step to /login/callback, not yet taken."""
        url, _ = self.start(**parameters)
        end = self.browser.walk(url, stop=f"{self.standin}/login/callback")
        if isinstance(end, Page):
            form = next(form for form in end.forms if dict(form.fields).keys() == {"username"})
            end = self.browser.walk(end.submit(form, username=person), stop=f"{self.standin}/login/callback")
        assert isinstance(end, Step), end.text
        return end

    def answer(self, step: Step | str) -> dict[str, str]:
        """Take the step and return what reaches the application."""
        return self.browser.reach(step, CALLBACK).query

    def sign_in(self, person: str = "ada", **parameters: str) -> dict[str, Any]:
        """Return the claims that the application verified."""
        _, begun = self.start(**parameters)
        answer = self.answer(self.to_callback(person, **parameters))
        assert answer["state"] == "app-state"
        assert "code" in answer, answer
        return finish(self.app, LoopbackHttp(), begun, answer["code"], self.tenant.clock)

    def silently(self, **parameters: str) -> dict[str, str]:
        """Return what the application gets where nobody may be asked: a code only from the tenant's session."""
        url, _ = self.start(prompt="none", **parameters)
        return self.answer(url)

    def log(self) -> str:
        """Return the tenant's log page."""
        return self.browser.read(f"{self.standin}/logs").text

    def enabled(self, organization: str, **flags: bool) -> None:
        """Change the flags of the connection in an organization."""
        path = f"/organizations/{organization}/enabled_connections/{self.connection_id}"
        self.tenant.ask("PATCH", path, flags)

    def members(self, organization: str) -> list[str]:
        """Return the ids of the organization's members."""
        return [entry["user_id"] for entry in self.tenant.ask("GET", f"/organizations/{organization}/members")]


Make = Callable[..., Stage]


@contextmanager
def stages() -> Iterator[Make]:
    """Give a function that starts a stage; all of them end with the block.

    It takes `claims` (what the provider adds; that of Halden unless given), `profile` (of the simulator), `behaviour`
    (switches of the tenant), and changes to the tenant's connection.
    """
    with ExitStack() as stack:

        def start(
            *,
            claims: dict[str, str] | None = None,
            profile: dict[str, Any] | None = None,
            behaviour: dict[str, Any] | None = None,
            **changes: Any,
        ) -> Stage:
            idp_port, port = free_port(), free_port()
            idp, standin = f"http://idp.localhost:{idp_port}/up", f"http://auth0.localhost:{port}"
            constant = {"portico_org": "org-halden", "portico_connection": "con-1"} if claims is None else claims
            like = replace(GENERIC_OIDC, key="like-portico", constant_claims=constant, **(profile or {}))
            client: dict[str, Any] = {"client_id": "auth0", "client_secret": "up-secret"}
            client["redirect_uris"] = [f"{standin}/login/callback"]
            entry = {"id": "up", "profile": "like-portico", "persons": PERSONS, "applications": [client]}
            raw = {"base_url": f"http://idp.localhost:{idp_port}", "idps": [entry]}
            simulator = create_simulator(parse_config(raw), profiles={"like-portico": like})
            server = make_server("127.0.0.1", idp_port, simulator, threaded=True)
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            connection = {
                "name": "portico",
                "discovery_url": f"{idp}/.well-known/openid-configuration",
                "client_id": "auth0",
                "client_secret": "up-secret",
                "upstream_params": UPSTREAM_PARAMS,
                "domain_aliases": ["halden.example"],
            }
            settings: dict[str, Any] = {
                "applications": [APP],
                "organizations": ORGANIZATIONS,
                "behaviour": behaviour or {},
            }
            tenant = stack.enter_context(
                run_auth0_tenant(port=port, login_action=True, connection=connection | changes, **settings)
            )
            app = Ledgerline("http://app.localhost:1", standin, "app", "app-secret", "", "", (), (), {})
            return Stage(tenant, idp, simulator, Browser(), app)

        yield start
