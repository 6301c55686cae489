"""The stand-in's Management API against what is recorded of Auth0's (facts about Auth0, sections 3, 7, 10 and 13)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, jsonify
from werkzeug.serving import make_server

from tests.support.auth0_tenant import Auth0Tenant
from tests.support.gateway import free_port


class Provider:
    """A provider's discovery document, which tests change."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.document: dict[str, Any] = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        self.fetched = 0
        self.flask = Flask("provider")
        self.flask.add_url_rule("/.well-known/openid-configuration", "document", self._serve)

    def _serve(self) -> Response:
        self.fetched += 1
        return jsonify(self.document)

    def options(self, **more: Any) -> dict[str, Any]:
        """Return the smallest options of a connection to it."""
        url = f"{self.issuer}/.well-known/openid-configuration"
        return {"type": "back_channel", "discovery_url": url, "client_id": "c", "client_secret": "s"} | more


@pytest.fixture
def provider() -> Iterator[Provider]:
    port = free_port()
    made = Provider(f"http://idp.localhost:{port}")
    server = make_server("127.0.0.1", port, made.flask)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def create(tenant: Auth0Tenant, provider: Provider, name: str = "portico", **options: Any) -> Any:
    body = {"name": name, "strategy": "oidc", "options": provider.options(**options)}
    return tenant.ask("POST", "/connections", body)


