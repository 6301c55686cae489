"""Rows T1 to T3, the adapter's part: a connection answers for its own provider, its own URL and its own requests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portico_saml.testing import Connection, IdentityProvider


@pytest.fixture(scope="module")
def provider_b() -> IdentityProvider:
    """Another customer's provider."""
    return IdentityProvider.create("https://b.example.com/")


@pytest.fixture
def connection_b(provider_b, own_key) -> Connection:
    """Another customer's connection."""
    return Connection.to(provider_b, name="con-2", keys=(own_key,))


def test_t1_another_providers_user_is_only_ever_a_user_of_this_connection(connection, idp, accept):
    """T1: A's provider may name B's user; it is then A's word, under A's issuer, with nothing of B in it."""
    identity = accept(connection, idp.respond(connection.answer(name_id="boss@b.example.com")))
    assert identity.issuer == idp.entity_id
    assert identity.replay_id.startswith(idp.entity_id)
    assert identity.email_verified is None


def test_t2_as_response_posted_to_b_is_refused(connection, connection_b, idp, refuse):
    """T2: wrong key, wrong issuer, wrong address, wrong request."""
    assert refuse(connection_b, idp.respond(connection.answer())) == "saml-signature"


def test_t2_a_request_begun_at_a_is_not_answered_at_b(connection, connection_b, provider_b, refuse):
    """T2: start at A, finish at B: B's provider answers B's request only."""
    answer = connection_b.answer(confirmed_in_response_to="_request_of_a", in_response_to="_request_of_a")
    assert refuse(connection_b, provider_b.respond(answer)) == "saml-in-response-to"


@pytest.mark.parametrize("part", ["recipient", "destination", "audiences"])
def test_t3_two_connections_to_one_provider_are_told_apart(connection, idp, own_key, accept, refuse, part):
    """T3: same entity ID, same key: address and audience are each connection's own."""
    twin = Connection.to(idp, name="con-2", keys=(own_key,))
    meant_for_a, meant_for_b = connection.answer(), twin.answer()
    assert accept(twin, idp.respond(meant_for_b)).subject
    mixed = replace(meant_for_b, **{part: getattr(meant_for_a, part)})
    assert refuse(twin, idp.respond(mixed)) == f"saml-{part.removesuffix('s')}"
    assert refuse(twin, idp.respond(meant_for_a)).startswith("saml-")


def test_t3_caches_of_connections_do_not_mix(connection, connection_b, idp, provider_b, accept, refuse):
    """T3: keys are kept per version of one connection's configuration."""
    assert accept(connection, idp.respond(connection.answer())).subject
    assert accept(connection_b, provider_b.respond(connection_b.answer())).subject
    assert (
        refuse(connection, provider_b.respond(connection.answer(issuer="https://b.example.com/"))) == "saml-signature"
    )
