"""Contacts of organizations, and what needs the operators' attention."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.audit import Actor, EventFilter, list_events
from app.errors import Conflict, Invalid, NotFound
from app.notices import Notice, NoticeKind, add_notice, clear_notices, list_notices, resolve_notice
from app.organizations import (
    NewContact,
    NewOrganization,
    add_contact,
    add_organization,
    change_contact,
    delete_organization,
    find_contact,
    get_contact,
    list_contacts,
    remove_contact,
)
from tests.support.together import together

OPERATOR = Actor("cli", "test")
pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def organization(app_context: Flask, now: datetime) -> str:
    return add_organization(NewOrganization("Halden"), actor=OPERATOR, now=now).id


def test_a_contact_is_added_changed_and_removed_and_each_is_audited(organization: str, now: datetime) -> None:
    made = add_contact(organization, NewContact(" Mira ", "mira@halden.example"), actor=OPERATOR, now=now)
    assert (made.name, made.notify) == ("Mira", ["certificates", "domains"])
    change_contact(organization, made.id, {"notify": ["domains"]}, actor=OPERATOR, now=now)
    assert [row.id for row in list_contacts(organization, "domains")] == [made.id]
    assert list_contacts(organization, "certificates") == []
    found = find_contact(organization, "MIRA@Halden.example")
    assert found is not None
    remove_contact(organization, made.id, actor=OPERATOR, now=now)
    assert list_contacts(organization) == []
    told = list_events(EventFilter(target=made.id), limit=9, after=None).items
    assert [event.name for event in told] == ["contact.removed", "contact.changed", "contact.added"]
    assert all("mira" not in str([event.before, event.after, event.details]) for event in told), "people can be erased"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"email": "x"}, "email"),
        ({"notify": ["everything"]}, "notify"),
        ({"notify": "domains"}, "notify"),
    ],
)
def test_values_that_cannot_be_used_are_named(
    organization: str, now: datetime, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        add_contact(organization, NewContact(**{"name": "M", "email": "m@b.example", **said}), actor=OPERATOR, now=now)
    assert wrong.value.problems[0].field == field


def test_an_address_is_listed_once_and_there_are_fifty_at_most(organization: str, now: datetime) -> None:
    for number in range(50):
        add_contact(organization, NewContact("M", f"m{number}@b.example"), actor=OPERATOR, now=now)
    with pytest.raises(Invalid):
        add_contact(organization, NewContact("M", "m50@b.example"), actor=OPERATOR, now=now)
    remove_contact(organization, list_contacts(organization)[0].id, actor=OPERATOR, now=now)
    with pytest.raises(Conflict) as twice:
        add_contact(organization, NewContact("M", "m1@b.example"), actor=OPERATOR, now=now)
    assert twice.value.code == "contact-exists"


def test_a_contact_of_another_organization_is_not_there(organization: str, now: datetime) -> None:
    """T9; and contacts go with their organization."""
    contact = add_contact(organization, NewContact("M", "m@b.example"), actor=OPERATOR, now=now).id
    other = add_organization(NewOrganization("Globex"), actor=OPERATOR, now=now).id
    with pytest.raises(NotFound):
        get_contact(other, contact)
    with pytest.raises(NotFound):
        remove_contact(other, contact, actor=OPERATOR, now=now)
    delete_organization(organization, actor=OPERATOR, now=now)
    with pytest.raises(NotFound):
        get_contact(organization, contact)


def notice(target: str, now: datetime, **facts: Any) -> Notice:
    return add_notice(NoticeKind.LINK_REQUESTED, organization_id="org-a", target=target, facts=facts, now=now)


def test_the_same_trouble_is_one_notice_with_a_count(now: datetime) -> None:
    notice("lnk-a", now, state="expired")
    notice("lnk-a", now + timedelta(hours=1), state="revoked")
    notice("lnk-b", now + timedelta(hours=2))
    newest, oldest = list_notices(limit=9)
    assert (newest.target, oldest.target, oldest.count) == ("lnk-b", "lnk-a", 2)
    assert (oldest.first_at, oldest.last_at, oldest.facts) == (now, now + timedelta(hours=1), {"state": "revoked"})
    assert [one.target for one in list_notices(limit=9, after=newest.id)] == ["lnk-a"]


def test_what_was_closed_opens_anew_when_it_happens_again(now: datetime) -> None:
    first = notice("lnk-a", now)
    resolve_notice(first.id, actor=OPERATOR, now=now)
    assert list_notices(limit=9) == []
    assert [one.resolved_by for one in list_notices(limit=9, open_only=False)] == ["test"]
    assert [event.name for event in list_events(EventFilter(target="lnk-a"), limit=9, after=None).items] == [
        "notice.resolved"
    ]
    second = notice("lnk-a", now)
    assert (second.id != first.id, second.count) == (True, 1)
    clear_notices(NoticeKind.LINK_REQUESTED, "lnk-a", now=now)
    assert list_notices(limit=9) == []


def test_many_at_once_make_one_notice(app: Flask, now: datetime) -> None:
    together(app, lambda _: notice("lnk-a", now).id, 6)
    (only,) = list_notices(limit=9)
    assert only.count >= 1
