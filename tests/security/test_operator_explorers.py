"""Requirements 36, 37 and 38: what needs attention, the search for sign-ins, and the audit log as pages and as files."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app.console.attention_items import _endings
from app.console.audit.changes import list_changes
from app.console.audit.export import as_csv, read_all
from app.console.desk import name_of_actor
from app.console.notice_words import WORDS
from app.console.sign_ins.timeline import list_turns
from app.database import transaction
from app.gateway import Gateway
from app.notices import NoticeKind, add_notice
from app.organizations import add_domain
from app.signin.trace import Trace, add_trace, finish_trace
from app.translations import Words
from tests.support.clock import SettableClock
from tests.support.operators import Person
from tests.support.whole_app import OPERATOR, Api

OIDC = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "s3cret-of-the-idp"}


def make_active(api: Api, name: str = "Halden", **more: Any) -> tuple[str, str]:
    organization = api.ok("POST", "/organizations", {"name": name})["id"]
    body = {"adapter": "oidc", "name": f"{name} OIDC", "settings": OIDC, **more}
    connection = api.ok("POST", f"/organizations/{organization}/connections", body)["id"]
    api.ok("POST", f"/connections/{connection}/activate", {"skip_test": True})
    return organization, connection


# 36


def links_of(page: str) -> dict[str, str]:
    """Where each item of the overview leads, by its title."""
    rows = re.findall(r'<b>([^<]+)</b><p class="hint text-break">.*?<a href="([^"]+)"', page, re.S)
    return {unescape(title): unescape(path) for title, path in rows}


def test_36_every_kind_of_trouble_is_listed_and_leads_to_where_it_is_mended(
    person: Person, api: Api, whole: Flask, clock: SettableClock
) -> None:
    """Refusals, certificates, secrets, domains, set-ups, and every notice; each place names what it is about."""
    organization, connection = make_active(api)
    other = api.ok("POST", "/organizations", {"name": "Aster"})["id"]
    soon = (clock() + timedelta(days=20)).date().isoformat()
    api.ok("POST", f"/connections/{connection}/secret-expiry", {"secret": "client_secret", "last_day": soon})
    domain = api.ok("POST", f"/organizations/{organization}/domains", {"domain": "halden.example"})
    link = api.ok("POST", f"/organizations/{organization}/setup-links", {"features": ["domains"]})
    with whole.app_context(), transaction():
        trace = Trace("c" * 32, "callback")
        add_trace(trace, now=clock(), purpose="authorize", organization_id=organization, connection_id=connection)
        finish_trace(trace, now=clock(), outcome="denied", code="id-token-aud")
        for kind, target in [
            (NoticeKind.LINK_REQUESTED, link["id"]),
            (NoticeKind.METADATA_FAILING, connection),
            (NoticeKind.METADATA_DIFFERS, connection),
            (NoticeKind.DOMAIN_LAPSED, domain["id"]),
        ]:
            add_notice(kind, organization_id=organization, target=target, facts={}, now=clock())
        add_notice(NoticeKind.MAIL_FAILING, organization_id=None, target="mail", facts={"says": "refused"}, now=clock())
    found = links_of(person.get("/console/").text)
    assert found["1 sign-in refused in the last 24 hours"].endswith(f"connection_id={connection}")
    assert found["Client secret ends in 20 days"] == f"/console/connections/{connection}/settings"
    assert found["Domain waits for its proof"] == f"/console/organizations/{organization}/domains#{domain['id']}"
    assert found["A domain is not verified any more"] == found["Domain waits for its proof"]
    assert found["Metadata names other addresses than we have"].endswith("#metadata")
    assert found["Somebody asks for a new set-up link"].endswith(f"/setup-links#{link['id']}")
    assert found["The mail server takes nothing"] == "/console/installation"
    assert len(found) == 8
    theirs = links_of(person.get(f"/console/organizations/{organization}").text)
    assert theirs == {title: path for title, path in found.items() if title != "The mail server takes nothing"}
    assert links_of(person.get(f"/console/organizations/{other}").text) == {}
    for path in found.values():
        answer = person.get(path)
        assert answer.status_code == 200, path
        anchor = urlsplit(path).fragment
        assert not anchor or anchor == "metadata" or f'id="{anchor}"' in answer.text, path
    assert "refused" in person.get("/console/installation").text


def test_36_a_set_up_that_stands_still_is_listed_with_its_step(
    person: Person, api: Api, whole: Flask, clock: SettableClock
) -> None:
    """Opened, and no step for three days; not while it moves, and not once the link is over."""
    organization = api.ok("POST", "/organizations", {"name": "Halden"})["id"]
    body = {"features": ["domains"], "contact": "mira@halden.example"}
    made = api.ok("POST", f"/organizations/{organization}/setup-links", body)
    gateway: Gateway = whole.extensions["portico"]
    with whole.app_context():
        visit, _ = gateway.setup_links.exchange(made["url"].rsplit("/", 1)[1], now=clock())
        gateway.setup_links.note_step(visit, "domains", now=clock())
    assert "Set-up waits" not in person.get("/console/").text
    clock.advance(hours=73)
    person.sign_in()
    found = links_of(person.get("/console/").text)
    assert found["Set-up waits at “Domains”"] == f"/console/organizations/{organization}/setup-links#{made['id']}"
    api.ok("POST", f"/organizations/{organization}/setup-links/{made['id']}/revoke")
    assert "Set-up waits" not in person.get("/console/").text


def test_36_what_lies_behind_the_first_page_is_listed_too(person: Person, api: Api, whole: Flask) -> None:
    """Every page is read; where there are more than a thousand, an item says so."""
    organization = api.ok("POST", "/organizations", {"name": "Halden"})["id"]
    now = person.clock()
    with whole.app_context(), transaction():
        for number in range(1005):
            add_domain(organization, f"d{number}.example", vouched=False, actor=OPERATOR, now=now)
    page = person.get("/console/").text
    assert page.count("Domain waits for its proof") == 1000
    assert "Only the first 1,000 of each kind are listed" in page


@pytest.mark.parametrize(
    ("days", "level", "title"),
    [
        (59, "warn", "The last certificate ends in 59 days"),
        (6, "bad", "The last certificate ends in 6 days"),
        (1, "bad", "The last certificate ends in 1 day"),
        (-1, "bad", "Every certificate has ended"),
        (61, "", ""),
    ],
)
def test_36_certificates_that_end_are_listed_unless_another_one_is_there(days: int, level: str, title: str) -> None:
    now = SettableClock()()

    class Connection:
        id = "con-a"
        secret_expiries: ClassVar[dict[str, str]] = {}
        settings: ClassVar[dict[str, Any]] = {
            "certificates": [{"not_after": (now + timedelta(days=days, hours=1)).isoformat()}, {"not_after": None}]
        }

    found = [(item.level, item.title, item.path) for item in _endings(now, Connection(), "Halden", Words(), {})]
    assert found == ([(level, title, "/console/connections/con-a#certificates")] if title else [])
    Connection.settings["certificates"].append({"not_after": (now + timedelta(days=900)).isoformat()})
    assert list(_endings(now, Connection(), "Halden", Words(), {})) == []


def test_36_no_kind_of_notice_is_without_words_and_a_place() -> None:
    assert set(WORDS) == set(NoticeKind)


def test_a_notice_is_done_with_by_one_button(person: Person, api: Api, whole: Flask, clock: SettableClock) -> None:
    organization, _ = make_active(api)
    with whole.app_context(), transaction():
        add_notice(NoticeKind.LINK_REQUESTED, organization_id=organization, target="lnk-x", facts={}, now=clock())
    notice = api.ok("GET", "/notices")["items"][0]["id"]
    assert person.post(f"/console/notices/{notice}/resolve", page="/console/").status_code == 303
    assert api.ok("GET", "/notices")["items"] == []


# 37


def store(app: Flask, clock: SettableClock, number: int, **facts: Any) -> str:
    with app.app_context(), transaction():
        trace = Trace(f"{number:032x}", "callback")
        trace.add("audience", ok=facts.get("outcome") != "denied", expected="us", received="them")
        outcome, email, code = facts.pop("outcome"), facts.pop("email", None), facts.pop("code", None)
        add_trace(trace, now=clock(), purpose="authorize", **facts)
        finish_trace(trace, now=clock(), outcome=outcome, code=code, email=email)
    return trace.id


def test_37_the_search_takes_each_criterion_alone_and_together(
    person: Person, api: Api, whole: Flask, clock: SettableClock
) -> None:
    one, by_one = make_active(api)
    two, by_two = make_active(api, "Northgate")
    mira = "mira@halden.example"
    ids = {
        "allowed": store(
            whole, clock, 1, outcome="allowed", email=mira, organization_id=one, connection_id=by_one
        ),
        "denied": store(
            whole, clock, 2, outcome="denied", code="email-domain-foreign", email=mira, organization_id=two,
            connection_id=by_two,
        ),
    }  # fmt: skip

    def found(query: str) -> set[str]:
        text = person.get(f"/console/sign-ins?{query}").text
        return {name for name, id_ in ids.items() if id_ in text}

    assert found("") == {"allowed", "denied"}
    assert found("email=MIRA%40halden.example") == {"allowed", "denied"}
    assert found(f"organization_id={one}") == {"allowed"}
    assert found(f"connection_id={by_two}") == {"denied"}
    assert found("outcome=denied") == {"denied"}
    assert found(f"email={mira}&outcome=denied&organization_id={one}") == set()
    for way in (f"/console/sign-ins?reference={ids['denied'].upper()}", f"/console/find?q={ids['denied']}"):
        assert person.get(way).headers["Location"] == f"/console/sign-ins/{ids['denied']}"
    page = person.get(f"/console/sign-ins/{ids['denied']}").text
    assert "verified for another organization" in page
    assert "Northgate" in page
    assert person.get("/console/sign-ins?reference=zzz").status_code == 422
    assert person.get("/console/sign-ins?outcome=perhaps").status_code == 422


def test_37_steps_stand_on_a_line_of_our_own_time() -> None:
    """Two requests with the person away between; bars together are the whole of what was ours."""

    class Step:
        def __init__(self, request: str, at: Any, ms: float) -> None:
            self.request, self.at, self.ms = request, at, ms

    began = SettableClock()()
    back = began + timedelta(seconds=4)
    steps = [Step("authorize", began, 10.0), Step("authorize", began, 30.0), Step("callback", back, 70.0)]
    turns, ours = list_turns(steps)
    assert ours == 100.0
    assert [turn.away_s for turn in turns] == [0.0, 4.0]
    bars = [(moment.start, moment.width, moment.took_ms) for turn in turns for moment in turn.moments]
    assert bars == [(0.0, 10.0, 10.0), (10.0, 20.0, 20.0), (30.0, 70.0, 70.0)]
    assert list_turns([]) == ([], 0)


# 38


@pytest.mark.parametrize(
    "query",
    [
        "",
        "name=organization.created",
        "since=2026-01-01&until=2100-01-01",
        "until=2000-01-01",
        "name=organization.created&since=2000-01-01",
    ],
)
def test_38_both_files_hold_exactly_what_the_filter_shows(person: Person, api: Api, query: str) -> None:
    """More than one page of events, in the order of the pages."""
    for number in range(60):
        api.ok("POST", "/organizations", {"name": f"Customer {number}"})
    shown: list[str] = []
    path: str | None = f"/console/audit?{query}"
    while path is not None:
        page = person.get(path).text
        shown += re.findall(r'href="/console/audit/(evt-[a-z0-9]+)"', page)
        following = re.search(r'href="(/console/audit\?[^"]*after=[^"]*)"', page)
        path = unescape(following[1]) if following else None
    assert shown or "until=2000" in query
    as_json = person.get(f"/console/audit/events.json?{query}")
    assert as_json.headers["Content-Disposition"] == 'attachment; filename="audit-events.json"'
    assert [event["id"] for event in json.loads(as_json.text)] == shown
    rows = list(csv.DictReader(io.StringIO(person.get(f"/console/audit/events.csv?{query}").text)))
    assert [row["id"] for row in rows] == shown


def test_38_the_filter_stands_in_the_address_of_both_files_and_in_the_form(person: Person) -> None:
    page = person.get("/console/audit?name=operator.signed_in&since=2026-01-01").text
    assert "/console/audit/events.csv?name=operator.signed_in&amp;since=2026-01-01" in page
    assert 'value="operator.signed_in" selected' in page
    assert 'value="2026-01-01"' in page


@pytest.mark.parametrize("query", ["name=nothing", "since=yesterday", "until=2026-13-01", "after=nobody"])
def test_38_a_filter_that_cannot_be_read_is_refused_before_the_first_byte(person: Person, query: str) -> None:
    assert person.get(f"/console/audit?{query}").status_code == 422
    if not query.startswith("after"):
        assert person.get(f"/console/audit/events.json?{query}").status_code == 422


def test_38_an_event_shows_before_and_after(person: Person, api: Api) -> None:
    organization = api.ok("POST", "/organizations", {"name": "Halden", "slug": "halden"})["id"]
    api.ok("PATCH", f"/organizations/{organization}", {"name": "Halden Freight"})
    event = api.ok("GET", "/audit-events?name=organization.changed")["items"][0]
    page = person.get(f"/console/audit/{event['id']}").text
    assert "<mark>Halden Freight</mark>" in page
    assert organization in page
    assert person.get("/console/audit/evt-nobody").status_code == 404


def test_38_members_that_differ_come_first() -> None:
    changes = list_changes({"a": 1, "b": "x"}, {"a": 1, "b": "y", "c": {"k": None}})
    assert [(one.name, one.differs) for one in changes] == [("b", True), ("c", True), ("a", False)]
    assert (changes[0].before, changes[0].after) == ("x", "y")
    assert list_changes(None, None) == []


def test_m10_no_cell_is_a_formula(person: Person, api: Api) -> None:
    """Names come from customers and go into a spreadsheet."""
    api.ok("POST", "/api-keys", {"name": '=HYPERLINK("https://evil.example")'})
    key = Api(person.app, person.clock)
    key.ok("POST", "/organizations", {"name": "Halden"})
    text = person.get("/console/audit/events.csv").text
    for row in csv.reader(io.StringIO(text)):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_m10_a_label_that_begins_as_a_formula_gets_an_apostrophe() -> None:
    class Event:
        def __init__(self, label: str) -> None:
            self.actor = type("Actor", (), {"kind": "operator", "id": "opr-1", "label": label})()
            self.seal = None

        def model_dump(self, mode: str) -> dict[str, Any]:
            names = ("id", "occurred_at", "name", "organization_id", "target", "before", "after", "details", "personal")
            return dict.fromkeys(names, "")

    for label in ("=1+1", "+1", "-1", "@SUM", "\t=1"):
        line = list(as_csv([Event(label)]))[1]
        assert f"'{label}" in next(csv.reader(io.StringIO(line)))


def test_38_no_page_is_left_out_of_a_file() -> None:
    class Page:
        def __init__(self, items: list[int], following: str | None) -> None:
            self.items, self.next = items, following

    pages = {None: Page([1, 2], "b"), "b": Page([3], "c"), "c": Page([], None)}
    assert list(read_all(lambda after: pages[after])) == [1, 2, 3]


def test_38_an_operator_is_named_by_address_unless_that_was_erased() -> None:
    class Event:
        def __init__(self, label: str | None, erased: bool) -> None:
            self.actor = type("Actor", (), {"kind": "operator", "id": "opr-1", "label": label})()
            self.erased = erased

    operators = {"opr-1": "vera@yourcompany.example"}
    assert name_of_actor(Event("Vera", False), operators) == "Vera"
    assert name_of_actor(Event(None, False), operators) == "vera@yourcompany.example"
    assert name_of_actor(Event(None, True), operators) == "opr-1"
    assert name_of_actor(Event(None, False), {}) == "opr-1"
