"""R1, R2: the ID token. Envelope and claims, each row a forgery that must be refused (OIDC Core 3.1.3.7)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from portico_oidc.testing import NOW, World, encoded, sign, signing_key, unsecured, with_symmetric_key
from portico_sdk import BeginRequest

EPOCH = int(NOW.timestamp())


def public_pem(kid: str = "key-1") -> bytes:
    pem = signing_key(kid).private.as_pem(private=False)
    return bytes(pem)


class TestEnvelope:
    """R1: what the header says never decides how the token is verified."""

    @pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
    def test_unsigned(self, world: World, alg: str) -> None:
        world.provider.id_token = lambda claims: unsecured(claims, alg)
        assert world.refusal() == "algorithm-refused"

    @pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
    def test_public_key_used_as_shared_secret(self, world: World, alg: str) -> None:
        """CVE-2022-29217: a MAC over the provider's public key, or over the client secret, is no signature."""
        for secret in (public_pem(), public_pem().strip(), world.provider.client_secret.encode()):
            world.provider.id_token = partial(with_symmetric_key, secret=secret, kid="key-1", alg=alg)
            assert world.refusal() == "algorithm-refused"

    def test_algorithm_outside_the_connections_list(self, world: World) -> None:
        world.changes["id_token_signed_response_algs"] = ["ES256"]
        world.provider.discovery["id_token_signing_alg_values_supported"] = ["RS256", "ES256"]
        assert world.refusal() == "algorithm-refused"

    @pytest.mark.parametrize("alg", ["EdDSA", "ES256K", "RSA1_5", "dir", "PBES2-HS256+A128KW", "RS1"])
    def test_unknown_algorithms(self, world: World, alg: str) -> None:
        world.provider.id_token = lambda claims: sign(claims, world.provider.signer, {"alg": alg})
        assert world.refusal() == "algorithm-refused"

    @pytest.mark.parametrize("alg", ["ES256", "ES384", "PS256", "RS512"])
    def test_algorithm_that_the_key_was_not_made_for(self, world: World, alg: str) -> None:
        """ES256 with an RSA key, and PS256 with a key published for RS256, find no key."""
        world.provider.id_token = lambda claims: sign(claims, world.provider.signer, {"alg": alg})
        assert world.refusal() == "key-unknown"

    def test_curve_that_the_algorithm_does_not_use(self, world: World) -> None:
        """RFC 7518 3.4: ES256 is P-256 and nothing else."""
        key = signing_key("ec-384", "ES384")
        world.provider.keys = [key.public_jwk(alg=None)]
        world.provider.discovery["id_token_signing_alg_values_supported"] = ["ES256"]
        world.provider.id_token = lambda claims: sign(claims, key, {"alg": "ES256"})
        assert world.refusal() == "key-unknown"

    def test_unknown_kid(self, world: World) -> None:
        world.provider.header = {"kid": "nobody"}
        assert world.refusal() == "key-unknown"

    @pytest.mark.parametrize("kid", [1, None, ["key-1"], {"a": 1}, "../../etc/passwd", "' OR 1=1"])
    def test_odd_kid(self, world: World, kid: Any) -> None:
        header = {"alg": "RS256", "kid": kid}
        world.provider.id_token = lambda claims: f"{encoded(header)}.{encoded(claims)}.AAAA"
        assert world.refusal() in ("id-token-malformed", "key-unknown", "signature-invalid")

    def test_no_kid_with_several_keys(self, world: World) -> None:
        world.provider.publish(signing_key("key-1"), signing_key("key-2"))
        world.provider.header = {"kid": None}
        assert world.refusal() == "key-ambiguous"

    def test_no_kid_with_one_key_of_that_type_is_accepted(self, world: World) -> None:
        """Core 10.1: kid may be absent when there is no choice."""
        world.provider.publish(signing_key("key-1"), signing_key("ec-1", "ES256"))
        world.provider.keys.append(signing_key("key-2").public_jwk(use="enc"))
        world.provider.header = {"kid": None}
        assert world.login().subject == "alice"

    def test_duplicates_of_one_key_are_one_key(self, world: World) -> None:
        world.provider.keys *= 2
        assert world.login().subject == "alice"

    def test_two_keys_under_one_kid(self, world: World) -> None:
        world.provider.keys.append({**signing_key("key-2").public_jwk(), "kid": "key-1"})
        assert world.refusal() == "key-ambiguous"

    @pytest.mark.parametrize("member", ["jwk", "jku", "x5u", "x5c", "x5t"])
    def test_key_brought_along_in_the_header_is_ignored(self, world: World, member: str) -> None:
        """CVE-2026-27962: only published keys verify, and no header's URL is fetched."""
        attacker = signing_key("attacker")
        brought = {
            "jwk": attacker.public_jwk(),
            "jku": "https://evil.test/jwks",
            "x5u": "https://evil.test/cert",
            "x5c": ["MIIB"],
            "x5t": "abc",
        }[member]
        world.provider.id_token = lambda claims: sign(claims, attacker, {"kid": "key-1", member: brought})
        assert world.refusal() == "signature-invalid"
        world.provider.id_token = lambda claims: sign(claims, world.provider.signer, {member: brought})
        assert world.login().subject == "alice"
        assert not [request for request in world.http.sent if "evil" in request.url]

    def test_long_honest_header_is_accepted(self, world: World) -> None:
        """A certificate chain in the header is legal, and only ignored."""
        world.provider.header = {"x5c": ["M" * 3000]}
        assert world.login().subject == "alice"

    @pytest.mark.parametrize(
        "header",
        [
            {"crit": ["exp"], "exp": 1},
            {"crit": []},
            {"crit": ["b64"], "b64": False},
            {"b64": False},
            {"b64": True},
            {"crit": "b64"},
            {"crit": ["cnf"], "cnf": {}},
        ],
    )
    def test_critical_extensions(self, world: World, header: dict[str, Any]) -> None:
        """CVE-2025-59420: what is critical and unknown refuses, and b64 is never understood."""
        world.provider.header = header
        assert world.refusal() == "header-refused"

    @pytest.mark.parametrize(
        ("forge", "code"),
        [
            (lambda token: token.rpartition(".")[0] + ".", "signature-invalid"),
            (lambda token: token.rpartition(".")[0] + ".AAAA", "signature-invalid"),
            (lambda token: token[:-8] + "AAAAAAAA", "signature-invalid"),
            (lambda token: token + "A", "signature-invalid"),
            (lambda token: token + "=", "signature-invalid"),
            (lambda token: token + "\n", "signature-invalid"),
            (lambda token: "..", "id-token-malformed"),
            (lambda token: "", "id-token-malformed"),
            (lambda token: "a.b", "id-token-malformed"),
            (lambda token: ".".join(token.split(".")[:2]), "id-token-malformed"),
            (lambda token: token + ".x", "id-token-malformed"),
            (lambda token: token.replace(".", "..", 1), "id-token-malformed"),
            (lambda token: " " + token, "id-token-malformed"),
            (lambda token: "é" + token, "id-token-malformed"),
            (lambda token: "AAAA." + token.partition(".")[2], "id-token-malformed"),
            (lambda token: encoded([1]) + "." + token.partition(".")[2], "id-token-malformed"),
            (lambda token: encoded({"kid": "key-1"}) + "." + token.partition(".")[2], "algorithm-refused"),
            (lambda token: encoded({"alg": ["RS256"]}) + "." + token.partition(".")[2], "algorithm-refused"),
            (lambda token: '{"payload":"x","signatures":[]}', "id-token-malformed"),
            (lambda token: "e.e.e.e.e", "id-token-encrypted"),
            (lambda token: token + "A" * 16384, "id-token-too-large"),
        ],
    )
    def test_malformed(self, world: World, forge: Callable[[str], str], code: str) -> None:
        world.provider.id_token = lambda claims: forge(sign(claims, world.provider.signer))
        assert world.refusal() == code

    def test_changed_claims(self, world: World) -> None:
        def swap(claims: dict[str, Any]) -> str:
            head, _, signature = sign(claims, world.provider.signer).split(".")
            return f"{head}.{encoded({**claims, 'sub': 'mallory'})}.{signature}"

        world.provider.id_token = swap
        assert world.refusal() == "signature-invalid"

    @pytest.mark.parametrize("payload", [b"[]", b'"x"', b"not json", b'{"exp": NaN}', b"{" * 5000, b"\xff\xfe"])
    def test_signed_nonsense(self, world: World, payload: bytes) -> None:
        world.provider.id_token = lambda _: sign(payload, world.provider.signer)
        assert world.refusal() == "id-token-malformed"

    @pytest.mark.parametrize(
        "token",
        [
            encoded({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2**31, "p2s": "AAAA"}) + ".a.b.c.d",
            encoded({"alg": "dir", "enc": "A128GCM", "zip": "DEF"}) + ".." + "a" * 1000 + ".c.d",
            encoded({"alg": "RS256", "x": "y" * 5_000_000}) + ".a.b",
            ".".join(["a"] * 1_000_000),
        ],
    )
    def test_costly_tokens_are_refused_without_the_work(self, world: World, token: str) -> None:
        """R1: PBES2 with 2^31 rounds, a compression bomb and a 5 MB header cost nothing."""
        world.provider.id_token = lambda _: token
        callback = world.provider.sign_in(world.begin())
        started = time.monotonic()
        assert world.refused_answer(callback) in ("id-token-encrypted", "id-token-too-large")
        assert time.monotonic() - started < 5

    @pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"])
    def test_every_allowed_algorithm_works(self, world: World, alg: str) -> None:
        world.provider.publish(signing_key(f"good-{alg}", alg))
        world.provider.discovery["id_token_signing_alg_values_supported"] = [alg]
        assert world.login().subject == "alice"


