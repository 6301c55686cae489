"""`portico auth0 connect` against a tenant (issue 6, item 1; facts about Auth0, sections 1 to 3)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from app.access import list_client_secrets, verify_client_secret
from app.auth0.auth0 import LEASE, TERM
from app.auth0.deciding import Typed
from app.auth0.errors import (
    Auth0Busy,
    Auth0CredentialsRefused,
    Auth0Refused,
    Auth0ScopesMissing,
    Auth0Unreachable,
)
from app.auth0.steps import STEPS
from app.auth0.tenant import Credentials
from app.auth0.trust import Given, find_trust
from app.auth0.wanted import Difference
from app.demo.standin.management.scopes import ALL_SCOPES
from app.errors import Conflict, Invalid, PorticoError
from app.jobs.leases import take_lease
from app.provider.discovery import build_discovery
from app.settings import Settings
from portico_sdk import HttpResponse
from tests.support.auth0_trust import OPERATOR, Trust, drifted
from tests.support.management import Refused

pytestmark = pytest.mark.usefixtures("trust")

#: What the facts recommend (sections 1 to 3), beside addresses and names.
RECOMMENDED = {
    "type": "back_channel",
    "scope": "openid profile email",
    "token_endpoint_auth_method": "client_secret_post",
    "id_token_signed_response_algs": ["RS256"],
    "send_back_channel_nonce": True,
    "connection_settings": {"pkce": "S256"},
    "attribute_map": {"mapping_mode": "bind_all"},
    "set_user_root_attributes": "on_each_login",
    "upstream_params": {
        "login_hint": {"alias": "login_hint"},
        "acr_values": {"alias": "acr_values"},
        "prompt": {"alias": "prompt"},
        "max_age": {"alias": "max_age"},
        "ui_locales": {"alias": "ui_locales"},
    },
}


def test_the_connection_has_the_recommended_options(trust: Trust) -> None:
    """Sections 1 to 3: back channel, nonce, PKCE, mapping, what is forwarded, how it is marked; a secret that works."""
    trust.connect()
    made = trust.connection()
    assert {name: made["options"][name] for name in RECOMMENDED} == RECOMMENDED
    assert made["options"]["discovery_url"] == f"{trust.issuer}/.well-known/openid-configuration"
    assert made["options"]["oidc_metadata"] == build_discovery(trust.issuer)
    assert (made["name"], made["show_as_button"], made["is_domain_connection"]) == ("portico", False, False)
    assert made["metadata"] == {"managed_by": "portico", "claims_namespace": f"{trust.issuer}/"}
    with trust.app.app_context():
        assert verify_client_secret(made["options"]["client_id"], made["options"]["client_secret"], now=trust.clock())


def test_the_client_in_portico_knows_every_address_of_the_tenant(trust: Trust) -> None:
    """Section 1: the redirect URI follows the host on which the application asked; section 5: revocation."""
    trust.connect(custom_domains=["login.example.com"])
    client = trust.api.get(f"/clients/{trust.row().client_id}")
    origin = trust.tenant.origin
    assert client["redirect_uris"] == [f"{origin}/login/callback", "https://login.example.com/login/callback"]
    assert client["post_logout_redirect_origins"] == [origin, "https://login.example.com"]
    assert client["global_token_revocation_url"] == f"{origin}/oauth/global-token-revocation/connection/portico"
    assert client["require_pkce"] is True


def test_applications_are_named_by_id_or_name_and_nobody_is_put_out(trust: Trust) -> None:
    one, other, third = (trust.tenant.add_application(name) for name in ("One", "Other", "Third"))
    trust.connect(applications=["One"])
    connection_id = trust.connection()["id"]
    trust.tenant.ask("PATCH", f"/connections/{connection_id}/clients", [{"client_id": third.client_id, "status": True}])
    made = trust.connect(applications=["One", other.client_id])
    enabled = trust.tenant.ask("GET", f"/connections/{connection_id}/clients")["clients"]
    assert {entry["client_id"] for entry in enabled} == {one.client_id, other.client_id, third.client_id}
    assert made.login_url is not None
    assert f"client_id={one.client_id}" in made.login_url
    assert "connection=portico" in made.login_url
    with pytest.raises(Invalid, match=r"applications\[0\]"):
        trust.connect(applications=["Nobody"])


def test_more_than_fifty_applications_go_in_chunks(trust: Trust) -> None:
    """Section 3.2: at most fifty a call."""
    names = [trust.tenant.add_application(f"App {number}").client_id for number in range(120)]
    trust.connect(applications=names)
    found = trust.tenant.ask("GET", f"/connections/{trust.connection()['id']}/clients", take=100)
    assert len(found["clients"]) == 100
    assert trust.changes() == {}


def test_an_organization_is_marked_and_gets_the_connection_without_membership_by_it(trust: Trust) -> None:
    """Section 1: with auto-membership anybody could join whatever he asks for."""
    customer = trust.api.add_organization(slug="halden")
    organization = trust.tenant.add_organization("halden", {"plan": "gold"})
    trust.connect(organizations=[f"{organization.id}=halden"])
    shown = trust.tenant.ask("GET", f"/organizations/{organization.id}")
    assert shown["metadata"] == {"plan": "gold", "portico_org": customer["id"]}
    (enabled,) = trust.tenant.ask("GET", f"/organizations/{organization.id}/enabled_connections")
    assert (enabled["assign_membership_on_login"], enabled["show_as_button"]) == (False, False)
    assert trust.api.get(f"/organizations/{customer['id']}")["auth0_organization_id"] == organization.id
    path = f"/organizations/{organization.id}/enabled_connections/{enabled['connection_id']}"
    trust.tenant.ask("PATCH", path, {"assign_membership_on_login": True})
    assert trust.changes() == {
        "organizations": [f"organizations.{organization.id}.connection.assign_membership_on_login"]
    }
    trust.connect()
    assert trust.changes() == {}


def test_the_action_is_deployed_and_bound_beside_what_was_there(trust: Trust) -> None:
    """Item 1: idempotent, and without removing others' bindings."""
    body = {"name": "Theirs", "supported_triggers": [{"id": "post-login", "version": "v3"}], "code": "exports.x = 1;"}
    theirs = trust.tenant.ask("POST", "/actions/actions", body)
    trust.tenant.ask("GET", f"/actions/actions/{theirs['id']}")
    trust.tenant.ask("POST", f"/actions/actions/{theirs['id']}/deploy", {})
    bindings = {"bindings": [{"ref": {"type": "action_name", "value": "Theirs"}, "display_name": "Their own name"}]}
    trust.tenant.ask("PATCH", "/actions/triggers/post-login/bindings", bindings)
    trust.connect()
    trust.connect()
    found = trust.tenant.ask("GET", "/actions/triggers/post-login/bindings")["bindings"]
    assert [one["display_name"] for one in found] == ["Portico login", "Their own name"]
    assert len(trust.tenant.ask("GET", "/actions/actions", actionName="Portico login")["actions"]) == 1


