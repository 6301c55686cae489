"""Every refusal is explained, in plain words, also for providers that we do not know by name."""

from __future__ import annotations

import pytest

from portico_saml import Reason
from portico_saml.explanations import EXPLANATIONS
from portico_sdk import SYMPTOMS, UNREACHABLE, Clue, Failure


@pytest.mark.parametrize("code", sorted({*Reason, *SYMPTOMS, *UNREACHABLE}))
def test_every_code_of_a_refusal_has_an_explanation(adapter, code):
    """A title that is a sentence, and what to do."""
    found = adapter.explain(Failure(str(code)))
    assert found is not None
    assert found.title.endswith(".")
    assert found.fix.endswith(".")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("the identity provider answered Requester / InvalidNameIDPolicy: MSIS7070", "saml-name-id-policy"),
        ("the identity provider answered Responder / AuthnFailed", "saml-authn-failed"),
        ("the identity provider answered Responder / NoAuthnContext", "saml-authn-context"),
        ("the identity provider answered Responder / NoPassive", "saml-authn-context"),
        ("the identity provider answered Responder", "saml-status"),
    ],
)
def test_a_nested_status_chooses_the_explanation(adapter, said, code):
    """Providers.md 13: the inner code says what the outer one hides."""
    found = adapter.explain(Failure("saml-status", said))
    assert found is not None
    assert found.code == code


def test_an_unknown_code_is_not_explained(adapter):
    """Nothing is made up."""
    assert adapter.explain(Failure("of-another-house")) is None


def test_the_codes_of_explanations_are_unique():
    """Documentation and translations hang on them."""
    codes = [row.explanation.code for row in EXPLANATIONS]
    assert len(set(codes)) == len(codes)


def test_the_generic_adapter_recognizes_nobody(adapter):
    """It is what remains when no vendor knows the address."""
    assert not adapter.recognize(Clue(text="https://idp.example.com/metadata", entity_id="https://idp.example.com/"))
