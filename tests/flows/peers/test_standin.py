"""The stand-in for Auth0 against an OpenID Provider that is not the gateway: whole logins, forwarding, sessions, refusals.

Requirement: facts about Auth0, sections 0, 1, 2 and 13, as the demo has to play them.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from app.demo.loopback import LoopbackHttp
from tests.support.browser import Browser, Step
from tests.support.standin_stage import Make


def test_a_whole_login_gives_the_application_its_own_tokens(make: Make) -> None:
    """The application sees Auth0's issuer and `oidc|portico|sub`; Portico's claims come by the Action (section 2)."""
    stage = make()
    claims = stage.sign_in()
    assert claims["iss"] == f"{stage.standin}/"
    assert claims["sub"].startswith("oidc|portico|")
    assert (claims["email"], claims["email_verified"]) == ("ada@halden.example", True)
    assert claims["https://ledgerline.example/portico_org"] == "org-halden"


def test_only_aliased_parameters_are_forwarded(make: Make) -> None:
    """`acr_values`, `login_hint` and the like pass; `organization`, `connection` and others never do (section 1)."""
    stage = make()
    sent = stage.upstream_request(
        acr_values="urn:portico:organization:halden",
        login_hint="ada@halden.example",
        ui_locales="de",
        organization="org_halden",
        screen_hint="signup",
        **{"ext-x": "1"},
    )
    assert sent["acr_values"] == "urn:portico:organization:halden"
    assert sent["login_hint"] == "ada@halden.example"
    assert sent["ui_locales"] == "de"
    always = {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge"}
    assert set(sent) == always | {"code_challenge_method", "acr_values", "login_hint", "ui_locales"}
    assert sent["state"] != "app-state"


def test_without_an_alias_nothing_of_the_application_is_forwarded(make: Make) -> None:
    """No `upstream_params`: not even `login_hint` or `prompt`."""
    sent = make(upstream_params={}).upstream_request(login_hint="a@b.example", prompt="login", acr_values="x")
    assert not {"login_hint", "prompt", "acr_values"} & set(sent)


def test_a_fixed_value_is_sent_and_never_replaces_a_protocol_parameter(make: Make) -> None:
    """`{"value": ...}` adds a constant; it cannot overwrite the client id."""
    params = {"portico_rp": {"value": "prod"}, "client_id": {"value": "other"}}
    sent = make(upstream_params=params).upstream_request()
    assert (sent["portico_rp"], sent["client_id"]) == ("prod", "auth0")


def test_pkce_follows_the_snapshot(make: Make) -> None:
    """`auto` uses S256 exactly when discovery advertises it (section 1)."""
    assert "code_challenge" in make().upstream_request()
    assert "code_challenge" not in make(profile={"advertises_pkce": False}).upstream_request()
    assert "code_challenge" in make(profile={"advertises_pkce": False}, pkce="S256").upstream_request()
    assert "code_challenge" not in make(pkce="disabled").upstream_request()


def test_without_send_back_channel_nonce_no_nonce_is_sent_and_the_login_works(make: Make) -> None:
    """The default of a tenant that nobody configured otherwise (section 1)."""
    stage = make(send_nonce=False)
    assert "nonce" not in stage.upstream_request()
    assert stage.sign_in()["email"] == "ada@halden.example"


def test_a_session_in_the_tenant_answers_without_upstream(make: Make) -> None:
    """A second request is answered at once; `prompt=login` and `max_age=0` go upstream; `prompt=none` works too."""
    stage = make()
    stage.sign_in()
    url, _ = stage.start()
    assert "code" in stage.answer(url)
    url, _ = stage.start(prompt="none")
    assert "code" in stage.answer(url)
    for again in ({"prompt": "login"}, {"max_age": "0"}):
        assert stage.upstream_request(**again)["client_id"] == "auth0"


def test_prompt_none_without_a_session_is_login_required(make: Make) -> None:
    """Silent authentication never goes upstream."""
    stage = make()
    url, _ = stage.start(prompt="none")
    assert stage.answer(url)["error"] == "login_required"


def test_an_organization_lets_in_only_its_own_customer(make: Make) -> None:
    """The Action: `portico_org` must be the one of the organization's metadata; without metadata nobody gets in."""
    stage = make()
    assert stage.sign_in(organization="org_halden")["org_id"] == "org_halden"
    for organization in ("org_other", "org_bare"):
        url, _ = stage.start(organization=organization)
        assert stage.answer(url)["error"] == "access_denied"
    url, _ = stage.start(organization="org_unknown")
    assert stage.answer(url)["error"] == "invalid_request"


def test_a_user_without_portico_org_is_denied(make: Make) -> None:
    """No organization from upstream: nobody is let in by its absence."""
    stage = make(claims={})
    assert stage.answer(stage.to_callback())["error"] == "access_denied"
    assert "The organization of this account is not known." in stage.log()


