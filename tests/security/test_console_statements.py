"""Issue 5, item 8: the console asks the database as often for sixty customers as for three."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.connections import NewConnection
from app.database import db, transaction
from app.gateway import Gateway
from app.notices import NoticeKind, add_notice
from app.organizations import NewOrganization, add_domain, add_organization
from app.setup_links import NewSetupLink
from app.signin.trace import Trace, add_trace, finish_trace
from tests.support.operators import Person
from tests.support.whole_app import OPERATOR

OIDC = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "s3cret-of-the-idp"}
PAGES = ("/console/", "/console/organizations", "/console/connections", "/console/sign-ins", "/console/audit")


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The SQL that is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def add_customers(app: Flask, now: datetime, numbers: range) -> None:
    """Each has an active connection with a secret that ends, a refused sign-in, a domain that waits, a set-up that
    stands still, and somebody who asks for a new link."""
    gateway: Gateway = app.extensions["portico"]
    for number in numbers:
        with app.app_context():
            new = NewOrganization(f"Customer {number:02}", f"customer-{number}", None)
            organization = add_organization(new, actor=OPERATOR, now=now).id
            connections = gateway.connections
            made = NewConnection(adapter="oidc", name="OIDC", settings=OIDC)
            connection = connections.add(organization, made, actor=OPERATOR, now=now).id
            connections.activate(connection, skip_test=True, actor=OPERATOR, now=now)
            day = (now + timedelta(days=9)).date()
            connections.set_secret_expiry(connection, "client_secret", day, actor=OPERATOR, now=now)
            add_domain(organization, f"c{number}.example", vouched=False, actor=OPERATOR, now=now)
            opened = now - timedelta(days=5)
            link = NewSetupLink(features=["domains"], contact="a@b.example", expires_in_s=30 * 86_400)
            _, url = gateway.setup_links.add(organization, link, actor=OPERATOR, now=opened)
            gateway.setup_links.exchange(url.rsplit("/", 1)[1], now=opened)
            with transaction():
                trace = Trace(f"{number:032x}", "callback")
                about = {"organization_id": organization, "connection_id": connection}
                add_trace(trace, now=now, purpose="authorize", **about)
                finish_trace(trace, now=now, outcome="denied", code="id-token-aud", email="a@b.example")
                kind = NoticeKind.LINK_REQUESTED
                add_notice(kind, organization_id=organization, target=f"lnk-{number}", facts={}, now=now)


def count(app: Flask, person: Person) -> dict[str, int]:
    found = {}
    for path in PAGES:
        person.get(path)  # what is remembered from then on costs the same however many there are
        with counted(app) as sent:
            answer = person.get(path)
        assert answer.status_code == 200, path
        found[path] = len(sent)
    return found


def test_36_no_page_asks_more_often_when_there_are_more_customers(person: Person, whole: Flask) -> None:
    """The overview with five items for each customer, and every list: sixty cost what three cost."""
    now = person.clock()
    add_customers(whole, now, range(3))
    few = count(whole, person)
    assert person.get("/console/").text.count("<li>") > 15
    add_customers(whole, now, range(3, 60))
    assert count(whole, person) == few
    page = person.get("/console/").text
    assert page.count("1 sign-in refused") == page.count("Domain waits") == page.count("Set-up waits") == 60
    assert max(few.values()) < 30, few


def test_lists_go_on_where_a_page_ends(person: Person, whole: Flask) -> None:
    """Sixty customers: every list shows the first of them and the way to the rest."""
    add_customers(whole, person.clock(), range(60))
    for path in ("/console/organizations", "/console/connections", "/console/sign-ins", "/console/audit"):
        page = person.get(path).text
        assert "Show more" in page, path
        after = page.split("Show more")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
        more = person.get(after)
        assert more.status_code == 200, after
