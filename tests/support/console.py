"""The console in a real browser: an operator enrolled by the command line's link, a customer to look at, every page."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import requests

from app.mail import list_development_mail
from tests.support.certificates import make_certified
from tests.support.command import BOUND_S, Portico
from tests.support.management import Management
from tests.support.operators import PASSWORD

EMAIL = "vera@yourcompany.example"


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """One page of the console, or one state of it.

    Args:
        name: for files and tests.
        template: which of templates/console it shows.
        signed_in: whether one must be.
        fill: what to type into which field, and `press`: the button pressed then; for what a form answers.
        status: of the answer.
        until: words that are waited for after the button.
    """

    name: str
    path: str
    template: str
    signed_in: bool = True
    fill: Mapping[str, str] = field(default_factory=dict)
    press: str = ""
    status: int = 200
    until: str = ""


def list_console_pages(url: str, portico: Portico, api: Management) -> list[ConsolePage]:
    """Return every page and what forms answer, with customers to show on them. For tests and for `make screenshots`."""
    customer = _make_customer(url, api)
    organization, active, draft = customer["organization"], customer["active"], customer["draft"]
    invited = portico.json("operator", "create", "odd@yourcompany.example")["url"]
    one, con, cli = f"/console/organizations/{organization}", f"/console/connections/{active}", customer["client"]
    event = api.get("/audit-events", name="organization.changed")["items"][0]["id"]
    pages = [
        ConsolePage("enrol", invited.removeprefix(url), "enrol", signed_in=False),
        ConsolePage("sign-in", "/console/sign-in", "sign_in", signed_in=False),
        ConsolePage(
            "sign-in-refused", "/console/sign-in", "sign_in", False, {"#email": "a@b.example"}, "Continue", 422
        ),
        ConsolePage("overview", "/console/", "overview"),
        ConsolePage("organizations", "/console/organizations", "organizations"),
        ConsolePage("organizations-none", "/console/organizations?search=nobody", "organizations"),
        ConsolePage("organization-new", "/console/organizations/new", "new_organization"),
        ConsolePage("organization-refused", "/console/organizations/new", "new_organization", True, {}, "Add", 422),
        ConsolePage("organization", one, "organization"),
        ConsolePage("organization-settings", f"{one}/settings", "organization_settings"),
        ConsolePage("organization-disable", f"{one}/disable", "act"),
        ConsolePage("domains", f"{one}/domains", "domains"),
        ConsolePage("domain-foreign", f"{one}/domains", "domains", True, {"#domain": "aster.example"}, "Add", 409),
        ConsolePage("domain-move", f"{one}/domains/aster.example/move", "act"),
        ConsolePage("contacts", f"{one}/contacts", "contacts"),
        ConsolePage("contact", f"{one}/contacts/{customer['contact']}", "contact"),
        ConsolePage("setup-links", f"{one}/setup-links", "setup_links"),
        ConsolePage("setup-link-made", f"{one}/setup-links", "setup_links", True, {"#contact": "m@b.example"}, "Make"),
        ConsolePage("connections", "/console/connections", "connections"),
        ConsolePage("connection-new", f"{one}/connections/new", "new_connection"),
        ConsolePage("connection", con, "connection"),
        ConsolePage("connection-draft", f"/console/connections/{draft}", "connection"),
        ConsolePage("connection-settings", f"{con}/settings", "connection_settings"),
        ConsolePage("settings-refused", f"{con}/settings", "connection_settings", True, {"#sso_url": "x"}, "Save", 422),
        ConsolePage("connection-routing", f"{con}/routing", "connection_routing"),
        ConsolePage("connection-certificates", f"{con}/certificates/add", "connection_certificates"),
        ConsolePage("connection-activate", f"/console/connections/{draft}/activate", "act"),
        ConsolePage("connection-deactivate", f"{con}/deactivate", "act"),
        ConsolePage("act-refused", f"{con}/deactivate", "act", True, {"#typed": "x"}, "Turn off", 422),
        ConsolePage("subject-source", f"{con}/subject-source", "act"),
        ConsolePage("test-failed", f"/console/connections/{draft}", "trial", press="Test it", until="The test failed"),
        ConsolePage("sign-ins", "/console/sign-ins", "sign_ins"),
        ConsolePage("sign-ins-refused", "/console/sign-ins?reference=x", "sign_ins", status=422),
        ConsolePage("trace", f"/console/sign-ins/{customer['reference']}", "sign_in_trace"),
        ConsolePage("audit", "/console/audit", "audit"),
        ConsolePage("audit-event", f"/console/audit/{event}", "audit_event"),
        ConsolePage("clients", "/console/clients", "clients"),
        ConsolePage("client", f"/console/clients/{cli}", "client"),
        ConsolePage("client-settings", f"/console/clients/{cli}/settings", "client_settings"),
        ConsolePage("client-new", "/console/clients/new", "client_settings"),
        ConsolePage("api-keys", "/console/api-keys", "api_keys"),
        ConsolePage("operators", "/console/operators", "operators"),
        ConsolePage("operators-refused", "/console/operators", "operators", True, {"#email": "x"}, "Make", 422),
        ConsolePage("installation", "/console/installation", "installation"),
        ConsolePage("mails", "/console/mail", "mails"),
        ConsolePage("account", "/console/account", "account"),
    ]
    return [*pages, ConsolePage("mail", f"/console/mail/{_wait_for_mail(portico)}", "mail")]


def show(page: Any, url: str, shown: ConsolePage) -> int:
    """Open the page and do on it what it takes; return the status of what is shown then."""
    answer = page.goto(url + shown.path)
    for field_, text in shown.fill.items():
        page.fill(field_, text)
    if shown.press:
        with page.expect_navigation() as going:
            page.locator(f"main form button:has-text('{shown.press}')").first.click()
        answer = going.value
    if shown.until:
        page.wait_for_selector(f"text={shown.until}")
    return int(answer.status)


def _wait_for_mail(portico: Portico) -> str:
    """Return the name of a mail; the worker writes them within seconds."""
    folder, deadline = Path(portico.environment["PORTICO_INSTANCE_PATH"]), time.monotonic() + BOUND_S
    while not (found := list_development_mail(folder)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found[0].name


def _make_customer(url: str, api: Management) -> dict[str, str]:
    """A customer in the middle of things: live, with a draft beside it, a domain that waits, a link that is out."""
    domain = "haldenfreight.example"
    organization = api.post("/organizations", name="Halden Freight", slug="halden")["id"]
    api.patch(f"/organizations/{organization}", external_id="cust_1042")
    other = api.post("/organizations", name="Aster Health")["id"]
    api.post(f"/organizations/{other}/domains", domain="aster.example", verified=True)
    api.post(f"/organizations/{organization}/domains", domain=domain, verified=True)
    api.post(f"/organizations/{organization}/domains", domain=f"staff.{domain}")
    contact = api.post(f"/organizations/{organization}/contacts", name="Mira Holt", email=f"mira.holt@{domain}")["id"]
    path = f"/organizations/{organization}/connections"
    settings = {
        "idp_entity_id": "http://www.okta.com/exk1fcia6d6EMsf331d8",
        "sso_url": f"https://{domain}/app/portico/exk1fcia6d6EMsf331d8/sso/saml",
        "certificates": [make_certified("Halden Okta", days=34).certificate_pem],
    }
    active = api.post(path, adapter="okta-saml", name="Halden Okta", settings=settings)["id"]
    draft = api.post(path, adapter="entra-oidc", name="Halden Entra")["id"]
    reference = _fail_a_sign_in(url, api, active)
    api.patch(f"/connections/{active}/draft", settings={"sso_url": f"https://{domain}/app/new/sso/saml"})
    links = f"/organizations/{organization}/setup-links"
    api.post(links, features=["sso", "domains"], contact=f"mira.holt@{domain}", send=True)
    client = api.get("/clients")["items"][0]["id"]
    return {"organization": organization, "active": active, "draft": draft, "contact": contact,
            "reference": reference, "client": client}  # fmt: skip


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


def sign_in(page: Any, url: str, recovery_code: str, looked_at: Callable[[], None] = lambda: None) -> None:
    """Sign in by password and a recovery code, so that nobody waits for the next half minute.

    Args:
        looked_at: called while the second step is shown.
    """
    page.goto(f"{url}/console/")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Continue')")
    page.wait_for_selector("#code")
    looked_at()
    page.fill("#code", recovery_code)
    page.click("button:has-text('Sign in')")
    page.wait_for_selector("h1:has-text('Overview')")


def _fail_a_sign_in(url: str, api: Management, connection: str) -> str:
    """Begin a sign-in, and come back with what no provider sends; return its reference."""
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
    with requests.Session() as browser:
        begun = browser.get(f"{url}/oauth2/authorize", params=asked, timeout=30, allow_redirects=False)
        state = parse_qs(urlsplit(begun.headers["Location"]).query)["RelayState"][0]
        response = base64.b64encode(b"<Response/>").decode()
        acs = f"{url}/sso/saml/{connection}/acs"
        browser.post(acs, data={"SAMLResponse": response, "RelayState": state}, timeout=30, allow_redirects=False)
    return str(api.get("/sign-ins", outcome="denied")["items"][0]["id"])
