"""Contacts in the portal: everything wrong is told at once, and each gets mail in a language that was chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.support.clock import SettableClock
from tests.support.databases import Databases
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app

PAGE = "/setup/contacts"


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(scope="module")
def app(databases: Databases, clock: SettableClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for the module: every test has an organization of its own."""
    folder = tmp_path_factory.mktemp("app")
    with databases.database("sqlite") as url, whole_app(url, clock, folder) as made:
        yield made


@pytest.fixture
def visitor(app: Flask, clock: SettableClock) -> Visitor:
    made = Visitor(app, clock)
    made.enter()
    return made


def told(text: str) -> list[tuple[str, str]]:
    """The fields that the summary leads to, with what it says."""
    return re.findall(r'<li><a href="#([a-z]+)">([^<]+)</a></li>', text)


def contacts(visitor: Visitor) -> list[dict[str, Any]]:
    path = f"/organizations/{visitor.organization}/contacts"
    found: list[dict[str, Any]] = visitor.api.ok("GET", path)["items"]
    return found


def test_6_everything_that_is_wrong_is_told_at_once_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    """Requirement 6: name, address and language; unticked boxes stay unticked."""
    text = visitor.post(PAGE, PAGE, 422, name=" ", email="mira@", language="xx", domains="yes").text
    assert [field for field, _ in told(text)] == ["name", "email", "language"]
    assert text.count('aria-invalid="true"') == 3
    assert 'value="mira@"' in text
    assert re.search(r'id="domains"[^>]* checked', text)
    assert not re.search(r'id="certificates"[^>]* checked', text)
    assert contacts(visitor) == []


def test_6_an_address_that_is_listed_is_told_beside_a_name_that_cannot_be_used(visitor: Visitor) -> None:
    visitor.post(PAGE, PAGE, name="Mira", email="mira@halden.example", language="en")
    text = visitor.post(PAGE, PAGE, 422, name="", email=" MIRA@halden.example ", language="en").text
    assert told(text)[1] == ("email", "This address is in the list already.")
    assert [field for field, _ in told(text)] == ["name", "email"]
    text = visitor.post(PAGE, PAGE, 422, name="M", email="mira@halden.example", language="en").text
    assert told(text) == [("email", "This address is in the list already.")]


def test_a_contact_is_changed_and_its_language_is_shown_and_in_the_log(visitor: Visitor) -> None:
    """Issue 5, item 7: contacts can be edited; a language that there is not is a 422; the change is audited."""
    visitor.post(PAGE, PAGE, name="Mira", email="mira@halden.example", language="en", domains="yes")
    (made,) = contacts(visitor)
    page = f"{PAGE}/{made['id']}"
    assert f'href="{page}"' in visitor.get(PAGE)
    form = visitor.get(page)
    assert 'value="mira@halden.example"' in form
    assert re.findall(r'<option value="(\w+)" lang="\w+"( selected)?>', form) == [("en", " selected"), ("de", "")]
    wrong = visitor.post(page, page, 422, name="Mira Berg", email="mira@halden.example", language="tlh").text
    assert [field for field, _ in told(wrong)] == ["language"]
    assert 'value="Mira Berg"' in wrong
    visitor.post(page, page, name="Mira Berg", email="mira@halden.example", language="de", certificates="yes")
    (now,) = contacts(visitor)
    assert (now["name"], now["language"], now["notify"]) == ("Mira Berg", "de", ["certificates"])
    assert "mira@halden.example, Deutsch" in visitor.get(PAGE)
    (event,) = visitor.api.ok("GET", "/audit-events?name=contact.changed")["items"]
    assert event["details"]["language"] == "de"
    assert "setup_link" in str(event["actor"])


def test_a_contact_of_somebody_else_is_not_there(app: Flask, clock: SettableClock, visitor: Visitor) -> None:
    """Row T9."""
    other = Visitor(app, clock)
    made = other.api.ok(
        "POST", f"/organizations/{other.organization}/contacts", {"name": "Per", "email": "per@x.example"}
    )
    visitor.get(f"{PAGE}/{made['id']}", 404)
    visitor.post(f"{PAGE}/{made['id']}", PAGE, 404, name="x", email="x@x.example")
