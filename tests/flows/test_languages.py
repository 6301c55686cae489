"""A whole sign-in in the language that the application asks for, to the page of its refusal (OIDC Core 3.1.2.1)."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from tests.support.browser import Browser, Page, Step
from tests.support.gateway import Gateway
from tests.support.leftovers import find_leftovers
from tests.support.relying_party import RelyingParty
from tests.support.saml_customer import SamlCustomer


def tampered(answer: Step) -> Step:
    """The same POST with another person in the signed assertion."""
    fields = answer.form
    xml = base64.b64decode(fields["SAMLResponse"]).decode().replace("</saml:NameID>", "x</saml:NameID>")
    return replace(answer, fields=tuple({**fields, "SAMLResponse": base64.b64encode(xml.encode()).decode()}.items()))


@pytest.mark.parametrize(("ui_locales", "language"), [("de-CH fr", "de"), ("fr", "en"), (None, "en")])
def test_a_refusal_speaks_what_the_application_asked_for(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, ui_locales: str | None, language: str
) -> None:
    """The wish is kept with the pending sign-in: the provider's answer does not repeat it."""
    customer = SamlCustomer(gateway)
    more = {} if ui_locales is None else {"ui_locales": ui_locales}
    attempt = relying_party.attempt(connection=customer.id, **more)
    answer = customer.respond(customer.receive(browser, attempt))
    page = browser.walk(tampered(answer), stop="https://tenant.example/")
    assert isinstance(page, Page)
    assert page.status == 400
    assert f'<html lang="{language}"' in page.text
    assert ("Wir konnten Sie nicht anmelden" if language == "de" else "We could not sign you in") in page.text
    assert language == "en" or find_leftovers(page.text, "de") == []
