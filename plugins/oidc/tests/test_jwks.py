"""R6: keys rotate, floods do not reach the provider, and only fit public keys verify."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portico_oidc.keys import parse_jwks
from portico_oidc.testing import World, json_answer, sign, signing_key
from portico_sdk import ProviderUnreachable

JWKS = "https://idp.test/jwks"


def test_a_rotated_key_is_picked_up_at_once(world: World) -> None:
    """A4: the first token with a new kid fetches the keys again; nobody is refused."""
    world.login()
    world.http.now += timedelta(minutes=2)
    world.provider.publish(signing_key("key-2"))
    assert world.login().subject == "alice"
    assert len(world.http.sent_to(JWKS)) == 2


def test_overlapping_keys_both_work(world: World) -> None:
    """A4: during the overlap tokens of both keys are accepted, without another fetch."""
    world.provider.publish(signing_key("key-1"), signing_key("key-2"))
    world.login()
    world.provider.signer = signing_key("key-2")
    world.login()
    assert len(world.http.sent_to(JWKS)) == 1


def test_a_withdrawn_key_stops_working(world: World) -> None:
    """A key that the provider no longer publishes is not remembered beside the document."""
    world.login()
    world.http.now += timedelta(hours=2)
    world.provider.keys = [signing_key("key-2").public_jwk()]
    assert world.refusal() == "key-unknown"


def test_a_key_replaced_under_its_old_name(world: World) -> None:
    """Providers with a fixed kid, or none, rotate too: a signature that does not fit asks for newer keys once."""
    world.login()
    world.http.now += timedelta(minutes=2)
    replacement = signing_key("key-2")
    world.provider.keys = [{**replacement.public_jwk(), "kid": "key-1"}]
    world.provider.id_token = lambda claims: sign(claims, replacement, {"kid": "key-1"})
    assert world.login().subject == "alice"


def test_a_flood_of_unknown_kids_fetches_once_a_minute(world: World) -> None:
    """R6: a provider's client that sends rubbish costs one fetch a minute."""
    for number in range(130):
        world.provider.header = {"kid": f"unknown-{number}"}
        assert world.refusal() == "key-unknown"
        world.http.now += timedelta(seconds=1)
    assert len(world.http.sent_to(JWKS)) == 3


def test_a_flood_of_bad_signatures_fetches_once_a_minute(world: World) -> None:
    """R6: the same for tokens that name a known key."""
    attacker = signing_key("attacker")
    world.provider.id_token = lambda claims: sign(claims, attacker, {"kid": "key-1"})
    for _ in range(130):
        assert world.refusal() == "signature-invalid"
        world.http.now += timedelta(seconds=1)
    assert len(world.http.sent_to(JWKS)) == 3


def test_an_outage_serves_the_keys_that_are_kept(world: World) -> None:
    """A3: a dead jwks_uri stops nobody whose key is known."""
    world.login()
    world.provider.answers[JWKS] = json_answer({}, 500)
    world.http.now += timedelta(days=1)
    assert world.login().subject == "alice"


def test_changing_documents_do_not_pile_up_in_memory(world: World) -> None:
    """A provider that adds noise to its keys at every fetch costs parsing, never memory."""
    world.login()
    entries = len(vars(world.cache)["_made"])
    for number in range(20):
        world.http.now += timedelta(hours=2)
        world.provider.keys = [signing_key("key-1").public_jwk(noise=str(number))]
        world.login()
    assert len(vars(world.cache)["_made"]) == entries


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": null}', b"<html>", b'{"keys": [' + b"{}," * 300 + b"{}]}"]
)
def test_documents_that_are_no_key_set(body: bytes) -> None:
    """RFC 7517 5: anything else is as good as unreachable."""
    with pytest.raises(ProviderUnreachable):
        parse_jwks(body)


BROKEN: list[Any] = [
    None,
    "key",
    {},
    {"kty": "RSA"},
    {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    {"kty": "RSA", "n": "!" * 400, "e": "AQAB"},
    {"kty": "RSA", "n": 5, "e": "AQAB"},
    {"kty": "RSA", "n": "A" * 100_000, "e": "AQAB"},
    {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"},
    {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
    {"kty": "oct", "k": "c2VjcmV0"},
    {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
    {**signing_key("key-1").public_jwk(), "use": "enc"},
    {**signing_key("key-1").public_jwk(), "key_ops": ["encrypt"]},
    {**signing_key("key-1").public_jwk(), "kid": 1},
    {**signing_key("key-1").public_jwk(), "alg": ["RS256"]},
    {**signing_key("key-1").public_jwk(), "d": "AQAB"},
    {**signing_key("key-1").public_jwk(), "e": "A" * 400},
]


@pytest.mark.parametrize("entry", BROKEN)
def test_entries_that_are_no_key_to_verify_with(world: World, entry: Any) -> None:
    """RFC 7517 5: they are skipped, and stop nobody whose key is fine."""
    assert parse_jwks(json_answer({"keys": [entry]}).body) == ()
    world.provider.keys.insert(0, entry)
    assert world.login().subject == "alice"


def test_small_rsa_keys_are_no_keys() -> None:
    """1024 bits sign nothing."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from joserfc.jwk import RSAKey

    with pytest.warns(Warning, match="2048"):
        small = RSAKey.import_key(generate_private_key(65537, 1024).public_key())
    assert parse_jwks(json_answer({"keys": [{**small.as_dict(), "kid": "k"}]}).body) == ()