def refusal(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert set(body) - {"errorCode"} == {"statusCode", "error", "message"}
    assert body["statusCode"] == answer.status
    return answer.status, body.get("errorCode", "")


# tokens and scopes


def test_a_token_needs_the_right_secret_and_the_tenants_own_audience(auth0_tenant: Auth0Tenant) -> None:
    """Section 3: 401 for credentials, 403 for an audience; 24 hours; a form or JSON."""
    machine = auth0_tenant.machine("read:connections")
    audience = f"{auth0_tenant.origin}/api/v2/"
    form = {"grant_type": "client_credentials", "client_id": machine.client_id, "client_secret": machine.client_secret}
    url = f"{auth0_tenant.origin}/oauth/token"
    good = auth0_tenant.http.request("POST", url, body=form | {"audience": audience}).json()
    assert (good["token_type"], good["expires_in"], good["scope"]) == ("Bearer", 86_400, "read:connections")
    for changes, status in (
        ({"client_secret": "wrong"}, 401),
        ({"client_id": "unknown"}, 401),
        ({"audience": "https://elsewhere.example/api/v2/"}, 403),
        ({"audience": audience.rstrip("/")}, 403),
        ({"audience": ""}, 403),
    ):
        answer = auth0_tenant.http.request("POST", url, form=form | {"audience": audience} | changes)
        assert (answer.status, answer.json()["error"]) == (status, "access_denied"), changes


def test_an_application_without_a_grant_gets_no_token(auth0_tenant: Auth0Tenant) -> None:
    """A web application's own secret does not open the Management API."""
    application = auth0_tenant.add_application()
    form = {"grant_type": "client_credentials", "client_id": application.client_id, "client_secret": "app-secret"}
    form["audience"] = f"{auth0_tenant.origin}/api/v2/"
    assert auth0_tenant.http.request("POST", f"{auth0_tenant.origin}/oauth/token", form=form).status == 403


def test_a_token_is_over_after_a_day_and_worth_nothing_when_it_is_not_ours(auth0_tenant: Auth0Tenant) -> None:
    """401 without, with a wrong and with an old token."""
    token = auth0_tenant.token()
    assert auth0_tenant.call("GET", "/connections", token=token).status == 200
    for wrong in ("x", token[:-4] + "AAAA", "a.b.c"):
        assert auth0_tenant.call("GET", "/connections", token=wrong).status == 401
    assert auth0_tenant.http.request("GET", f"{auth0_tenant.origin}/api/v2/connections").status == 401
    auth0_tenant.clock.advance(hours=24, seconds=1)
    assert auth0_tenant.call("GET", "/connections", token=token).status == 401


def test_each_endpoint_asks_for_its_scope_and_names_it(auth0_tenant: Auth0Tenant) -> None:
    """`insufficient_scope`, with the scope that is missing in the message."""
    token = auth0_tenant.token(auth0_tenant.machine("read:clients"))
    for method, path, scope in (
        ("GET", "/connections", "read:connections"),
        ("POST", "/connections", "create:connections"),
        ("GET", "/organizations", "read:organizations"),
        ("POST", "/organizations/org_x/enabled_connections", "create:organization_connections"),
        ("PATCH", "/clients/x", "update:clients"),
        ("GET", "/actions/actions", "read:actions"),
        ("GET", "/logs", "read:logs"),
        ("GET", "/users/x", "read:users"),
    ):
        answer = auth0_tenant.call(method, path, {} if method != "GET" else None, token=token)
        assert refusal(answer) == (403, "insufficient_scope")
        assert answer.json()["message"] == f"Insufficient scope, expected any of: {scope}"


def test_options_need_scopes_of_their_own(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """GET leaves `options` out without `read:connections_options`; PATCH of them needs `update:connections_options`."""
    made = create(auth0_tenant, provider)
    token = auth0_tenant.token(auth0_tenant.machine("read:connections", "update:connections"))
    path = f"/connections/{made['id']}"
    assert "options" not in auth0_tenant.call("GET", path, token=token).json()
    assert "options" not in auth0_tenant.call("GET", "/connections", token=token).json()[0]
    refused = auth0_tenant.call("PATCH", path, {"options": provider.options()}, token=token)
    assert refusal(refused) == (403, "insufficient_scope")
    assert "update:connections_options" in refused.json()["message"]
    assert auth0_tenant.call("PATCH", path, {"show_as_button": True}, token=token).status == 200


def test_client_secrets_need_a_scope_of_their_own(auth0_tenant: Auth0Tenant) -> None:
    """`read:clients` shows no secret, `read:client_keys` does."""
    application = auth0_tenant.add_application()
    path = f"/clients/{application.client_id}"
    plain = auth0_tenant.call("GET", path, token=auth0_tenant.token(auth0_tenant.machine("read:clients"))).json()
    assert "client_secret" not in plain
    assert auth0_tenant.ask("GET", path)["client_secret"] == "app-secret"


# connections


def test_creating_stores_the_whole_document_and_answers_as_recorded(
    auth0_tenant: Auth0Tenant, provider: Provider
) -> None:
    """Section 3.1: 201, endpoints and `oidc_metadata` filled in, unknown keys verbatim, the secret in clear."""
    provider.document["introspection_endpoint"] = "https://x.example/introspect"
    made = create(auth0_tenant, provider, enabled=True)
    assert made["options"]["oidc_metadata"] == provider.document
    assert made["options"]["issuer"] == provider.issuer
    assert made["options"]["token_endpoint"] == f"{provider.issuer}/token"
    assert (made["options"]["schema_version"], made["options"]["client_secret"]) == ("oidc-V4", "s")
    assert (made["enabled_clients"], made["realms"], made["display_name"]) == ([], ["portico"], "portico")
    assert made["authentication"] == {"active": True}
    assert "metadata" not in made


def test_the_document_is_a_snapshot_until_options_are_written_again(
    auth0_tenant: Auth0Tenant, provider: Provider
) -> None:
    """Section 7: later changes are not seen; a PATCH without `oidc_metadata` reads again, one with it does not."""
    made = create(auth0_tenant, provider)
    path = f"/connections/{made['id']}"
    provider.document["jwks_uri"] = f"{provider.issuer}/moved"
    assert auth0_tenant.ask("GET", path)["options"]["jwks_uri"] == f"{provider.issuer}/jwks"
    kept = auth0_tenant.ask("PATCH", path, {"options": made["options"]})
    assert (kept["options"]["jwks_uri"], provider.fetched) == (f"{provider.issuer}/jwks", 1)
    fresh = auth0_tenant.ask("PATCH", path, {"options": provider.options()})
    assert (fresh["options"]["jwks_uri"], provider.fetched) == (f"{provider.issuer}/moved", 2)


def test_a_tenant_may_keep_the_old_document_on_patch(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """[U] h: whether a PATCH without `oidc_metadata` reads the document again."""
    made = create(auth0_tenant, provider)
    auth0_tenant.behave(patch_refreshes_metadata=False)
    provider.document["jwks_uri"] = f"{provider.issuer}/moved"
    after = auth0_tenant.ask("PATCH", f"/connections/{made['id']}", {"options": provider.options()})
    assert (after["options"]["jwks_uri"], provider.fetched) == (f"{provider.issuer}/jwks", 1)


def test_patch_replaces_options_as_a_whole_and_resets_the_display_name(
    auth0_tenant: Auth0Tenant, provider: Provider
) -> None:
    """Section 3.1: what is not sent is gone; `display_name` left out becomes the name."""
    made = create(auth0_tenant, provider, domain_aliases=["acme.example"], scope="openid email")
    path = f"/connections/{made['id']}"
    auth0_tenant.ask("PATCH", path, {"display_name": "Single Sign-On"})
    assert auth0_tenant.ask("GET", path)["options"]["domain_aliases"] == ["acme.example"]
    after = auth0_tenant.ask("PATCH", path, {"options": provider.options()})
    assert not {"domain_aliases", "scope"} & set(after["options"])
    assert after["display_name"] == "portico"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"issuer": None}, '"options.issuer" is missing'),
        ({"jwks_uri": None}, '"options.jwks_uri" is missing'),
        ({"token_endpoint": None}, '"options.token_endpoint" is missing'),
        ({"padding": "x" * 131_072}, "Discovery document exceeds the maximum allowed size of 128 KB"),
        ({"id_token_signing_alg_values_supported": ["ES256"]}, "must include RS256"),
    ],
)
def test_a_document_that_cannot_be_used_makes_no_connection(
    auth0_tenant: Auth0Tenant, provider: Provider, change: dict[str, Any], message: str
) -> None:
    """Sections 3.5 and 7."""
    provider.document |= change
    body = {"name": "portico", "strategy": "oidc", "options": provider.options()}
    answer = auth0_tenant.call("POST", "/connections", body)
    assert refusal(answer) == (400, "invalid_body")
    assert message in answer.json()["message"]
    assert auth0_tenant.ask("GET", "/connections") == []


