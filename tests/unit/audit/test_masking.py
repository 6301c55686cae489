"""What an audit event shows: no secret, whatever its shape."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

import pytest

from app.audit.masking import MASK, mask


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    "name",
    [
        "secret", "client_secret", "clientSecret", "CLIENT-SECRET", "secrets", "secret_hash", "key", "api_key", "sp_keys",
        "signingKey", "private_jwk", "password", "passphrase", "token", "access_token", "refreshTokens", "tokenValue",
        "authorization", "Cookie", "code_verifier", "credentials", "assertion",
    ],
)  # fmt: skip
def test_a_value_under_the_name_of_a_secret_is_masked_at_any_depth(name: str) -> None:
    assert mask({"settings": [{name: "hunter2"}]}) == {"settings": [{name: MASK}]}
    assert mask({name: {"inner": ["hunter2"]}}) == {name: MASK}
    assert mask({name: 4711}) == {name: MASK}


def test_that_a_secret_is_there_or_is_not_still_shows() -> None:
    assert mask({"client_secret": None, "require_key": True}) == {"client_secret": None, "require_key": True}


@pytest.mark.parametrize(
    "name", ["token_endpoint_auth_method", "key_id", "monkey", "keyboard", "jwks_uri", "redirect_uris", "certificates"]
)
def test_what_only_sounds_like_a_secret_is_shown(name: str) -> None:
    assert mask({name: "plain"}) == {name: "plain"}


def test_a_private_key_is_masked_under_any_name() -> None:
    pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
    assert mask({"note": f"see {pem}", "all": [pem]}) == {"note": MASK, "all": [MASK]}


def test_plain_data_of_the_domain_becomes_json() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert mask({"at": moment, "kind": Colour.RED, "n": 1, "set": {"b", "a"}, "pair": ("x", 1.5)}) == {
        "at": "2026-01-02T03:04:05+00:00",
        "kind": "red",
        "n": 1,
        "set": ["a", "b"],
        "pair": ["x", 1.5],
    }


def test_anything_else_is_refused_since_its_repr_could_show_a_secret() -> None:
    with pytest.raises(TypeError, match="object"):
        mask({"what": object()})


def test_a_text_of_hostile_length_is_cut() -> None:
    cut = mask({"name": "x" * 5_000_000})["name"]
    assert len(cut) < 4100
    assert cut.endswith("(4996000 more characters)")