REFUSED_CLAIMS: list[tuple[str, dict[str, Any], str]] = [
    ("another issuer", {"iss": "https://evil.test"}, "id-token-iss"),
    ("issuer with a slash more", {"iss": "https://idp.test/"}, "id-token-iss"),
    ("issuer in other case", {"iss": "https://IDP.test"}, "id-token-iss"),
    ("issuer list", {"iss": ["https://idp.test"]}, "id-token-iss"),
    ("no issuer", {"iss": None}, "id-token-iss"),
    ("T5: another tenant of the same software", {"iss": "https://idp.test/other-tenant"}, "id-token-iss"),
    ("another audience", {"aud": "client-2"}, "id-token-aud"),
    ("audience list without us", {"aud": ["a", "b"]}, "id-token-aud"),
    ("empty audience list", {"aud": []}, "id-token-aud"),
    ("audience part", {"aud": "client-1 client-2"}, "id-token-aud"),
    ("audience object", {"aud": {"client-1": 1}}, "id-token-aud"),
    ("audience list of other things", {"aud": ["client-1", 1]}, "id-token-aud"),
    ("no audience", {"aud": None}, "id-token-aud"),
    ("several audiences without azp", {"aud": ["client-1", "client-2"]}, "id-token-azp"),
    ("several audiences, issued to another", {"aud": ["client-1", "c2"], "azp": "c2"}, "id-token-azp"),
    ("azp of another client", {"azp": "client-2"}, "id-token-azp"),
    ("azp of another type", {"azp": ["client-1"]}, "id-token-azp"),
    ("expired", {"exp": EPOCH - 121}, "id-token-expired"),
    ("no exp", {"exp": None}, "id-token-expired"),
    ("exp of another type", {"exp": [EPOCH + 300]}, "id-token-expired"),
    ("exp true", {"exp": True}, "id-token-expired"),
    ("exp as infinity", {"exp": 1e308}, "id-token-expired"),
    ("exp beyond all calendars", {"exp": 10**400}, "id-token-expired"),
    ("negative exp", {"exp": -1}, "id-token-expired"),
    ("issued in the future", {"iat": EPOCH + 121}, "id-token-iat"),
    ("no iat", {"iat": None}, "id-token-iat"),
    ("iat of another type", {"iat": "yesterday"}, "id-token-iat"),
    ("not valid yet", {"nbf": EPOCH + 121}, "id-token-nbf"),
    ("nbf of another type", {"nbf": "x"}, "id-token-nbf"),
    ("no nonce", {"nonce": None}, "id-token-nonce"),
    ("wrong nonce", {"nonce": "x"}, "id-token-nonce"),
    ("empty nonce", {"nonce": ""}, "id-token-nonce"),
    ("nonce of another type", {"nonce": ["x"]}, "id-token-nonce"),
    ("nonce that is no text", {"nonce": "\ud800"}, "id-token-nonce"),
    ("wrong at_hash", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "id-token-at-hash"),
    ("empty at_hash", {"at_hash": ""}, "id-token-at-hash"),
    ("no sub", {"sub": None}, "sub-invalid"),
    ("empty sub", {"sub": ""}, "sub-invalid"),
    ("10 kB sub", {"sub": "x" * 10_000}, "sub-invalid"),
    ("256 characters of sub", {"sub": "x" * 256}, "sub-invalid"),
    ("sub of another type", {"sub": 1}, "sub-invalid"),
    ("sub outside ASCII", {"sub": "ålice"}, "sub-invalid"),
    ("sub with control characters", {"sub": "alice\x00"}, "sub-invalid"),
    ("auth_time in the future", {"auth_time": EPOCH + 121}, "auth-time-malformed"),
    ("auth_time of another type", {"auth_time": "now"}, "auth-time-malformed"),
    ("session over", {"session_expiry": EPOCH}, "session-expired"),
    ("session of another type", {"session_expiry": "soon"}, "session-expired"),
]


