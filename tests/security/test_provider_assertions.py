"""`private_key_jwt` under attack, over the routes (item 5; OIDC Core 9, RFC 7523 3, RFC 9700 2.5)."""

from __future__ import annotations

import hmac
import itertools
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from werkzeug.test import TestResponse

from tests.security.loopback import Answer, Request, Server, serve
from tests.support.clock import SettableClock
from tests.support.provider import Code, Provider
from tests.support.whole_app import whole_app

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_NUMBERS = itertools.count()
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})


@dataclass
class Signing:
    """A client that signs: what it publishes can be changed."""

    provider: Provider
    server: Server
    client: dict[str, Any]
    published: list[Any] = field(default_factory=lambda: [RSA, EC])

    def claims(self, **instead: Any) -> dict[str, Any]:
        """The claims of a good assertion, each time with a `jti` of its own; None leaves one out."""
        now = int(self.provider.clock().timestamp())
        good = {
            "iss": self.client["client_id"],
            "sub": self.client["client_id"],
            "aud": f"{self.provider.issuer}/oauth2/token",
            "jti": f"jti-{next(_NUMBERS)}",
            "iat": now,
            "exp": now + 60,
            **instead,
        }
        return {name: value for name, value in good.items() if value is not None}

    def redeem(self, code: Code, assertion: str, **more: str | None) -> TestResponse:
        form: dict[str, str | None] = {"client_assertion_type": TYPE, "client_assertion": assertion, **more}
        return self.provider.redeem(code, **form)

    def code(self) -> Code:
        return self.provider.code(self.client)


def sign(claims: dict[str, Any], key: Any = RSA, alg: str = "RS256", **header: Any) -> str:
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, claims, key, algorithms=[alg])


@pytest.fixture
def signing(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Signing]:
    made: list[Signing] = []

    def answer(_: Request) -> Answer:
        return Answer(json.dumps(KeySet(made[0].published).as_dict(private=False)).encode())

    with serve(answer) as server, whole_app(database_url, clock, tmp_path, outbound_allow=(server.origin,)) as app:
        provider = Provider(app, clock)
        method = {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": f"{server.origin}/jwks"}
        made.append(Signing(provider, server, provider.client(**method)))
        yield made[0]


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256"])
@pytest.mark.parametrize("audience", ["token endpoint", "issuer", "list"])
def test_both_audience_forms_and_the_common_algorithms(signing: Signing, audience: str, alg: str) -> None:
    """Auth0's `token_endpoint_jwtca_aud_format`: `token_endpoint` or `issuer`, with or without `client_id` beside it."""
    issuer = signing.provider.issuer
    forms = {"token endpoint": f"{issuer}/oauth2/token", "issuer": issuer, "list": [issuer, "https://other.example"]}
    key = EC if alg == "ES256" else RSA
    for named in (None, signing.client["client_id"]):
        assertion = sign(signing.claims(aud=forms[audience]), key, alg)
        assert signing.redeem(signing.code(), assertion, client_id=named).status_code == 200


def test_a_jti_is_good_once(signing: Signing) -> None:
    """RFC 7523 3: also in an assertion that says something else, also after the first one's end minus the leeway."""
    claims = signing.claims()
    assert signing.redeem(signing.code(), sign(claims)).status_code == 200
    for again in (sign(claims), sign({**claims, "iat": claims["iat"] + 1}), sign(claims, EC, "ES256")):
        refused = signing.redeem(signing.code(), again)
        assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")
    signing.provider.clock.advance(90)
    assert signing.redeem(signing.code(), sign(claims)).status_code == 401


def test_a_refused_assertion_uses_up_neither_jti_nor_code(signing: Signing) -> None:
    code, claims = signing.code(), signing.claims()
    assert signing.redeem(code, sign({**claims, "aud": "https://other.example"})).status_code == 401
    assert signing.redeem(code, sign(claims)).status_code == 200


@pytest.mark.parametrize(
    "instead",
    [
        {"iss": "cli-other"},
        {"iss": None},
        {"sub": None},
        {"sub": "cli-other"},
        {"aud": None},
        {"aud": "https://other.example/oauth2/token"},
        {"aud": []},
        {"aud": "http://127.0.0.1:8000/oauth2/token/"},
        {"aud": "http://127.0.0.1:8000/oauth2/authorize"},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1},
        {"exp": 10**12},
    ],
    ids=str,
)
def test_claims_that_do_not_name_this_client_and_this_endpoint_now(signing: Signing, instead: dict[str, Any]) -> None:
    """401 `invalid_client`, one sentence whatever it was; the trace says what."""
    refused = signing.redeem(signing.code(), sign(signing.claims(**instead)), client_id=None)
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")
    assert refused.get_json()["error_description"].startswith("The client could not be authenticated. Reference ")


def forge(header: dict[str, Any], claims: dict[str, Any], signer: Callable[[bytes], bytes]) -> str:
    """As `sign`, with no opinion on what may be signed."""
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    signature = urlsafe_b64encode(signer(b".".join(parts))).rstrip(b"=")
    return b".".join([*parts, signature]).decode()


def hmac_by_public_key(signed: bytes) -> bytes:
    return hmac.digest(RSA.as_pem(private=False), signed, "sha256")


