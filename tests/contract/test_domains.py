"""Domains in the database: one owner each, whatever is tried at the same time (row T4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.audit import Actor, EventFilter, list_events
from app.database import db, new_id, transaction
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.organizations import (
    Domain,
    DomainOwner,
    DomainStanding,
    NewOrganization,
    add_domain,
    add_organization,
    find_domain_owner,
    find_domain_standing,
    get_domain,
    list_all_domains,
    list_domains,
    move_domain,
    remove_domain,
)

OPERATOR = Actor("cli", "test")
CUSTOMER = Actor("setup_link", "lnk-1")

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def acme(app_context: Flask, now: datetime) -> str:
    return add_organization(NewOrganization("Acme"), actor=OPERATOR, now=now).id


@pytest.fixture
def globex(app_context: Flask, now: datetime) -> str:
    return add_organization(NewOrganization("Globex"), actor=OPERATOR, now=now).id


def claim(organization: str, domain: str, now: datetime, *, vouched: bool = False) -> Domain:
    return add_domain(organization, domain, vouched=vouched, actor=OPERATOR, now=now)


def names(organization: str) -> list[str]:
    page = list_events(EventFilter(organization_id=organization), limit=50, after=None)
    return [event.name for event in page.items][::-1]


def test_a_claimed_domain_waits_for_its_record_and_is_nobodys(acme: str, now: datetime) -> None:
    """A pending domain proves nothing: no owner, no verified domain."""
    made = claim(acme, "ACME.example.", now)
    assert (made.domain, made.status, made.vouched) == ("acme.example", "pending", False)
    assert made.txt_name == "_portico.acme.example"
    assert made.txt_value.startswith("portico-domain-verification=")
    assert find_domain_owner("acme.example") is None
    assert find_domain_standing("acme.example", acme) == DomainStanding(None, False)


def test_what_proves_control_is_random_for_each_claim(acme: str, globex: str, now: datetime) -> None:
    """Nobody can publish another organization's record in advance."""
    assert claim(acme, "acme.example", now).txt_value != claim(globex, "acme.example", now).txt_value


def test_an_operators_vouch_makes_it_owned_at_once(acme: str, now: datetime) -> None:
    """The plan: an operator's vouch needs no DNS."""
    claim(acme, "acme.example", now, vouched=True)
    assert find_domain_owner("acme.example") == DomainOwner(acme, "verified")
    assert find_domain_standing("elsewhere.example", acme) == DomainStanding(None, True)
    assert names(acme)[1:] == ["domain.added", "domain.verified"]


def test_a_vouch_for_a_waiting_domain_makes_it_owned(acme: str, now: datetime) -> None:
    """The operator may speed up what the customer began."""
    first = claim(acme, "acme.example", now)
    again = claim(acme, "acme.example", now, vouched=True)
    assert (again.id, again.status) == (first.id, "verified")


def test_a_domain_is_listed_once_for_an_organization(acme: str, now: datetime) -> None:
    """Adding it again is a conflict that says so."""
    claim(acme, "acme.example", now)
    with pytest.raises(Conflict) as refused:
        claim(acme, "Acme.Example", now)
    assert refused.value.code == "domain-exists"


def test_claims_of_several_organizations_wait_side_by_side(acme: str, globex: str, now: datetime) -> None:
    """A squatter's claim stops nobody: only ownership excludes."""
    claim(globex, "acme.example", now)
    claim(acme, "acme.example", now)
    claim(acme, "acme.example", now, vouched=True)
    assert find_domain_owner("acme.example") == DomainOwner(acme, "verified")
    assert get_domain(globex, "acme.example").status == "pending"


@pytest.mark.parametrize("vouched", [True, False])
def test_an_owned_domain_is_a_conflict_for_others(vouched: bool, acme: str, globex: str, now: datetime) -> None:
    """The plan: an owned domain answers 409."""
    claim(acme, "acme.example", now, vouched=True)
    with pytest.raises(Conflict) as refused:
        claim(globex, "ACME.example", now, vouched=vouched)
    assert (refused.value.status, refused.value.code) == (409, "domain-owned")
    assert list_domains(globex) == []