def test_an_old_action_is_replaced_by_the_shipped_one(trust: Trust) -> None:
    trust.connect()
    (action,) = trust.tenant.ask("GET", "/actions/actions")["actions"]
    path = f"/actions/actions/{action['id']}"
    trust.tenant.ask("PATCH", path, {"code": "// Portico: login. Version 0.\n"})
    trust.tenant.ask("GET", path)
    assert trust.changes() == {}, "what is not deployed does not run"
    trust.tenant.ask("POST", f"{path}/deploy", {})
    assert trust.changes() == {"action": ["action.deployed"]}
    trust.connect()
    assert trust.changes() == {}


def test_a_dry_run_shows_the_plan_and_changes_and_stores_nothing(trust: Trust) -> None:
    customer = trust.api.add_organization(slug="dry")
    organization = trust.tenant.add_organization("dry")
    application = trust.tenant.add_application()
    planned = trust.changes(organizations=[f"{organization.id}=dry"], applications=["App"])
    assert list(planned) == ["client", "connection", "action", "binding", "organizations", "applications"]
    assert planned["organizations"][0] == f"organizations.{organization.id}.metadata.portico_org"
    assert planned["applications"] == [f"applications.{application.client_id}"]
    assert trust.tenant.ask("GET", "/connections") == []
    assert trust.tenant.ask("GET", "/actions/actions")["actions"] == []
    assert trust.tenant.logs("sapi") == []
    assert trust.api.get(f"/organizations/{customer['id']}")["auth0_organization_id"] is None
    with trust.app.app_context():
        assert find_trust() is None