class TestClaims:
    """R2: every claim of OIDC Core 3.1.3.7 has its check."""

    @pytest.mark.parametrize(
        ("claims", "code"), [row[1:] for row in REFUSED_CLAIMS], ids=[r[0] for r in REFUSED_CLAIMS]
    )
    def test_refused(self, world: World, claims: dict[str, Any], code: str) -> None:
        world.provider.claims = claims
        assert world.refusal() == code

    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": ["client-1"]},
            {"aud": ["client-1"], "azp": "client-1"},
            {"aud": ["client-1", "client-2"], "azp": "client-1"},
            {"exp": EPOCH - 119},
            {"exp": EPOCH + 300.5},
            {"exp": str(EPOCH + 300)},
            {"iat": EPOCH + 119},
            {"nbf": EPOCH + 119},
            {"auth_time": str(EPOCH)},
            {"auth_time": None},
            {"sub": "x" * 255},
            {"at_hash": "GGYR_MCcyumMPS7Dkm4Jiw"},
            {"unknown": {"a": [1, None, "b"]}},
        ],
    )
    def test_accepted(self, world: World, claims: dict[str, Any]) -> None:
        """What the specification allows, clocks that differ a little included (A7)."""
        if "at_hash" in claims:
            claims = {"at_hash": at_hash("access-1")}
        if "sub" in claims:
            world.provider.userinfo = {"sub": claims["sub"]}
        world.provider.claims = claims
        assert world.login().issuer == "https://idp.test"

    def test_clock_skew_is_a_setting_within_bounds(self, world: World) -> None:
        world.changes["clock_skew_s"] = 300
        world.provider.claims = {"exp": EPOCH - 299}
        assert world.login().subject == "alice"
        world.provider.claims = {"exp": EPOCH - 301}
        assert world.refusal() == "id-token-expired"

    def test_nonce_of_an_earlier_sign_in(self, world: World) -> None:
        """R2: a token that answered one request answers no other."""
        first = world.begin(BeginRequest(handle="first"))
        world.provider.sign_in(first)
        world.provider.claims = {"nonce": first.state["nonce"]}
        with_other_random = world.context(connection_id="con-2")
        second = world.adapter.begin(with_other_random, BeginRequest(handle="second"))
        assert world.refused_answer(world.provider.sign_in(second)) == "id-token-nonce"


