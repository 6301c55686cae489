"""The whole chain in this process: an application's browser, a tenant of the stand-in, the gateway, the vendors."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from app.demo.standin.tenant.applications import Application
from app.demo.standin.tenant.organizations import Organization
from tests.support.auth0_tenant import CALLBACK, run_auth0_tenant
from tests.support.auth0_trust import Trust, forget
from tests.support.browser import Browser, Page, Step
from tests.support.clock import SettableClock
from tests.support.databases import Databases
from tests.support.gateway import free_port
from tests.support.vendors import Vendor, Vendors, run_vendors


@dataclass
class Chain:
    """Everything, and an application of the tenant that people sign in to."""

    vendors: Vendors
    trust: Trust
    application: Application
    organizations: dict[str, Organization] = field(default_factory=dict)

    def bind(self, vendor: Vendor) -> Organization:
        """Return a new Auth0 organization that is this customer; the tenant is told at the next connect."""
        made = self.trust.tenant.add_organization(vendor.key)
        customer = self.vendors.organization(vendor.key)
        self.trust.api.patch(f"/organizations/{customer}", auth0_organization_id=made.id)
        self.organizations[vendor.key] = made
        return made

    def authorize(self, **parameters: str) -> str:
        """Return the address that the application sends a browser to; an empty parameter is left out."""
        query = {
            "client_id": self.application.client_id,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid profile email",
            "state": "s",
            "connection": "portico",
            **parameters,
        }
        sent = {name: value for name, value in query.items() if value}
        return f"{self.trust.tenant.origin}/authorize?{urlencode(sent)}"

    def sign_in(
        self, vendor: Vendor, name: str = "ada", *, browser: Browser | None = None, **parameters: str
    ) -> Page | Step:
        """Let a person of this vendor's directory sign in; returns where the browser ends."""
        browser = browser or Browser()
        end = browser.walk(self.authorize(**parameters), stop=CALLBACK)
        if isinstance(end, Page) and "/sign-in/" in end.url:
            step = self.vendors.type_name(end, f"{name}@{vendor.domain}")
            end = browser.walk(step, stop=CALLBACK)
        return end

    def claims(self, end: Page | Step) -> dict[str, Any]:
        """Return what the application's ID token says."""
        assert isinstance(end, Step), f"{end.url}: {end.text[:800]}"
        assert "code" in end.query, end.query
        form = {
            "grant_type": "authorization_code",
            "code": end.query["code"],
            "redirect_uri": CALLBACK,
            "client_id": self.application.client_id,
            "client_secret": self.application.client_secret,
        }
        answer = self.trust.tenant.http.request("POST", f"{self.trust.tenant.origin}/oauth/token", form=form)
        assert answer.status == 200, answer.body
        payload = str(answer.json()["id_token"]).split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return found

    def refusal(self, end: Page | Step) -> str:
        """Return the sentence with which the tenant sent the browser back to the application, without a code."""
        assert isinstance(end, Step), f"{end.url}: {end.text[:800]}"
        assert "code" not in end.query, end.query
        return end.query["error_description"]

    def claim(self, claims: dict[str, Any], name: str) -> Any:
        """Return a claim that the Action set."""
        return claims.get(f"{self.trust.issuer}/{name}")


@contextmanager
def run_chain(database_url: str, folder: Path, profiles: Mapping[str, str] | None = None) -> Iterator[Chain]:
    """Run it for the length of the block; `profiles` as for `run_vendors`."""
    port = free_port()
    origin = f"http://auth0.localhost:{port}"
    with run_vendors(database_url, folder, allow=(origin,), profiles=profiles) as vendors:
        clock: SettableClock = vendors.clock
        with run_auth0_tenant(port=port, clock=clock) as tenant:
            issuer = vendors.gateway.extensions["portico"].settings.base_url
            trust = Trust(vendors.gateway, tenant, clock, vendors.api, issuer)
            yield Chain(vendors, trust, tenant.add_application())


@pytest.fixture(scope="module")
def running_chain(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """One for the tests of a module."""
    with databases.database("sqlite") as url, run_chain(url, tmp_path_factory.mktemp("chain")) as running:
        yield running


@pytest.fixture
def chain(running_chain: Chain) -> Iterator[Chain]:
    """A tenant that has nothing but an application, and a gateway that trusts nobody yet."""
    running_chain.trust.tenant.reset()
    running_chain.application = running_chain.trust.tenant.add_application()
    running_chain.organizations.clear()
    yield running_chain
    forget(running_chain.trust)