def test_a_discovery_url_where_nothing_answers_is_a_missing_issuer(auth0_tenant: Auth0Tenant) -> None:
    """Section 3.5: the words of Auth0 for a wrong discovery URL."""
    options = {"type": "back_channel", "client_id": "c", "discovery_url": f"http://127.0.0.1:{free_port()}/"}
    answer = auth0_tenant.call("POST", "/connections", {"name": "x", "strategy": "oidc", "options": options})
    assert answer.json()["message"] == '"options.issuer" is missing'


@pytest.mark.parametrize("name", ["-portico", "portico-", "por tico", "por_tico", "pörtico", "", "a" * 129, "a--b"])
def test_a_name_is_letters_digits_and_single_hyphens(auth0_tenant: Auth0Tenant, provider: Provider, name: str) -> None:
    """Section 3.1: at most 128, begins and ends with a letter or digit."""
    body = {"name": name, "strategy": "oidc", "options": provider.options()}
    assert refusal(auth0_tenant.call("POST", "/connections", body)) == (400, "invalid_body")


def test_a_name_is_taken_once_and_never_changes(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """409 with Auth0's sentence; PATCH knows no `name` and no `strategy`."""
    made = create(auth0_tenant, provider)
    body = {"name": "portico", "strategy": "oidc", "options": provider.options()}
    answer = auth0_tenant.call("POST", "/connections", body)
    assert answer.status == 409
    assert answer.json()["message"] == "A connection with the same name already exists"
    changes: tuple[dict[str, Any], ...] = ({"name": "other"}, {"strategy": "samlp"}, {"enabled_clients": []})
    for change in changes:
        refused = auth0_tenant.call("PATCH", f"/connections/{made['id']}", change)
        assert refusal(refused) == (400, "invalid_body")
        assert "Additional properties not allowed" in refused.json()["message"]


@pytest.mark.parametrize(
    "options",
    [
        {"client_id": None},
        {"type": "sideways"},
        {"scope": "profile"},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"id_token_signed_response_algs": ["HS256"]},
        {"connection_settings": {"pkce": "s256"}},
        {"attribute_map": {"mapping_mode": "basic_profile"}},
        {"upstream_params": {"organization": {"alias": "organization"}}},
        {"upstream_params": {"x": {"alias": "prompt", "value": "y"}}},
        {"domain_aliases": ["acme"]},
        {"domain_aliases": ["acme.example", "ACME.example"]},
        {"domain_aliases": [f"d{number}.example" for number in range(1001)]},
        {"send_back_channel_nonce": "true"},
        {"discovery_url": "https://x.example/" + "a" * 255},
    ],
)
def test_options_that_a_tenant_does_not_take(
    auth0_tenant: Auth0Tenant, provider: Provider, options: dict[str, Any]
) -> None:
    """Sections 1 to 4: enumerations, the alias list, 1,000 domains."""
    body = {"name": "portico", "strategy": "oidc", "options": provider.options() | options}
    assert refusal(auth0_tenant.call("POST", "/connections", body)) == (400, "invalid_body")