class TestFreshness:
    """Core 3.1.3.7 (13): max_age and prompt=login are proven by auth_time or refused."""

    @pytest.mark.parametrize(
        ("max_age_s", "auth_time", "code"),
        [
            (3600, EPOCH - 3600 - 119, None),
            (3600, EPOCH - 3600 - 121, "auth-time-too-old"),
            (0, EPOCH - 119, None),
            (0, EPOCH - 121, "auth-time-too-old"),
            (3600, None, "auth-time-missing"),
        ],
    )
    def test_max_age(self, world: World, max_age_s: int, auth_time: int | None, code: str | None) -> None:
        world.provider.claims = {"auth_time": auth_time}
        request = BeginRequest(handle="h", max_age_s=max_age_s)
        if code:
            assert world.refusal(request) == code
        else:
            assert world.login(request).subject == "alice"

    def test_age_counts_from_the_request_not_from_the_answer(self, world: World) -> None:
        """A person who takes half an hour at the provider's form is not sent round again."""
        world.provider.claims = {"auth_time": EPOCH + 60, "exp": EPOCH + 4000}
        begun = world.begin(BeginRequest(handle="h", max_age_s=300))
        world.now = NOW + timedelta(minutes=30)
        assert world.complete(world.provider.sign_in(begun)).authenticated_at == datetime.fromtimestamp(EPOCH + 60, UTC)

    def test_prompt_login_that_the_browser_took_out_of_the_request(self, world: World) -> None:
        """The front channel belongs to the person: only auth_time proves that they authenticated again."""
        world.provider.claims = {"auth_time": EPOCH - 86_400}
        assert world.refusal(BeginRequest(handle="h", prompt=frozenset({"login"}))) == "auth-time-too-old"
        world.provider.claims = {"auth_time": EPOCH}
        assert world.login(BeginRequest(handle="h", prompt=frozenset({"login"}))).authenticated_at == NOW


