"""The checks of one sign-in, in their order. Each raises, or passes; none is optional."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from portico_oidc.answer_checks import (
    check_asked_for,
    check_code,
    check_iss_parameter,
    check_no_error,
    check_settings_unchanged,
    check_state,
)
from portico_oidc.claim_checks import (
    check_at_hash,
    check_aud,
    check_auth_time,
    check_azp,
    check_exp,
    check_iat,
    check_iss,
    check_issuer_claims,
    check_matching_claims,
    check_nbf,
    check_nonce,
    check_sub,
)
from portico_oidc.facts import Answered, Returned, Signed
from portico_oidc.reasons import shown
from portico_sdk import AdapterContext, CheckResult, SignInRefused

Facts = TypeVar("Facts")

#: 1. On the browser's answer alone.
RETURN_CHECKS: tuple[Callable[[Returned], None], ...] = (
    check_no_error,
    check_asked_for,
    check_state,
    check_settings_unchanged,
)
#: 2. With the provider's metadata, before the code is sent anywhere.
ANSWER_CHECKS: tuple[Callable[[Answered], None], ...] = (
    check_iss_parameter,
    check_code,
)
#: 3. On the claims of the ID token, once its signature is verified.
CLAIM_CHECKS: tuple[Callable[[Signed], None], ...] = (
    check_iss,
    check_aud,
    check_azp,
    check_exp,
    check_iat,
    check_nbf,
    check_nonce,
    check_at_hash,
    check_auth_time,
    check_sub,
    check_matching_claims,
    check_issuer_claims,
)


def run(context: AdapterContext, checks: tuple[Callable[[Facts], None], ...], facts: Facts) -> None:
    """Run every check in order, noting each in the trace. Raises what the first failing one raises."""
    for check in checks:
        with noted(context, check.__name__.removeprefix("check_").replace("_", "-")):
            check(facts)


@contextmanager
def noted(context: AdapterContext, name: str) -> Iterator[None]:
    """Note in the trace whether the block passed."""
    try:
        yield
    except SignInRefused as error:
        expected, received = getattr(error, "expected", ""), getattr(error, "received", "")
        context.record(CheckResult(name, False, expected=expected, received=received or shown(error.detail)))
        raise
    context.record(CheckResult(name, True))