def test_the_database_itself_knows_one_owner(acme: str, globex: str, now: datetime) -> None:
    """The partial unique index holds where every check of ours was skipped."""
    claim(acme, "acme.example", now, vouched=True)
    intruder = Domain(
        id=new_id("dom"),
        organization_id=globex,
        domain="acme.example",
        status="lapsed",
        vouched=False,
        txt_value="x",
        created_at=now,
    )
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(intruder)


def test_of_many_that_vouch_at_once_one_wins(app: Flask, now: datetime) -> None:
    """T4 under concurrency: exactly one owner, every other attempt a conflict, on both databases."""
    ids = [add_organization(NewOrganization(f"Org {n}"), actor=OPERATOR, now=now).id for n in range(4)]
    together = Barrier(len(ids), timeout=5)

    def attempt(organization: str) -> bool:
        with app.app_context():
            together.wait()
            try:
                claim(organization, "race.example", now, vouched=True)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(len(ids)) as pool:
        won = [organization for organization, ok in zip(ids, pool.map(attempt, ids), strict=True) if ok]
    db.session.rollback()
    assert [find_domain_owner("race.example")] == [DomainOwner(one, "verified") for one in won]


def test_a_lapsed_domain_keeps_its_owner(acme: str, globex: str, now: datetime) -> None:
    """The plan: it keeps owner and routing; nobody else gets it."""
    row = claim(acme, "acme.example", now, vouched=True)
    with transaction():
        row.status = "lapsed"
    assert find_domain_owner("acme.example") == DomainOwner(acme, "lapsed")
    assert find_domain_standing("elsewhere.example", acme) == DomainStanding(None, True)
    with pytest.raises(Conflict):
        claim(globex, "acme.example", now, vouched=True)


def test_a_verified_domain_says_nothing_about_its_subdomains(acme: str, globex: str, now: datetime) -> None:
    """The plan: verified means the exact domain."""
    claim(acme, "acme.example", now, vouched=True)
    assert find_domain_owner("mail.acme.example") is None
    claim(globex, "mail.acme.example", now, vouched=True)
    assert find_domain_owner("mail.acme.example") == DomainOwner(globex, "verified")


def test_an_owner_is_found_in_every_spelling(acme: str, now: datetime) -> None:
    """What an e-mail address or a request says is compared in the stored form."""
    claim(acme, "bücher.example", now, vouched=True)
    for spelling in ("BÜCHER.example", "xn--bcher-kva.example.", " bücher.example"):
        assert find_domain_owner(spelling) == DomainOwner(acme, "verified")
    for nonsense in ("", "a b", "\0", "x" * 400, "192.168.0.1"):
        assert find_domain_owner(nonsense) is None


def test_only_an_operator_moves_a_domain(acme: str, globex: str, now: datetime) -> None:
    """Both logs say so and neither names the other; a claim that waited is taken up."""
    claim(globex, "acme.example", now)
    moved = claim(acme, "acme.example", now, vouched=True).id
    with pytest.raises(Forbidden):
        move_domain("acme.example", globex, actor=CUSTOMER, now=now)
    assert move_domain("acme.example", globex, actor=OPERATOR, now=now).id == moved
    assert find_domain_owner("acme.example") == DomainOwner(globex, "verified")
    assert list_domains(acme) == []
    assert names(acme)[-1] == names(globex)[-1] == "domain.moved"
    for mine, other in ((acme, globex), (globex, acme)):
        page = list_events(EventFilter(organization_id=mine), limit=1, after=None)
        assert other not in str(page.items[0])


