"""T6 and Core 5.3: userinfo speaks about the person of the ID token or not at all; e-mail comes from one source."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from portico_oidc.testing import NOW, World, json_answer
from portico_sdk import HttpResponse, ProviderUnreachable

USERINFO = "https://idp.test/userinfo"


@pytest.mark.parametrize("sub", ["bob", "Alice", "", None, 1, ["alice"], {"alice": 1}])
def test_userinfo_about_somebody_else(world: World, sub: Any) -> None:
    """R2, Core 5.3.2: the subjects agree exactly."""
    world.provider.userinfo = {"sub": sub, "email": "bob@example.test"}
    assert world.refusal() == "userinfo-sub"


@pytest.mark.parametrize(
    ("id_token", "userinfo", "email", "verified"),
    [
        (("a@x.test", True), ("b@y.test", False), "a@x.test", True),
        (("a@x.test", None), ("b@y.test", True), "a@x.test", None),
        (("a@x.test", False), ("a@x.test", True), "a@x.test", False),
        ((None, True), ("b@y.test", None), "b@y.test", None),
        ((None, True), ("b@y.test", False), "b@y.test", False),
        ((None, None), ("b@y.test", True), "b@y.test", True),
        (("a@x.test", True), (None, False), "a@x.test", True),
        ((None, None), (None, True), None, None),
        (("a@x.test", "true"), (None, None), "a@x.test", True),
        (("a@x.test", "False"), (None, None), "a@x.test", False),
        (("a@x.test", "yes"), (None, None), "a@x.test", None),
        (("a@x.test", 1), (None, None), "a@x.test", None),
    ],
)
def test_an_address_and_its_verification_come_from_one_source(
    world: World, id_token: tuple[Any, Any], userinfo: tuple[Any, Any], email: str | None, verified: bool | None
) -> None:
    """T6, CVE-2026-14781: never one source's `true` beside the other's address."""
    world.provider.claims = {"email": id_token[0], "email_verified": id_token[1]}
    world.provider.userinfo = {"sub": "alice", "email": userinfo[0], "email_verified": userinfo[1]}
    identity = world.login()
    assert identity.attributes.get("email") == ((email,) if email else None)
    assert identity.email_verified is verified


def test_what_is_signed_wins(world: World) -> None:
    """A claim in both comes from the ID token."""
    world.provider.claims = {"name": "Alice", "groups": ["a"]}
    world.provider.userinfo = {"sub": "alice", "name": "Mallory", "groups": ["admin"], "nickname": "al"}
    attributes = world.login().attributes
    assert (attributes["name"], attributes["groups"], attributes["nickname"]) == (("Alice",), ("a",), ("al",))


def test_userinfo_cannot_speak_for_the_id_token(world: World) -> None:
    """Authentication time, class, methods and the session's end are what was signed, and nothing else."""
    world.provider.claims = {"auth_time": None}  # the time of issue is taken instead
    world.provider.userinfo = {
        "sub": "alice", "auth_time": 1, "acr": "high", "amr": ["mfa"], "sid": "s", "session_expiry": 1, "exp": 1,
    }  # fmt: skip
    identity = world.login()
    assert (identity.authenticated_at, identity.issued_at, identity.acr, identity.amr) == (None, NOW, None, ())
    assert (identity.session_index, identity.session_expires_at) == (None, None)


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(200, {"content-type": "application/jwt"}, b"e.e.e"),
        HttpResponse(200, {"content-type": "text/html"}, b"<html>"),
        HttpResponse(200, {"content-type": "application/json"}, b"[]"),
        HttpResponse(200, {"content-type": "application/json"}, b'{"sub": NaN}'),
        HttpResponse(302, {"location": "https://evil.test"}, b""),
        HttpResponse(503, {"content-type": "application/json"}, b'{"sub": "alice"}'),
    ],
)
def test_a_userinfo_endpoint_that_does_not_answer(world: World, answer: HttpResponse) -> None:
    """Going on without it would turn unknown groups into none."""
    world.provider.answers[USERINFO] = answer
    with pytest.raises(ProviderUnreachable):
        world.login()


def test_userinfo_is_asked_with_the_access_token_in_the_header(world: World) -> None:
    """RFC 6750 2.1: never in the URL."""
    world.login()
    [request] = world.http.sent_to(USERINFO)
    assert request.headers["authorization"] == "Bearer access-1"


