"""Ways for a provider, or whoever stands in its place, to lie. Each is one change to an honest sign-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from portico_oidc.testing.provider import FakeProvider, json_answer
from portico_oidc.testing.tokens import sign, signing_key, unsecured, with_symmetric_key
from portico_sdk import Callback

Change = Callable[[FakeProvider], object]


def _nothing(_: FakeProvider) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Attack:
    """One change.

    Args:
        before: to the provider, before the sign-in begins.
        between: to the provider, while the person is there.
        answer: to what the browser brings back.
        by_userinfo: whether it is one only where the adapter asks the userinfo endpoint.
    """

    name: str
    before: Change = _nothing
    between: Change = _nothing
    answer: Callable[[Callback], Callback] = lambda callback: callback
    by_userinfo: bool = False


def _claims(name: str, **claims: Any) -> Attack:
    """An ID token with these claims in the place of its own, signed with the provider's key."""
    return Attack(name, between=lambda provider: provider.claims.update(claims))


def _times(name: str, **seconds: int) -> Attack:
    def change(provider: FakeProvider) -> None:
        now = int(provider.now.timestamp())
        provider.claims.update({claim: now + offset for claim, offset in seconds.items()})

    return Attack(name, between=change)


def _token(name: str, make: Callable[[FakeProvider, Mapping[str, Any]], str]) -> Attack:
    """An ID token made otherwise than by signing it with the provider's key."""

    def change(provider: FakeProvider) -> None:
        provider.id_token = lambda claims: make(provider, claims)

    return Attack(name, between=change)


def _public_key_as_secret(provider: FakeProvider, claims: Mapping[str, Any]) -> str:
    pem = provider.signer.private.as_pem(private=False)
    return with_symmetric_key(claims, pem, provider.signer.kid)


def _tampered(provider: FakeProvider, claims: Mapping[str, Any]) -> str:
    header, _, signature = sign(claims, provider.signer).split(".")
    _, payload, _ = sign({**claims, "sub": "mallory"}, provider.signer).split(".")
    return f"{header}.{payload}.{signature}"


def _own_key_in_header(provider: FakeProvider, claims: Mapping[str, Any]) -> str:
    stranger = signing_key("stranger")
    return sign(claims, stranger, {"kid": provider.signer.kid, "jwk": stranger.public_jwk()})


def _params(name: str, **values: str | None) -> Attack:
    def change(callback: Callback) -> Callback:
        kept = {**dict(callback.unverified_params), **values}
        return replace(callback, unverified_params=tuple((k, v) for k, v in kept.items() if v is not None))

    return Attack(name, answer=change)


def _says_iss(provider: FakeProvider) -> None:
    provider.discovery["authorization_response_iss_parameter_supported"] = True


ATTACKS: tuple[Attack, ...] = (
    _token("alg none", lambda _, claims: unsecured(claims)),
    _token("alg None", lambda _, claims: unsecured(claims, "None")),
    _token("signed with the public key as a secret", _public_key_as_secret),
    _token(
        "signed with the client secret",
        lambda provider, claims: with_symmetric_key(claims, provider.client_secret.encode(), provider.signer.kid),
    ),
    _token("signed with a stranger's key", lambda _, claims: sign(claims, signing_key("stranger"))),
    _token(
        "signed with a stranger's key under the provider's kid",
        lambda provider, claims: sign(claims, signing_key("stranger"), {"kid": provider.signer.kid}),
    ),
    _token("signed with a key of its own header", _own_key_in_header),
    _token("changed after it was signed", _tampered),
    _token("cut short", lambda provider, claims: sign(claims, provider.signer).rsplit(".", 1)[0]),
    _token("not a token", lambda *_: "not-a-token"),
    _token("an encrypted token", lambda *_: "a.b.c.d.e"),
    _token("no object in the token", lambda provider, _: sign(b"[1]", provider.signer)),
    _token(
        "a critical extension that nobody knows",
        lambda provider, claims: sign(claims, provider.signer, {"crit": ["x"], "x": 1}),
    ),
    _claims("another issuer", iss="https://evil.test"),
    _claims("the issuer with a slash more", iss="https://idp.test/evil/"),
    _claims("no issuer", iss=None),
    _claims("another audience", aud="client-2"),
    _claims("no audience", aud=None),
    _claims("an empty audience", aud=[]),
    _claims("several audiences without azp", aud=["client-1", "client-2"]),
    _claims("authorized for another client", azp="client-2"),
    _times("expired", exp=-7200, iat=-7300),
    _claims("no expiry", exp=None),
    _claims("an expiry that is no number", exp="tomorrow"),
    _times("issued in the future", iat=7200, exp=7500),
    _times("not valid yet", nbf=7200),
    _claims("another sign-in's nonce", nonce="another"),
    _claims("no nonce", nonce=None),
    _claims("an at_hash of another access token", at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    _claims("no subject", sub=None),
    _claims("an empty subject", sub=""),
    _claims("a subject that is a list", sub=["alice", "bob"]),
    Attack(
        "userinfo about somebody else",
        before=lambda provider: setattr(provider, "userinfo", {"sub": "mallory"}),
        by_userinfo=True,
    ),
    Attack("no ID token", between=lambda provider: provider.tokens.update(id_token=None)),
    Attack(
        "the token endpoint refuses",
        between=lambda provider: provider.answers.update(
            {f"{provider.issuer}/token": json_answer({"error": "invalid_grant"}, 400)}
        ),
    ),
    Attack(
        "discovery in another issuer's name",
        before=lambda provider: provider.discovery.update(issuer="https://evil.test"),
    ),
    Attack(
        "an unencrypted token endpoint",
        before=lambda provider: provider.discovery.update({"token_endpoint": "http://idp.test/token"}),
    ),
    Attack(
        "an unencrypted authorization endpoint",
        before=lambda provider: provider.discovery.update(authorization_endpoint="http://idp.test/authorize"),
    ),
    Attack(
        "the answer of another issuer (RFC 9207)",
        before=_says_iss,
        between=lambda provider: provider.params.update(iss="https://evil.test"),
    ),
    Attack("no iss where it was announced (RFC 9207)", before=_says_iss),
    _params("no code", code=None),
    _params("another code", code="stolen"),
    _params("no state", state=None),
    _params("another state", state="stolen"),
    _params("an error beside the code", error="access_denied"),
)
