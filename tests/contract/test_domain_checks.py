"""Item 5 and row T4: looking for TXT records: at once, in the background, daily; lapsing; one owner each."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.audit import Actor, EventFilter, list_events
from app.cipher import Cipher
from app.database import db
from app.errors import Conflict, NotFound, TooManyRequests
from app.mail import Outbox
from app.mail.models import OutgoingMail
from app.notices import list_notices
from app.organizations import (
    DnsAnswer,
    Domain,
    NewContact,
    NewOrganization,
    add_contact,
    add_domain,
    add_organization,
    check_domain,
    check_due_domains,
    find_domain_owner,
    get_domain,
    remove_domain,
    tell_lapsed,
)
from tests.support.clock import SettableClock

OPERATOR, CUSTOMER = Actor("cli", "test"), Actor("setup_link", "lnk-1")
NAME = "halden.example"

pytestmark = pytest.mark.usefixtures("app_context")


class Dns:
    """What DNS says, as told; counts how often it was asked."""

    def __init__(self) -> None:
        self.outcome = "not-found"
        self.asked = 0

    def __call__(self, domain: str, name: str, value: str) -> DnsAnswer:
        assert not db.session().info.get("writing"), "the network is asked outside of transactions"
        assert name == f"_portico.{domain}"
        self.asked += 1
        return DnsAnswer(self.outcome, name, "ns1.example", ("v=spf1",))  # type: ignore[arg-type]


@pytest.fixture
def dns() -> Dns:
    return Dns()


@pytest.fixture
def outbox(cipher: Cipher) -> Outbox:
    return Outbox(cipher)


@pytest.fixture
def organization(app_context: Flask, now: datetime) -> str:
    made = add_organization(NewOrganization("Halden"), actor=OPERATOR, now=now).id
    add_domain(made, NAME, vouched=False, actor=CUSTOMER, now=now)
    return made


def look(organization: str, dns: Dns, now: datetime, actor: Actor = CUSTOMER) -> Domain:
    return check_domain(organization, NAME, dns, actor=actor, now=now)


def tick(dns: Dns, outbox: Outbox, now: datetime) -> None:
    check_due_domains(dns, tell_lapsed(outbox, lambda: {"ops@saas.example": None}), now=now)


def test_a_record_that_is_found_makes_the_domain_owned(organization: str, dns: Dns, now: datetime) -> None:
    dns.outcome = "found"
    row = look(organization, dns, now)
    assert (row.status, row.vouched, row.verified_at) == ("verified", False, now)
    assert row.next_check_at == now + timedelta(days=1)
    assert find_domain_owner(NAME) is not None
    named = [event.name for event in list_events(EventFilter(target=row.id), limit=9, after=None).items]
    assert named == ["domain.verified", "domain.added"]


@pytest.mark.parametrize("outcome", ["not-found", "wrong-value", "doubled-zone", "servfail", "timeout", "no-zone"])
def test_every_other_outcome_is_kept_for_the_page_and_owns_nothing(
    organization: str, dns: Dns, now: datetime, outcome: str
) -> None:
    dns.outcome = outcome
    row = look(organization, dns, now)
    assert (row.status, row.checked_at) == ("pending", now)
    assert row.last_answer == {
        "outcome": outcome,
        "name": f"_portico.{NAME}",
        "server": "ns1.example",
        "values": ["v=spf1"],
    }
    assert find_domain_owner(NAME) is None


def test_the_same_domain_is_asked_for_once_in_five_seconds(organization: str, dns: Dns, now: datetime) -> None:
    look(organization, dns, now)
    with pytest.raises(TooManyRequests):
        look(organization, dns, now + timedelta(seconds=4))
    look(organization, dns, now + timedelta(seconds=5))
    assert dns.asked == 2


def test_a_vouched_domain_is_never_asked_for(organization: str, dns: Dns, outbox: Outbox, clock: SettableClock) -> None:
    add_domain(organization, NAME, vouched=True, actor=OPERATOR, now=clock())
    assert look(organization, dns, clock()).status == "verified"
    for _ in range(10):
        tick(dns, outbox, clock.advance(days=1))
    assert dns.asked == 0
    assert get_domain(organization, NAME).status == "verified"


def test_a_pending_domain_is_looked_for_ever_more_seldom_for_seven_days(
    organization: str, dns: Dns, outbox: Outbox, clock: SettableClock
) -> None:
    waits = []
    while (due := get_domain(organization, NAME).next_check_at) is not None:
        waits.append(due - clock())
        clock.set(due)
        tick(dns, outbox, clock())
    assert waits[0] == timedelta(minutes=5)
    assert waits == sorted(waits)
    assert max(waits) <= timedelta(hours=6)
    assert timedelta(days=7) <= sum(waits, timedelta()) <= timedelta(days=7, hours=6)
    clock.advance(days=30)
    tick(dns, outbox, clock())
    assert dns.asked == len(waits)
    look(organization, dns, clock())
    assert get_domain(organization, NAME).next_check_at == clock() + timedelta(minutes=5)


def test_the_background_finds_it_too(organization: str, dns: Dns, outbox: Outbox, clock: SettableClock) -> None:
    dns.outcome = "found"
    tick(dns, outbox, clock.advance(minutes=5))
    assert get_domain(organization, NAME).status == "verified"


def verified(organization: str, dns: Dns, clock: SettableClock) -> None:
    dns.outcome = "found"
    look(organization, dns, clock())


@pytest.mark.parametrize("outcome", ["not-found", "wrong-value", "doubled-zone", "no-zone"])
def test_seven_missing_daily_checks_lapse_a_domain(
    organization: str, dns: Dns, outbox: Outbox, clock: SettableClock, outcome: str
) -> None:
    """Rules of trust: it keeps its owner, and contacts and operators are told, once."""
    add_contact(organization, NewContact("Mira", "mira@halden.example"), actor=OPERATOR, now=clock())
    add_contact(organization, NewContact("Per", "per@halden.example", ["certificates"]), actor=OPERATOR, now=clock())
    verified(organization, dns, clock)
    dns.outcome = outcome
    for day in range(1, 8):
        assert get_domain(organization, NAME).status == "verified"
        tick(dns, outbox, clock.advance(days=1))
        assert get_domain(organization, NAME).missed == day
    assert get_domain(organization, NAME).status == "lapsed"
    owner = find_domain_owner(NAME)
    assert owner is not None
    assert (owner.organization_id, owner.status) == (organization, "lapsed")
    tick(dns, outbox, clock.advance(days=1))
    mails = [outbox.open(row) for row in db.session.query(OutgoingMail)]
    assert sorted(mail.to for mail in mails) == ["mira@halden.example", "ops@saas.example"]
    assert [notice.kind for notice in list_notices(limit=9)] == ["domain-lapsed"]


@pytest.mark.parametrize("outcome", ["servfail", "timeout"])
def test_servers_that_cannot_answer_lapse_nothing(
    organization: str, dns: Dns, outbox: Outbox, clock: SettableClock, outcome: str
) -> None:
    verified(organization, dns, clock)
    dns.outcome = outcome
    for _ in range(20):
        tick(dns, outbox, clock.advance(days=1))
    row = get_domain(organization, NAME)
    assert (row.status, row.missed) == ("verified", 0)


def test_asking_often_lapses_nothing(organization: str, dns: Dns, clock: SettableClock) -> None:
    verified(organization, dns, clock)
    dns.outcome = "not-found"
    for _ in range(20):
        look(organization, dns, clock.advance(seconds=10))
    assert get_domain(organization, NAME).status == "verified"


def test_one_good_day_starts_the_count_anew(organization: str, dns: Dns, outbox: Outbox, clock: SettableClock) -> None:
    verified(organization, dns, clock)
    for outcome in ["not-found"] * 6 + ["found"] + ["not-found"] * 6:
        dns.outcome = outcome
        tick(dns, outbox, clock.advance(days=1))
    assert get_domain(organization, NAME).status == "verified"


def test_a_lapsed_domain_whose_record_is_back_is_verified(
    organization: str, dns: Dns, outbox: Outbox, clock: SettableClock
) -> None:
    verified(organization, dns, clock)
    dns.outcome = "not-found"
    for _ in range(7):
        tick(dns, outbox, clock.advance(days=1))
    dns.outcome = "found"
    tick(dns, outbox, clock.advance(days=1))
    assert get_domain(organization, NAME).status == "verified"


def test_a_domain_of_another_customer_gives_a_customer_a_neutral_message(
    organization: str, dns: Dns, now: datetime
) -> None:
    """Interface, requirement 25: nobody learns that somebody else uses it here; operators do."""
    other = add_organization(NewOrganization("Globex"), actor=OPERATOR, now=now).id
    add_domain(other, NAME, vouched=True, actor=OPERATOR, now=now)
    dns.outcome = "found"
    with pytest.raises(Conflict) as told:
        look(organization, dns, now)
    assert told.value.code == "domain-unavailable"
    assert "another" not in told.value.hint + told.value.public
    assert get_domain(organization, NAME).status == "pending"
    assert (get_domain(organization, NAME).last_answer or {})["outcome"] == "found"
    with pytest.raises(Conflict) as to_operator:
        look(organization, dns, now + timedelta(minutes=1), OPERATOR)
    assert to_operator.value.code == "domain-owned"
    remove_domain(organization, NAME, actor=CUSTOMER, now=now)
    with pytest.raises(Conflict) as again:
        add_domain(organization, NAME, vouched=False, actor=CUSTOMER, now=now)
    assert again.value.code == "domain-unavailable"


def test_a_removed_domain_is_asked_for_anew_with_a_new_value(organization: str, dns: Dns, now: datetime) -> None:
    """Requirement 25: it can be removed and added again; an old record proves nothing for the next owner."""
    before = get_domain(organization, NAME).txt_value
    remove_domain(organization, NAME, actor=CUSTOMER, now=now)
    with pytest.raises(NotFound):
        look(organization, dns, now)
    assert add_domain(organization, NAME, vouched=False, actor=CUSTOMER, now=now).txt_value != before


def test_a_domain_of_another_organization_is_not_there(organization: str, dns: Dns, now: datetime) -> None:
    """T9."""
    other = add_organization(NewOrganization("Globex"), actor=OPERATOR, now=now).id
    with pytest.raises(NotFound):
        check_domain(other, NAME, dns, actor=CUSTOMER, now=now)
    assert dns.asked == 0


def test_one_that_fails_holds_up_no_other(organization: str, dns: Dns, outbox: Outbox, now: datetime) -> None:
    other = add_organization(NewOrganization("Globex"), actor=OPERATOR, now=now).id
    add_domain(other, NAME, vouched=True, actor=OPERATOR, now=now)
    add_domain(organization, "second.example", vouched=False, actor=CUSTOMER, now=now)
    dns.outcome = "found"
    tick(dns, outbox, now + timedelta(minutes=6))
    assert get_domain(organization, "second.example").status == "verified"
    assert get_domain(organization, NAME).status == "pending"
