"""The forgeries are real: an adapter that checks nothing accepts every one that holds an identity."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from portico_saml import SamlAdapter, portico_register_adapters
from portico_saml.names import SAML
from portico_saml.testing import FORGERIES, Forgery, SamlConformance
from portico_sdk import AdapterContext, Callback, CheckResult, ExternalIdentity

#: Nobody can read an identity out of these.
_WITHOUT_IDENTITY = {
    "no XML",
    "half of the document",
    "no subject",
    "no assertion",
    "the provider's error",
    "forged assertion as EncryptedAssertion",
}


class ChecksNothing(SamlAdapter):
    """Takes the first NameID of whatever was posted."""

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        parser = etree.XMLParser(resolve_entities=False)
        document = etree.fromstring(base64.b64decode(callback.single("SAMLResponse") or ""), parser)
        [name, *_] = document.iter(f"{{{SAML}}}NameID")
        context.record(CheckResult("nothing", True))
        until = context.now + timedelta(minutes=5)
        return ExternalIdentity("".join(name.itertext()), "NameID", "x", {}, document.get("ID", ""), until)


class Kit(SamlConformance):
    """The kit on that adapter."""

    spec = replace(next(iter(portico_register_adapters())), adapter=ChecksNothing())


@pytest.mark.parametrize(
    "forgery", [one for one in FORGERIES if one.name not in _WITHOUT_IDENTITY], ids=lambda forgery: forgery.name
)
def test_an_adapter_that_checks_nothing_fails_each_forgery(forgery: Forgery) -> None:
    """Issue 3: the kit fails deliberately broken adapters, for the right reason."""
    with pytest.raises(AssertionError, match="must be refused with SignInRefused, and was accepted"):
        Kit().forged(forgery)


@pytest.mark.parametrize(
    "test",
    ["test_a_response_for_another_connection_is_refused", "test_a_response_by_get_is_refused",
     "test_an_answer_to_nobodys_question_is_refused", "test_an_answer_to_another_question_is_refused"],
)  # fmt: skip
def test_it_fails_the_other_tests_too(test: str) -> None:
    with pytest.raises(AssertionError, match="must be refused"):
        getattr(Kit(), test)()
