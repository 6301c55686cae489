"""The class that tests of an adapter on portico_saml subclass: the contract, and what no such adapter may accept."""

from __future__ import annotations

import base64
import itertools
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import etree

from portico_saml.testing.answers import Answer
from portico_saml.testing.connections import NOW, Connection, FakeHttp, make_key_pair
from portico_saml.testing.forgeries import FORGERIES, Forgery, Scene, Signed
from portico_saml.testing.providers import IdentityProvider
from portico_sdk import BeginResult, Callback, Http, KeyPair, Redirect, ServiceProvider
from portico_sdk.testing import AdapterConformance, expect_refusal
from portico_sdk.testing.setup import SignIn

_numbers = itertools.count(1)


@dataclass
class SamlProvider:
    """An identity provider in memory and one connection to it, as the kit wants them.

    Args:
        changes: members of every honest Answer.
        signed: which part it signs.
    """

    connection: Connection
    changes: Mapping[str, Any]
    signed: Signed
    http: Http = field(default_factory=FakeHttp)
    now: datetime = NOW

    @property
    def service_provider(self) -> ServiceProvider:
        """Our side."""
        return self.connection.service_provider

    def settings(self) -> Mapping[str, Any]:
        """Return what an administrator types."""
        return self.connection.raw_settings

    def honest(self, begun: BeginResult) -> Answer:
        """Return what the provider honestly says to this request; every response has names of its own."""
        asked = replace(self.connection, request_id=read_request_id(begun))
        number = next(_numbers)
        own = {"response_id": f"_response{number}", "assertion_id": f"_assertion{number}"}
        return asked.answer(**{**own, **self.changes})

    def answer(self, begun: BeginResult) -> Callback:
        """Return what the browser brings back after the person signed in."""
        return self.carry(self.connection.idp.respond(self.honest(begun), signed=self.signed), begun)

    def carry(self, response: bytes, begun: BeginResult) -> Callback:
        """Return the POST of a browser that brings `response` to this sign-in."""
        return replace(self.connection.callback(response), state=begun.state)


class SamlConformance(AdapterConformance):
    """What AdapterConformance asks, with a SAML identity provider in memory and every forgery that the kit knows.

    Attributes:
        idp_entity_id, sso_url: of the provider, where the adapter accepts certain forms only.
        name_id: what the NameID says.
        attributes: what the provider releases, by name.
        signed: which part it signs: assertion, response or both.

    Example:
        class TestAcme(SamlConformance):
            spec = SPEC
            attributes = {"mail": ("ada@example.com",)}
            expects = {"email": "ada@example.com"}
    """

    idp_entity_id: ClassVar[str] = "https://idp.example.com/"
    sso_url: ClassVar[str] = "https://idp.example.com/sso"
    name_id: ClassVar[str] = "ada@example.com"
    attributes: ClassVar[Mapping[str, tuple[str, ...]]] = {"mail": ("ada@example.com",), "groups": ("a", "b")}
    signed: ClassVar[Signed] = "assertion"

    def make_provider(self, name: str) -> SamlProvider:
        """Return a provider that behaves, and a connection to it."""
        idp = replace(_trusted(), entity_id=self.idp_entity_id, sso_url=self.sso_url)
        connection = Connection.to(idp, name=f"con-{name}", keys=(_own_key(),))
        changes = {"name_id": self.name_id, "attributes": tuple(self.attributes.items())}
        return SamlProvider(connection, changes, self.signed)

    def forged(self, forgery: Forgery) -> None:
        """Check that this response signs nobody in."""
        sign_in = self.sign_in()
        provider = _saml(sign_in)
        begun = sign_in.begin()
        idp = provider.connection.idp
        stranger = replace(idp, key=_stranger_key())
        scene = Scene(idp, stranger, provider.honest(begun), provider.signed, provider.now)
        expect_refusal(lambda: sign_in.complete(provider.carry(forgery.make(scene), begun)), forgery.name)

    @pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
    def test_what_no_service_provider_may_accept(self, forgery: Forgery) -> None:
        """SAML core 5, profiles 4.1.4.2 and 4.1.4.3: each lie alone is refused."""
        self.forged(forgery)

    def test_a_response_for_another_connection_is_refused(self) -> None:
        """Two customers of one provider: what was signed for the one is nothing to the other."""
        one, two = self.sign_in("one"), self.sign_in("two")
        begun_one, begun_two = one.begin(), two.begin()
        response = dict(one.provider.answer(begun_one).unverified_params)["SAMLResponse"]
        moved = _saml(two).carry(base64.b64decode(response), begun_two)
        expect_refusal(lambda: two.complete(moved), "a response for another connection")

    def test_a_response_by_get_is_refused(self) -> None:
        """The HTTP-Redirect binding carries no responses of this profile (SAML profiles 4.1.2)."""
        sign_in = self.sign_in()
        answer = replace(sign_in.provider.answer(sign_in.begin()), method="GET")
        expect_refusal(lambda: sign_in.complete(answer), "a response by GET")

    def test_the_request_names_our_own_addresses(self) -> None:
        """SAML profiles 4.1.4.1: the issuer is our entity ID, the ACS URL ours, and nothing of it comes from outside."""
        sign_in = self.sign_in()
        request, ours = read_request(sign_in.begin()), sign_in.provider.service_provider
        issuer = request.find("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
        assert issuer is not None, "the request has no Issuer"
        assert issuer.text == ours.entity_id, f"the request is issued by {issuer.text}, not by {ours.entity_id}"
        named = request.get("AssertionConsumerServiceURL")
        assert named in (None, ours.acs_url), f"the request asks for an answer at {named}"
        assert len(request.get("ID", "")) >= 22, "the request's ID has at least 128 random bits"


def read_request(begun: BeginResult) -> etree._Element:
    """Return the AuthnRequest that the browser takes to the provider."""
    if isinstance(begun.action, Redirect):
        encoded = dict(parse_qsl(urlsplit(begun.action.url).query))["SAMLRequest"]
        return etree.fromstring(zlib.decompress(base64.b64decode(encoded), -15))
    return etree.fromstring(base64.b64decode(begun.action.fields["SAMLRequest"]))


def read_request_id(begun: BeginResult) -> str:
    """Return the ID of the request that the browser takes to the provider."""
    return read_request(begun).get("ID", "")


def _saml(sign_in: SignIn) -> SamlProvider:
    provider = sign_in.provider
    assert isinstance(provider, SamlProvider)
    return provider


@cache
def _trusted() -> IdentityProvider:
    return IdentityProvider.create("https://idp.example.com/")


@cache
def _own_key() -> KeyPair:
    return make_key_pair("portico.example.com")


@cache
def _stranger_key() -> KeyPair:
    return make_key_pair("idp.example.com")