def at_hash(access_token: str) -> str:
    """Core 3.1.3.6, computed apart from the code under test."""
    import base64
    import hashlib

    return base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16]).decode().rstrip("=")


def test_every_check_is_noted_in_order(world: World) -> None:
    """The trace shows each check, and the one that failed last with what was expected and received."""
    world.login()
    passed = [check.name for check in world.checks]
    assert passed[-15:] == [
        "signature", "iss", "aud", "azp", "exp", "iat", "nbf", "nonce", "at-hash", "auth-time", "sub",
        "matching-claims", "issuer-claims", "userinfo", "identity",
    ]  # fmt: skip
    world.checks.clear()
    world.provider.claims = {"aud": "client-2"}
    world.refusal()
    failed = world.checks[-1]
    assert (failed.name, failed.passed, failed.expected, failed.received) == ("aud", False, "client-1", "client-2")


def test_no_secret_is_in_the_trace(world: World) -> None:
    """What operators see holds no code, token, nonce, verifier or client secret."""
    begun = world.begin()
    callback = world.provider.sign_in(begun)
    for claims in ({}, {"nonce": "x"}, {"at_hash": "x"}, {"sub": ""}):
        world.provider.claims = claims
        try:
            world.complete(world.provider.sign_in(begun))
        except Exception as error:
            world.checks.append(error)  # type: ignore[arg-type]
    shown = repr(world.checks)
    secret = [callback.single("code"), begun.state["nonce"], begun.state["code_verifier"], "access-1", "s3cret"]
    assert not [value for value in secret if value and value in shown]
