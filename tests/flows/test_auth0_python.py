"""Auth0's own Python client, unchanged, against the stand-in: every call that Portico, its guides or its tests make.

Requirement: issue 6, item 8. The client insists on https, so the tenant is served with a throw-away certificate; its models
refuse an answer whose shape is not Auth0's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError
from auth0.management.types.update_enabled_client_connections_request_content_item import (
    UpdateEnabledClientConnectionsRequestContentItem as Enabled,
)
from flask import Flask, jsonify
from werkzeug.serving import make_server

from tests.support.auth0_tenant import Auth0Tenant, run_auth0_tenant
from tests.support.authority import make_server_tls
from tests.support.gateway import free_port

MANAGED: dict[str, str | None] = {"managed_by": "portico"}


@pytest.fixture(scope="module")
def discovery() -> Iterator[str]:
    """The discovery document of a provider, at a URL."""
    port = free_port()
    issuer = f"http://idp.localhost:{port}"
    provider = Flask("provider")

    @provider.get("/.well-known/openid-configuration")
    def document() -> Any:
        return jsonify(
            issuer=issuer,
            authorization_endpoint=f"{issuer}/authorize",
            token_endpoint=f"{issuer}/token",
            jwks_uri=f"{issuer}/jwks",
            id_token_signing_alg_values_supported=["RS256"],
            introspection_endpoint=f"{issuer}/introspect",
        )

    server = make_server("127.0.0.1", port, provider)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"{issuer}/.well-known/openid-configuration"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Auth0Tenant]:
    """One tenant over TLS."""
    tls = make_server_tls(tmp_path_factory.mktemp("tls"), "localhost")
    with run_auth0_tenant(host="localhost", tls=tls) as running:
        yield running


@pytest.fixture
def auth0(tenant: Auth0Tenant, monkeypatch: pytest.MonkeyPatch) -> ManagementClient:
    """The client, which fetches its token by client credentials."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tenant.ca))
    tenant.reset()
    return client_of(tenant)


def client_of(tenant: Auth0Tenant, *scopes: str) -> ManagementClient:
    machine = tenant.machine(*scopes)
    domain = tenant.origin.removeprefix("https://")
    return ManagementClient(domain=domain, client_id=machine.client_id, client_secret=machine.client_secret)


def options(discovery: str, **more: Any) -> Any:
    recommended: dict[str, Any] = {
        "type": "back_channel",
        "discovery_url": discovery,
        "client_id": "auth0-prod",
        "client_secret": "upstream-secret",
        "scope": "openid profile email",
        "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_algs": ["RS256"],
        "send_back_channel_nonce": True,
        "connection_settings": {"pkce": "S256"},
        "attribute_map": {"mapping_mode": "bind_all"},
        "upstream_params": {"login_hint": {"alias": "login_hint"}, "acr_values": {"alias": "acr_values"}},
        "domain_aliases": ["acme.example"],
    }
    return recommended | more


def make_connection(auth0: ManagementClient, discovery: str, name: str = "portico") -> Any:
    return auth0.connections.create(
        name=name, strategy="oidc", metadata=MANAGED, show_as_button=False, options=options(discovery)
    )


def test_a_connection_is_made_read_changed_and_deleted(auth0: ManagementClient, discovery: str) -> None:
    """Sections 3.1 and 7: the document is stored whole, the secret comes back in clear."""
    made = make_connection(auth0, discovery)
    assert made.id
    assert made.id.startswith("con_")
    read = auth0.connections.get(made.id)
    stored: Any = dict(read.options or {})
    assert stored["oidc_metadata"]["introspection_endpoint"].endswith("/introspect")
    assert stored["client_secret"] == "upstream-secret"
    assert stored["schema_version"] == "oidc-V4"
    changed = auth0.connections.update(
        made.id, display_name="Single Sign-On", options=stored | {"domain_aliases": ["acme.example", "b.example"]}
    )
    assert changed.display_name == "Single Sign-On"
    assert [entry.name for entry in auth0.connections.list(strategy=["oidc"])] == ["portico"]
    auth0.connections.delete(made.id)
    with pytest.raises(ApiError) as refused:
        auth0.connections.get(made.id)
    assert (refused.value.status_code, refused.value.body["errorCode"]) == (404, "inexistent_connection")


