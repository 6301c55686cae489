"""Item 1 and row T10: setup links in the database: what opens, how long, how often, and what the audit log says."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.audit import EventFilter, list_events
from app.cipher import Cipher
from app.connections import Connections
from app.database import db
from app.errors import Conflict, Invalid, NotFound, TooManyRequests
from app.mail import Outbox
from app.mail.models import OutgoingMail
from app.mail.outbox import Mail
from app.notices import list_notices
from app.organizations import DnsAnswer, NewOrganization, add_organization, change_organization, list_contacts
from app.setup_links import CodeWrong, LinkUnusable, NewSetupLink, SetupLink, SetupLinks, VisitOver
from app.setup_links.models import SetupVisit
from tests.support.clock import SettableClock
from tests.support.customers import BASE_URL, OPERATOR, Customers, connections_of
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def connections(cipher: Cipher) -> Connections:
    return connections_of(cipher)


@pytest.fixture
def customers(app_context: Flask, connections: Connections, now: datetime) -> Customers:
    return Customers(connections, now, "acme-oidc")


@pytest.fixture
def links(connections: Connections, cipher: Cipher) -> SetupLinks:
    return SetupLinks(
        connections,
        cipher,
        BASE_URL,
        ask_dns=lambda domain, name, value: DnsAnswer("not-found", name),
        operators=lambda: {"ops@saas.example": None},
        random=os.urandom,
    )


@pytest.fixture
def mails(cipher: Cipher) -> Callable[[], list[Mail]]:
    """Call it for the mails that wait, oldest first."""
    outbox = Outbox(cipher)
    query = db.session.query(OutgoingMail).order_by(OutgoingMail.created_at, OutgoingMail.id)
    return lambda: [outbox.open(row) for row in query]


def make(links: SetupLinks, organization: str, now: datetime, **said: Any) -> tuple[SetupLink, str]:
    said.setdefault("features", ["sso", "domains"])
    link, url = links.add(organization, NewSetupLink(**said), actor=OPERATOR, now=now)
    return link, url.rsplit("/", 1)[1]


def names(target: str) -> list[str]:
    return [event.name for event in list_events(EventFilter(target=target), limit=50, after=None).items][::-1]


def test_a_link_is_256_random_bits_and_only_its_hash_is_stored(
    links: SetupLinks, customers: Customers, now: datetime
) -> None:
    link, url = links.add(customers.organization(), NewSetupLink(["sso"]), actor=OPERATOR, now=now)
    found = re.fullmatch(rf"{re.escape(BASE_URL)}/setup/([A-Za-z0-9_-]{{43}})", url)
    assert found is not None
    assert all(found[1] not in str(getattr(link, column.name)) for column in SetupLink.__table__.columns)
    assert link.expires_at == now + timedelta(days=7)
    said = str([event.as_dict() for event in list_events(EventFilter(target=link.id), limit=9, after=None).items])
    assert found[1] not in said


def test_looking_changes_nothing(links: SetupLinks, customers: Customers, now: datetime) -> None:
    """T10: mail scanners fetch every address they see."""
    link, token = make(links, customers.organization(), now, single_use=True)
    for _ in range(3):
        assert links.find(token, now).id == link.id
    assert links.find(token, now).opened_at is None
    links.exchange(token, now=now)


def test_a_visit_lasts_eight_hours_and_a_link_opens_again_until_it_ends(
    links: SetupLinks, customers: Customers, clock: SettableClock
) -> None:
    link, token = make(links, customers.organization(), clock())
    visit, cookie = links.exchange(token, now=clock())
    assert links.visit(cookie, clock.advance(hours=7, minutes=59)).id == visit.id
    with pytest.raises(VisitOver):
        links.visit(cookie, clock.advance(minutes=1))
    again, other = links.exchange(token, now=clock())
    assert (again.id, other) != (visit.id, cookie)
    with pytest.raises(LinkUnusable) as over:
        links.find(token, clock.advance(days=7))
    assert (over.value.status, over.value.code, over.value.link.id) == (410, "link-expired", link.id)
    assert names(link.id) == ["setup_link.created", "setup_link.opened", "setup_link.opened"]


@pytest.mark.parametrize("cookie", [None, "", "x", "A" * 43])
def test_no_other_cookie_is_a_visit(links: SetupLinks, customers: Customers, now: datetime, cookie: str | None) -> None:
    links.exchange(make(links, customers.organization(), now)[1], now=now)
    with pytest.raises(VisitOver):
        links.visit(cookie, now)


def test_the_database_has_no_cookie_that_works(links: SetupLinks, customers: Customers, now: datetime) -> None:
    _, cookie = links.exchange(make(links, customers.organization(), now)[1], now=now)
    stored = db.session.query(SetupVisit).one()
    assert cookie not in str(vars(stored))
    with pytest.raises(VisitOver):
        links.visit(stored.cookie_hash, now)


def test_a_link_for_once_opens_once(links: SetupLinks, customers: Customers, now: datetime) -> None:
    """Interface, requirement 3: a second browser is refused; the first goes on."""
    _, token = make(links, customers.organization(), now, single_use=True)
    _, cookie = links.exchange(token, now=now)
    with pytest.raises(LinkUnusable) as over:
        links.exchange(token, now=now)
    assert over.value.code == "link-used"
    links.visit(cookie, now + timedelta(hours=1))


def test_a_link_for_once_opens_once_however_many_try_at_a_time(
    app: Flask, links: SetupLinks, customers: Customers, now: datetime
) -> None:
    """A8, for setup links."""
    _, token = make(links, customers.organization(), now, single_use=True)
    outcomes = together(app, lambda _: _outcome(lambda: links.exchange(token, now=now)), 8)
    assert sorted(outcomes) == ["link-used"] * 7 + ["opened"]


def _outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except LinkUnusable as error:
        return error.code
    return "opened"


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\N{LATIN SMALL LETTER E WITH ACUTE}" * 9])
def test_an_unknown_token_is_not_found(links: SetupLinks, customers: Customers, now: datetime, token: str) -> None:
    make(links, customers.organization(), now)
    for act in (
        lambda: links.find(token, now),
        lambda: links.exchange(token, now=now),
        lambda: links.ask_for_new(token, now=now),
    ):
        with pytest.raises(NotFound):
            act()


def test_revoking_ends_the_link_its_visits_and_what_was_passed_on(
    links: SetupLinks, customers: Customers, now: datetime
) -> None:
    organization = customers.organization()
    link, token = make(links, organization, now)
    visit, cookie = links.exchange(token, now=now)
    _, url = links.delegate(visit, "domains", ["domains"], now=now)
    child = url.rsplit("/", 1)[1]
    _, child_cookie = links.exchange(child, now=now)
    links.revoke(organization, link.id, actor=OPERATOR, now=now)
    for over in (token, child):
        with pytest.raises(LinkUnusable) as told:
            links.exchange(over, now=now)
        assert told.value.code == "link-revoked"
    for ended in (cookie, child_cookie):
        with pytest.raises(VisitOver):
            links.visit(ended, now)
    assert names(link.id)[-1] == "setup_link.revoked"


def test_a_disabled_organization_has_no_open_links(links: SetupLinks, customers: Customers, now: datetime) -> None:
    """T8."""
    organization = customers.organization()
    _, token = make(links, organization, now)
    _, cookie = links.exchange(token, now=now)
    change_organization(organization, {"status": "disabled"}, actor=OPERATOR, now=now)
    with pytest.raises(LinkUnusable):
        links.find(token, now)
    with pytest.raises(VisitOver):
        links.visit(cookie, now)


def test_a_link_that_can_touch_what_is_active_needs_a_contact(
    links: SetupLinks, customers: Customers, now: datetime
) -> None:
    """outside.md: contact is required where the link can touch an active connection."""
    organization = customers.organization()
    draft, active = customers.draft(organization), customers.active(organization)
    for said in (
        {"features": ["sso"]},
        {"features": ["certificates", "domains"]},
        {"features": ["certificates"], "connection_id": active.id},
    ):
        with pytest.raises(Invalid) as lacking:
            make(links, organization, now, **said)
        assert [(p.field, p.code) for p in lacking.value.problems] == [("contact", "required")]
        make(links, organization, now, contact="mira@halden.example", **said)
    make(links, organization, now, features=["domains"])
    make(links, organization, now, features=["sso"], connection_id=draft.id)
    assert [contact.email for contact in list_contacts(organization)] == ["mira@halden.example"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"features": []}, "features"),
        ({"features": ["sso", "root"]}, "features"),
        ({"features": "sso"}, "features"),
        ({"features": ["sso"], "expires_in_s": 299}, "expires_in_s"),
        ({"features": ["sso"], "expires_in_s": 10**9}, "expires_in_s"),
        ({"features": ["sso"], "contact": "nobody"}, "contact"),
        ({"features": ["sso"], "contact": "a@b.example\nBcc: x@y.example"}, "contact"),
        ({"features": ["sso"], "contact": "a@b.example, c@d.example"}, "contact"),
        ({"features": ["sso"], "send": True}, "contact"),
        ({"features": ["sso"], "step": "../x"}, "step"),
    ],
)
def test_values_that_cannot_be_used_are_named(
    links: SetupLinks, customers: Customers, now: datetime, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        make(links, customers.organization(), now, **said)
    assert [problem.field for problem in wrong.value.problems] == [field]


def test_a_connection_of_another_organization_is_not_there(
    links: SetupLinks, customers: Customers, now: datetime
) -> None:
    """T9."""
    foreign = customers.draft(customers.organization("Globex"))
    with pytest.raises(NotFound):
        make(links, customers.organization(), now, connection_id=foreign.id)


def test_a_link_is_mailed_when_asked(
    links: SetupLinks, customers: Customers, now: datetime, mails: Callable[[], list[Mail]]
) -> None:
    link, token = make(links, customers.organization("Halden & Co"), now, contact="mira@halden.example", send=True)
    (mail,) = mails()
    assert mail.to == "mira@halden.example"
    assert token in mail.text
    assert f'href="{BASE_URL}/setup/{token}"' in mail.html
    assert "Halden &amp; Co" in mail.html
    assert "Halden & Co" in mail.text
    assert link.sent_at == now
    assert token not in db.session.query(OutgoingMail).one().sealed


def test_sending_again_makes_a_new_address_and_kills_the_old_one(
    links: SetupLinks, customers: Customers, clock: SettableClock, mails: Callable[[], list[Mail]]
) -> None:
    organization = customers.organization()
    link, token = make(links, organization, clock(), contact="mira@halden.example", single_use=True)
    _, cookie = links.exchange(token, now=clock())
    clock.advance(days=8)
    again, url = links.resend(organization, link.id, actor=OPERATOR, now=clock())
    assert again.id == link.id
    assert again.expires_at == clock() + timedelta(days=7)
    with pytest.raises(NotFound):
        links.find(token, clock())
    with pytest.raises(VisitOver):
        links.visit(cookie, clock())
    links.exchange(url.rsplit("/", 1)[1], now=clock())
    assert [mail.to for mail in mails()] == ["mira@halden.example"]
    links.revoke(organization, link.id, actor=OPERATOR, now=clock())
    with pytest.raises(Conflict):
        links.resend(organization, link.id, actor=OPERATOR, now=clock())


def test_asking_for_a_new_link_tells_operators_once(
    links: SetupLinks, customers: Customers, clock: SettableClock, mails: Callable[[], list[Mail]]
) -> None:
    """Interface, requirement 2: a working button on a link that is over; nothing for one that opens."""
    organization = customers.organization()
    link, token = make(links, organization, clock())
    with pytest.raises(Conflict):
        links.ask_for_new(token, now=clock())
    clock.advance(days=8)
    for _ in range(3):
        links.ask_for_new(token, now=clock.advance(minutes=1))
    (notice,) = list_notices(limit=9)
    assert (notice.kind, notice.target, notice.count) == ("link-requested", link.id, 3)
    assert [mail.to for mail in mails()] == ["ops@saas.example"]
    assert names(link.id).count("setup_link.requested") == 1
    links.resend(organization, link.id, actor=OPERATOR, now=clock())
    assert list_notices(limit=9) == []


def test_a_link_of_another_organization_is_not_there(links: SetupLinks, customers: Customers, now: datetime) -> None:
    """T9."""
    link, _ = make(links, customers.organization(), now)
    other = customers.organization("Globex")
    for act in (
        lambda: links.get(other, link.id),
        lambda: links.revoke(other, link.id, actor=OPERATOR, now=now),
        lambda: links.resend(other, link.id, actor=OPERATOR, now=now),
    ):
        with pytest.raises(NotFound):
            act()


def test_how_far_the_visitor_came_is_kept(links: SetupLinks, customers: Customers, now: datetime) -> None:
    organization = customers.organization()
    link, token = make(links, organization, now)
    visit, _ = links.exchange(token, now=now)
    links.note_step(visit, "metadata", now=now + timedelta(minutes=1))
    links.note_step(visit, "metadata", now=now + timedelta(minutes=2))
    shown = links.get(organization, link.id)
    db.session.refresh(shown)
    assert (shown.opened_at, shown.step_reached) == (now, "metadata")
    assert shown.step_reached_at == now + timedelta(minutes=1)


def test_ending_a_visit_ends_no_link(links: SetupLinks, customers: Customers, now: datetime) -> None:
    _, token = make(links, customers.organization(), now)
    visit, cookie = links.exchange(token, now=now)
    links.end(visit, now=now)
    with pytest.raises(VisitOver):
        links.visit(cookie, now)
    links.exchange(token, now=now)


# Codes


@pytest.fixture
def coded(links: SetupLinks, customers: Customers, now: datetime) -> Any:
    """A visit by a link with a contact."""
    organization = customers.organization()
    customers.active(organization)
    _, token = make(links, organization, now, contact="mira@halden.example")
    return links.exchange(token, now=now)[0]


def code_in(mail: Mail) -> str:
    found = re.search(r"^    (\d{6})$", mail.text, re.MULTILINE)
    assert found is not None, mail.text
    return found[1]


def test_the_right_code_proves_the_visit_once(
    links: SetupLinks, coded: Any, now: datetime, mails: Callable[[], list[Mail]]
) -> None:
    links.send_code(coded, now=now)
    mail = mails()[-1]
    assert mail.to == "mira@halden.example"
    code = code_in(mail)
    assert code not in str(vars(db.session.query(SetupVisit).one()))
    proven = links.verify_code(coded, f" {code[:3]} {code[3:]} ", now=now)
    assert proven.proven
    with pytest.raises(CodeWrong) as used:
        links.verify_code(coded, code, now=now)
    assert used.value.code == "code-expired"
    assert names(coded.link_id)[-3:] == ["setup_link.code_sent"] + ["setup_link.code_entered"] * 2


def test_a_code_is_good_for_ten_minutes(
    links: SetupLinks, coded: Any, now: datetime, mails: Callable[[], list[Mail]]
) -> None:
    links.send_code(coded, now=now)
    with pytest.raises(CodeWrong) as late:
        links.verify_code(coded, code_in(mails()[-1]), now=now + timedelta(minutes=10))
    assert late.value.code == "code-expired"


def test_five_wrong_codes_make_the_right_one_useless(
    links: SetupLinks, coded: Any, now: datetime, mails: Callable[[], list[Mail]]
) -> None:
    links.send_code(coded, now=now)
    right = code_in(mails()[-1])
    for wrong in ("", "x", "1" * 400, f"{(int(right) + 1) % 10**6:06d}", "\N{ARABIC-INDIC DIGIT ONE}" * 6):
        with pytest.raises(CodeWrong) as told:
            links.verify_code(coded, wrong, now=now)
        assert told.value.code == "code-wrong"
    with pytest.raises(CodeWrong) as over:
        links.verify_code(coded, right, now=now)
    assert over.value.code == "code-tries"
    assert not links.visit(coded.cookie, now).proven


def test_another_visits_code_is_no_code(
    links: SetupLinks, customers: Customers, now: datetime, mails: Callable[[], list[Mail]]
) -> None:
    organization = customers.organization()
    customers.active(organization)
    _, token = make(links, organization, now, contact="mira@halden.example")
    one, other = links.exchange(token, now=now)[0], links.exchange(token, now=now)[0]
    links.send_code(one, now=now)
    with pytest.raises(CodeWrong):
        links.verify_code(other, code_in(mails()[-1]), now=now)


def test_codes_are_mailed_once_a_minute_and_twenty_times_a_day(
    links: SetupLinks, customers: Customers, clock: SettableClock
) -> None:
    """Guessing is bounded for each link, however many visits somebody begins: a hundred tries a day of a million."""
    organization = customers.organization()
    customers.active(organization)
    _, token = make(links, organization, clock(), contact="mira@halden.example")
    visit, _ = links.exchange(token, now=clock())
    links.send_code(visit, now=clock())
    with pytest.raises(TooManyRequests):
        links.send_code(visit, now=clock.advance(seconds=59))
    for _ in range(19):
        fresh, _ = links.exchange(token, now=clock.advance(minutes=2))
        links.send_code(fresh, now=clock())
    with pytest.raises(TooManyRequests):
        links.send_code(links.exchange(token, now=clock())[0], now=clock())


def test_delegated_links_open_no_more_than_the_visit(
    links: SetupLinks, customers: Customers, clock: SettableClock, mails: Callable[[], list[Mail]]
) -> None:
    """Interface, requirement 8: a link scoped to that step only."""
    organization = customers.organization()
    _, token = make(links, organization, clock())
    visit, _ = links.exchange(token, now=clock.advance(days=2))
    link, url = links.delegate(visit, "dns-record", ["domains"], to="dns@halden.example", now=clock())
    assert (link.features, link.step, link.parent_id) == (["domains"], "dns-record", visit.link_id)
    assert link.expires_at == visit.link_expires_at
    assert [mail.to for mail in mails()] == ["dns@halden.example"]
    child, _ = links.exchange(url.rsplit("/", 1)[1], now=clock())
    with pytest.raises(NotFound):
        child.check_step("metadata")
    child.check_step("dns-record")
    for step, features in (("dns-record", ["sso"]), ("other", ["domains"])):
        with pytest.raises(NotFound):
            links.delegate(child, step, features, now=clock())
    with pytest.raises(NotFound):
        links.delegate(visit, "renewal", ["certificates"], now=clock())


def test_nobody_gets_at_what_is_active_by_passing_a_link_on_to_himself(
    links: SetupLinks, customers: Customers, now: datetime, mails: Callable[[], list[Mail]]
) -> None:
    organization = customers.organization()
    customers.active(organization)
    _, token = make(links, organization, now, contact="mira@halden.example")
    visit, _ = links.exchange(token, now=now)
    link, _ = links.delegate(visit, "metadata", ["sso"], to="thief@evil.example", now=now)
    assert link.contact == "mira@halden.example"
    links.send_code(visit, now=now)
    code = next(mail for mail in mails() if "is your code" in mail.subject)
    proven = links.verify_code(visit, code_in(code), now=now)
    link, _ = links.delegate(proven, "metadata", ["sso"], to="per@halden.example", now=now)
    assert link.contact == "per@halden.example"


def test_an_organizations_links_are_listed_in_pages(links: SetupLinks, customers: Customers, now: datetime) -> None:
    organization, other = customers.organization(), add_organization(NewOrganization("X"), actor=OPERATOR, now=now).id
    made = sorted(make(links, organization, now)[0].id for _ in range(3))
    make(links, other, now)
    first = links.list(organization, limit=2)
    assert [link.id for link in first] == made[:2]
    assert [link.id for link in links.list(organization, limit=2, after=first[-1].id)] == made[2:]


def test_open_links_of_every_organization_are_listed(links: SetupLinks, customers: Customers, now: datetime) -> None:
    """For operators' overviews: not those that are used, expired or revoked."""
    one, other = customers.organization(), customers.organization("Globex")
    kept, _ = make(links, one, now)
    also, _ = make(links, other, now)
    revoked, _ = make(links, one, now)
    links.revoke(one, revoked.id, actor=OPERATOR, now=now)
    make(links, other, now, expires_in_s=300)
    _, token = make(links, other, now, single_use=True)
    links.exchange(token, now=now)
    later = now + timedelta(minutes=6)
    assert {link.id for link in links.list(open_at=later)} == {kept.id, also.id}
    assert len(links.list()) == 5