def test_without_node_the_mirror_keeps_customers_apart(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make demo` on a machine without Node.js: the same walls, the same claims."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    stage = make()
    assert stage.sign_in(organization="org_halden")["https://ledgerline.example/portico_org"] == "org-halden"
    for organization in ("org_other", "org_bare"):
        assert stage.silently(organization=organization)["error"] == "access_denied"


def test_a_mapping_decides_what_is_in_a_profile(make: Make) -> None:
    """`use_map`: only what is mapped, from userinfo too where it is named (section 2)."""
    attributes = {"email": "${context.tokenset.email}", "given": "${context.userinfo.given_name}"}
    attributes["portico_org"] = "${context.tokenset.portico_org}"
    stage = make(attribute_map={"mapping_mode": "use_map", "attributes": attributes})
    user_id = stage.sign_in()["sub"]
    record = stage.tenant.ask("GET", f"/users/{user_id.replace('|', '%7C')}")
    assert {name: record.get(name) for name in (*attributes, "name", "portico_connection")} == {
        "email": "ada@halden.example",
        "given": "Ada",
        "portico_org": "org-halden",
        "name": None,
        "portico_connection": None,
    }


def test_the_callback_belongs_to_one_browser_and_works_once(make: Make) -> None:
    """Another browser with the same callback URL gets an error page; so does the second use (O5)."""
    stage = make()
    step = stage.to_callback()
    other = Browser().read(step)
    assert other.status == 400
    assert "Location" not in other.headers
    step = stage.to_callback(prompt="login")
    assert "code" in stage.answer(step)
    assert stage.browser.read(step).status == 400


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"iss": "https://evil.example"}, "iss mismatch, expected"),
        ({"iss": None}, "iss missing from the response"),
        ({"code": None}, "code missing from response"),
        ({"id_token": "x"}, "implicit and hybrid flows are not supported"),
        ({"code": "wrong"}, "invalid_grant"),
    ],
)
def test_a_changed_callback_fails_with_the_engines_words(
    make: Make, changes: dict[str, str | None], message: str
) -> None:
    """What the union of the engines checks in the authorization response (section 0)."""
    stage = make()
    step = stage.to_callback()
    values: dict[str, str | None] = dict(parse_qsl(urlsplit(step.url).query))
    sent = {name: value for name, value in (values | changes).items() if value is not None}
    answer = stage.answer(Step("GET", f"{stage.standin}/login/callback?{urlencode(sent)}"))
    assert "code" not in answer
    assert answer["state"] == "app-state"
    assert message in answer["error_description"] or message == answer["error"]


def test_an_error_from_upstream_reaches_application_and_log(make: Make) -> None:
    """`error` and `error_description` pass unchanged, with the application's own state (section 8)."""
    stage = make()
    idp = stage.simulator.extensions["idps"]["up"]
    failing = replace(idp.config.behaviour, fail_with="access_denied", fail_message="Reference 1234")
    idp.config = replace(idp.config, behaviour=failing)
    answer = stage.answer(stage.to_callback())
    assert answer == {"error": "access_denied", "error_description": "Reference 1234", "state": "app-state"}
    assert "Reference 1234" in stage.log()


def test_a_wrong_client_secret_upstream_fails_the_login(make: Make) -> None:
    """The token endpoint's JSON error is what the log shows."""
    stage = make(client_secret="wrong")
    assert stage.answer(stage.to_callback())["error"] == "invalid_client"


def test_unknown_client_and_foreign_callback_are_never_redirected(make: Make) -> None:
    """The tenant shows its own page."""
    stage = make()
    for changes in ({"client_id": "who"}, {"redirect_uri": "https://evil.example/"}):
        url, _ = stage.start()
        values = {name: value[0] for name, value in parse_qs(urlsplit(url).query).items()} | changes
        page = stage.browser.read(f"{stage.standin}/authorize?{urlencode(values)}")
        assert page.status == 400


def test_identifier_first_sends_the_address_along_and_knows_its_domains(make: Make) -> None:
    """Without `connection` the tenant asks for an e-mail; its domain is looked up in `domain_aliases` (section 4)."""
    stage = make()
    url, _ = stage.start()
    url = url.replace("&connection=portico", "").replace("connection=portico&", "")
    page = stage.browser.read(url)
    unknown = stage.browser.read(page.submit(page.forms[0], email="x@else.example"))
    assert unknown.status == 422
    known = page.submit(page.forms[0], email="ada@halden.example")
    assert stage.browser.reach(known, f"{stage.idp}/oauth2/authorize").query["login_hint"] == "ada@halden.example"


def test_logout_ends_the_tenants_session_and_only_federated_goes_upstream(make: Make) -> None:
    """/v2/logout with and without `federated` (section 5); a foreign `returnTo` is refused."""
    stage = make()
    stage.sign_in()
    back = {"client_id": "app", "returnTo": "http://app.localhost:1/"}
    federated = f"{stage.standin}/v2/logout?{urlencode(back)}&federated"
    upstream = stage.browser.reach(federated, f"{stage.idp}/oauth2/logout").query
    assert upstream["client_id"] == "auth0"
    url, _ = stage.start(prompt="none")
    assert stage.answer(url)["error"] == "login_required"
    local = stage.browser.reach(f"{stage.standin}/v2/logout?{urlencode(back)}", "http://app.localhost:1/")
    assert local.url == "http://app.localhost:1/"
    foreign = urlencode(back | {"returnTo": "https://evil.example/"})
    assert stage.browser.read(f"{stage.standin}/v2/logout?{foreign}").status == 400


def test_the_applications_code_is_redeemed_once_with_its_verifier(make: Make) -> None:
    """The tenant's own token endpoint: wrong secret, wrong verifier, second use."""
    stage = make()
    http = LoopbackHttp()
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
    endpoint = f"{stage.standin}/oauth/token"
    assert http.request("POST", endpoint, form=form | {"client_secret": "x"}).status == 401
    assert http.request("POST", endpoint, form=form).status == 200
    assert http.request("POST", endpoint, form=form).status == 403
    url, _ = stage.start()
    other = form | {"code": stage.answer(url)["code"], "code_verifier": "w" * 43}
    assert http.request("POST", endpoint, form=other).status == 403
