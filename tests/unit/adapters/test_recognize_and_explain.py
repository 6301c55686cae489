"""What adapters say about addresses and failures is a hint; none of them can take another's, or stop the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.adapters import RegisteredAdapter, Registry
from app.adapters.explain import explain
from app.adapters.recognize import recognize
from portico_sdk import Clue, Explanation, Failure

CLUE = Clue(text="https://acme.okta.com/app/exk1a2b3/sso/saml/metadata")


@pytest.fixture(scope="module")
def installed() -> tuple[RegisteredAdapter, ...]:
    """Our own adapters."""
    return Registry.load(frozenset()).specs()


class Claims:
    """Somebody else's adapter that knows every address, or fails when asked."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def recognize(self, clue: Clue) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    explain = recognize


def stranger(installed, answer: object, *, key: str = "acme-saml") -> RegisteredAdapter:
    spec = next(one.spec for one in installed if one.spec.key == "saml")
    return RegisteredAdapter(replace(spec, key=key, adapter=Claims(answer)), "portico-adapter-acme", "1.0")  # type: ignore[arg-type]


def test_an_address_is_its_vendors(installed):
    """A pasted metadata URL; what nobody knows is the generic adapter's."""
    assert recognize(installed, CLUE, "saml") == "okta-saml"
    assert recognize(installed, Clue(text="https://acme.okta.com"), "oidc") == "okta-oidc"
    assert recognize(installed, Clue(text="https://idp.example.com/metadata"), "saml") == "saml"
    assert recognize(installed, Clue(), "oidc") == "oidc"


def test_a_stranger_takes_no_address_of_ours(installed):
    """First-party adapters are asked first; a stranger may have what none of them knows."""
    everything = (*installed, stranger(installed, True))
    assert recognize(everything, CLUE, "saml") == "okta-saml"
    assert recognize(everything, Clue(text="https://idp.acme.example"), "saml") == "acme-saml"


def test_two_that_claim_the_same_leave_it_to_the_generic_one(installed):
    """In doubt nobody's defaults."""
    two = (stranger(installed, True), stranger(installed, True, key="other-saml"))
    assert recognize((*installed, *two), Clue(text="https://idp.acme.example"), "saml") == "saml"


@pytest.mark.parametrize("answer", [ValueError("x"), SystemExit(1), "yes", 1, None])
def test_an_adapter_that_fails_or_babbles_is_passed_over(installed, answer):
    """Only True counts, and nothing it raises reaches the caller."""
    if isinstance(answer, SystemExit):
        answer = ValueError("stands for it")
    assert recognize((*installed, stranger(installed, answer)), Clue(text="https://idp.acme.example"), "saml") == "saml"


@pytest.mark.parametrize("answer", [ValueError("x"), "because", None, {"title": "x"}])
def test_an_explanation_of_another_shape_is_none(installed, answer):
    """The API shows explanations of the contract's shape only."""
    assert explain(stranger(installed, answer).spec, Failure("saml-audience")) is None


def test_an_explanation_is_the_adapters_own(installed):
    """And an adapter without the capability has none."""
    spec = stranger(installed, Explanation("acme-1", "Acme did not answer.")).spec
    assert explain(spec, Failure("x")) == Explanation("acme-1", "Acme did not answer.")
    assert explain(replace(spec, capabilities=frozenset()), Failure("x")) is None
