"""Issue 5, item 8, and row M8: operators who invite, shut out and reset each other, and never lock everybody out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.access.operators import disable_operator, list_operator_addresses, list_operators
from app.audit import Actor
from app.database import db
from app.errors import Conflict
from app.gateway import Gateway
from app.mail.models import OutgoingMail
from tests.support.clock import SettableClock
from tests.support.operators import PASSWORD, Person
from tests.support.whole_app import OPERATOR, Api

HERE = "/console/operators"
ODD = "odd@yourcompany.example"


@pytest.fixture
def colleague(person: Person, whole: Flask, clock: SettableClock) -> Person:
    """Another operator, signed in in a browser of their own."""
    made = Person(whole, clock, email=ODD, agent="Chrome")
    made.enrol(name="Odd Berg")
    made.sign_in()
    return made


def id_of(app: Flask, email: str) -> str:
    with app.app_context():
        return next(one.id for one in list_operators() if one.email == email)


def act(person: Person, what: str, about: Person, **fields: Any) -> TestResponse:
    """Open the act's page and send its form, rightly filled in unless `fields` say otherwise."""
    path = f"{HERE}/{id_of(person.app, about.email)}/{what}"
    return person.post(path, page=path, **{"typed": about.email, "password": PASSWORD, **fields})


def link_in(page: str) -> str:
    found = re.search(r"/console/enrol/[\w-]+", page)
    assert found, page
    return found[0]


def test_the_page_lists_who_since_when_last_sign_in_and_second_factor(person: Person, colleague: Person) -> None:
    """Those who were invited too; no secret of anybody."""
    person.post(HERE, page=HERE, email="neu@yourcompany.example", password=PASSWORD)
    page = person.get(HERE).text
    for text in (person.email, "Odd Berg", ODD, "neu@yourcompany.example", "On, 10 codes left", "The link ends"):
        assert text in page
    assert page.count("<time") >= 6
    assert colleague.secret not in page
    assert "/console/enrol/" not in page


def test_an_operator_is_invited_by_a_link_that_is_shown_once(person: Person, whole: Flask, api: Api) -> None:
    made = person.post(HERE, page=HERE, email="Neu@YourCompany.example", password=PASSWORD)
    path = link_in(made.text)
    fresh = Person(whole, person.clock, email="neu@yourcompany.example")
    fresh.enrol(path)
    assert fresh.sign_in().status_code == 200
    assert fresh.get(path).status_code == 404
    event = api.ok("GET", "/audit-events?name=operator.invited")["items"][0]
    assert event["actor"]["label"] == person.email


def test_an_invitation_is_withdrawn_in_a_hurry(person: Person, whole: Flask, api: Api) -> None:
    """Taking away is not held up by a fresh sign-in; the link opens nothing from then on."""
    path = link_in(person.post(HERE, page=HERE, email="neu@yourcompany.example", password=PASSWORD).text)
    action = re.findall(r'action="(/console/operators/invitations/[^"]+)"', person.get(HERE).text)[0]
    assert person.post(action, page=HERE).status_code == 303
    assert Person(whole, person.clock).get(path).status_code == 404
    assert person.post(action, page=HERE).status_code == 404
    assert len(api.ok("GET", "/audit-events?name=operator.invitation_withdrawn")["items"]) == 1


def test_m8_each_act_asks_for_the_password_again_however_fresh_the_sign_in(
    person: Person, colleague: Person, api: Api
) -> None:
    """A desk that somebody left gives nobody an operator of their own. Refusals are audited, and counted as those of a
    sign-in: after ten the right one is not looked at."""
    refused = [
        person.post(HERE, page=HERE, email="neu@yourcompany.example", password=""),
        act(person, "disable", colleague, password="wrong wrong wrong"),
        act(person, "reset", colleague, password="wrong wrong wrong"),
    ]
    for answer in refused:
        assert answer.status_code == 422
        assert "This is not your password." in answer.text
        assert "/console/enrol/" not in answer.text
    assert colleague.get("/console/").status_code == 200
    steps = [event["details"]["step"] for event in api.ok("GET", "/audit-events?name=operator.refused")["items"]]
    assert steps == ["confirmation"] * 3
    for _ in range(7):
        act(person, "disable", colleague, password="wrong wrong wrong")
    answer = act(person, "disable", colleague)
    assert answer.status_code == 429
    assert "too many tries" in answer.text
    assert colleague.get("/console/").status_code == 200