def test_a_thousand_domains_are_taken(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """Section 4: the limit itself is allowed."""
    made = create(auth0_tenant, provider, domain_aliases=[f"d{number}.example" for number in range(1000)])
    assert len(made["options"]["domain_aliases"]) == 1000


def test_metadata_is_ten_short_texts(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """Section 3.1: strings of at most 255 characters."""
    made = create(auth0_tenant, provider)
    path = f"/connections/{made['id']}"
    assert auth0_tenant.ask("PATCH", path, {"metadata": {"managed_by": "portico"}})["metadata"]
    for metadata in ({"a": "x" * 256}, {"a": 1}, {str(n): "x" for n in range(11)}):
        assert refusal(auth0_tenant.call("PATCH", path, {"metadata": metadata})) == (400, "invalid_body")


def test_deleting_is_accepted_and_takes_the_links_along(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """202 with `deleted_at`; organizations lose the connection; a second time it is not there."""
    made = create(auth0_tenant, provider)
    organization = auth0_tenant.add_organization("acme")
    enabled = f"/organizations/{organization.id}/enabled_connections"
    auth0_tenant.ask("POST", enabled, {"connection_id": made["id"]})
    answer = auth0_tenant.call("DELETE", f"/connections/{made['id']}")
    assert answer.status == 202
    assert "deleted_at" in answer.json()
    assert auth0_tenant.ask("GET", enabled) == []
    gone = auth0_tenant.call("GET", f"/connections/{made['id']}")
    assert refusal(gone) == (404, "inexistent_connection")
    assert gone.json()["message"] == "The connection does not exist"


def test_both_ways_of_paging(auth0_tenant: Auth0Tenant) -> None:
    """Section 3.4: a bare list, an object with totals, or checkpoints whose last page has no `next`."""
    for number in range(7):
        strategy = ("samlp", "oidc", "waad")[number % 3]
        auth0_tenant.add_connection(strategy, f"c{number}", {})
    assert len(auth0_tenant.ask("GET", "/connections")) == 7
    offset = auth0_tenant.ask("GET", "/connections", page=2, per_page=3, include_totals=True)
    assert (offset["start"], offset["limit"], offset["total"], len(offset["connections"])) == (6, 3, 7, 1)
    names: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = auth0_tenant.ask("GET", "/connections", take=3, strategy=["samlp", "waad"], **after)
        names += [entry["name"] for entry in page["connections"]]
        if "next" not in page:
            break
        after = {"from_": page["next"]}
    assert names == ["c0", "c2", "c3", "c5", "c6"]
    fields = auth0_tenant.ask("GET", "/connections", fields="id,name,strategy", name="c1")
    assert [set(entry) for entry in fields] == [{"id", "name", "strategy"}]
    without = auth0_tenant.ask("GET", "/connections", fields="options", include_fields=False)
    assert all("options" not in entry for entry in without)


@pytest.mark.parametrize(
    "query",
    [
        {"take": 101},
        {"take": 0},
        {"take": "x"},
        {"per_page": 101},
        {"strategy": "saml"},
        {"unknown": "1"},
        {"include_totals": "yes"},
        {"from_": "con_nowhere"},
    ],
)
def test_a_query_is_checked(auth0_tenant: Auth0Tenant, query: dict[str, Any]) -> None:
    """400 `invalid_query_string`."""
    assert refusal(auth0_tenant.call("GET", "/connections", **query)) == (400, "invalid_query_string")


def test_offset_paging_ends_at_a_thousand(auth0_tenant: Auth0Tenant) -> None:
    """Section 3.4: beyond that only checkpoints."""
    assert auth0_tenant.call("GET", "/connections", page=9, per_page=100).status == 200
    assert refusal(auth0_tenant.call("GET", "/connections", page=10, per_page=100)) == (400, "invalid_paging")


def test_enabled_clients_change_one_by_one(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """Section 3.2: 204; 1 to 50 in a call; those that are not named stay; unknown applications are refused."""
    made = create(auth0_tenant, provider)
    first, second = auth0_tenant.add_application("A"), auth0_tenant.add_application("B")
    path = f"/connections/{made['id']}/clients"
    for application in (first, second):
        body = [{"client_id": application.client_id, "status": True}]
        assert auth0_tenant.call("PATCH", path, body).status == 204
    assert auth0_tenant.call("PATCH", path, [{"client_id": first.client_id, "status": False}]).status == 204
    assert auth0_tenant.ask("GET", path) == {"clients": [{"client_id": second.client_id}]}
    many = [{"client_id": first.client_id, "status": True}] * 51
    refused: tuple[Any, ...] = (
        [],
        many,
        {},
        [{"client_id": "unknown", "status": True}],
        [{"client_id": first.client_id}],
    )
    for wrong in refused:
        assert refusal(auth0_tenant.call("PATCH", path, wrong)) == (400, "invalid_body")


def test_keys_are_made_by_private_key_jwt_and_rotated_at_once(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """Section 2: one key, public at the connection's JWKS; rotation replaces it."""
    made = create(auth0_tenant, provider, token_endpoint_auth_method="private_key_jwt")
    path = f"/connections/{made['id']}/keys"
    (key,) = auth0_tenant.ask("GET", path)
    assert refusal(auth0_tenant.call("POST", path))[0] == 409
    rotated = auth0_tenant.ask("POST", f"{path}/rotate")
    assert key["kid"] != rotated["kid"]
    jwks = f"{auth0_tenant.origin}/oauth/connection/portico/.well-known/jwks.json"
    published = auth0_tenant.http.request("GET", jwks).json()
    assert [(entry["kid"], entry["use"], entry["alg"]) for entry in published["keys"]] == [
        (rotated["kid"], "sig", "RS256")
    ]
    assert "d" not in published["keys"][0]


# limits


def test_limits_are_told_and_kept(auth0_tenant: Auth0Tenant) -> None:
    """Section 3.5: `x-ratelimit-*` with every answer, 429 when nothing is left, and on again at `reset`."""
    token = auth0_tenant.token()
    auth0_tenant.limit(api=(0.01, 2))
    first = auth0_tenant.call("GET", "/connections", token=token)
    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("2", "1")
    auth0_tenant.call("GET", "/connections", token=token)
    refused = auth0_tenant.call("GET", "/connections", token=token)
    assert refusal(refused) == (429, "too_many_requests")
    wait = int(refused.headers["x-ratelimit-reset"]) - auth0_tenant.clock().timestamp()
    assert 0 < wait <= 101
    assert auth0_tenant.logs("api_limit")
    auth0_tenant.clock.advance(wait)
    assert auth0_tenant.call("GET", "/connections", token=token).status == 200


def test_connections_of_organizations_have_limits_of_their_own(auth0_tenant: Auth0Tenant) -> None:
    """Section 3.5: reads and writes are counted apart."""
    organization = auth0_tenant.add_organization("acme")
    path = f"/organizations/{organization.id}/enabled_connections"
    auth0_tenant.limit(organization_connections_write=(0.01, 1))
    auth0_tenant.call("POST", path, {"connection_id": "con_x"})
    assert auth0_tenant.call("POST", path, {"connection_id": "con_x"}).status == 429
    assert auth0_tenant.call("GET", path).status == 200
    assert auth0_tenant.call("GET", "/connections").status == 200


# organizations, applications, Actions


def test_an_organizations_connection_and_its_flags(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """Section 3.3: defaults, 409 for a second time, sign-up for databases only, 404 for what is not there."""
    made = create(auth0_tenant, provider)
    organization = auth0_tenant.add_organization("acme", {"a": "1"})
    path = f"/organizations/{organization.id}/enabled_connections"
    added = auth0_tenant.call("POST", path, {"connection_id": made["id"]})
    assert (added.status, added.json()) == (
        201,
        {
            "connection_id": made["id"],
            "assign_membership_on_login": False,
            "show_as_button": True,
            "is_signup_enabled": False,
            "connection": {"name": "portico", "strategy": "oidc"},
        },
    )
    assert auth0_tenant.call("POST", path, {"connection_id": made["id"]}).status == 409
    one = f"{path}/{made['id']}"
    assert auth0_tenant.ask("PATCH", one, {"show_as_button": False})["show_as_button"] is False
    refused = auth0_tenant.call("PATCH", one, {"is_signup_enabled": True})
    assert refusal(refused) == (400, "operation_not_supported")
    listed = auth0_tenant.ask("GET", path, include_totals=True)
    assert (listed["total"], listed["enabled_connections"][0]["connection_id"]) == (1, made["id"])
    assert auth0_tenant.call("DELETE", one).status == 204
    assert refusal(auth0_tenant.call("GET", one)) == (404, "inexistent_connection")
    nobody = auth0_tenant.call("POST", "/organizations/org_x/enabled_connections", {"connection_id": made["id"]})
    assert refusal(nobody) == (404, "inexistent_organization")


def test_an_organizations_metadata_is_replaced_as_a_whole(auth0_tenant: Auth0Tenant) -> None:
    """Whoever forgets the others loses them."""
    organization = auth0_tenant.add_organization("acme", {"plan": "a"})
    after = auth0_tenant.ask("PATCH", f"/organizations/{organization.id}", {"metadata": {"portico_org": "org-1"}})
    assert after["metadata"] == {"portico_org": "org-1"}
    assert refusal(auth0_tenant.call("PATCH", f"/organizations/{organization.id}", {"id": "x"}))[0] == 400


def test_a_discovery_domain_belongs_to_one_organization(auth0_tenant: Auth0Tenant) -> None:
    """409 in another organization, and at most a hundred in one."""
    first, second = auth0_tenant.add_organization("a"), auth0_tenant.add_organization("b")
    path = f"/organizations/{first.id}/discovery-domains"
    made = auth0_tenant.ask("POST", path, {"domain": "Acme.example"})
    assert (made["domain"], made["status"]) == ("acme.example", "pending")
    other = f"/organizations/{second.id}/discovery-domains"
    assert auth0_tenant.call("POST", other, {"domain": "acme.example"}).status == 409
    for number in range(99):
        auth0_tenant.ask("POST", path, {"domain": f"d{number}.example"})
    assert refusal(auth0_tenant.call("POST", path, {"domain": "one-more.example"})) == (400, "operation_not_supported")


def test_an_action_is_built_before_it_is_deployed_and_deployed_before_it_is_bound(auth0_tenant: Auth0Tenant) -> None:
    """And one that is bound is deleted only by force."""
    trigger = [{"id": "post-login", "version": "v3"}]
    body = {"name": "A", "supported_triggers": trigger, "code": "//", "secrets": [{"name": "K", "value": "hidden"}]}
    made = auth0_tenant.ask("POST", "/actions/actions", body)
    path, bindings = f"/actions/actions/{made['id']}", "/actions/triggers/post-login/bindings"
    wanted = {"bindings": [{"ref": {"type": "action_name", "value": "A"}, "display_name": "A"}]}
    assert refusal(auth0_tenant.call("POST", f"{path}/deploy")) == (400, "action_not_built")
    assert refusal(auth0_tenant.call("PATCH", bindings, wanted)) == (400, "action_not_deployed")
    assert auth0_tenant.ask("GET", path)["status"] == "built"
    assert auth0_tenant.call("POST", f"{path}/deploy").status == 202
    bound = auth0_tenant.ask("PATCH", bindings, wanted)["bindings"]
    assert [entry["action"]["name"] for entry in bound] == ["A"]
    again = auth0_tenant.ask(
        "PATCH", bindings, {"bindings": [{"ref": {"type": "binding_id", "value": bound[0]["id"]}}]}
    )
    assert again["bindings"][0]["id"] == bound[0]["id"]
    assert auth0_tenant.call("DELETE", path).status == 409
    everything = auth0_tenant.call("GET", path).body + auth0_tenant.call("GET", bindings).body
    assert b"hidden" not in everything
    assert auth0_tenant.call("DELETE", path, force=True).status == 204
    assert auth0_tenant.ask("GET", bindings)["bindings"] == []


def test_changing_an_action_changes_nothing_that_runs_until_it_is_deployed(auth0_tenant: Auth0Tenant) -> None:
    """A draft is not what is deployed; secrets without a value keep it, those left out are gone."""
    body = {"name": "A", "supported_triggers": [{"id": "post-login"}], "code": "// 1"}
    secrets = [{"name": "K", "value": "k"}, {"name": "L", "value": "l"}]
    made = auth0_tenant.ask("POST", "/actions/actions", body | {"secrets": secrets})
    path = f"/actions/actions/{made['id']}"
    auth0_tenant.ask("GET", path)
    auth0_tenant.ask("POST", f"{path}/deploy")
    changed = auth0_tenant.ask("PATCH", path, {"code": "// 2", "secrets": [{"name": "K"}]})
    assert (changed["all_changes_deployed"], changed["status"]) == (False, "pending")
    action = auth0_tenant.standin.tenant.actions.find(made["id"])
    assert action is not None
    assert action.deployed is not None
    assert (action.deployed.code, action.secrets) == ("// 1", {"K": "k"})
    assert refusal(auth0_tenant.call("PATCH", path, {"secrets": [{"name": "M"}]})) == (400, "invalid_body")


# users and logs


def test_a_profile_is_found_by_its_primary_id_alone(auth0_tenant: Auth0Tenant) -> None:
    """Linking removes the secondary profile; linking it again, or to itself, is refused; the primary stays primary."""
    auth0_tenant.add_user("samlp|acme|ada", "acme", email="ada@acme.example")
    auth0_tenant.add_user("oidc|portico|s", "portico", portico_org="org-1")
    link = {"provider": "oidc", "user_id": "portico|s"}
    path = "/users/samlp%7Cacme%7Cada"
    assert auth0_tenant.call("POST", f"{path}/identities", link).status == 201
    record = auth0_tenant.ask("GET", path)
    assert record["user_id"] == "samlp|acme|ada"
    assert record["identities"][1] == {
        "provider": "oidc",
        "user_id": "portico|s",
        "connection": "portico",
        "isSocial": False,
        "profileData": {"portico_org": "org-1"},
    }
    assert "portico_org" not in record
    assert refusal(auth0_tenant.call("GET", "/users/oidc%7Cportico%7Cs")) == (404, "inexistent_user")
    assert auth0_tenant.call("POST", f"{path}/identities", link).status == 409
    own = {"provider": "samlp", "user_id": "acme|ada"}
    assert refusal(auth0_tenant.call("POST", f"{path}/identities", own)) == (400, "operation_not_supported")
    assert auth0_tenant.call("DELETE", f"{path}/identities/samlp/acme%7Cada").status == 400
    assert auth0_tenant.call("DELETE", f"{path}/identities/oidc/portico%7Cs").status == 200
    assert auth0_tenant.ask("GET", "/users/oidc%7Cportico%7Cs")["portico_org"] == "org-1"


def test_the_log_is_read_by_search_or_by_checkpoint(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """Section 10: creation events by `q`; everything in order by `from` and `take`; secrets are not in it."""
    create(auth0_tenant, provider, "one", client_secret="very-hidden")
    create(auth0_tenant, provider, "two")
    auth0_tenant.ask("GET", "/connections")
    query = 'type:sapi AND description:"Create a connection"'
    found = auth0_tenant.ask("GET", "/logs", q=query, include_totals=True)
    assert found["total"] == 2
    newest = found["logs"][0]["details"]["request"]
    assert (newest["method"], newest["path"], newest["body"]["name"]) == ("post", "/api/v2/connections", "two")
    seen, after = [], ""
    while page := auth0_tenant.ask("GET", "/logs", take=1, **({"from_": after} if after else {})):
        seen.append(page[0]["type"])
        after = page[0]["log_id"]
    assert seen == ["sapi", "sapi", "mgmt_api_read"]
    assert "very-hidden" not in str(auth0_tenant.ask("GET", "/logs"))
    assert refusal(auth0_tenant.call("GET", "/logs", q="type:(")) == (400, "invalid_query_string")


def test_what_is_no_endpoint_or_no_json_is_said_as_auth0_says_it(auth0_tenant: Auth0Tenant) -> None:
    """404 `Not Found`; 400 for a body that cannot be read."""
    assert refusal(auth0_tenant.call("GET", "/hooks")) == (404, "")
    headers = {"Authorization": f"Bearer {auth0_tenant.token()}", "Content-Type": "application/json"}
    answer = auth0_tenant.http.request("POST", f"{auth0_tenant.origin}/api/v2/connections", headers=headers)
    assert refusal(answer) == (400, "invalid_body")
    large = auth0_tenant.call("POST", "/connections", {"name": "x" * 1_048_577})
    assert refusal(large) == (413, "")


def test_resetting_makes_everything_as_it_was(auth0_tenant: Auth0Tenant, provider: Provider) -> None:
    """Records, limits, switches, log."""
    create(auth0_tenant, provider)
    auth0_tenant.limit(api=(0.01, 1))
    auth0_tenant.behave(membership_required=False)
    auth0_tenant.reset()
    assert auth0_tenant.ask("GET", "/connections") == []
    assert auth0_tenant.standin.tenant.behaviour.membership_required
    assert auth0_tenant.logs() == []
