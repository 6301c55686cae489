"""R3: a discovery document is believed only where it agrees with the issuer, and leads only where we may go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portico_oidc.discovery import discovery_url
from portico_oidc.testing import FakeHttp, FakeProvider, World, json_answer, refusal_of
from portico_sdk import HttpResponse, ProviderUnreachable

DISCOVERY = "https://idp.test/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("issuer", "https://evil.test", "issuer-mismatch"),
        ("issuer", "https://idp.test/", "issuer-mismatch"),
        ("issuer", "http://idp.test", "issuer-mismatch"),
        ("issuer", "https://IDP.test", "issuer-mismatch"),
        ("issuer", None, "issuer-mismatch"),
        ("issuer", 1, "issuer-mismatch"),
        ("issuer", "https://login.microsoftonline.com/{tenantid}/v2.0", "issuer-template"),
        ("authorization_endpoint", None, "discovery-malformed"),
        ("token_endpoint", None, "discovery-malformed"),
        ("token_endpoint", ["https://idp.test/token"], "discovery-malformed"),
        ("jwks_uri", None, "discovery-malformed"),
        ("jwks_uri", "", "endpoint-refused"),
        ("authorization_endpoint", "http://idp.test/authorize", "endpoint-refused"),
        ("authorization_endpoint", "javascript:alert(1)", "endpoint-refused"),
        ("authorization_endpoint", "https://user@idp.test/authorize", "endpoint-refused"),
        ("authorization_endpoint", "https://idp.test/authorize#x", "endpoint-refused"),
        ("token_endpoint", "http://idp.test/token", "endpoint-refused"),
        ("token_endpoint", "https://127.0.0.1/token", "endpoint-refused"),
        ("token_endpoint", "https://169.254.169.254/latest", "endpoint-refused"),
        ("userinfo_endpoint", "http://idp.test/userinfo", "endpoint-refused"),
        ("jwks_uri", "file:///etc/passwd", "endpoint-refused"),
        ("response_types_supported", ["id_token", "code id_token"], "code-flow-not-offered"),
        ("response_types_supported", "code", "discovery-malformed"),
        ("id_token_signing_alg_values_supported", ["HS256", "none"], "algorithm-not-offered"),
        ("token_endpoint_auth_methods_supported", ["private_key_jwt", "none"], "auth-method-not-offered"),
        ("token_endpoint_auth_methods_supported", {"a": 1}, "discovery-malformed"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_before_the_browser_leaves(
    world: World, member: str, value: Any, code: str
) -> None:
    """Discovery 3 and 4.3: issuer, endpoints and what is offered; nothing is sent anywhere yet."""
    world.provider.discovery[member] = value
    assert refusal_of(world.begin) == code
    assert [request.url for request in world.http.sent] == [DISCOVERY]


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(200, {"content-type": "text/html"}, b"<html>log in</html>"),
        HttpResponse(200, {"content-type": "application/json"}, b""),
        HttpResponse(200, {"content-type": "application/json"}, b"[]"),
        HttpResponse(200, {"content-type": "application/json"}, b'{"issuer": NaN}'),
        HttpResponse(200, {"content-type": "application/json"}, b"[" * 100_000),
        HttpResponse(200, {"content-type": "application/json"}, b"\xff"),
        HttpResponse(404, {"content-type": "application/json"}, b"{}"),
        HttpResponse(302, {"location": "https://169.254.169.254/"}, b""),
    ],
)
def test_nonsense_instead_of_a_document_is_unreachable(world: World, answer: HttpResponse) -> None:
    """R3: HTML, redirects, errors and broken JSON are no provider."""
    world.provider.answers[DISCOVERY] = answer
    with pytest.raises(ProviderUnreachable):
        world.begin()


def test_endpoints_on_other_hosts_are_legal() -> None:
    """Google and Entra ID publish token, userinfo and keys on other hosts than the issuer's."""
    provider = FakeProvider()
    moved = {
        "https://oauth2.test/token": "https://idp.test/token",
        "https://graph.test/userinfo": "https://idp.test/userinfo",
        "https://keys.test/jwks": "https://idp.test/jwks",
    }
    provider.discovery.update(zip(("token_endpoint", "userinfo_endpoint", "jwks_uri"), moved, strict=True))
    world = World(provider)
    world.http = FakeHttp(
        lambda request: provider.answer(
            type(request)(request.method, moved.get(request.url, request.url), request.headers, request.body)
        )
    )
    assert world.login().subject == "alice"


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://idp.test", DISCOVERY),
        ("https://idp.test/", DISCOVERY),
        ("https://idp.test/tenant/v2.0", "https://idp.test/tenant/v2.0/.well-known/openid-configuration"),
        ("https://idp.test/realms/x/", "https://idp.test/realms/x/.well-known/openid-configuration"),
    ],
)
def test_where_the_document_is(issuer: str, url: str) -> None:
    """Discovery 4: a terminating slash of the issuer goes before the well-known path is added."""
    assert discovery_url(issuer) == url


def test_an_issuer_with_a_trailing_slash_keeps_it() -> None:
    """Auth0's issuers end in a slash: it is part of the name, and compared."""
    provider = FakeProvider("https://idp.test/")
    provider.discovery.update(
        authorization_endpoint="https://idp.test/authorize", token_endpoint="https://idp.test//token"
    )
    assert World(provider).login().issuer == "https://idp.test/"


def test_a_provider_without_discovery_is_described_by_the_operator(world: World) -> None:
    """All three endpoints given: nothing is discovered, and the same rules hold."""
    world.changes |= {
        "authorization_endpoint": "https://idp.test/authorize",
        "token_endpoint": "https://idp.test/token",
        "jwks_uri": "https://idp.test/jwks",
        "userinfo_endpoint": "https://idp.test/userinfo",
    }
    assert world.login().subject == "alice"
    assert not world.http.sent_to(DISCOVERY)


def test_a_given_endpoint_takes_precedence_over_the_discovered_one(world: World) -> None:
    """An operator corrects what a provider publishes wrongly."""
    world.provider.discovery["token_endpoint"] = "https://wrong.test/token"
    world.changes["token_endpoint"] = "https://idp.test/token"
    assert world.login().subject == "alice"


def test_the_document_is_not_frozen_in_memory(world: World) -> None:
    """A changed document counts as soon as the store has it, in the same process."""
    world.begin()
    world.provider.discovery["authorization_endpoint"] = "https://idp.test/v2/authorize"
    world.http.now += timedelta(hours=2)
    action = world.begin().action
    assert action.url.startswith("https://idp.test/v2/authorize?")


def test_an_outage_of_discovery_stops_nobody(world: World) -> None:
    """A3: sign-ins go on from the copy that is kept."""
    world.login()
    world.http.now += timedelta(hours=25)
    for path in ("/.well-known/openid-configuration", "/jwks"):
        world.provider.answers[f"https://idp.test{path}"] = json_answer({}, 503)
    assert world.login().subject == "alice"


def test_incomplete_settings_are_refused(world: World) -> None:
    """Without a secret nothing is asked."""
    world.changes["client_secret"] = None
    assert refusal_of(world.begin) == "settings-incomplete"
    assert world.http.sent == []
