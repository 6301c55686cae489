"""The console in a real browser: an operator enrolled by the command line's link, a customer to look at, every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyotp
import requests

from tests.support.command import Portico
from tests.support.management import Management
from tests.support.operators import PASSWORD

EMAIL = "vera@yourcompany.example"


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """One page of the console: a name for files and tests, its address, whether one must be signed in for it."""

    name: str
    path: str
    signed_in: bool = True


def list_console_pages(url: str, portico: Portico, api: Management) -> list[ConsolePage]:
    """Return every page, with a customer to show on them. For tests and for `make screenshots`."""
    domain = "haldenfreight.example"
    organization = api.post("/organizations", name="Halden Freight", slug="halden")["id"]
    api.post(f"/organizations/{organization}/domains", domain=domain)
    settings = {"issuer": "https://login.haldenfreight.example", "client_id": "portico", "client_secret": "x"}
    path = f"/organizations/{organization}/connections"
    connection = api.post(path, adapter="oidc", name="Halden Freight staff", settings=settings)["id"]
    contact = f"mira.holt@{domain}"
    api.post(f"/organizations/{organization}/contacts", name="Mira Holt", email=contact)
    api.post(f"/organizations/{organization}/setup-links", features=["sso", "domains"], contact=contact, send=True)
    reference = _fail_a_sign_in(url, api, connection)
    invited = portico.json("operator", "create", "odd@yourcompany.example")["url"]
    return [
        ConsolePage("enrol", invited.removeprefix(url), signed_in=False),
        ConsolePage("sign-in", "/console/sign-in", signed_in=False),
        ConsolePage("overview", "/console/"),
        ConsolePage("organizations", "/console/organizations"),
        ConsolePage("organization-new", "/console/organizations/new"),
        ConsolePage("organization", f"/console/organizations/{organization}"),
        ConsolePage("connections", "/console/connections"),
        ConsolePage("connection", f"/console/connections/{connection}"),
        ConsolePage("sign-ins", "/console/sign-ins"),
        ConsolePage("trace", f"/console/sign-ins/{reference}"),
        ConsolePage("audit", "/console/audit"),
        ConsolePage("mail", "/console/mail"),
        ConsolePage("account", "/console/account"),
    ]


def enrol(page: Any, link: str) -> str:
    """Become an operator in this browser; return the authenticator's secret."""
    page.goto(link)
    page.fill("#name", "Vera Lund")
    page.fill("#password", PASSWORD)
    page.click("summary")
    secret = str(page.inner_text("code.copy")).strip()
    page.fill("#code", pyotp.TOTP(secret).now())
    page.click("button:has-text('Finish')")
    page.wait_for_selector("pre")
    return secret


def sign_in(page: Any, url: str, recovery_code: str) -> None:
    """Sign in by password and a recovery code, so that nobody waits for the next half minute."""
    page.goto(f"{url}/console/")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Continue')")
    page.fill("#code", recovery_code)
    page.click("button:has-text('Sign in')")
    page.wait_for_selector("h1:has-text('Overview')")


def _fail_a_sign_in(url: str, api: Management, connection: str) -> str:
    """Begin a sign-in whose provider does not exist; return its reference."""
    api.activate(connection)
    client = api.add_client()
    asked = {
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "nonce": "n",
        "acr_values": f"urn:portico:connection:{connection}",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    requests.get(f"{url}/oauth2/authorize", params=asked, timeout=30, allow_redirects=False)
    return str(api.get("/sign-ins")["items"][0]["id"])
