"""Mails to customers and operators in their own language, from the API to the message that leaves (item 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.gateway import Gateway
from app.mail import DevelopmentMail, deliver_due, list_development_mail
from tests.support.certificates import make_certified
from tests.support.clock import SettableClock
from tests.support.operators import Person
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app

MIRA = "mira@halden.example"
VERA = "vera@yourcompany.example"


@dataclass
class Office:
    """An installation and the mails that left it, the newest for each address."""

    app: Flask
    clock: SettableClock
    visitor: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.visitor = Visitor(self.app, self.clock)
        self.contacts = f"/organizations/{self.visitor.organization}/contacts"

    @property
    def gateway(self) -> Gateway:
        gateway: Gateway = self.app.extensions["portico"]
        return gateway

    def mails(self) -> dict[str, DevelopmentMail]:
        """Send what waits, and return the newest mail to each address."""
        self.clock.advance(seconds=1)
        with self.app.app_context():
            assert deliver_due(self.gateway.outbox, self.clock()).postponed == 0
        sent = list_development_mail(self.gateway.settings.instance_path)
        return {mail.to: mail for mail in reversed(sent)}

    def connection(self) -> str:
        settings: dict[str, Any] = {
            "idp_entity_id": "https://idp.example",
            "sso_url": "https://idp.example/sso",
            "certificates": [make_certified("idp").certificate_pem],
        }
        path = f"/organizations/{self.visitor.organization}/connections"
        made = self.visitor.api.ok("POST", path, {"adapter": "saml", "name": "Halden", "settings": settings})
        self.visitor.api.ok("POST", f"/connections/{made['id']}/activate", {"skip_test": True})
        return str(made["id"])


@pytest.fixture
def office(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Office]:
    with whole_app(database_url, clock, tmp_path) as app:
        yield Office(app, clock)


def check_german(mail: DevelopmentMail) -> None:
    assert re.search(r'<html lang="de">', mail.html)
    assert not re.search(r"\b(the|your|sign in|please)\b", mail.text, re.IGNORECASE), mail.text


def test_a_link_is_mailed_in_the_language_that_was_chosen_for_it(office: Office) -> None:
    """`language` of a set-up link; its contact, when new, is written to in it from then on."""
    office.visitor.link(features=["sso", "domains"], contact=MIRA, send=True, language="de")
    mail = office.mails()[MIRA]
    assert mail.subject == "Single Sign-on und Ihre Domains für Halden 0 einrichten"
    check_german(mail)
    assert "Der Link gilt bis" in mail.text
    assert [(one["email"], one["language"]) for one in office.visitor.api.ok("GET", office.contacts)["items"]] == [
        (MIRA, "de")
    ]


def test_a_code_is_mailed_in_the_contacts_language(office: Office) -> None:
    office.connection()
    office.visitor.link(features=["sso"], contact=MIRA, language="de")
    office.visitor.enter()
    office.visitor.post("/setup/code/send", page="/setup/code", status=200)
    mail = office.mails()[MIRA]
    assert re.fullmatch(r"\d{6} ist Ihr Code für Halden 0", mail.subject)
    check_german(mail)


def test_a_change_of_trust_is_told_to_each_in_his_language(office: Office) -> None:
    """One contact reads German, one English, and operators English; labels of settings are said too."""
    Person(office.app, office.clock, VERA).enrol()
    for email, language in ((MIRA, "de"), ("jo@halden.example", "en")):
        office.visitor.api.ok("POST", office.contacts, {"name": "A", "email": email, "language": language})
    connection = office.connection()
    told = office.mails()
    assert told[MIRA].subject == "Die Anmeldung wurde eingeschaltet für Halden 0"
    assert told["jo@halden.example"].subject == told[VERA].subject == "Sign-in was turned on for Halden 0"
    change = {"settings": {"sso_url": "https://idp.example/other"}}
    office.visitor.api.ok("PATCH", f"/connections/{connection}", change)
    told = office.mails()
    check_german(told[MIRA])
    assert "Was sich geändert hat: Single-Sign-on-URL" in told[MIRA].text
    assert "What changed: Single sign-on URL" in told[VERA].text


def test_a_warning_is_told_to_each_in_his_language(office: Office, clock: SettableClock) -> None:
    """The number of days in the form that the language uses for it."""
    clock.set(datetime.now(UTC))
    Person(office.app, office.clock, VERA).enrol()
    office.visitor.api.ok("POST", office.contacts, {"name": "Mira", "email": MIRA, "language": "de"})
    office.connection()
    office.mails()
    with office.app.app_context():
        assert office.gateway.expiry_warnings.run(clock()) == 1
    told = office.mails()
    check_german(told[MIRA])
    assert re.fullmatch(r"Das Signaturzertifikat von Halden endet in 29 Tagen", told[MIRA].subject)
    assert re.fullmatch(r"The signing certificate of Halden ends in 29 days", told[VERA].subject)
    clock.advance(days=30, hours=1)
    with office.app.app_context():
        office.gateway.expiry_warnings.run(clock())
    assert office.mails()[MIRA].subject == "Das Signaturzertifikat von Halden ist abgelaufen"


def test_a_contact_of_the_portal_is_written_to_in_the_language_of_its_form(office: Office) -> None:
    """The form offers what we speak, with the visitor's own language chosen."""
    office.visitor.client.set_cookie("portico-language", "de")
    office.visitor.enter()
    assert '<option value="de" lang="de" selected>' in office.visitor.get("/setup/contacts")
    office.visitor.post("/setup/contacts", name="Mira", email=MIRA, language="de", domains="yes")
    shown = office.visitor.api.ok("GET", office.contacts)["items"]
    assert [(one["language"], one["notify"]) for one in shown] == [("de", ["domains"])]
    office.visitor.api.ok("PATCH", f"{office.contacts}/{shown[0]['id']}", {"language": None})
    assert office.visitor.api.ok("GET", office.contacts)["items"][0]["language"] is None


