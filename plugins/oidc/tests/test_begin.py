"""The authorization request (Core 3.1.2.1, RFC 7636 4.3): what is always in it, and what only when asked."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from portico_oidc import FIELDS, OidcAdapter, OidcPolicy
from portico_oidc.testing import CALLBACK, World
from portico_sdk import BeginRequest, BeginResult, Redirect, SettingField


def params(begun: BeginResult) -> dict[str, str]:
    assert isinstance(begun.action, Redirect)
    pairs = parse_qsl(urlsplit(begun.action.url).query, keep_blank_values=True)
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


def test_what_is_always_sent(world: World) -> None:
    """Code flow, our redirect URI, state, nonce and PKCE with S256; nothing that was not asked for."""
    begun = world.begin()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.state["code_verifier"].encode()).digest())
    assert params(begun) == {
        "response_type": "code",
        "client_id": "client-1",
        "redirect_uri": CALLBACK,
        "scope": "openid profile email",
        "state": "handle-1",
        "nonce": begun.state["nonce"],
        "code_challenge": challenge.decode().rstrip("="),
        "code_challenge_method": "S256",
    }


def test_nonce_and_verifier_have_256_bits_and_stay_here(world: World) -> None:
    """RFC 7636 7.1: the verifier is in the state that the gateway keeps, not in the URL."""
    begun = world.begin()
    assert len(begun.state["nonce"]) == len(begun.state["code_verifier"]) == 43
    assert begun.state["nonce"] != begun.state["code_verifier"]
    assert begun.state["code_verifier"] not in begun.action.url
    assert all(isinstance(value, str) for value in begun.state.values())


def test_what_the_application_asked_for(world: World) -> None:
    """login_hint, prompt, max_age and ui_locales are passed on; max_age=0 too."""
    begun = world.begin(
        BeginRequest(
            handle="h",
            login_hint="a+b@example.test",
            prompt=frozenset({"login", "consent"}),
            max_age_s=0,
            ui_locales="de-CH de",
        )
    )
    sent = params(begun)
    assert (sent["login_hint"], sent["prompt"], sent["max_age"], sent["ui_locales"]) == (
        "a+b@example.test",
        "login consent",
        "0",
        "de-CH de",
    )


def test_what_the_connection_is_configured_for(world: World) -> None:
    """Scopes, prompt, acr_values, domain_hint and form_post come from the settings."""
    world.changes |= {
        "scopes": ["groups"],
        "prompt": "select_account",
        "acr_values": ["mfa", "pwd"],
        "domain_hint": "example.test",
        "response_mode": "form_post",
    }
    sent = params(world.begin(BeginRequest(handle="h", prompt=frozenset({"login"}))))
    assert sent["scope"] == "openid groups"
    assert sent["prompt"] == "login select_account"
    assert (sent["acr_values"], sent["domain_hint"], sent["response_mode"]) == ("mfa pwd", "example.test", "form_post")


@pytest.mark.parametrize("hint", ["x" * 321, "a\r\nSet-Cookie: x", "\x00", ""])
def test_hints_that_are_none_are_dropped(world: World, hint: str) -> None:
    """A hint is unverified; it never breaks or bloats the request."""
    sent = params(world.begin(BeginRequest(handle="h", login_hint=hint, ui_locales=hint)))
    assert not {"login_hint", "ui_locales"} & sent.keys()


def test_hints_cannot_add_parameters(world: World) -> None:
    """What is passed on is encoded."""
    sent = params(world.begin(BeginRequest(handle="h", login_hint="a&redirect_uri=https://evil.test#x")))
    assert sent["redirect_uri"] == CALLBACK
    assert sent["login_hint"] == "a&redirect_uri=https://evil.test#x"


def test_the_endpoints_own_query_is_kept(world: World) -> None:
    """RFC 6749 3.1: Azure AD B2C names its policy there."""
    world.provider.discovery["authorization_endpoint"] = "https://idp.test/authorize?p=B2C_1"
    begun = world.begin()
    assert isinstance(begun.action, Redirect)
    assert parse_qs(urlsplit(begun.action.url).query)["p"] == ["B2C_1"]


class TestPolicy:
    """What a vendor profile says as data."""

    ENTRA = OidcPolicy(
        subject_claims=("tid", "oid"),
        matching_claims={"tid": "tenant_id"},
        parameters={"whr": "domain_hint"},
    )

    def world(self, **changes: object) -> World:
        fields = (*FIELDS, SettingField("tenant_id", "text", "Tenant ID", required=True))
        return World(adapter=OidcAdapter(fields, self.ENTRA), changes=dict(changes))

    def test_subject_from_several_claims(self) -> None:
        world = self.world(tenant_id="t-1")
        world.provider.claims = {"tid": "t-1", "oid": "o-1"}
        identity = world.login()
        assert (identity.subject, identity.subject_source) == ("t-1+o-1", "tid+oid")

    @pytest.mark.parametrize("claims", [{"tid": "t-2", "oid": "o"}, {"oid": "o"}, {"tid": ["t-1"], "oid": "o"}])
    def test_person_of_another_tenant(self, claims: dict[str, object]) -> None:
        """T5: one issuer serves many customers; the configured one is the only one."""
        world = self.world(tenant_id="t-1")
        world.provider.claims = claims
        assert world.refusal() == "claim-mismatch"

    def test_boundary_without_a_value_refuses(self) -> None:
        """Absence of what to compare with is a refusal."""
        world = self.world()
        world.provider.claims = {"tid": "t-1", "oid": "o"}
        assert world.refusal() == "claim-mismatch"

    @pytest.mark.parametrize("oid", [None, "", 5])
    def test_subject_claim_missing(self, oid: object) -> None:
        world = self.world(tenant_id="t-1")
        world.provider.claims = {"tid": "t-1", "oid": oid}
        assert world.refusal() == "subject-missing"

    def test_parameters(self) -> None:
        world = self.world(tenant_id="t-1", domain_hint="example.test")
        assert params(world.begin())["whr"] == "example.test"
