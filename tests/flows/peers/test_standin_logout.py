"""How sessions at the stand-in end: by the application, upstream too, by the provider (facts about Auth0, section 5)."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.support.auth0_tenant import AFTER_LOGOUT
from tests.support.browser import Page
from tests.support.standin_stage import Make, Stage


def leave(stage: Stage, path: str, **values: str) -> str:
    """Return the URL of a logout endpoint; `federated` is a parameter without a value."""
    return f"{stage.standin}{path}?{urlencode({'client_id': 'app'} | values)}"


def signed_in(stage: Stage) -> bool:
    return "code" in stage.silently()


@pytest.mark.parametrize(
    ("path", "parameter"), [("/v2/logout", "returnTo"), ("/oidc/logout", "post_logout_redirect_uri")]
)
def test_both_endpoints_end_the_session_and_go_back(make: Make, path: str, parameter: str) -> None:
    """Without `federated` upstream is never asked; a foreign address is refused, and then nothing ends."""
    stage = make()
    stage.sign_in()
    assert stage.browser.read(leave(stage, path, **{parameter: "https://evil.example/"})).status == 400
    assert signed_in(stage)
    assert stage.browser.reach(leave(stage, path, **{parameter: AFTER_LOGOUT}), AFTER_LOGOUT).url == AFTER_LOGOUT
    assert not signed_in(stage)


def test_oidc_logout_knows_the_application_by_its_id_token_and_returns_state(make: Make) -> None:
    """RP-Initiated Logout 2 and 3."""
    stage = make()
    _, begun = stage.start()
    code = stage.answer(stage.to_callback())["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": stage.app.callback,
        "client_id": "app",
        "client_secret": "app-secret",
        "code_verifier": begun.code_verifier,
    }
    tokens = stage.tenant.http.request("POST", f"{stage.standin}/oauth/token", form=form).json()
    values = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER_LOGOUT, "state": "s 1"}
    end = stage.browser.reach(f"{stage.standin}/oidc/logout?{urlencode(values)}", AFTER_LOGOUT)
    assert end.query == {"state": "s 1"}


@pytest.mark.parametrize(
    ("behaviour", "sent"),
    [
        ({}, {"client_id", "post_logout_redirect_uri"}),
        ({"federated_return": "none"}, {"client_id"}),
        ({"federated_return": "tenant"}, {"client_id", "post_logout_redirect_uri", "state"}),
        ({"federated_id_token_hint": True}, {"client_id", "post_logout_redirect_uri", "id_token_hint"}),
        ({"federated_client_id": False, "federated_return": "none"}, set()),
    ],
)
@pytest.mark.parametrize("path", ["/v2/logout", "/oidc/logout"])
def test_what_goes_upstream(make: Make, path: str, behaviour: dict[str, object], sent: set[str]) -> None:
    """[U] b, every way: nobody knows which parameters Auth0 sends, down to none."""
    stage = make(behaviour=behaviour)
    stage.sign_in()
    parameter = "returnTo" if path == "/v2/logout" else "post_logout_redirect_uri"
    url = leave(stage, path, **{parameter: AFTER_LOGOUT}) + "&federated"
    upstream = stage.browser.reach(url, f"{stage.idp}/oauth2/logout")
    assert set(upstream.query) == sent
    if "state" in sent:
        assert upstream.query["post_logout_redirect_uri"] == f"{stage.standin}/logout/callback"
        back = f"{stage.standin}/logout/callback?{urlencode({'state': upstream.query['state']})}"
        assert stage.browser.reach(back, AFTER_LOGOUT).url == AFTER_LOGOUT
    assert not signed_in(stage)


def test_a_provider_without_logout_is_said_in_the_log(make: Make) -> None:
    """`federated_logout_failed`; the person still goes back, signed out of the tenant."""
    stage = make()
    record = stage.tenant.ask("GET", f"/connections/{stage.connection_id}")
    del record["options"]["oidc_metadata"]["end_session_endpoint"]
    stage.tenant.ask("PATCH", f"/connections/{stage.connection_id}", {"options": record["options"]})
    stage.sign_in()
    end = stage.browser.reach(leave(stage, "/v2/logout", returnTo=AFTER_LOGOUT) + "&federated", AFTER_LOGOUT)
    assert end.url == AFTER_LOGOUT
    assert stage.tenant.logs("federated_logout_failed")
    assert not signed_in(stage)


def test_nowhere_to_go_back_to_is_a_page(make: Make) -> None:
    """Also for whoever is not signed in."""
    stage = make()
    end = stage.browser.walk(leave(stage, "/v2/logout"))
    assert isinstance(end, Page)
    assert end.status == 200


def test_a_revocation_without_a_token_ends_nothing(make: Make) -> None:
    """Section 5: 401 with a JSON error; the log says `universal_logout_failed`."""
    stage = make()
    stage.sign_in()
    url = f"{stage.standin}/oauth/global-token-revocation/connection/portico"
    answer = stage.tenant.http.request(
        "POST", url, body={"subject": {"format": "iss_sub", "iss": stage.idp, "sub": "x"}}
    )
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")
    assert stage.tenant.logs("universal_logout_failed")
    assert signed_in(stage)