def test_39_an_act_needs_the_address_to_be_typed_and_is_never_ones_own(person: Person, colleague: Person) -> None:
    """The one who acts stays, so that nobody can be the last one to go."""
    for what in ("disable", "reset"):
        answer = act(person, what, colleague, typed=person.email)
        assert answer.status_code == 422
        assert f"Type “{ODD}” exactly." in answer.text
        assert PASSWORD not in answer.text
        answer = act(person, what, person)
        assert answer.status_code == 409
        assert "Another operator does this for you." in answer.text
        assert f"{id_of(person.app, person.email)}/{what}" not in person.get(HERE).text
    assert colleague.get("/console/").status_code == 200


def test_a_disabled_operator_is_out_at_once_and_comes_back_by_a_new_link(
    person: Person, colleague: Person, whole: Flask, api: Api
) -> None:
    """ASVS 7.4.2: sessions end, links that are out too, mail stops; audited."""
    before = link_in(person.post(HERE, page=HERE, email=ODD, password=PASSWORD).text)
    assert act(person, "disable", colleague).headers["Location"] == HERE
    assert colleague.get("/console/").status_code == 303
    assert colleague.post("/console/sign-in", email=ODD, password=PASSWORD).status_code == 422
    assert colleague.get(before).status_code == 404
    with whole.app_context():
        assert list(list_operator_addresses()) == [person.email]
    event = api.ok("GET", "/audit-events?name=operator.disabled")["items"][0]
    assert (event["actor"]["label"], event["target"]) == (person.email, id_of(whole, ODD))
    again = link_in(person.post(HERE, page=HERE, email=ODD, password=PASSWORD).text)
    colleague.enrol(again)
    assert colleague.sign_in().status_code == 200


def test_a_reset_makes_both_factors_worthless_at_once(person: Person, colleague: Person, api: Api) -> None:
    """A phone in wrong hands: not once the link is used, but from this moment; the link is shown once."""
    made = act(person, "reset", colleague)
    path = link_in(made.text)
    assert colleague.get("/console/").status_code == 303
    assert colleague.post("/console/sign-in", email=ODD, password=PASSWORD).status_code == 422
    assert "Waits for its link" in person.get(HERE).text
    assert path not in person.get(HERE).text
    assert len(api.ok("GET", "/audit-events?name=operator.second_factor_reset")["items"]) == 1
    before = colleague.secret
    colleague.enrol(path)
    assert colleague.secret != before
    assert colleague.sign_in().status_code == 200


def test_the_last_active_operator_is_not_disabled(person: Person, colleague: Person, whole: Flask) -> None:
    """By no way: of two who shut each other out the second is refused, and the command line asks the same."""
    mine, theirs, now = id_of(whole, person.email), id_of(whole, ODD), person.clock()
    with whole.app_context():
        disable_operator(ODD, actor=Actor("operator", mine, person.email), now=now)
        for actor in (Actor("operator", theirs, ODD), OPERATOR):
            with pytest.raises(Conflict, match="last active") as refused:
                disable_operator(person.email, actor=actor, now=now)
            assert refused.value.code == "last-operator"
    assert person.get("/console/").status_code == 200


def test_operators_are_written_to_in_the_language_they_chose(
    person: Person, colleague: Person, whole: Flask, api: Api
) -> None:
    """Item 9: a change of trust, to whoever chose German in German, to all others in the installation's language."""
    colleague.post("/console/language", page="/console/", language="de")
    gateway: Gateway = whole.extensions["portico"]
    organization = api.ok("POST", "/organizations", {"name": "Halden"})["id"]
    oidc = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "of-the-idp"}
    body = {"adapter": "oidc", "settings": oidc}
    connection = api.ok("POST", f"/organizations/{organization}/connections", body)["id"]
    api.ok("POST", f"/connections/{connection}/activate", {"skip_test": True})
    with whole.app_context():
        mails = [gateway.outbox.open(row) for row in db.session.query(OutgoingMail)]
    subjects = {mail.to: mail.subject for mail in mails}
    assert subjects[ODD] == "Die Anmeldung wurde eingeschaltet für Halden"
    assert subjects[person.email] == "Sign-in was turned on for Halden"
