"""pysaml2, with the xmlsec1 program, as a customer's identity provider: proof on documents that nobody here wrote."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.flows.pysaml2_idp import ENTITY_ID, SSO_URL, Asked, PySaml2Idp, RequestRefused, post
from tests.support.browser import Browser, Page, Step
from tests.support.certificates import Certified, make_certified
from tests.support.gateway import Gateway
from tests.support.refusals import expect_refusal
from tests.support.relying_party import RelyingParty

pytestmark = pytest.mark.peer("xmlsec1")

WAYS = {
    "signed assertion": {"sign_assertion": True},
    "signed response": {"sign_response": True},
    "both signed": {"sign_assertion": True, "sign_response": True},
    "signed, then encrypted": {"sign_assertion": True, "encrypt_assertion": True},
    "signed, encrypted, response signed": {"sign_assertion": True, "sign_response": True, "encrypt_assertion": True},
    "encrypted, response signed": {"sign_response": True, "encrypt_assertion": True},
}


@pytest.fixture(scope="module")
def key() -> Certified:
    """The key of the identity provider."""
    return make_certified("pysaml2")


class Customer:
    """A customer with pysaml2 as its identity provider, set up by exchanging metadata documents."""

    def __init__(self, gateway: Gateway, folder: Path, key: Certified, **settings: Any) -> None:
        self.domain = f"{secrets.token_hex(6)}.example"
        organization = gateway.api.add_organization(self.domain)
        certificate = {"certificates": [key.certificate_pem]}
        draft = {"idp_entity_id": ENTITY_ID, "sso_url": SSO_URL, **certificate, **settings}
        self.connection = gateway.api.add_connection(organization["id"], "saml", draft, activate=False)
        ours = requests.get(self.connection["service_provider"]["metadata_url"], timeout=20)
        assert ours.status_code == 200
        self.idp = PySaml2Idp(folder, ours.text, key=key, want_signed=bool(settings.get("sign_requests")))
        theirs = {"metadata_xml": self.idp.metadata()}
        gateway.api.patch(f"/connections/{self.connection['id']}", settings=theirs)
        gateway.api.activate(self.connection["id"])

    def ask(self, browser: Browser, relying_party: RelyingParty) -> tuple[Any, Step]:
        attempt = relying_party.attempt(connection=self.connection["id"])
        return attempt, browser.reach(attempt.url, SSO_URL)

    @property
    def attributes(self) -> dict[str, list[str]]:
        """A person, in the names that pysaml2 turns into object identifiers."""
        return {
            "mail": [f"ada@{self.domain}"],
            "givenName": ["Ada"],
            "sn": ["Lovelace"],
            "displayName": ["Ada Lovelace"],
        }


@pytest.mark.parametrize("way", WAYS)
def test_pysaml2_logs_a_person_in(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, tmp_path: Path, key: Certified, way: str
) -> None:
    """Whatever it signs and encrypts: the identity is the one it meant."""
    encrypted = bool(WAYS[way].get("encrypt_assertion"))
    customer = Customer(gateway, tmp_path, key, **({"encryption": "required"} if encrypted else {}))
    attempt, step = customer.ask(browser, relying_party)
    asked = customer.idp.read(step)
    answer = customer.idp.answer(asked, "ada-1815", customer.attributes, **WAYS[way])
    claims = attempt.finish(browser.reach(answer, relying_party.client.redirect_uri)).claims
    assert claims["portico_idp_sub"] == "ada-1815"
    assert claims["email"] == f"ada@{customer.domain}"
    assert (claims["given_name"], claims["family_name"], claims["name"]) == ("Ada", "Lovelace", "Ada Lovelace")


@pytest.mark.parametrize("binding", ["redirect", "post"])
def test_pysaml2_verifies_our_signed_request(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, tmp_path: Path, key: Certified, binding: str
) -> None:
    """By both bindings, against the certificate in our metadata; a request that was touched is refused there."""
    customer = Customer(gateway, tmp_path, key, sign_requests=True, sso_binding=binding)
    # pysaml2 publishes HTTP-Redirect first; the setting decides
    gateway.api.patch(f"/connections/{customer.connection['id']}", settings={"sso_binding": binding})
    attempt, step = customer.ask(browser, relying_party)
    assert step.method == {"redirect": "GET", "post": "POST"}[binding]
    asked = customer.idp.read(step)
    assert asked.acs_url == customer.connection["service_provider"]["acs_url"]
    answer = customer.idp.answer(asked, "ada", customer.attributes, sign_assertion=True)
    attempt.finish(browser.reach(answer, relying_party.client.redirect_uri))
    with pytest.raises(RequestRefused):
        customer.idp.read(touched(step))


def touched(step: Step) -> Step:
    """Return the request with other content under the same signature."""
    if step.method == "GET":
        return Step("GET", step.url.replace(step.query["RelayState"], "another"), step.fields, step.initiator)
    xml = base64.b64decode(step.form["SAMLRequest"]).decode()
    changed = base64.b64encode(xml.replace("/acs", "/other").encode()).decode()
    return Step("POST", step.url, tuple({**step.form, "SAMLRequest": changed}.items()), step.initiator)


@pytest.mark.parametrize("way", ["signed assertion", "signed response", "both signed"])
def test_a_touched_response_is_refused(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, tmp_path: Path, key: Certified, way: str
) -> None:
    """Another NameID under pysaml2's signature."""
    customer = Customer(gateway, tmp_path, key)
    _, step = customer.ask(browser, relying_party)
    asked = customer.idp.read(step)
    answer = customer.idp.answer(asked, "ada", customer.attributes, **WAYS[way])
    xml = base64.b64decode(answer.form["SAMLResponse"]).decode()
    assert xml.count(">ada<") == 1
    end = finish(browser, asked, xml.replace(">ada<", ">eve<"))
    expect_refusal(end, gateway.api, "saml-signature")


def test_a_response_without_a_signature_is_refused(
    gateway: Gateway, browser: Browser, relying_party: RelyingParty, tmp_path: Path, key: Certified
) -> None:
    """S10, S11: unsigned in the clear, and unsigned inside an encryption that anybody can make."""
    customer = Customer(gateway, tmp_path, key, encryption="required")
    for how in ({}, {"encrypt_assertion": True}):
        _, step = customer.ask(browser, relying_party)
        answer = customer.idp.answer(customer.idp.read(step), "ada", customer.attributes, **how)
        expect_refusal(browser.walk(answer, stop=relying_party.client.redirect_uri), gateway.api)


def finish(browser: Browser, asked: Asked, xml: str) -> Page | Step:
    return browser.walk(post(asked, xml), stop="https://tenant.example/")
