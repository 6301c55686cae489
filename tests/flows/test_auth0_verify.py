"""`portico auth0 verify`: drift per option, what Auth0 copied, that onboarding made nothing (issue 6, item 2)."""

from __future__ import annotations

from typing import Any

import pytest

from app.auth0.errors import Auth0CredentialsRefused
from app.auth0.watching import keep_verifying
from app.cli.checks import check_trust
from app.notices import NoticeKind, list_notices
from app.provider.discovery import build_discovery
from tests.support.auth0_trust import Trust, drifted


@pytest.fixture
def trusted(trust: Trust) -> Trust:
    trust.connect()
    return trust


def test_a_trust_that_was_just_made_is_in_order(trusted: Trust) -> None:
    report = trusted.verify()
    assert report["ok"] is True, drifted(report)
    assert [check["name"] for check in report["checks"]] == [
        "scopes", "one-connection", "client", "connection", "keys", "action", "binding", "organizations", "applications",
        "domains", "discovery", "jwks", "connections", "creations", "logins",
    ]  # fmt: skip
    assert report["connection"] == {"id": trusted.connection()["id"], "name": "portico"}
    assert next(one for one in report["checks"] if one["name"] == "jwks")["facts"]["fetched"]


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"type": "front_channel"}, "options.type"),
        ({"scope": "openid"}, "options.scope"),
        ({"id_token_signed_response_algs": ["RS256", "RS512"]}, "options.id_token_signed_response_algs"),
        ({"send_back_channel_nonce": False}, "options.send_back_channel_nonce"),
        ({"connection_settings": {"pkce": "disabled"}}, "options.connection_settings.pkce"),
        ({"attribute_map": {"mapping_mode": "use_map"}}, "options.attribute_map.mapping_mode"),
        ({"upstream_params": None}, "options.upstream_params"),
        ({"upstream_params": {"acr_values": {"value": "fixed"}}}, "options.upstream_params.acr_values"),
        ({"set_user_root_attributes": "never_on_login"}, "options.set_user_root_attributes"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "options.token_endpoint_auth_method"),
        ({"client_id": "cli-other"}, "options.client_id"),
        ({"client_secret": "s3cr3t-of-somebody"}, "options.client_secret"),
        ({"id_token_session_expiry_supported": True}, "options.id_token_session_expiry_supported"),
        ({"dpop_signing_alg": "ES256"}, "options.dpop_signing_alg"),
    ],
)
def test_each_option_that_drifted_is_named(trusted: Trust, options: dict[str, Any], path: str) -> None:
    trusted.change_options(**options)
    report = trusted.verify()
    assert report["ok"] is False
    assert path in drifted(report)["connection"]
    assert "s3cr3t-of-somebody" not in str(report)


def test_what_is_not_ours_is_no_drift(trusted: Trust) -> None:
    upstream = trusted.connection()["options"]["upstream_params"] | {"portico_rp": {"value": "prod"}}
    trusted.change_options(icon_url="https://x.example/i.png", upstream_params=upstream, scope="email openid profile")
    assert trusted.verify()["ok"] is True


@pytest.mark.parametrize(
    "changes",
    [{"show_as_button": True}, {"metadata": {"managed_by": "portico"}}, {"authentication": {"active": False}}],
)
def test_members_beside_the_options_are_looked_at(trusted: Trust, changes: dict[str, Any]) -> None:
    stored = trusted.connection()
    trusted.tenant.ask("PATCH", f"/connections/{stored['id']}", {**changes, "display_name": stored["display_name"]})
    assert "connection" in drifted(trusted.verify())


def test_a_copy_of_our_discovery_document_that_is_old_is_seen(trusted: Trust) -> None:
    """Section 7: Auth0 never looks again by itself."""
    old = build_discovery(trusted.issuer)
    del old["end_session_endpoint"]
    trusted.change_options(oidc_metadata=old, jwks_uri="https://old.example/jwks")
    report = drifted(trusted.verify())
    assert "options.oidc_metadata.end_session_endpoint" in report["discovery"]
    assert "options.jwks_uri" in report["discovery"]
    assert report["jwks"] == ["options.jwks_uri"]


def test_an_action_that_is_old_edited_undeployed_or_unbound_is_seen(trusted: Trust) -> None:
    """The version mark tells an old one from one that somebody edited."""
    (action,) = trusted.tenant.ask("GET", "/actions/actions")["actions"]
    path = f"/actions/actions/{action['id']}"

    def deploy(code: str) -> Any:
        trusted.tenant.ask("PATCH", path, {"code": code})
        trusted.tenant.ask("GET", path)
        trusted.tenant.ask("POST", f"{path}/deploy", {})
        report = trusted.verify()
        return next(one for one in report["checks"] if one["name"] == "action")

    assert deploy(action["code"].replace("Version 1.", "Version 0."))["differences"][0]["found"] == "version 0"
    assert deploy(action["code"].replace("return '';", "return ''; // open"))["differences"][0]["found"] == "other code"
    assert deploy(action["code"].replace("\n", "\r\n"))["state"] == "ok"
    trusted.tenant.ask("PATCH", "/actions/triggers/post-login/bindings", {"bindings": []})
    assert drifted(trusted.verify()) == {"binding": ["action.bound"]}


