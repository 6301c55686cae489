"""Every refusal is explained, in plain words, also for providers that we do not know by name."""

from __future__ import annotations

import pytest

from portico_oidc import REASONS, OidcAdapter
from portico_oidc.explanations import EXPLANATIONS
from portico_sdk import SYMPTOMS, UNREACHABLE, Clue, Failure


@pytest.mark.parametrize("code", sorted({*REASONS, *SYMPTOMS, *UNREACHABLE}))
def test_every_code_of_a_refusal_has_an_explanation(code):
    """A title that is a sentence, and what to do."""
    found = OidcAdapter().explain(Failure(code))
    assert found is not None
    assert found.title.endswith(".")
    assert found.fix.endswith(".")


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Failure("provider-error", "access_denied: no"), "oidc-access-denied"),
        (Failure("provider-error", "login_required"), "oidc-interaction"),
        (Failure("provider-error", "invalid_scope: groups"), "oidc-request-refused"),
        (Failure("provider-error", "server_error"), "oidc-provider-error"),
        (Failure("token-refused", "invalid_client: wrong secret"), "oidc-invalid-client"),
        (Failure("token-refused", "invalid_grant"), "oidc-token-refused"),
    ],
)
def test_the_providers_own_error_chooses_the_explanation(failure, code):
    """RFC 6749 4.1.2.1 and 5.2."""
    found = OidcAdapter().explain(failure)
    assert found is not None
    assert found.code == code


def test_the_codes_of_explanations_are_unique():
    """Documentation and translations hang on them."""
    codes = [row.explanation.code for row in EXPLANATIONS]
    assert len(set(codes)) == len(codes)


def test_the_generic_adapter_recognizes_nobody():
    """It is what remains when no vendor knows the issuer."""
    assert not OidcAdapter().recognize(Clue(text="https://idp.example.com"))
