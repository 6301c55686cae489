"""Settings: every field read, refused or completed with its default; the same data makes forms, API and docs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pluggy
import pytest

import portico_oidc
from portico_oidc import ALGORITHMS, FIELDS, REASONS, OidcAdapter
from portico_oidc.testing import NOW
from portico_sdk import PROJECT, Adapter, AdapterSpec, Hooks, SettingsError

ADAPTER = OidcAdapter()
GIVEN = {"issuer": "https://idp.test", "client_id": "c", "client_secret": "s"}


def problems(**settings: Any) -> dict[str, str]:
    with pytest.raises(SettingsError) as refused:
        ADAPTER.validate(settings, NOW)
    return {problem.field: problem.code for problem in refused.value.problems}


def test_defaults_are_filled_in() -> None:
    """Every field is present afterwards; what has no default is None."""
    settings = ADAPTER.validate(GIVEN, NOW)
    assert settings.keys() == {field.name for field in FIELDS}
    assert settings["scopes"] == ["openid", "profile", "email"]
    assert settings["id_token_signed_response_algs"] == list(ALGORITHMS)
    assert (settings["response_mode"], settings["clock_skew_s"], settings["fetch_userinfo"]) == ("query", 120, True)
    assert settings["prompt"] is settings["token_endpoint_auth_method"] is settings["jwks_uri"] is None


def test_canonical_settings_are_canonical() -> None:
    """Validating twice changes nothing."""
    once = ADAPTER.validate({**GIVEN, "scopes": "groups email", "acr_values": ["a"]}, NOW)
    assert ADAPTER.validate(once, NOW) == once


def test_algorithms_are_asymmetric_and_strong() -> None:
    """No setting admits none, HS*, SHA-1 or rsa-1_5."""
    assert all(re.fullmatch(r"(RS|PS|ES)(256|384|512)", alg) for alg in ALGORITHMS)
    for alg in ("none", "HS256", "RS1", "RSA1_5", "ES256K", "EdDSA"):
        assert problems(**GIVEN, id_token_signed_response_algs=[alg]) == {
            "id_token_signed_response_algs": "choice-unknown"
        }


@pytest.mark.parametrize("algs", [[], None, ""])
def test_an_empty_list_of_algorithms_is_the_default_not_everything(algs: Any) -> None:
    """Absence of a list never means that anything goes."""
    settings = ADAPTER.validate({**GIVEN, "id_token_signed_response_algs": algs}, NOW)
    assert settings["id_token_signed_response_algs"] == list(ALGORITHMS)


@pytest.mark.parametrize(
    ("typed", "issuer"),
    [
        ("https://idp.test", "https://idp.test"),
        (" https://idp.test/ \n", "https://idp.test/"),
        ("https://idp.test/.well-known/openid-configuration", "https://idp.test"),
        ("https://idp.test/t/v2.0/.well-known/openid-configuration", "https://idp.test/t/v2.0"),
        ("http://idp.localhost:9000", "http://idp.localhost:9000"),
        ("http://127.0.0.1:9000/x", "http://127.0.0.1:9000/x"),
    ],
)
def test_issuers_as_people_type_them(typed: str, issuer: str) -> None:
    """The address of the discovery document is taken for the issuer."""
    assert ADAPTER.validate({"issuer": typed}, NOW)["issuer"] == issuer


@pytest.mark.parametrize(
    "issuer",
    [
        "idp.test",
        "http://idp.test",
        "http://localhost.evil.test",
        "ftp://idp.test",
        "https://",
        "https://user@idp.test",
        "https://idp.test/#x",
        "https://idp.test/?a=b",
        "https://idp.test:0",
        "https://idp.test:x",
        "https://[::1",
        "https://idp.test/a b",
        "https://idp.tést",
        "https://idp.test/<script>",
        "javascript:alert(1)",
        5,
        ["https://idp.test"],
    ],
)
def test_issuers_that_are_none(issuer: Any) -> None:
    """An absolute https address without user name, query and fragment."""
    assert problems(issuer=issuer)["issuer"] in ("url-invalid", "text-invalid")


def test_an_issuer_with_a_placeholder_is_named_as_such() -> None:
    """The /common template of Entra ID, copied from documentation."""
    assert problems(issuer="https://login.microsoftonline.com/{tenantid}/v2.0") == {"issuer": "url-template"}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("client_id", "é", "text-invalid"),
        ("client_id", 5, "text-invalid"),
        ("client_secret", "a\x00b", "text-invalid"),
        ("client_secret", "x" * 2001, "text-invalid"),
        ("scopes", ["a b"], "list-invalid"),
        ("scopes", ['a"b'], "list-invalid"),
        ("scopes", [1], "list-invalid"),
        ("scopes", {"a": 1}, "list-invalid"),
        ("scopes", ["x"] * 51, "list-invalid"),
        ("token_endpoint_auth_method", "none", "choice-unknown"),
        ("token_endpoint_auth_method", "private_key_jwt", "choice-unknown"),
        ("response_mode", "fragment", "choice-unknown"),
        ("prompt", "none", "choice-unknown"),
        ("fetch_userinfo", "yes", "boolean-invalid"),
        ("clock_skew_s", 301, "integer-invalid"),
        ("clock_skew_s", -1, "integer-invalid"),
        ("clock_skew_s", True, "integer-invalid"),
        ("clock_skew_s", "120", "integer-invalid"),
        ("token_endpoint", "http://idp.test/token", "url-invalid"),
        ("verify", False, "setting-unknown"),
    ],
)
def test_values_that_cannot_be_used(name: str, value: Any, code: str) -> None:
    """Each names its field and says what is wrong."""
    assert problems(**{name: value}) == {name: code}


def test_every_field_at_fault_is_named() -> None:
    """Not only the first."""
    assert set(problems(issuer="x", client_id="é", prompt="none")) == {"issuer", "client_id", "prompt"}


def test_openid_is_always_asked_for() -> None:
    """Core 3.1.2.1: without it there is no ID token."""
    assert ADAPTER.validate({"scopes": ["email", "groups"]}, NOW)["scopes"] == ["openid", "email", "groups"]


@pytest.mark.parametrize("missing", ["issuer", "client_id", "client_secret"])
def test_what_activation_needs(missing: str) -> None:
    """A draft may be incomplete; activation names what is missing."""
    settings = ADAPTER.validate({name: value for name, value in GIVEN.items() if name != missing}, NOW)
    with pytest.raises(SettingsError) as refused:
        ADAPTER.check_ready(settings, NOW)
    assert [problem.field for problem in refused.value.problems] == [missing]
    ADAPTER.check_ready(ADAPTER.validate(GIVEN, NOW), NOW)


class TestData:
    """The spec that the registry reads."""

    def spec(self) -> AdapterSpec:
        plugins = pluggy.PluginManager(PROJECT)
        plugins.add_hookspecs(Hooks)
        plugins.register(portico_oidc)
        plugins.check_pending()
        [[spec]] = plugins.hook.portico_register_adapters()
        assert isinstance(spec, AdapterSpec)
        return spec

    def test_registered_adapter(self) -> None:
        spec = self.spec()
        assert (spec.key, spec.protocol) == ("oidc", "oidc")
        assert isinstance(spec.adapter, Adapter)

    def test_only_the_secret_is_secret(self) -> None:
        assert [field.name for field in FIELDS if field.secret or field.kind == "secret"] == ["client_secret"]

    def test_customers_edit_no_trust_decision(self) -> None:
        """Endpoints, algorithms and skew are the operator's."""
        by_customer = {field.name for field in FIELDS if field.editable_by == "customer"}
        assert by_customer == {"issuer", "client_id", "client_secret"}

    def test_setup_steps_ask_for_existing_settings(self) -> None:
        spec = self.spec()
        names = {field.name for field in FIELDS}
        asked = {name for step in spec.setup_steps for name in step.asks}
        assert asked <= names
        assert {field.name for field in FIELDS if field.required} <= asked
        assert [copy[0] for step in spec.setup_steps for copy in step.copies] == ["redirect_uri"]

    def test_every_reason_is_in_the_table_and_used(self) -> None:
        """A code in the source without a hint, or a hint without a code, is a slip."""
        source = Path(str(portico_oidc.__file__)).parent
        text = "".join(path.read_text() for path in source.glob("*.py") if path.name != "reasons.py")
        for code in REASONS:
            assert f'"{code}"' in text, code
            assert re.fullmatch(r"[a-z][a-z-]{1,59}", code)
        raised = set(
            re.findall(r'(?:CheckFailed|provider_refused|unreachable|check_same|parse_time)\(\s*"([^"]+)"', text)
        )
        assert raised <= REASONS.keys()
