"""Issue 5, items 8 and 9: every page of the console speaks German, its errors and confirmations too."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, template_rendered

from app.cli.translations.specs import find_names
from app.console.notice_words import WORDS
from app.database import transaction
from app.gateway import Gateway
from app.mail import deliver_due
from app.notices import NoticeKind, add_notice
from app.settings import ROOT
from app.signin.trace import Trace, add_trace, finish_trace
from tests.support.certificates import make_certified
from tests.support.clock import SettableClock
from tests.support.leftovers import find_leftovers
from tests.support.operators import Person
from tests.support.whole_app import Api

#: Layout and macros, and what is included.
PIECES = {"desk", "parts", "contact_fields", "speaking"}
#: What a provider's console calls things stays in English.
NAMES = frozenset(name for vendor in ("okta", "entra") for name in find_names(f"portico_{vendor}"))

CLIENT = {
    "redirect_uris": "https://b.example/cb",
    "token_endpoint_auth_method": "client_secret_post",
    "id_token_signed_response_alg": "RS256",
    "require_pkce": "yes",
}


@pytest.fixture
def german(whole: Flask, clock: SettableClock) -> Person:
    """An operator whose browser asks for German, signed in."""
    made = Person(whole, clock, accept_language="de-CH, en;q=0.5")
    made.enrol()
    made.sign_in()
    return made


class Reader:
    """Reads pages: the language is declared, and no text of ours is left in English. `wrong` says what is, by page."""

    def __init__(self) -> None:
        self.wrong: dict[str, list[str]] = {}

    def __call__(self, text: str, path: str) -> None:
        found = find_leftovers(text, "de", NAMES)
        if '<html lang="de"' not in text:
            found.append("another language is declared")
        if found:
            self.wrong[path] = found


@contextmanager
def rendered(app: Flask) -> Iterator[set[str]]:
    """The templates of the console that are rendered meanwhile."""
    names: set[str] = set()

    def note(sender: Flask, template: object, **more: object) -> None:
        name = str(getattr(template, "name", ""))
        if name.startswith("console/"):
            names.add(name.removeprefix("console/").removesuffix(".html"))

    with template_rendered.connected_to(note, app):
        yield names


class Shop:
    """Customers in the middle of things, so that every page has something to say."""

    def __init__(self, app: Flask, api: Api, clock: SettableClock) -> None:
        other = api.ok("POST", "/organizations", {"name": "Aster"})["id"]
        api.ok("POST", f"/organizations/{other}/domains", {"domain": "aster.example", "verified": True})
        self.organization = api.ok("POST", "/organizations", {"name": "Halden", "slug": "halden"})["id"]
        one = self.one = f"/organizations/{self.organization}"
        api.ok("POST", f"{one}/domains", {"domain": "halden.example", "verified": True})
        self.domain = api.ok("POST", f"{one}/domains", {"domain": "staff.halden.example"})["id"]
        contact = {"name": "Mira", "email": "mira@halden.example", "notify": ["certificates", "domains"]}
        self.contact = api.ok("POST", f"{one}/contacts", contact)["id"]
        soon = [make_certified("Halden", days=20).certificate_pem]
        saml = {"idp_entity_id": "https://idp.halden.example/", "sso_url": "https://idp.halden.example/sso"}
        body = {"adapter": "okta-saml", "name": "Okta", "settings": {**saml, "certificates": soon}}
        self.active = api.ok("POST", f"{one}/connections", body)["id"]
        api.ok("POST", f"/connections/{self.active}/activate", {"skip_test": True})
        api.ok("PATCH", f"/connections/{self.active}/draft", {"settings": {"sso_url": "https://idp.halden.example/2"}})
        self.draft = api.ok("POST", f"{one}/connections", {"adapter": "saml", "name": "Next", "settings": saml})["id"]
        oidc = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "of-the-idp"}
        entra = {"adapter": "oidc", "name": "OIDC", "settings": oidc}
        self.oidc = api.ok("POST", f"{one}/connections", entra)["id"]
        api.ok("POST", f"/connections/{self.oidc}/activate", {"skip_test": True})
        day = (clock() + timedelta(days=1)).date().isoformat()
        api.ok("POST", f"/connections/{self.oidc}/secret-expiry", {"secret": "client_secret", "last_day": day})
        link = {"features": ["sso", "domains"], "contact": "mira@halden.example", "send": True, "language": "de"}
        self.link = api.ok("POST", f"{one}/setup-links", link)["id"]
        api.ok("POST", f"{one}/setup-links", {"features": ["domains"], "single_use": True})
        client = {"name": "Auth0", "redirect_uris": ["https://a.example/cb"]}
        self.client = api.ok("POST", "/clients", client)["id"]
        self.secret = api.ok("GET", f"/clients/{self.client}/secrets")["items"][0]["id"]
        self.key = api.ok("POST", "/api-keys", {"name": "Old"})["id"]
        self.events = [event["id"] for event in api.ok("GET", "/audit-events?limit=3")["items"]]
        self.reference = "c41e7a90d25b4f38a6017be95d3c8f12"
        gateway: Gateway = app.extensions["portico"]
        with app.app_context(), transaction():
            trace = Trace(self.reference, "callback")
            trace.add("audience", ok=False, expected="us", received="them")
            about = {"organization_id": self.organization, "connection_id": self.active}
            add_trace(trace, now=clock(), purpose="authorize", client_id=self.client, **about)
            finish_trace(trace, now=clock(), outcome="denied", code="saml-audience", email="mira@halden.example")
            for kind in NoticeKind:
                ours = kind in (NoticeKind.MAIL_FAILING, NoticeKind.AUTH0_DRIFT, NoticeKind.AUTH0_FAILING)
                owner = None if ours else self.organization
                add_notice(kind, organization_id=owner, target=kind.value, facts={"says": "no"}, now=clock())
        with app.app_context():
            deliver_due(gateway.outbox, clock())


def pages_of(app: Flask, shop: Shop, person: Person) -> list[str]:
    """Every page there is for these customers, from the route table, so that no later page is forgotten."""
    colleague = Person(app, person.clock, email="odd@yourcompany.example")
    colleague.enrol()
    operators = person.get("/console/operators").text
    operator = re.findall(r"/console/operators/(opr-[a-z0-9]+)/reset", operators)[0]
    mail = re.findall(r'href="/console/mail/([^"]+)"', person.get("/console/mail").text)[0]
    values = {
        "organization_id": [shop.organization],
        "domain": ["staff.halden.example"],
        "contact_id": [shop.contact],
        "link_id": [shop.link],
        "connection_id": [shop.active, shop.draft, shop.oidc],
        "client_id": [shop.client],
        "secret_id": [shop.secret],
        "api_key_id": [shop.key],
        "event_id": shop.events,
        "sign_in_id": [shop.reference],
        "operator_id": [operator],
        "name": [mail],
        "sha256": ["0" * 64],
    }
    elsewhere = ("/enrol/", "/tests/", "/sign-in", "events.", "/find")  # the sign-in, files, and what leads on
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/console/") or "GET" not in (rule.methods or ()):
            continue
        if rule.rule.startswith("/console/sign-ins") or not any(part in rule.rule for part in elsewhere):
            paths = [rule.rule]
            for name in rule.arguments:
                paths = [path.replace(f"<{name}>", value) for path in paths for value in values[name]]
            found += paths
    return found


def test_no_page_of_the_console_says_anything_in_english(
    german: Person, whole: Flask, api: Api, clock: SettableClock
) -> None:
    """Every route that shows a page, what forms answer, the way in, and errors."""
    shop, check = Shop(whole, api, clock), Reader()
    with rendered(whole) as seen:
        for path in pages_of(whole, shop, german):
            answer = german.get(path)
            if answer.status_code == 404 or "/draft/" in path:  # such as the certificates of what has none
                assert shop.active not in path or "sha256" in path or "/draft/" in path, path
            check(answer.text, path)
        one, active = f"/console{shop.one}", f"/console/connections/{shop.active}"
        for path, fields, status in [
            ("/console/organizations/new", {"slug": "org-x"}, 422),
            (f"{one}/domains", {"domain": "aster.example"}, 409),
            (f"{one}/contacts", {"name": "", "email": "x"}, 422),
            (f"{one}/setup-links", {"contact": "x"}, 422),
            (f"{one}/setup-links", {"features": "sso", "contact": "m@halden.example", "send": "yes"}, 200),
            (f"{one}/settings", {"name": "", "max_session_s": "x"}, 422),
            (f"{active}/settings", {"sso_url": "x"}, 422),
            (f"{active}/certificates/add", {"certificates": "x"}, 422),
            (f"{active}/deactivate", {"typed": "x"}, 422),
            ("/console/clients/new", {**CLIENT, "name": ""}, 422),
            ("/console/clients/new", {**CLIENT, "name": "B"}, 200),
            ("/console/api-keys", {"name": ""}, 422),
            ("/console/api-keys", {"name": "New", "scopes": "organizations:read"}, 200),
            ("/console/operators", {"email": "x", "password": "x"}, 422),
            ("/console/account/password", {"old_password": "x", "password": "x"}, 422),
        ]:
            page = "/console/account" if path.endswith("/password") else path
            sent = german.post(path, page=page, **fields)
            assert sent.status_code == status, (path, sent.text)
            check(sent.text, path)
        for path in ("/console/sign-ins?reference=x", "/console/audit?since=x", "/console/organizations?search=nobody",
                     "/console/nowhere", "/console/connections/con-x"):  # fmt: skip
            check(german.get(path).text, path)
        read_trial(german, shop, check)
        read_way_in(german, check)
    assert check.wrong == {}
    assert seen | PIECES == {path.stem for path in (ROOT / "templates" / "console").glob("*.html")}


def read_trial(german: Person, shop: Shop, check: Reader) -> None:
    """A test sign-in that waits, and one that failed."""
    page = f"/console/connections/{shop.draft}"
    here = german.post(f"{page}/test", page=page).headers["Location"]
    check(german.get(here).text, here)
    state = parse_qs(urlsplit(german.get(f"{here}/leave").headers["Location"]).query)["RelayState"][0]
    german.clock.advance(minutes=3)
    check(german.get(here).text, here)
    answer = {"SAMLResponse": b64encode(b"<Response/>").decode(), "RelayState": state}
    german.browser.post(f"/sso/saml/{shop.draft}/acs", data=answer)
    failed = german.get(here).text
    assert "Der Test ist fehlgeschlagen" in failed
    check(failed, here)
    check(german.get(f"/console/sign-ins/{here.split('/')[-1]}").text, "its trace")


def read_way_in(german: Person, check: Reader) -> None:
    """A link, its mistakes, the recovery codes, and both steps of signing in with theirs."""
    fresh = Person(german.app, german.clock, email="neu@yourcompany.example", accept_language="de")
    path = fresh.invite()
    check(fresh.get(path).text, "enrol")
    check(fresh.post(path, page=path, name="", password="x", code="x").text, "enrol, refused")
    check(fresh.enrol(path).text, "recovery")
    check(fresh.get("/console/sign-in").text, "sign-in")
    check(fresh.post("/console/sign-in", email="x@y.example", password="x").text, "sign-in, refused")
    fresh.post("/console/sign-in", email=fresh.email, password="seven quiet harbours")
    check(fresh.get("/console/sign-in/code").text, "code")
    check(fresh.post("/console/sign-in/code", page="/console/sign-in/code", code="1").text, "code, refused")


def test_a_choice_of_language_is_kept_with_the_operator(german: Person, whole: Flask, clock: SettableClock) -> None:
    """It leads back to the page at hand, counts in every other browser of theirs, and nowhere else."""
    answer = german.post("/console/language", page="/console/audit", language="en", back="/console/audit?name=x")
    assert answer.headers["Location"] == "/console/audit?name=x"
    assert '<html lang="en"' in german.get("/console/").text
    elsewhere = Person(whole, clock, secret=german.secret, agent="Chrome", accept_language="de")
    assert '<html lang="de"' in elsewhere.get("/console/sign-in").text
    assert '<html lang="en"' in elsewhere.sign_in().text
    assert '<html lang="en"' in elsewhere.get("/console/nowhere").text
    german.post("/console/language", page="/console/", language="de", back="//evil.example/")
    assert '<html lang="de"' in elsewhere.get("/console/").text
    german.post("/console/language", page="/console/", language="xx")
    assert '<html lang="de"' in german.get("/console/").text


def test_a_stranger_chooses_a_language_before_signing_in(whole: Flask, clock: SettableClock) -> None:
    """By a cookie that names a language and nothing else."""
    stranger = Person(whole, clock)
    assert '<html lang="en"' in stranger.get("/console/sign-in").text
    answer = stranger.post("/console/language", language="de", back="/console/sign-in")
    assert answer.headers["Location"] == "/console/sign-in"
    assert '<html lang="de"' in stranger.get("/console/sign-in").text


def test_dates_and_numbers_are_written_in_german(german: Person, whole: Flask, api: Api, clock: SettableClock) -> None:
    """2,592,000 is not a number in German, nor 1 Nov a day."""
    shop = Shop(whole, api, clock)
    moment = clock()
    page = german.get(f"/console{shop.one}").text
    assert f"{moment.day}. " in page
    assert "2.592.000" in german.get(f"/console{shop.one}/settings").text


def test_every_notice_has_words() -> None:
    assert set(WORDS) == set(NoticeKind)