def test_userinfo_is_not_asked_where_it_is_switched_off_or_absent(world: World) -> None:
    """AD FS answers `sub` only: a setting saves the request."""
    world.changes["fetch_userinfo"] = False
    world.login()
    del world.changes["fetch_userinfo"]
    world.provider.discovery["userinfo_endpoint"] = None
    world.cache._made.clear()
    world.http._documents.clear()
    world.http._attempts.clear()
    world.login()
    assert not world.http.sent_to(USERINFO)


class TestAttributes:
    """Everything the provider said, by the name it used."""

    def test_shapes(self, world: World) -> None:
        world.provider.claims = {
            "groups": ["b", "a", "b"],
            "single": "x",
            "flag": True,
            "number": 7,
            "absent": None,
            "empty": [],
            "address": {"locality": "Bern", "deep": {"er": [1, 2]}},
            "https://example.test/claim": "uri",
            "list_of_objects": [{"value": "v1"}, {"value": "v2"}],
        }
        attributes = world.login().attributes
        assert attributes["groups"] == ("b", "a")
        assert attributes["flag"] == ("true",)
        assert attributes["number"] == ("7",)
        assert attributes["address.locality"] == ("Bern",)
        assert attributes["address.deep.er"] == ("1", "2")
        assert attributes["https://example.test/claim"] == ("uri",)
        assert attributes["list_of_objects.value"] == ("v1", "v2")
        assert not {"absent", "empty", "nonce", "at_hash"} & attributes.keys()

    def test_a_claims_own_name_comes_before_a_member(self, world: World) -> None:
        """`{"a": {"b": ...}}` cannot add to a claim that is called `a.b`."""
        world.provider.claims = {"a": {"b": "nested"}, "a.b": "own"}
        assert world.login().attributes["a.b"] == ("own",)

    @pytest.mark.parametrize(
        "claims",
        [
            {"deep": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}},
            {"many": list(range(5001))},
            {"long": "x" * 300_000},
        ],
    )
    def test_bounds(self, world: World, claims: dict[str, Any]) -> None:
        """Too much is refused; nothing is cut off silently."""
        world.provider.userinfo = {"sub": "alice", **claims}
        assert world.refusal() == "claims-too-large"

    @pytest.mark.parametrize(
        ("claims", "incomplete"),
        [
            ({"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://x"}}}, {"groups"}),
            ({"hasgroups": True}, {"groups"}),
            ({"hasgroups": "true", "groups": ["a"]}, {"groups"}),
            ({"_claim_names": {"groups": "s", "roles": "s"}}, {"groups", "roles"}),
            ({"hasgroups": False, "groups": ["a"]}, set()),
            ({"_claim_names": []}, set()),
        ],
    )
    def test_group_overage_is_unknown_not_empty(
        self, world: World, claims: dict[str, Any], incomplete: set[str]
    ) -> None:
        """Core 5.6.2 and Entra ID's overage: absent values are named, and partial ones not passed on."""
        world.provider.claims = claims
        identity = world.login()
        assert identity.incomplete == incomplete
        assert not incomplete & identity.attributes.keys()


def test_authentication_context(world: World) -> None:
    """acr, amr, auth_time, sid and the end of the session, as the provider says them."""
    epoch = int(NOW.timestamp())
    world.provider.claims = {"acr": "urn:mfa", "amr": ["pwd", "otp"], "sid": "s-1", "session_expiry": epoch + 60}
    identity = world.login()
    assert (identity.acr, identity.amr, identity.session_index) == ("urn:mfa", ("pwd", "otp"), "s-1")
    assert identity.session_expires_at == datetime.fromtimestamp(epoch + 60, UTC)
    assert identity.authenticated_at == NOW


def test_a_single_amr_as_text(world: World) -> None:
    """Some write one method without its list."""
    world.provider.claims = {"amr": "pwd"}
    assert world.login().amr == ("pwd",)


def test_the_subject_is_never_the_e_mail_address(world: World) -> None:
    """T5: a person is (issuer, sub); the address may change hands."""
    world.provider.claims = {"email": "ceo@other-tenant.test"}
    identity = world.login()
    assert (identity.subject, identity.subject_source) == ("alice", "sub")


def test_replay_memory_is_bounded(world: World) -> None:
    """A provider whose tokens expire in a hundred years does not fill the memory of replays."""
    world.provider.claims = {"exp": int(NOW.timestamp()) + 3_000_000_000}
    assert (world.login().replay_until - NOW).days == 1


def test_an_answer_of_userinfo_with_an_error(world: World) -> None:
    """RFC 6750 3.1."""
    world.provider.answers[USERINFO] = json_answer({"error": "invalid_token"}, 401)
    assert world.refusal() == "userinfo-refused"
