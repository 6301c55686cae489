"""The one module of `oidcc-config-certification-test-plan`, on an installation with an https base URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.provider.discovery import CLAIMS
from tests.support.clock import SettableClock
from tests.support.provider import Provider
from tests.support.whole_app import whole_app

ISSUER = "https://sso.example.com"


def published(database_url: str, clock: SettableClock, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the discovery document and the key set that it leads to, with the checks of their transport."""
    with whole_app(database_url, clock, folder, base_url=ISSUER, env="production") as app:
        browser = Provider(app, clock).browser
        documents = []
        for path in ("/.well-known/openid-configuration", "/oauth2/jwks"):
            response = browser.get(path)
            assert response.status_code == 200
            assert response.content_type == "application/json"
            documents.append(response.get_json())
        return documents[0], documents[1]


def test_oidcc_discovery_endpoint_verification(database_url: str, clock: SettableClock, tmp_path: Path) -> None:
    """OIDC Discovery 3, 4.3; RFC 8414 2: every check of the module, and what a certified client reads beyond them."""
    said, keys = published(database_url, clock, tmp_path)
    assert said["issuer"] == ISSUER, "the discovery URL without its end"
    endpoints = {name: value for name, value in said.items() if name.endswith("_endpoint") or name == "jwks_uri"}
    assert {
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "revocation_endpoint",
        "end_session_endpoint",
    } == endpoints.keys()
    for name, url in endpoints.items():
        assert url.startswith(f"{ISSUER}/"), name
        assert not urlsplit(url).fragment, name
    assert said["response_types_supported"] == ["code"]
    assert set(said["response_modes_supported"]) == {"query", "form_post"}
    assert said["grant_types_supported"] == ["authorization_code"]
    assert said["subject_types_supported"] == ["public"]
    assert "RS256" in said["id_token_signing_alg_values_supported"], "required by OIDC Discovery 3"
    assert "none" not in said["id_token_signing_alg_values_supported"]
    assert said["scopes_supported"][0] == "openid"
    assert set(CLAIMS) == set(said["claims_supported"])
    assert isinstance(said["code_challenge_methods_supported"], list)
    for flag in ("claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"):
        assert said[flag] is False, "request_uri_parameter_supported is true by default"
    assert said["authorization_response_iss_parameter_supported"] is True
    check_keys(keys["keys"], said["id_token_signing_alg_values_supported"])


def check_keys(keys: list[dict[str, Any]], algorithms: list[str]) -> None:
    """RFC 7517 4 and 5: a `kid` each, a key for each algorithm that is advertised, no private and no symmetric one."""
    assert len({key["kid"] for key in keys}) == len(keys)
    assert {key["alg"] for key in keys} == set(algorithms)
    for key in keys:
        assert key["kty"] in ("RSA", "EC")
        assert key["use"] == "sig"
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & key.keys()
