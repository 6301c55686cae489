"""Judging what an adapter did: a refusal of the contract, an identity, or something that it may not do."""

from __future__ import annotations

from collections.abc import Callable

from portico_sdk.errors import SignInRefused
from portico_sdk.flow import ExternalIdentity


def expect_refusal(act: Callable[[], object], what: str) -> SignInRefused:
    """Return the refusal. Raises AssertionError when `act` returns, or raises anything else."""
    outcome = accepted_or_refused(act, what)
    assert isinstance(outcome, SignInRefused), f"{what}: it must be refused with SignInRefused, and was accepted"
    return outcome


def accepted_or_refused(act: Callable[[], object], what: str) -> object | SignInRefused:
    """Return what `act` returned, or the refusal that it raised. Raises AssertionError for any other exception."""
    try:
        return act()
    except SignInRefused as error:
        refused = error
    except Exception as error:
        message = f"{what}: only SignInRefused may be raised, and it raised {type(error).__name__}"
        raise AssertionError(message) from error
    assert refused.code, f"{what}: the refusal has no code"
    return refused


def check_identity(identity: object) -> ExternalIdentity:
    """Return the identity when it has every form that the contract asks. Raises AssertionError, saying which it lacks."""
    assert type(identity) is ExternalIdentity, f"complete gave a {type(identity).__name__}, not an ExternalIdentity"
    assert 1 <= len(identity.subject) <= 1024, "the subject has 1 to 1024 characters"
    assert identity.subject_source, "subject_source says where the subject came from"
    assert identity.issuer, "issuer names the provider, as proven"
    assert identity.replay_id, "replay_id is empty: the gateway refuses every such sign-in"
    assert identity.replay_until.tzinfo is not None, "replay_until is an aware time"
    for name, values in identity.attributes.items():
        plain = isinstance(values, tuple) and all(isinstance(value, str) for value in values)
        assert isinstance(name, str), f"attributes: {name!r} is no name"
        assert plain, f"attributes: the values of {name!r} are not a tuple of texts"
    for moment in (identity.authenticated_at, identity.session_expires_at):
        assert moment is None or moment.tzinfo is not None, "times are aware"
    assert identity.email_verified in (True, False, None), "email_verified is a boolean, or None where nothing was said"
    assert isinstance(identity.incomplete, frozenset), "incomplete is a frozenset of attribute names"
    return identity
