"""Customers in the database: what is unique, what is audited, what cannot be half-done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.audit import Actor, EventFilter, StoredEvent, list_events
from app.database import db, transaction
from app.errors import Conflict, Invalid, NotFound
from app.organizations import (
    NewOrganization,
    Organization,
    add_domain,
    add_organization,
    change_organization,
    delete_organization,
    find_domain_owner,
    find_organization_by_selector,
    get_organization,
    list_domains,
    list_organizations,
)

OPERATOR = Actor("cli", "test")

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def add(now: datetime) -> Callable[..., Organization]:
    def add(name: str = "Acme", **more: Any) -> Organization:
        return add_organization(NewOrganization(name, **more), actor=OPERATOR, now=now)

    return add


Add = Callable[..., Organization]


def events(target: str) -> list[StoredEvent]:
    """What the audit log says of `target`, oldest first."""
    return list(list_events(EventFilter(target=target), limit=100, after=None).items)[::-1]


def test_an_organization_is_found_by_each_of_its_names(add: Add) -> None:
    """outside.md, Which customer: id, slug and external id are compared exactly."""
    made = add("Acme", slug="acme", external_id="ext/42 ü")
    assert find_organization_by_selector("id", made.id) is not None
    assert find_organization_by_selector("slug", "acme") is not None
    assert find_organization_by_selector("external_id", "ext/42 ü") is not None
    for kind, value in (
        ("slug", "ACME"),
        ("slug", made.id),
        ("id", "acme"),
        ("external_id", "ext/42"),
        ("slug", "a\0"),
    ):
        assert find_organization_by_selector(kind, value) is None  # type: ignore[arg-type]


def test_slug_and_external_id_are_unique(add: Add) -> None:
    """The database refuses a second owner; nothing of the refused one is stored."""
    add("Acme", slug="acme", external_id="1")
    for clash in ({"slug": "acme"}, {"external_id": "1"}):
        with pytest.raises(Conflict) as refused:
            add("Other", **clash)
        assert refused.value.code == "organization-exists"
    assert len(list_organizations(limit=10)) == 1


def test_organizations_without_names_of_others_live_side_by_side(add: Add) -> None:
    """Absent is not equal to absent."""
    add(), add()
    assert len(list_organizations(limit=10)) == 2


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewOrganization(""), "name"),
        (NewOrganization("  "), "name"),
        (NewOrganization("a\nb"), "name"),
        (NewOrganization("x" * 201), "name"),
        (NewOrganization("A", slug="Acme"), "slug"),
        (NewOrganization("A", slug="-acme"), "slug"),
        (NewOrganization("A", slug="org-acme"), "slug"),
        (NewOrganization("A", slug=""), "slug"),
        (NewOrganization("A", slug="a" * 64), "slug"),
        (NewOrganization("A", external_id=""), "external_id"),
        (NewOrganization("A", external_id="a\0"), "external_id"),
        (NewOrganization("A", external_id="x" * 256), "external_id"),
        (NewOrganization("A", policy={"skip_checks": True}), "policy.skip_checks"),
        (NewOrganization("A", policy={"allow_unverified_email": "yes"}), "policy.allow_unverified_email"),
    ],
    ids=str,
)
def test_values_that_cannot_be_used_are_refused(new: NewOrganization, field: str, now: datetime) -> None:
    """A slug may not begin `org-`; policies are a closed list."""
    with pytest.raises(Invalid) as refused:
        add_organization(new, actor=OPERATOR, now=now)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_an_organization_begins_active_with_the_strict_policy(add: Add) -> None:
    """Secure by construction: absence of a policy is the strict one."""
    made = get_organization(add().id)
    assert (made.status, made.policy) == ("active", {"allow_unverified_email": False, "max_session_s": None})


def test_a_change_says_before_and_after(add: Add, now: datetime) -> None:
    """Item 10: one event in the same transaction, with what differs."""
    made = add("Acme", slug="acme")
    change_organization(made.id, {"name": "Acme Inc", "slug": None, "status": "disabled"}, actor=OPERATOR, now=now)
    created, changed = events(made.id)
    assert (created.name, changed.name) == ("organization.created", "organization.changed")
    assert changed.before == {"name": "Acme", "slug": "acme", "status": "active"}
    assert changed.after == {"name": "Acme Inc", "slug": None, "status": "disabled"}


def test_a_change_that_changes_nothing_is_no_event(add: Add, now: datetime) -> None:
    """The log holds changes."""
    made = add("Acme")
    change_organization(made.id, {"name": "Acme"}, actor=OPERATOR, now=now)
    assert len(events(made.id)) == 1


def test_a_new_policy_counts_and_a_new_name_does_not(add: Add, now: datetime) -> None:
    """A change of policy ends sessions (Rules of trust): they remember policy_version."""
    made = add()
    change_organization(made.id, {"name": "Other"}, actor=OPERATOR, now=now)
    assert get_organization(made.id).policy_version == 1
    change_organization(made.id, {"policy": {"allow_unverified_email": True}}, actor=OPERATOR, now=now)
    assert get_organization(made.id).policy_version == 2


@pytest.mark.parametrize("changes", [{"id": "org-x"}, {"status": "deleted"}, {"policy": None}, {"created_at": None}])
def test_what_never_changes_is_refused(changes: Any, add: Add, now: datetime) -> None:
    """Ids are for ever; unknown fields are named."""
    with pytest.raises(Invalid):
        change_organization(add().id, changes, actor=OPERATOR, now=now)


def test_a_change_is_stored_with_its_event_or_not_at_all(add: Add, now: datetime) -> None:
    """A failure after the change takes both back."""
    made = add("Acme").id

    def fail_later() -> None:
        with transaction():
            change_organization(made, {"name": "Other"}, actor=OPERATOR, now=now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_later()
    db.session.remove()
    assert get_organization(made).name == "Acme"
    assert len(events(made)) == 1


def test_a_deleted_organization_is_gone_with_its_domains(add: Add, now: datetime) -> None:
    """Its domains are free for others; the log says which there were."""
    made = add("Acme")
    add_domain(made.id, "acme.example", vouched=True, actor=OPERATOR, now=now)
    delete_organization(made.id, actor=OPERATOR, now=now)
    with pytest.raises(NotFound):
        get_organization(made.id)
    assert list_domains(made.id) == []
    assert find_domain_owner("acme.example") is None
    last = events(made.id)[-1]
    assert (last.name, (last.before or {})["domains"]) == ("organization.deleted", ["acme.example"])


def test_what_is_not_there_is_not_found(now: datetime) -> None:
    """Every entry says the same."""
    with pytest.raises(NotFound):
        get_organization("org-nobody")
    with pytest.raises(NotFound):
        change_organization("org-nobody", {"name": "x"}, actor=OPERATOR, now=now)
    with pytest.raises(NotFound):
        delete_organization("org-nobody", actor=OPERATOR, now=now)


def test_lists_go_on_behind_a_cursor_even_when_that_row_is_gone(add: Add, now: datetime) -> None:
    """Paging by id neither repeats nor skips."""
    ids = sorted(add(f"Org {number}").id for number in range(5))
    first = [row.id for row in list_organizations(limit=2)]
    delete_organization(first[-1], actor=OPERATOR, now=now)
    rest = [row.id for row in list_organizations(limit=10, after=first[-1])]
    assert first + rest == ids


def test_reading_in_another_session_sees_what_was_stored(add: Add, app: Flask, now: datetime) -> None:
    """Times come back aware and UTC."""
    made = add("Acme")
    db.session.remove()
    assert get_organization(made.id).created_at == now


def test_a_search_finds_parts_of_names_slugs_and_external_ids(now: datetime) -> None:
    """Whatever the case; signs of LIKE are signs like any other; it combines with the cursor."""
    made = {
        name: add_organization(NewOrganization(name, slug, external), actor=OPERATOR, now=now).id
        for name, slug, external in [
            ("Halden Freight", "halden", "cust_1042"),
            ("Northgate 100%", "north", None),
            ("Aster", None, "cust-9"),
        ]
    }

    def found(search: str, after: str | None = None) -> set[str]:
        return {row.name for row in list_organizations(limit=10, search=search, after=after)}

    assert found("hALDen f") == {"Halden Freight"}
    assert found("NORTH") == found("0%") == {"Northgate 100%"}
    assert found("cust_") == {"Halden Freight"}
    assert found("cust-9") == {"Aster"}
    assert found("%") == {"Northgate 100%"}
    assert found("nobody") == set()
    assert found("e", after=max(made.values())) == set()
