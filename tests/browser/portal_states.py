"""Every page of the portal, of sign-in, logout and errors in every state that matters: for axe-core and for pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, render_template

from app.translations import say
from app.web.actions import render_onward, render_repost, render_start
from portico_sdk import Redirect
from tests.browser.portal_walk import Admin, visiting
from tests.support.certificates import make_certified
from tests.support.chromium import Chromiums
from tests.support.vendors import Vendor, Vendors

#: Whose cookies: none; of a visit that has done nothing; of drafts under way; of a connection that is on.
VISITORS = ("nobody", "new", "draft", "active")
ELSEWHERE = "https://login.halden.example/"
Act = Callable[[Any], None]


@dataclass(frozen=True)
class State:
    """One page in one state.

    Args:
        visitor: whose cookies, one of VISITORS.
        act: what to do on the page before it is looked at.
        status: that the page comes with.
    """

    name: str
    visitor: str
    path: str
    act: Act | None = None
    status: int = 200

    def show(self, page: Any, base: str) -> None:
        """Open it and do what makes the state."""
        answer = page.goto(base + self.path)
        assert answer.status == self.status, (self.name, answer.status)
        if self.act is not None:
            self.act(page)


@dataclass
class Stage:
    """Everything that the states need."""

    vendors: Vendors
    base: str
    states: list[State] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)  # of those states that were shown, by their names
    cookies: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"nobody": []})

    def add(self, visitor: str, name: str, path: str, act: Act | None = None, status: int = 200) -> None:
        """Add a state."""
        self.states.append(State(name, visitor, path.removeprefix(self.base), act, status))

    def of(self, visitor: str) -> list[State]:
        """Return the states of this visitor."""
        return [state for state in self.states if state.visitor == visitor]

    def one_of_each_template(self) -> set[str]:
        """Return names of states that together show every template; all where it is not known what they show."""
        if len(self.templates) < len(self.states):
            return {state.name for state in self.states}
        return set({template: state for state, template in self.templates.items()}.values())

    def enter(self, page: Any, visitor: str) -> None:
        """Be this visitor on this page, on which nothing goes on by itself."""
        page.context.add_cookies(self.cookies[visitor])
        page.route("**/js/submit.js", lambda route: route.fulfill(body="", content_type="text/javascript"))


def press(name: str) -> Act:
    """Press the button of this name, in the language of the page, and wait for the page that answers."""

    def act(page: Any) -> None:
        said = say(name, page.get_attribute("html", "lang"))
        with page.expect_navigation(wait_until="load"):
            page.locator("main").get_by_role("button", name=said, exact=True).click()

    return act


def typing(button: str, **values: str) -> Act:
    """Type values into fields, then press."""

    def act(page: Any) -> None:
        for name, value in values.items():
            page.locator(f"#{name}").fill(value)
        press(button)(page)

    return act


def make_moments() -> Blueprint:
    """Pages that are there for a moment only, and answers that go on by themselves: here they stay.

    Made by the functions that make them in a sign-in; only what happens before them is left out.
    """
    pages = Blueprint("moments", __name__)

    def stay(response: Response) -> Response:
        response.headers.pop("Refresh", None)
        return response

    pages.after_app_request(stay)

    @pages.get("/moments/<name>")
    def show(name: str) -> Response:
        own = current_app.extensions["portico"].brands.own
        made: dict[str, Callable[[], Any]] = {
            "onward": lambda: render_onward(ELSEWHERE),
            "posting": lambda: render_repost(ELSEWHERE, [("SAMLResponse", "PD94bWw+"), ("RelayState", "r")]),
            "start": lambda: render_start(Redirect(ELSEWHERE), own),
            "leaving": lambda: render_onward(ELSEWHERE, page="logout/onward.html"),
            "unconfirmed": lambda: render_template("logout/unconfirmed.html", onward=ELSEWHERE),
            "unconfirmed-end": lambda: render_template("logout/unconfirmed.html", onward=None),
            "sign-out": lambda: render_template("logout/confirm.html", handle="h", client="cli-1"),
        }
        return make_response(made[name]())  # one that is not there is the page of a fault of ours

    return pages


def build_stage(vendors: Vendors, chromium: Chromiums) -> Stage:
    """Return the stage, with every state prepared."""
    stage = Stage(vendors, str(vendors.gateway.extensions["portico"].settings.base_url))
    _add_gate(stage)
    _add_closed_links(stage, chromium)
    _add_beginning(stage, chromium)
    _add_drafts(stage, chromium)
    _add_active(stage, chromium)
    return stage


def _add_gate(stage: Stage) -> None:
    asked = {
        "client_id": stage.vendors.relying_party.client.client_id,
        "redirect_uri": stage.vendors.relying_party.client.redirect_uri,
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    authorize = "/oauth2/authorize?"
    stage.add("nobody", "email", authorize + urlencode(asked))
    stage.add("nobody", "email-unknown", authorize + urlencode(asked), typing("Continue", email="ada@nowhere.example"))
    stage.add("nobody", "refused", authorize + urlencode({**asked, "client_id": "cli-nothing"}), status=400)
    stage.add("nobody", "not-found", "/nothing/here", status=404)
    stage.add("nobody", "fault", "/moments/nothing", status=500)
    stage.add("nobody", "signed-out", "/oauth2/logout")
    for name in ("onward", "posting", "start", "leaving", "unconfirmed", "unconfirmed-end", "sign-out"):
        stage.add("nobody", name, f"/moments/{name}")
    stage.add("nobody", "over", "/setup/contacts", status=401)


def _add_closed_links(stage: Stage, chromium: Chromiums) -> None:
    api = stage.vendors.api
    links = f"/organizations/{api.post('/organizations', name='Halden Freight')['id']}/setup-links"
    expired = api.post(links, features=["sso"], expires_in_s=300)["url"]
    stage.vendors.clock.advance(minutes=6)
    used = api.post(links, features=["sso"], single_use=True)["url"]
    with chromium() as watched:
        watched.page.goto(used)
        press("Continue")(watched.page)
    revoked = api.post(links, features=["sso"])
    api.post(f"{links}/{revoked['id']}/revoke")
    stage.add("nobody", "door", api.post(links, features=["sso"], single_use=True)["url"])
    stage.add("nobody", "closed-used", used, status=410)
    stage.add("nobody", "closed-revoked", revoked["url"], status=410)
    stage.add("nobody", "closed-expired", expired, status=410)
    stage.add("nobody", "asked", expired, press("Ask for a new link"), status=410)


def _add_beginning(stage: Stage, chromium: Chromiums) -> None:
    """A visit that has done nothing yet."""
    customer = stage.vendors.api.post("/organizations", name="Halden Freight")["id"]
    with visiting(stage.vendors, chromium, organization_id=customer) as admin:
        admin.open(admin.link(contact="mira@halden.example"))
        stage.cookies["new"] = admin.page.context.cookies()
    for name, path in {
        "tasks-new": "/setup/", "provider": "/setup/provider", "provider-found": "/setup/provider?q=azure",
        "domains-new": "/setup/domains", "colleague": "/setup/colleague?step=domains", "thanks": "/setup/thanks",
    }.items():  # fmt: skip
        stage.add("new", name, path)
    stage.add("new", "missing", "/setup/domains/nothing.example", status=404)
    stage.add("new", "provider-wrong", "/setup/provider", press("Continue"))
    stage.add("new", "domains-wrong", "/setup/domains", typing("Continue", domain="not a domain"))
    stage.add("new", "contacts-wrong", "/setup/contacts", typing("Add", name="", email="nobody"))
    stage.add("new", "colleague-made", "/setup/colleague?step=domains", press("Make the link"))


def _add_drafts(stage: Stage, chromium: Chromiums) -> None:
    """Setups under way: SAML with metadata, and OpenID Connect with a secret."""
    vendors = stage.vendors
    customer = vendors.api.post("/organizations", name="Halden Freight")["id"]
    both = vendors.fetch(vendors.describe("okta-saml")["metadata_url"]).decode("utf-8-sig").partition("?>")[2]
    other = vendors.fetch(vendors.describe("keycloak-saml")["metadata_url"]).decode("utf-8-sig").partition("?>")[2]
    several = (
        f'<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">{both or ""}{other}</EntitiesDescriptor>'
    )
    with visiting(vendors, chromium, "entra-oidc", organization_id=customer) as admin:
        admin.open(admin.link(contact="mira@halden.example"))
        admin.choose()
        admin.go("step-secret")
        admin.page.locator("#client_secret").fill("kX8~correct.horse.battery")
        admin.page.locator("#client_secret_ends").fill("2030-01-20")
        admin.press("Save and continue")
        oidc = admin.root
        admin.adapter = "entra-saml"
        admin.choose()
        saml = admin.root
        steps = [str(link.get_attribute("href")) for link in admin.page.locator("ol.rows a[href*='/step-']").all()]
        stage.cookies["draft"] = admin.page.context.cookies()
    for path in steps:
        stage.add("draft", f"step-{path.rpartition('step-')[2]}", path)
    for name in ("tasks", "mapping", "test", "activate", "certificates", "guide"):
        stage.add("draft", f"{name}-draft", f"{saml}/{name}")
    stage.add("draft", "secret-kept", f"{oidc}/step-secret")
    stage.add("draft", "issuer", f"{oidc}/step-tenant")
    metadata, address = f"{saml}/step-give-metadata", vendors.describe("entra-saml")["metadata_url"]
    stage.add("draft", "metadata-read", metadata, typing("Read it", metadata_url=address))
    stage.add("draft", "metadata-wrong", metadata, typing("Read it", metadata_url=f"{vendors.origin}/nothing"))

    def upload(page: Any) -> None:
        file = {"name": "idps.xml", "mimeType": "text/xml", "buffer": several.encode()}
        page.locator("#file").set_input_files(file)
        press("Read it")(page)

    stage.add("draft", "metadata-file", f"{metadata}?way=file")
    stage.add("draft", "metadata-several", f"{metadata}?way=file", upload)
    key = make_certified("idp.halden.example").key_pem
    wrong = {"idp_entity_id": "", "sso_url": "not an address", "certificates": key}
    stage.add("draft", "values-wrong", f"{saml}/step-check-values", typing("Continue", **wrong))
    right = {
        "idp_entity_id": "https://idp.halden.example",
        "sso_url": "https://idp.halden.example/sso",
        "certificates": make_certified("idp.halden.example").certificate_pem,
    }
    stage.add("draft", "values-preview", f"{saml}/step-check-values", typing("Continue", **right))


def _add_active(stage: Stage, chromium: Chromiums) -> None:
    """One that is on, with sign-ins, a draft beside it, a certificate that ends soon, and tests of every outcome."""
    vendors = stage.vendors
    vendor: Vendor = vendors.connect("okta-saml")
    for name in ("ada", "guest"):  # the second one is refused
        vendors.walk(vendor, name)
    signed_in = {one["outcome"]: one["id"] for one in vendors.api.get("/sign-ins", connection_id=vendor.id)["items"]}
    api, customer = vendors.api, vendors.organization("okta-saml")
    api.patch(f"/organizations/{customer}", name="Halden Freight")
    api.post(f"/organizations/{customer}/contacts", name="Mira", email="mira@halden.example", notify=["certificates"])
    for domain in ("new.example", "wrong.example"):
        api.post(f"/organizations/{customer}/domains", domain=domain)
    with visiting(vendors, chromium) as admin:
        admin.last_connection = vendor.id
        admin.open(admin.link(contact="mira@halden.example"))
        explained = leave(admin)
        vendors.clock.advance(minutes=3)
        vendors.clock.advance(1)
        with vendors.behaving("okta-saml", audience="https://somewhere.example"):
            finish(admin)
        failed = admin.page.url
        vendors.clock.advance(1)
        finish(admin)
        passed = admin.page.url
        vendors.clock.advance(minutes=5)  # so that two minutes have not passed when it is looked at
        waiting, go = leave(admin), begin(admin)
        vendors.clock.advance(minutes=-5)
        certificate = make_certified("idp-2027.halden.example", days=20).certificate_pem
        api.post(f"/connections/{vendor.id}/certificates", certificates=[certificate])
        vendors.dns.publish("_portico.wrong.example", "portico-verification=old")
        admin.go("/setup/domains/wrong.example")
        admin.press("Check now")
        stage.cookies["active"] = admin.page.context.cookies(stage.base)
    root = f"/setup/{vendor.id}"
    for name in ("overview", "tasks", "activate", "certificates", "done", "mapping", "guide", "test"):
        stage.add("active", f"{name}-active", f"{root}/{name}")
    for name, path in {
        "test-go": go, "test-explained": explained, "test-waiting": waiting, "test-failed": failed, "test-passed": passed,
        "sign-in": f"{root}/sign-ins/{signed_in['allowed']}", "sign-in-refused": f"{root}/sign-ins/{signed_in['denied']}",
        "domains": "/setup/domains", "domain": "/setup/domains/new.example", "domain-wrong": "/setup/domains/wrong.example",
        "domain-verified": "/setup/domains/okta-saml.example", "contacts": "/setup/contacts", "code": "/setup/code",
    }.items():  # fmt: skip
        stage.add("active", name, path)
    stage.add("active", "code-sent", "/setup/code", press("Mail me a code"))
    stage.add("active", "code-wrong", "/setup/code", typing("Continue", code="123"))


def begin(admin: Admin) -> str:
    """The page from which a test goes on to the provider."""
    admin.go("test")
    admin.page.get_by_role("button", name="Start the test").click()
    admin.page.wait_for_url("**/test/*")
    return str(admin.page.url)


def leave(admin: Admin) -> str:
    """Begin a test and go on to the provider, where nobody signs in; return its page."""
    admin.page.context.clear_cookies(domain="idp.localhost")
    own = begin(admin)
    admin.page.get_by_role("link", name="Go on").click()
    admin.page.wait_for_url("**/sign-in/**")
    return own


def finish(admin: Admin) -> None:
    """A whole test, whose pages do not go on by themselves here."""
    leave(admin)
    admin.page.locator("input[name=username]").fill(f"ada@{admin.key}.example")
    admin.page.locator("input[name=username]").press("Enter")
    admin.page.wait_for_url("**/test/*")