def test_a_connection_is_enabled_for_applications_and_has_keys(
    auth0: ManagementClient, tenant: Auth0Tenant, discovery: str
) -> None:
    """Sections 2 and 3.2."""
    made = make_connection(auth0, discovery)
    application = tenant.add_application("Ledgerline")
    auth0.connections.clients.update(made.id, request=[Enabled(client_id=application.client_id, status=True)])
    assert [entry.client_id for entry in auth0.connections.clients.get(made.id)] == [application.client_id]
    (first,) = auth0.connections.keys.create(made.id)
    rotated = auth0.connections.keys.rotate(made.id)
    (current,) = auth0.connections.keys.get(made.id)
    assert first.kid != rotated.kid == current.kid
    published = tenant.http.request("GET", f"{tenant.origin}/oauth/connection/portico/.well-known/jwks.json").json()
    assert [key["kid"] for key in published["keys"]] == [current.kid]


def test_an_organization_gets_metadata_the_connection_domains_and_members(
    auth0: ManagementClient, tenant: Auth0Tenant, discovery: str
) -> None:
    """Sections 3.3 and 4."""
    made = make_connection(auth0, discovery)
    organization = auth0.organizations.create(name="acme", display_name="Acme", metadata={"plan": "a"})
    assert organization.id
    auth0.organizations.update(organization.id, metadata={"portico_org": "org-1"})
    assert auth0.organizations.get(organization.id).metadata == {"portico_org": "org-1"}
    assert auth0.organizations.get_by_name("acme").id == organization.id
    assert [entry.name for entry in auth0.organizations.list()] == ["acme"]
    enabled = auth0.organizations.enabled_connections
    added = enabled.add(organization.id, connection_id=made.id, assign_membership_on_login=False)
    assert (added.show_as_button, added.is_signup_enabled) == (True, False)
    enabled.update(organization.id, made.id, show_as_button=False)
    assert enabled.get(organization.id, made.id).show_as_button is False
    assert [entry.connection_id for entry in enabled.list(organization.id)] == [made.id]
    domains = auth0.organizations.discovery_domains
    domain = domains.create(organization.id, domain="acme.example", status="verified")
    assert domains.get(organization.id, domain.id).domain == "acme.example"
    assert domains.get_by_name(organization.id, "acme.example").id == domain.id
    domains.update(organization.id, domain.id, use_for_organization_discovery=False)
    assert [entry.status for entry in domains.list(organization.id)] == ["verified"]
    domains.delete(organization.id, domain.id)
    tenant.add_user("oidc|portico|ada", "portico", email="ada@acme.example")
    auth0.organizations.members.create(organization.id, members=["oidc|portico|ada"])
    assert [entry.user_id for entry in auth0.organizations.members.list(organization.id)] == ["oidc|portico|ada"]
    assert [entry.id for entry in auth0.users.organizations.list("oidc|portico|ada")] == [organization.id]
    auth0.organizations.members.delete(organization.id, members=["oidc|portico|ada"])
    enabled.delete(organization.id, made.id)
    auth0.organizations.delete(organization.id)
    assert list(auth0.organizations.list()) == []


def test_applications_are_listed_and_changed(auth0: ManagementClient, tenant: Auth0Tenant) -> None:
    """Section 3.3: `organization_usage` and its kin."""
    application = tenant.add_application("Ledgerline")
    changed = auth0.clients.update(
        application.client_id, organization_usage="require", organization_require_behavior="no_prompt"
    )
    assert changed.organization_usage == "require"
    assert auth0.clients.get(application.client_id).name == "Ledgerline"
    assert [entry.client_id for entry in auth0.clients.list()] == [application.client_id]
    assert auth0.custom_domains.list() == []