def test_a_colleague_is_written_to_in_the_language_of_who_passed_the_step_on(office: Office) -> None:
    office.visitor.client.set_cookie("portico-language", "de")
    office.visitor.enter()
    office.visitor.post("/setup/colleague", status=200, step="domains", email="dns@halden.example")
    check_german(office.mails()["dns@halden.example"])


def test_an_operator_chooses_the_language_of_a_link(office: Office) -> None:
    """The console's form, which itself is in English."""
    vera = Person(office.app, office.clock, VERA)
    vera.enrol()
    vera.sign_in()
    page = f"/console/organizations/{office.visitor.organization}/setup-links"
    vera.post(page, page=page, features=["sso"], contact=MIRA, send="yes", language="de")
    check_german(office.mails()[MIRA])


def test_a_language_that_we_do_not_speak_is_refused(office: Office) -> None:
    api, person = office.visitor.api, {"name": "M", "email": MIRA}
    for path, body in (
        (office.contacts, {**person, "language": "fr"}),
        (office.contacts, {**person, "language": ""}),
        (f"/organizations/{office.visitor.organization}/setup-links", {"features": ["sso"], "language": "fr"}),
    ):
        status, problem = api.refused("POST", path, body)
        assert (status, problem["errors"][0]["field"]) == (422, "language")
    office.visitor.enter()
    page = office.visitor.post("/setup/contacts", status=422, **person, language="xx").text
    assert "Choose one of en, de." in page


def test_who_chose_no_language_gets_the_installations(database_url: str, clock: SettableClock, tmp_path: Path) -> None:
    """PORTICO_LANGUAGE."""
    with whole_app(database_url, clock, tmp_path, language="de") as app:
        office = Office(app, clock)
        office.visitor.link(features=["sso"], contact=MIRA, send=True)
        check_german(office.mails()[MIRA])
        contact = office.visitor.api.ok("GET", office.contacts)["items"][0]
        office.visitor.api.ok("PATCH", f"{office.contacts}/{contact['id']}", {"language": "en"})
        office.visitor.link(features=["sso"], contact=MIRA, send=True)
        assert office.mails()[MIRA].subject == "Set up single sign-on for Halden 0"