def test_onboarding_customers_makes_no_connection(trusted: Trust) -> None:
    """Section 10: the list before and after, creation events, one connection id in the login events."""
    for number in range(3):
        trusted.api.add_organization(f"onboarded-{number}.example.com")
    report = {one["name"]: one for one in trusted.verify()["checks"]}
    assert report["connections"]["facts"]["before"] == report["connections"]["facts"]["after"] == 1
    assert report["creations"]["facts"]["events"] == []
    assert report["logins"]["message"] == "Nobody signed in yet."


def test_a_connection_that_somebody_made_is_seen_three_ways(trusted: Trust) -> None:
    trusted.clock.advance(minutes=5)
    made = trusted.tenant.ask("POST", "/connections", {"name": "acme-saml", "strategy": "samlp", "options": {}})
    entry = {"connection": "portico", "connection_id": made["id"], "user_id": "oidc|portico|x", "strategy": "oidc"}
    trusted.tenant.standin.tenant.log.add("s", "logged in", **entry)
    report = trusted.verify()
    found = {one["name"]: one for one in report["checks"] if one["state"] == "drift"}
    assert set(found) == {"connections", "creations", "logins"}
    assert found["connections"]["facts"]["made"] == [{"id": made["id"], "name": "acme-saml", "strategy": "samlp"}]
    assert [event["name"] for event in found["creations"]["facts"]["events"]] == ["acme-saml"]
    accepted = drifted(trusted.verify(new_baseline=True))
    assert "connections" not in accepted
    assert "creations" not in accepted


def test_without_the_log_nothing_is_proven(trust: Trust) -> None:
    """The absence of a check is not a success."""
    needed = ("read:connections", "create:connections", "update:connections", "read:connections_options",
              "update:connections_options", "read:actions", "create:actions", "update:actions")  # fmt: skip
    trust.connect(trust.credentials(*needed))
    report = trust.verify()
    assert report["ok"] is False
    assert {one["name"]: one["state"] for one in report["checks"] if one["state"] != "ok"} == {
        "scopes": "unknown",
        "creations": "unknown",
    }


def test_a_second_connection_that_says_to_be_ours_is_drift_and_no_failure(trusted: Trust) -> None:
    options = trusted.connection()["options"]
    body = {"name": "second", "strategy": "oidc", "options": options, "metadata": {"managed_by": "portico"}}
    trusted.tenant.ask("POST", "/connections", body)
    report = trusted.verify()
    single = next(one for one in report["checks"] if one["name"] == "one-connection")
    assert (report["ok"], single["state"], single["facts"]["connections"]) == (False, "drift", ["portico", "second"])


def test_a_connection_that_is_gone_is_drift(trusted: Trust) -> None:
    trusted.tenant.ask("DELETE", f"/connections/{trusted.connection()['id']}")
    assert "one-connection" in drifted(trusted.verify())


def test_the_last_report_is_stored_and_shown(trusted: Trust) -> None:
    report = trusted.verify()
    shown = trusted.api.get("/auth0")
    assert shown["report"] == report
    assert shown["verified_at"] is not None
    assert shown["steps"]["connection"]["state"] == "done"


def test_operators_get_a_notice_as_long_as_something_drifts(trusted: Trust) -> None:
    """The job: a notice on drift, closed by itself."""

    def kinds() -> list[str]:
        with trusted.app.app_context():
            keep_verifying(trusted.auth0, trusted.clock())
            return [row.kind for row in list_notices(limit=10)]

    assert kinds() == []
    trusted.change_options(send_back_channel_nonce=False)
    assert kinds() == [NoticeKind.AUTH0_DRIFT]
    trusted.connect()
    assert kinds() == []
    trusted.tenant.reset()
    assert kinds() == [NoticeKind.AUTH0_FAILING]


def test_credentials_are_sealed_masked_and_forgotten(trusted: Trust) -> None:
    """They are in no answer and no log, unreadable in the database, and gone when they are forgotten."""
    row = trusted.row()
    assert row.management_client_secret is not None
    assert "machine-secret" not in row.management_client_secret
    shown = str(trusted.api.get("/auth0")) + str(trusted.api.get("/audit-events"))
    assert "machine-secret" not in shown
    assert str(trusted.connection()["options"]["client_secret"]) not in shown + str(row.report)
    trusted.api.delete("/auth0/credentials")
    with trusted.app.app_context(), pytest.raises(Auth0CredentialsRefused):
        trusted.auth0.open_tenant()


def test_the_doctor_knows_how_the_trust_stands(trusted: Trust) -> None:
    """Without asking the tenant: never verified, in order, drifted, long ago."""

    def found() -> tuple[str, str]:
        with trusted.app.app_context():
            check = check_trust(trusted.app, trusted.app.extensions["portico"])
        return check.state, check.fix.partition(":")[0].partition(",")[0]

    assert found() == ("warn", "Run portico auth0 verify.")
    trusted.verify()
    assert found() == ("ok", "")
    trusted.clock.advance(days=8)
    assert found() == ("warn", "Run portico auth0 verify")
    trusted.change_options(send_back_channel_nonce=False)
    trusted.verify()
    assert found() == ("warn", "Run portico auth0 verify")