def test_an_action_is_made_built_deployed_and_bound(auth0: ManagementClient) -> None:
    """What `portico auth0 connect` does; a secret's value is never readable."""
    made = auth0.actions.create(
        name="Portico login",
        supported_triggers=[{"id": "post-login", "version": "v3"}],  # type: ignore[list-item]
        code="exports.onExecutePostLogin = async () => {};",
        runtime="node22",
        secrets=[{"name": "KEY", "value": "hidden"}],  # type: ignore[list-item]
    )
    assert made.id
    assert made.status == "pending"
    built = auth0.actions.get(made.id)
    assert built.status == "built"
    assert "hidden" not in built.model_dump_json()
    deployed = auth0.actions.deploy(made.id)
    assert deployed.deployed is True
    bindings = auth0.actions.triggers.bindings
    ref = {"type": "action_id", "value": made.id}
    bindings.update_many("post-login", bindings=[{"ref": ref, "display_name": "Portico"}])
    (bound,) = bindings.list("post-login")
    assert bound.action
    assert bound.action.id == made.id
    auth0.actions.update(made.id, code="exports.onExecutePostLogin = async () => { /* 2 */ };")
    assert auth0.actions.get(made.id).all_changes_deployed is False
    assert [entry.name for entry in auth0.actions.list(action_name="Portico login")] == ["Portico login"]
    bindings.update_many("post-login", bindings=[])
    auth0.actions.delete(made.id)


def test_users_are_found_linked_and_unlinked(auth0: ManagementClient, tenant: Auth0Tenant) -> None:
    """Section 12: the old profile is primary, keeps its id, and gets the new identity."""
    tenant.add_user("samlp|acme|ada", "acme", email="ada@acme.example", name="Ada")
    tenant.add_user("oidc|portico|s-1", "portico", email="ada@acme.example", portico_org="org-1")
    found = auth0.users.list(q='identities.connection:"acme"')
    assert [entry.user_id for entry in found] == ["samlp|acme|ada"]
    assert len(auth0.users.list_users_by_email(email="ada@acme.example")) == 2
    identities = auth0.users.identities.link("samlp|acme|ada", provider="oidc", user_id="portico|s-1")
    assert [(entry.provider, entry.connection) for entry in identities] == [("samlp", "acme"), ("oidc", "portico")]
    assert dict(identities[1].profile_data or {})["portico_org"] == "org-1"
    with pytest.raises(ApiError) as refused:
        auth0.users.get("oidc|portico|s-1")
    assert refused.value.body["errorCode"] == "inexistent_user"
    auth0.users.update("samlp|acme|ada", app_metadata={"moved": True})
    assert dict(auth0.users.get("samlp|acme|ada").app_metadata or {}) == {"moved": True}
    auth0.users.identities.delete("samlp|acme|ada", "oidc", "portico|s-1")
    assert auth0.users.get("oidc|portico|s-1").email == "ada@acme.example"
    auth0.users.delete("oidc|portico|s-1")


def test_the_log_proves_what_was_made(auth0: ManagementClient, discovery: str) -> None:
    """Section 10: creations are `sapi`, reads of secrets `mgmt_api_read`."""
    made = make_connection(auth0, discovery)
    auth0.connections.get(made.id)
    entries = list(auth0.logs.list(search='type:sapi AND description:"Create a connection"'))
    assert [entry.type for entry in entries] == ["sapi"]
    assert auth0.logs.get(str(entries[0].log_id)).description == "Create a connection"
    assert [entry.type for entry in auth0.logs.list(search="type:mgmt_api_read")] == ["mgmt_api_read"]


def test_a_missing_scope_is_named(tenant: Auth0Tenant, auth0: ManagementClient) -> None:
    """403 `insufficient_scope`."""
    with pytest.raises(ApiError) as refused:
        client_of(tenant, "read:clients").connections.list()
    assert refused.value.status_code == 403
    assert refused.value.body["errorCode"] == "insufficient_scope"
    assert "read:connections" in refused.value.body["message"]


def test_pages_are_followed_to_their_end(tenant: Auth0Tenant, auth0: ManagementClient) -> None:
    """Checkpoint paging: `next` until there is none."""
    for number in range(23):
        tenant.add_connection("samlp", f"customer-{number}", {"signInEndpoint": "https://idp.example/"})
    names = [entry.name for entry in auth0.connections.list(take=5, strategy=["samlp"])]
    assert names == [f"customer-{number}" for number in range(23)]