def by_rsa(signed: bytes) -> bytes:
    return RSA.private_key.sign(signed, PKCS1v15(), SHA256())  # type: ignore[union-attr,no-any-return]


FORGED: dict[str, Callable[[dict[str, Any]], str]] = {
    "no signature": lambda claims: forge({"alg": "none"}, claims, lambda _: b""),
    "another key": lambda claims: sign(claims, RSAKey.generate_key(2048, {"kid": "rsa"})),
    "a key of its own in the header": lambda claims: sign(
        claims, other := RSAKey.generate_key(2048, {"kid": "x"}), jwk=other.as_dict(private=False)
    ),
    "the public key as a secret": lambda claims: forge({"alg": "HS256", "kid": "rsa"}, claims, hmac_by_public_key),
    "critical extension": lambda claims: forge(
        {"alg": "RS256", "kid": "rsa", "crit": ["x"], "x": True}, claims, by_rsa
    ),
    "cut": lambda claims: sign(claims)[:-4],
    "nothing": lambda _: "..",
    "huge": lambda claims: sign({**claims, "x": "y" * 20_000}),
    "not ASCII": lambda claims: sign(claims) + "\u00e9",
}


def test_what_forges_here_can_also_sign(signing: Signing) -> None:
    """Else the next test would pass for the wrong reason."""
    good = forge({"alg": "RS256", "kid": "rsa"}, signing.claims(), by_rsa)
    assert signing.redeem(signing.code(), good).status_code == 200


@pytest.mark.parametrize("how", list(FORGED))
def test_forged_assertions(signing: Signing, how: str) -> None:
    """R1 at our own endpoint: asymmetric algorithms, by a key that the client publishes, and nothing else."""
    refused = signing.redeem(signing.code(), FORGED[how](signing.claims()))
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")


def test_an_unknown_client_causes_no_fetch(signing: Signing) -> None:
    """Whoever sends assertions cannot make us call anybody."""
    assertion = sign(signing.claims(iss="cli-" + "a" * 26, sub="cli-" + "a" * 26))
    assert signing.redeem(signing.code(), assertion, client_id=None).status_code == 401
    assert signing.server.requests == []


def test_a_client_that_rotates_its_key_is_followed_at_once(signing: Signing) -> None:
    """Auth0 rotates a connection's key and signs with the new one a moment later; its old one ends with it."""
    assert signing.redeem(signing.code(), sign(signing.claims())).status_code == 200
    new = RSAKey.generate_key(2048, {"kid": "new", "use": "sig"})
    signing.published = [new]
    signing.provider.clock.advance(minutes=2)
    assert signing.redeem(signing.code(), sign(signing.claims(), new)).status_code == 200
    assert signing.redeem(signing.code(), sign(signing.claims())).status_code == 401


def test_keys_that_cannot_be_had_refuse_and_say_so_to_the_operator(signing: Signing) -> None:
    """`invalid_client` outside, the reason in the trace; a copy that is kept goes on for its ten minutes."""
    assert signing.redeem(signing.code(), sign(signing.claims())).status_code == 200
    signing.published = []  # what is served then is no key set
    signing.provider.clock.advance(minutes=5)
    assert signing.redeem(signing.code(), sign(signing.claims())).status_code == 200, "ten minutes are not over"
    method = {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "http://127.0.0.1:1/nobody-listens"}
    other = signing.provider.client(**method)
    claims = signing.claims(iss=other["client_id"], sub=other["client_id"])
    refused = signing.redeem(signing.provider.code(other), sign(claims))
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")
    trace = signing.provider.trace(refused.get_json()["error_description"][-32:])
    assert any("nobody-listens" in str(step["facts"]) or "outbound" in str(step["facts"]) for step in trace["steps"])


def test_unknown_keys_fetch_at_most_once_a_minute(signing: Signing) -> None:
    """R6 at our own endpoint: a flood of unknown `kid`s is no flood of fetches."""
    for number in range(10):
        stranger = RSAKey.generate_key(2048, {"kid": f"x{number}"}) if number == 0 else RSA
        signing.redeem(signing.code(), sign(signing.claims(), stranger, kid=f"x{number}"))
    assert len(signing.server.requests) == 1


def test_a_secret_does_not_open_what_a_key_protects(signing: Signing) -> None:
    """Each client has one method; both at once are `invalid_request` (RFC 6749 2.3)."""
    other = signing.provider.client()
    code = signing.code()
    assert signing.provider.redeem(code, client_secret=other["client_secret"]).status_code == 401
    both = signing.redeem(code, sign(signing.claims()), client_secret=other["client_secret"])
    assert (both.status_code, both.get_json()["error"]) == (400, "invalid_request")
    assert signing.redeem(code, sign(signing.claims())).status_code == 200


def test_revocation_takes_assertions_too(signing: Signing) -> None:
    """RFC 7009 2.1: the client authenticates as at the token endpoint."""
    token = signing.redeem(signing.code(), sign(signing.claims())).get_json()["access_token"]
    form = {"token": token, "client_assertion_type": TYPE, "client_assertion": sign(signing.claims())}
    assert signing.provider.post("/oauth2/revoke", form).status_code == 200
    assert signing.provider.userinfo(token).status_code == 401