def test_what_nobody_owns_or_is_here_already_is_not_moved(acme: str, now: datetime) -> None:
    """A pending claim is no ownership."""
    claim(acme, "acme.example", now)
    with pytest.raises(NotFound):
        move_domain("acme.example", acme, actor=OPERATOR, now=now)
    claim(acme, "acme.example", now, vouched=True)
    with pytest.raises(Conflict):
        move_domain("acme.example", acme, actor=OPERATOR, now=now)
    with pytest.raises(NotFound):
        move_domain("acme.example", "org-nobody", actor=OPERATOR, now=now)


def test_a_customer_vouches_for_nothing(acme: str, now: datetime) -> None:
    """Only an operator's word replaces the DNS record."""
    with pytest.raises(Forbidden):
        add_domain(acme, "acme.example", vouched=True, actor=CUSTOMER, now=now)
    assert add_domain(acme, "acme.example", vouched=False, actor=CUSTOMER, now=now).status == "pending"


def test_a_removed_domain_is_nobodys(acme: str, globex: str, now: datetime) -> None:
    """It can be claimed by another, and removing it twice finds nothing."""
    claim(acme, "acme.example", now, vouched=True)
    remove_domain(acme, "Acme.example", actor=OPERATOR, now=now)
    assert names(acme)[-1] == "domain.removed"
    assert find_domain_owner("acme.example") is None
    claim(globex, "acme.example", now, vouched=True)
    with pytest.raises(NotFound):
        remove_domain(acme, "acme.example", actor=OPERATOR, now=now)


def test_another_organizations_domain_is_not_found(acme: str, globex: str, now: datetime) -> None:
    """T9: a foreign domain and one that does not exist give the same answer."""
    claim(acme, "acme.example", now, vouched=True)
    for domain in ("acme.example", "nobody.example", "not a domain"):
        with pytest.raises(NotFound):
            get_domain(globex, domain)
        with pytest.raises(NotFound):
            remove_domain(globex, domain, actor=OPERATOR, now=now)


@pytest.mark.parametrize("domain", ["co.uk", "gmail.com", "onmicrosoft.com", "com", "10.0.0.1"])
def test_what_nobody_may_own_is_refused_for_an_operator_too(domain: str, acme: str, now: datetime) -> None:
    """The plan: public suffixes and free-mail domains are refused, vouch or not."""
    with pytest.raises(Invalid):
        claim(acme, domain, now, vouched=True)


def test_what_an_address_is_asked_is_one_query(acme: str, globex: str, now: datetime) -> None:
    """Whose the domain is, and whether the organization has one of its own, whatever the spelling; nonsense is nobody's."""
    claim(acme, "acme.example", now, vouched=True)
    claim(acme, "acme.test", now, vouched=True)
    claim(globex, "globex.example", now, vouched=True)
    assert find_domain_standing("ACME.example.", acme) == DomainStanding(DomainOwner(acme, "verified"), True)
    assert find_domain_standing("globex.example", acme) == DomainStanding(DomainOwner(globex, "verified"), False)
    assert find_domain_standing("acme.example", "org-other") == DomainStanding(DomainOwner(acme, "verified"), False)
    for nobodys in ("", "mail.acme.example", "acme..example", "\0"):
        assert find_domain_standing(nobodys, acme) == DomainStanding(None, True)
        assert find_domain_standing(nobodys, "org-other") == DomainStanding(None, False)


def test_domains_of_every_organization_are_listed_by_status_and_page(acme: str, globex: str, now: datetime) -> None:
    """For operators' overviews: no organization is left out, and the cursor leaves none out either."""
    for number in range(3):
        claim(acme, f"a{number}.example", now)
        claim(globex, f"g{number}.example", now, vouched=True)
    pending = list_all_domains(limit=10, status="pending")
    assert {row.domain for row in pending} == {"a0.example", "a1.example", "a2.example"}
    first = list_all_domains(limit=4)
    rest = list_all_domains(limit=4, after=first[-1].id)
    assert len({row.domain for row in (*first, *rest)}) == 6