def test_a_second_run_writes_nothing(trust: Trust) -> None:
    """Item 1: safe to run twice."""
    organization = trust.tenant.add_organization("twice")
    trust.api.add_organization(slug="twice")
    said: dict[str, Any] = {"applications": [trust.tenant.add_application().client_id]}
    trust.connect(organizations=[f"{organization.id}=twice"], **said)
    wrote, clients = len(trust.tenant.logs("sapi")), len(trust.api.get("/clients")["items"])
    trust.connect(organizations=[f"{organization.id}=twice"], **said)
    trust.connect()
    assert len(trust.tenant.logs("sapi")) == wrote
    assert len(trust.api.get("/clients")["items"]) == clients


def test_a_run_after_a_failure_goes_on_where_the_last_one_ended(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    """Item 1: resumes. Whatever step fails, one client, one connection, one secret are there in the end."""
    before = len(trust.api.get("/clients")["items"])
    for broken in [step.name for step in STEPS][1:5]:
        with monkeypatch.context() as patch:
            patch.setattr(
                "app.auth0.auth0.STEPS", tuple(_breaking(step) if step.name == broken else step for step in STEPS)
            )
            with pytest.raises(Auth0Refused, match="broken"):
                trust.connect()
        assert trust.row().steps[broken]["state"] == "failed"
    trust.connect()
    assert trust.row().steps["domains"]["state"] == "done"
    assert len(trust.api.get("/clients")["items"]) == before + 1
    assert drifted(trust.verify()) == {}
    with trust.app.app_context():
        live = [one for one in list_client_secrets(str(trust.row().client_id)) if one.revoked_at is None]
    assert len(live) == 1


def _breaking(step: Any) -> Any:
    def act(_work: object, _found: object) -> None:
        raise Auth0Refused("broken")

    return replace(step, act=act, want=lambda _work, _found: (Difference("x", 1, 2),))


def test_the_whole_options_go_back_with_what_others_put_there(trust: Trust) -> None:
    """Section 3.1: PATCH replaces `options` as a whole, and resets the display name where it is left out."""
    trust.connect()
    stored = trust.connection()
    options = stored["options"] | {"icon_url": "https://x.example/i.png", "non_persistent_attrs": ["portico_groups"]}
    options["upstream_params"] = {"portico_rp": {"value": "prod"}, "login_hint": {"value": "wrong"}}
    options["attribute_map"] = {"mapping_mode": "use_map", "userinfo_scope": "openid"}
    body = {"options": options, "display_name": "Sign in with work", "metadata": {"managed_by": "portico", "team": "a"}}
    trust.tenant.ask("PATCH", f"/connections/{stored['id']}", body)
    trust.connect()
    after = trust.connection()
    assert after["display_name"] == "Sign in with work"
    assert after["metadata"] == {"managed_by": "portico", "team": "a", "claims_namespace": f"{trust.issuer}/"}
    assert after["options"]["icon_url"] == "https://x.example/i.png"
    assert after["options"]["non_persistent_attrs"] == ["portico_groups"]
    assert after["options"]["attribute_map"] == {"mapping_mode": "bind_all", "userinfo_scope": "openid"}
    assert after["options"]["upstream_params"] == RECOMMENDED["upstream_params"] | {"portico_rp": {"value": "prod"}}  # type: ignore[operator]


@pytest.mark.parametrize("refreshes", [True, False])
def test_an_old_copy_of_our_discovery_document_is_renewed(trust: Trust, refreshes: bool) -> None:
    """Section 7, open question h: whether a PATCH without `oidc_metadata` reads it again is unknown; both ways work."""
    trust.connect()
    trust.tenant.behave(patch_refreshes_metadata=refreshes)
    old = build_discovery(trust.issuer) | {"end_session_endpoint": f"{trust.issuer}/old/logout"}
    trust.change_options(oidc_metadata=old, token_endpoint=f"{trust.issuer}/old/token")
    assert "options.token_endpoint" in trust.changes()["connection"]
    trust.connect()
    options = trust.connection()["options"]
    assert options["oidc_metadata"] == build_discovery(trust.issuer)
    assert options["token_endpoint"] == f"{trust.issuer}/oauth2/token"


def test_a_wrong_secret_in_auth0_is_replaced(trust: Trust) -> None:
    trust.connect()
    trust.change_options(client_secret="not-ours")
    assert trust.changes() == {"connection": ["options.client_secret"]}
    trust.connect()
    assert trust.changes() == {}


def test_options_that_would_break_sign_ins_are_taken_away(trust: Trust) -> None:
    trust.connect()
    trust.change_options(dpop_signing_alg="ES256", id_token_session_expiry_supported=True)
    assert set(trust.changes()["connection"]) == {
        "options.dpop_signing_alg",
        "options.id_token_session_expiry_supported",
    }
    trust.connect()
    assert trust.changes() == {}


def test_a_connection_that_proves_itself_by_a_key(trust: Trust) -> None:
    """Section 2: private_key_jwt; Portico reads the keys where Auth0 publishes them, and no secret exists."""
    trust.connect(auth_method="private_key_jwt")
    options = trust.connection()["options"]
    assert options["token_endpoint_auth_method"] == "private_key_jwt"
    assert "client_secret" not in options
    client = trust.api.get(f"/clients/{trust.row().client_id}")
    assert client["jwks_uri"] == f"{trust.tenant.origin}/oauth/connection/portico/.well-known/jwks.json"
    assert trust.changes() == {}
    trust.connect(auth_method="client_secret_post")
    assert drifted(trust.verify()) == {}


def test_an_existing_trust_is_adopted_and_repaired(trust: Trust) -> None:
    """A client and a connection that were made by hand stay the same ones: people keep their ids."""
    client = trust.api.add_client(f"{trust.tenant.origin}/login/callback")
    url = f"{trust.issuer}/.well-known/openid-configuration"
    options = {
        "type": "back_channel",
        "discovery_url": url,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
    }
    made = trust.tenant.ask("POST", "/connections", {"name": "portico", "strategy": "oidc", "options": options})
    trust.connect()
    assert trust.connection()["id"] == made["id"]
    assert trust.connection()["options"]["client_id"] == client.client_id == trust.row().client_id
    assert trust.connection()["options"]["client_secret"] == client.client_secret


def test_somebody_elses_connection_is_never_taken(trust: Trust) -> None:
    options = {"issuer": "https://other.example", "authorization_endpoint": "https://other.example/a", "client_id": "x",
               "jwks_uri": "https://other.example/k", "token_endpoint": "https://other.example/t"}  # fmt: skip
    trust.tenant.ask("POST", "/connections", {"name": "portico", "strategy": "oidc", "options": options})
    with pytest.raises(Conflict) as refused:
        trust.connect()
    assert refused.value.code == "auth0-connection-foreign"
    trust.connect(connection_name="portico-two")
    assert {one["name"] for one in trust.tenant.ask("GET", "/connections")} == {"portico", "portico-two"}


def test_several_connections_that_say_to_be_ours_are_refused(trust: Trust) -> None:
    """Never a second one: its people would have other ids."""
    trust.connect()
    options = trust.connection()["options"] | {"client_id": "x"}
    body = {"name": "second", "strategy": "oidc", "options": options, "metadata": {"managed_by": "portico"}}
    trust.tenant.ask("POST", "/connections", body)
    with pytest.raises(Conflict) as refused:
        trust.connect()
    assert refused.value.code == "auth0-several-connections"


def test_it_needs_the_scopes_it_names_and_no_more(trust: Trust) -> None:
    """Every one that lacks is named at once, before anything is changed; with exactly these it works."""
    customer = trust.api.add_organization(slug="scoped")
    organization = trust.tenant.add_organization("scoped")
    application = trust.tenant.add_application()
    said: dict[str, Any] = {"organizations": [f"{organization.id}=scoped"], "applications": [application.client_id]}
    with pytest.raises(Auth0ScopesMissing) as refused:
        trust.connect(trust.credentials("read:clients"), **said)
    assert trust.tenant.logs("sapi") == []
    needed = ("read:clients", *refused.value.scopes)
    trust.connect(trust.credentials(*needed), **said)
    trust.tenant.reset()
    organization = trust.tenant.add_organization("scoped")
    application = trust.tenant.add_application()
    trust.api.patch(f"/organizations/{customer['id']}", auth0_organization_id=None)
    said = {"organizations": [f"{organization.id}=scoped"], "applications": [application.client_id]}
    for lacking in needed[1:]:
        with pytest.raises(Auth0ScopesMissing) as refused:
            trust.connect(trust.credentials(*(one for one in needed if one != lacking)), **said)
        assert refused.value.scopes == (lacking,)


def test_rate_limits_are_waited_for(trust: Trust) -> None:
    """Section 3.5: 429 with x-ratelimit-reset; the smallest plan has 2 calls a second."""
    trust.tenant.limit(api=(2, 2))
    trust.connect()
    assert trust.waited
    assert drifted(trust.verify()) == {}


def test_waiting_has_an_end_and_what_is_done_stays_done(trust: Trust) -> None:
    trust.tenant.limit(api=(0.01, 3))
    with pytest.raises(Auth0Busy):
        trust.connect()
    trust.tenant.limit(api=(50, 50))
    trust.connect()
    assert trust.changes() == {}


def test_wrong_credentials_are_said_to_be_wrong(trust: Trust) -> None:
    with pytest.raises(Auth0CredentialsRefused):
        trust.connect(Credentials("nobody", "nothing"))
    nowhere = Typed(domain="http://127.0.0.1:9")
    with trust.app.app_context(), pytest.raises(Auth0Unreachable):
        trust.auth0.connect(nowhere, Credentials("a", "b"), actor=OPERATOR)


def test_two_runs_at_once_do_not_overwrite_each_other(trust: Trust) -> None:
    """Both would read, change and write the same object."""
    trust.connect()
    with trust.app.app_context():
        assert take_lease(LEASE, "another", trust.clock(), TERM)
    with pytest.raises(Conflict) as refused:
        trust.connect()
    assert refused.value.code == "auth0-in-work"
    trust.clock.advance(seconds=TERM.total_seconds() + 1)
    trust.connect()


def test_a_portico_that_auth0_cannot_reach_is_said_to_be_so(trust: Trust) -> None:
    """Section 3.5: Auth0's own sentence is `"options.issuer" is missing`."""
    nowhere = replace(trust.auth0, issuer="http://127.0.0.1:9")
    with trust.app.app_context(), pytest.raises(Auth0Refused) as refused:
        nowhere.connect(Typed(domain=trust.tenant.origin), trust.credentials(), actor=OPERATOR)
    assert refused.value.code == "auth0-discovery-unreadable"
    assert "reachable from the Internet" in refused.value.hint


def test_a_request_of_the_api_ends_in_time_and_the_next_goes_on(trust: Trust) -> None:
    """What a tenant's rate limit puts off further is done by the same call again."""
    machine = trust.credentials()
    body = {"domain": trust.tenant.origin, "client_id": machine.client_id, "client_secret": machine.client_secret}
    planned = trust.api.post("/auth0", **body, dry_run=True)
    assert (planned["done"], trust.tenant.ask("GET", "/connections")) == (False, [])
    trust.tenant.limit(api=(0.01, 3))
    with pytest.raises(Refused, match="auth0-busy"):
        trust.api.post("/auth0", **body)
    trust.tenant.limit(api=(50, 50))
    made = trust.api.post("/auth0", **body)
    assert made["done"] is True
    assert "very-secret" not in str(made)
    assert trust.api.post("/auth0/verify")["ok"] is True
    assert trust.api.post("/auth0/domains", dry_run=True)["in_step"] is True
    assert "auth0_connection" in trust.api.get("/auth0/configuration", format="terraform")["text"]


JUNK = [
    *("[]", "{}", '"x"', "5", "null", "[[]]", "<html>", '[{"id": {}}]', '[{"client_id": "x", "callbacks": 5}]'),
    *('{"connections": [5]}', '{"connections": [{"id": []}]}', '{"connections": [{"metadata": 5}]}'),
]


@pytest.mark.parametrize("junk", JUNK)
def test_whatever_a_tenant_answers_is_a_refusal_and_no_accident(trust: Trust, junk: str) -> None:
    """Its answers are input like any other."""

    class Mangled:
        def request(self, method: str, url: str, **more: Any) -> HttpResponse:
            token = {"access_token": "t", "scope": " ".join(ALL_SCOPES)}
            body = json.dumps(token) if url.endswith("/oauth/token") else junk
            return HttpResponse(200, {}, body.encode())

    mangled = replace(trust.auth0, requests=Mangled())
    typed = Typed(domain=trust.tenant.origin, applications=["x"], organizations=["org_x"])
    with trust.app.app_context(), pytest.raises(PorticoError):
        mangled.connect(typed, trust.credentials(), actor=OPERATOR)
    trust.connect(organizations=[], applications=[])
    with trust.app.app_context():
        try:
            report = mangled.verify(mangled.open_tenant(), actor=OPERATOR)
        except PorticoError:
            return
        assert report["ok"] is False


def test_custom_domains_are_found_where_the_credentials_may(trust: Trust) -> None:
    """Section 1: with a custom domain, redirect URIs are on both hosts."""
    trust.tenant.standin.tenant.custom_domains = ("login.acme.example",)
    trust.connect(trust.credentials("read:connections", "create:connections", "update:connections", "read:actions",
                                    "read:connections_options", "update:connections_options", "create:actions",
                                    "update:actions"))  # fmt: skip
    assert trust.row().custom_domains == []
    trust.connect()
    assert trust.row().custom_domains == ["https://login.acme.example"]
    client = trust.api.get(f"/clients/{trust.row().client_id}")
    assert "https://login.acme.example/login/callback" in client["redirect_uris"]


def test_credentials_of_the_settings_are_sent_to_their_own_tenant_alone(trust: Trust) -> None:
    """Whoever may set the trust up could else have them sent to a server of his own."""
    machine = trust.credentials()
    elsewhere = replace(trust.auth0, given=Given("https://acme.eu.auth0.com", machine))
    with trust.app.app_context(), pytest.raises(Auth0CredentialsRefused) as refused:
        elsewhere.connect(Typed(domain=trust.tenant.origin), None, actor=OPERATOR)
    assert refused.value.code == "auth0-no-credentials"
    home = replace(trust.auth0, given=Given(trust.tenant.origin, machine))
    with trust.app.app_context():
        home.connect(Typed(domain=trust.tenant.origin), None, actor=OPERATOR)
    assert drifted(trust.verify()) == {}
    with pytest.raises(ValueError, match="auth0_domain"):
        Settings(auth0_client_id="m2m", auth0_client_secret="s")


def test_stored_credentials_are_not_sent_to_another_tenant(trust: Trust) -> None:
    trust.connect()
    with trust.app.app_context(), pytest.raises(Auth0CredentialsRefused) as refused:
        trust.auth0.connect(Typed(domain="https://attacker.example"), None, actor=OPERATOR)
    assert refused.value.code == "auth0-no-credentials"


def test_a_connection_that_is_found_keeps_its_own_name(trust: Trust) -> None:
    """It is part of every user's id, and of the addresses that Portico tells and reads."""
    url = f"{trust.issuer}/.well-known/openid-configuration"
    options = {"type": "back_channel", "discovery_url": url, "client_id": "x", "client_secret": "y"}
    body = {"name": "work", "strategy": "oidc", "options": options, "metadata": {"managed_by": "portico"}}
    trust.tenant.ask("POST", "/connections", body)
    trust.connect()
    assert trust.row().connection_name == trust.connection()["name"] == "work"
    client = trust.api.get(f"/clients/{trust.row().client_id}")
    assert client["global_token_revocation_url"].endswith("/connection/work")
    assert drifted(trust.verify()) == {}
