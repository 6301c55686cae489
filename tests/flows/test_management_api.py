"""The management API as a script meets it: the tables of the reference, problem details, pages, idempotent writes.

Item 7 of the first issue.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.database import db
from app.management import OPERATIONS
from tests.support.clock import SettableClock
from tests.support.whole_app import Api, whole_app

OIDC = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "s3cret-of-the-idp"}


@pytest.fixture
def whole(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path) as app:
        yield app


@pytest.fixture
def api(whole: Flask, clock: SettableClock) -> Api:
    return Api(whole, clock)


def make_connection(api: Api, **more: Any) -> dict[str, Any]:
    organization = api.ok("POST", "/organizations", {"name": "Halden Freight"})
    path = f"/organizations/{organization['id']}/connections"
    made: dict[str, Any] = api.ok("POST", path, {"adapter": "oidc", "settings": OIDC, **more})
    return made


# --- Who may call


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Basic eDp5", "Bearer nothing", "Bearer \xe4", "bearer" + " x" * 200, "Token abc"],
)
def test_without_a_valid_key_every_answer_is_the_same_401(api: Api, header: str | None) -> None:
    """M1: missing, empty, malformed and unknown keys look alike, and nothing else of the request is read."""
    headers = {"Authorization": header} if header is not None else {"Authorization": ""}
    response = api.send("POST", "/organizations", data=b"{broken", headers=headers)
    problem = response.json
    assert response.status_code == 401
    assert problem is not None
    assert (problem["code"], problem["errors"]) == ("unauthorized", [])
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key_is_refused_at_its_next_request(api: Api, whole: Flask, clock: SettableClock) -> None:
    other = Api(whole, clock)
    other.ok("GET", "/organizations")
    api.ok("DELETE", f"/api-keys/{other.key_id}")
    assert other.refused("GET", "/organizations")[0] == 401


def test_every_call_needs_its_scope(whole: Flask, clock: SettableClock) -> None:
    """M8: a key without the scope gets 403 before its body is looked at."""
    auditor, keeper = Api(whole, clock, "audit:read"), Api(whole, clock, "api-keys:read")
    for operation in OPERATIONS:
        caller = keeper if operation.scope.startswith("audit:") else auditor
        path = re.sub(r"{\w+}", "x", operation.path)
        status, problem = caller.refused(operation.method, path, data=b"{broken")
        assert (status, problem["code"]) == (403, "insufficient-scope"), operation.id
        assert operation.scope in problem["detail"]


def test_write_covers_read_but_not_the_other_way_round(whole: Flask, clock: SettableClock) -> None:
    writer = Api(whole, clock, "organizations:write")
    reader = Api(whole, clock, "organizations:read")
    writer.ok("POST", "/organizations", {"name": "A"})
    assert len(writer.ok("GET", "/organizations")["items"]) == 1
    assert reader.refused("POST", "/organizations", {"name": "B"})[0] == 403


def test_a_key_cannot_make_a_key_that_may_do_more(whole: Flask, clock: SettableClock) -> None:
    caller = Api(whole, clock, "api-keys:write", "audit:read")
    made = caller.ok("POST", "/api-keys", {"name": "less", "scopes": ["audit:read"]})
    assert made["api_key"]
    assert caller.refused("POST", "/api-keys", {"name": "more", "scopes": ["clients:write"]})[0] == 403
    assert caller.refused("POST", "/api-keys", {"name": "all"})[0] == 403


# --- The resources


def test_a_client_shows_its_secret_once(api: Api) -> None:
    body = {"name": "Auth0", "redirect_uris": ["https://acme.eu.auth0.com/login/callback"]}
    made = api.ok("POST", "/clients", body)
    assert made["id"] == made["client_id"]
    assert made["id"].startswith("cli-")
    secret = made["client_secret"]
    shown = api.send("GET", f"/clients/{made['id']}").text + api.send("GET", f"/clients/{made['id']}/secrets").text
    assert secret not in shown
    assert "secret_hash" not in shown


def test_client_secrets_overlap_and_are_revoked_one_by_one(api: Api) -> None:
    made = api.ok("POST", "/clients", {"name": "Auth0", "redirect_uris": ["https://a.example/cb"]})
    added = api.ok("POST", f"/clients/{made['id']}/secrets")
    assert added["client_secret"] != made["client_secret"]
    listed = api.ok("GET", f"/clients/{made['id']}/secrets")["items"]
    first = next(item for item in listed if item["id"] != added["id"])
    api.ok("DELETE", f"/clients/{made['id']}/secrets/{first['id']}")
    states = {item["id"]: item["revoked_at"] for item in api.ok("GET", f"/clients/{made['id']}/secrets")["items"]}
    assert states[first["id"]] is not None
    assert states[added["id"]] is None


def test_a_client_is_changed_and_deleted(api: Api) -> None:
    made = api.ok("POST", "/clients", {"name": "Auth0", "redirect_uris": ["https://a.example/cb"]})
    changed = api.ok("PATCH", f"/clients/{made['id']}", {"status": "disabled", "initiate_login_uri": None})
    assert (changed["status"], changed["name"]) == ("disabled", "Auth0")
    api.ok("DELETE", f"/clients/{made['id']}")
    assert api.refused("GET", f"/clients/{made['id']}")[0] == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "redirect_uris"),
        ({"name": "x", "redirect_uris": ["http://evil.example/cb"]}, "redirect_uris[0]"),
        ({"name": "x", "redirect_uris": ["https://a.example/cb#f"]}, "redirect_uris[0]"),
        ({"name": "x", "redirect_uris": "https://a.example/cb"}, "redirect_uris"),
        ({"name": "x", "redirect_uris": ["https://a.example/*"]}, "redirect_uris[0]"),
        ({"name": 5, "redirect_uris": ["https://a.example/cb"]}, "name"),
        ({"name": "x", "redirect_uris": ["https://a.example/cb"], "token_endpoint_auth_method": "none"},
         "token_endpoint_auth_method"),
        ({"name": "x", "redirect_uris": ["https://a.example/cb"], "require_pkce": "no"}, "require_pkce"),
        ({"name": "x", "redirect_uris": ["https://a.example/cb"], "redirect_uri": "x"}, "redirect_uri"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_by_its_path(api: Api, body: dict[str, Any], field: str) -> None:
    """Bad input: 422 with `errors[]`; a member that nobody knows is refused, not ignored."""
    status, problem = api.refused("POST", "/clients", body)
    assert (status, problem["code"]) == (422, "invalid")
    assert field in [error["field"] for error in problem["errors"]]


def test_organizations_are_found_changed_and_deleted(api: Api) -> None:
    made = api.ok("POST", "/organizations", {"name": "Halden", "slug": "halden", "external_id": "cust_1"})
    assert re.fullmatch(r"org-[a-z2-7]{26}", made["id"])
    changed = api.ok(
        "PATCH", f"/organizations/{made['id']}", {"slug": None, "policy": {"allow_unverified_email": True}}
    )
    assert changed["slug"] is None
    assert changed["policy"]["allow_unverified_email"] is True
    assert changed["external_id"] == "cust_1"
    assert api.refused("PATCH", f"/organizations/{made['id']}", {"name": None})[0] == 422
    api.ok("DELETE", f"/organizations/{made['id']}")
    assert api.refused("GET", f"/organizations/{made['id']}")[0] == 404


def test_a_taken_slug_is_409(api: Api) -> None:
    api.ok("POST", "/organizations", {"name": "A", "slug": "same"})
    status, problem = api.refused("POST", "/organizations", {"name": "B", "slug": "same"})
    assert (status, problem["code"]) == (409, "organization-exists")


def test_a_domain_is_vouched_for_or_waits_for_its_record(api: Api) -> None:
    organization = api.ok("POST", "/organizations", {"name": "A"})
    path = f"/organizations/{organization['id']}/domains"
    vouched = api.ok("POST", path, {"domain": "Haldenfreight.com.", "verified": True})
    assert (vouched["domain"], vouched["status"], vouched["vouched"]) == ("haldenfreight.com", "verified", True)
    waiting = api.ok("POST", path, {"domain": "halden.net"})
    assert waiting["status"] == "pending"
    assert waiting["txt_name"] == "_portico.halden.net"
    assert waiting["txt_value"].startswith("portico-domain-verification=")
    assert [item["domain"] for item in api.ok("GET", path)["items"]] == ["halden.net", "haldenfreight.com"]
    assert api.refused("POST", path, {"domain": "gmail.com", "verified": True})[1]["errors"][0]["code"] == (
        "domain-free-mail"
    )
    api.ok("DELETE", f"{path}/halden.net")


def test_an_owned_domain_is_409_and_an_operator_moves_it(api: Api) -> None:
    """T4: one owner; the answer does not say who."""
    first, second = (api.ok("POST", "/organizations", {"name": name}) for name in ("A", "B"))
    api.ok("POST", f"/organizations/{first['id']}/domains", {"domain": "halden.net", "verified": True})
    status, problem = api.refused("POST", f"/organizations/{second['id']}/domains", {"domain": "halden.net"})
    assert (status, problem["code"]) == (409, "domain-owned")
    assert first["id"] not in json.dumps(problem)
    moved = api.ok("POST", f"/organizations/{second['id']}/domains/halden.net/move")
    assert moved["organization_id"] == second["id"]


def test_the_dns_check_has_no_route_yet(api: Api) -> None:
    """It comes with a later issue; until then it is not there, instead of answering something."""
    organization = api.ok("POST", "/organizations", {"name": "A"})
    assert api.refused("POST", f"/organizations/{organization['id']}/domains/x.com/check")[0] == 404


def test_a_connection_lives_from_draft_to_deleted(api: Api) -> None:
    made = make_connection(api)
    path = f"/connections/{made['id']}"
    assert made["status"] == "draft"
    assert made["service_provider"]["redirect_uri"] == f"http://127.0.0.1:8000/sso/oidc/{made['id']}/callback"
    assert api.refused("POST", f"{path}/activate")[1]["code"] == "connection-untested"
    active = api.ok("POST", f"{path}/activate", {"skip_test": True})
    assert (active["status"], active["is_default"]) == ("active", True)
    changed = api.ok("PATCH", path, {"settings": {"client_id": "other"}})
    assert changed["version"] == made["version"] + 1
    restored = api.ok("POST", f"{path}/restore")
    assert restored["settings"]["client_id"] == "portico"
    assert api.ok("POST", f"{path}/deactivate")["status"] == "disabled"
    assert api.refused("DELETE", f"/organizations/{made['organization_id']}")[1]["code"] == "organization-in-use"
    api.ok("DELETE", path)
    assert api.refused("GET", path)[0] == 404


def test_secrets_of_a_connection_are_write_only(api: Api, whole: Flask) -> None:
    """M11: not in any answer, not in the audit log, not readable in the database."""
    made = make_connection(api)
    assert made["secrets"] == ["client_secret"]
    api.ok("PATCH", f"/connections/{made['id']}", {"name": "Okta"})
    shown = "".join(
        api.send("GET", path).text for path in ("/connections", "/audit-events", f"/connections/{made['id']}")
    )
    assert "s3cret-of-the-idp" not in shown
    assert "PRIVATE KEY" not in shown
    with whole.app_context():
        for table in db.metadata.tables:
            rows = db.session.execute(text(f"SELECT * FROM {table}")).all()
            assert "s3cret-of-the-idp" not in str(rows), table


def test_wrong_settings_are_named_by_the_adapter(api: Api) -> None:
    organization = api.ok("POST", "/organizations", {"name": "A"})
    path = f"/organizations/{organization['id']}/connections"
    status, problem = api.refused("POST", path, {"adapter": "oidc", "settings": {"issuer": "ftp://x", "nonsense": 1}})
    assert status == 422
    assert {error["field"].removeprefix("settings.") for error in problem["errors"]} >= {"issuer", "nonsense"}
    assert api.refused("POST", path, {"adapter": "nothing"})[1]["errors"][0]["field"] == "adapter"


def test_adapters_are_listed_with_their_settings_and_steps(api: Api) -> None:
    listed = {item["key"]: item for item in api.ok("GET", "/adapters")["items"]}
    assert {"saml", "oidc"} <= set(listed)
    secret = next(field for field in listed["oidc"]["settings"] if field["name"] == "client_secret")
    assert secret["secret"] is True
    assert listed["saml"]["state"] == "ready"
    assert set(listed["saml"]) >= {"label", "protocol", "distribution", "version", "contract", "capabilities",
                                   "setup_steps"}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"xml": "<html><body>not metadata</body></html>"}, "xml"),
        ({"xml": "no xml at all"}, "xml"),
        ({"xml": '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'}, "xml"),
        ({"url": "https://127.0.0.1/metadata"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({}, ""),
        ({"xml": "<x/>", "url": "https://a.example"}, ""),
        ({"xml": "<x/>", "adapter": "oidc"}, "adapter"),
    ],
)
def test_metadata_that_cannot_be_read_is_named(api: Api, body: dict[str, str], field: str) -> None:
    """R7, R8 at the API: private addresses and other schemes are refused, and nothing of a file is shown."""
    status, problem = api.refused("POST", "/metadata/parse", body)
    assert status == 422
    assert problem["errors"][0]["field"] == field
    assert "root:" not in json.dumps(problem)


def test_metadata_is_shown_before_anything_is_stored(api: Api, idp_metadata: str) -> None:
    entity = api.ok("POST", "/metadata/parse", {"xml": idp_metadata})["entities"][0]
    assert entity["entity_id"] == "https://idp.example/metadata"
    assert re.fullmatch("[0-9a-f]{64}", entity["certificates"][0]["sha256"])
    organization = api.ok("POST", "/organizations", {"name": "A"})
    path = f"/organizations/{organization['id']}/connections"
    made = api.ok("POST", path, {"adapter": "saml", "settings": entity["settings"]})
    assert set(made["service_provider"]) >= {"entity_id", "acs_url", "metadata_url", "certificate"}
    assert made["service_provider"]["acs_url"].endswith(f"/sso/saml/{made['id']}/acs")


def test_the_audit_log_is_filtered(api: Api) -> None:
    first, second = (api.ok("POST", "/organizations", {"name": name}) for name in ("A", "B"))
    api.ok("PATCH", f"/organizations/{first['id']}", {"status": "disabled"})
    of_first = api.ok("GET", f"/audit-events?organization_id={first['id']}")["items"]
    assert [item["name"] for item in of_first] == ["organization.changed", "organization.created"]
    assert of_first[0]["before"] == {"status": "active"}
    assert of_first[0]["actor"]["kind"] == "api_key"
    named = api.ok("GET", "/audit-events?name=organization.created")["items"]
    assert {item["target"] for item in named} == {first["id"], second["id"]}
    assert api.ok("GET", f"/audit-events/{named[0]['id']}") == named[0]
    assert api.ok("GET", "/audit-events?since=2099-01-01T00:00:00Z")["items"] == []


def test_sign_ins_answer_even_when_there_are_none(api: Api) -> None:
    assert api.ok("GET", "/sign-ins") == {"items": [], "next": None}
    assert api.refused("GET", f"/sign-ins/{'0' * 32}")[0] == 404
    assert api.refused("GET", "/sign-ins?outcome=maybe")[0] == 422


# --- Pages


def test_pages_follow_one_another_without_gap_or_overlap(api: Api) -> None:
    made = {api.ok("POST", "/organizations", {"name": f"Customer {number}"})["id"] for number in range(7)}
    seen: list[str] = []
    cursor = ""
    while True:
        page = api.ok("GET", f"/organizations?limit=3{cursor}")
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&after={page['next']}"
    assert len(seen) == 7
    assert set(seen) == made


WRONG_QUERIES = (
    "limit=0", "limit=201", "limit=-1", "limit=many", "limit=1e9", "limit=1&limit=2", "after=", "after=%00",
    "after=%ff%fe", "offset=3", "after=" + "x" * 300,
)  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/organizations", "/clients", "/connections", "/sign-ins", "/audit-events", "/api-keys"]
)
def test_a_page_that_cannot_be_is_refused(api: Api, path: str) -> None:
    """M6: out of range, repeated, unknown: 422, never a 500 and never another page."""
    for query in WRONG_QUERIES:
        assert api.refused("GET", f"{path}?{query}")[0] == 422, query


# --- Bodies


WRONG_BODIES = (
    b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{}", b'{"name": "a\\u0000b"}', b'{"name": "\\ud800"}',
    b'{"name": NaN}', b"[" * 100_000, b'{"a":' * 50_000, b"name=x", b'{"name": ' + b"9" * 5000 + b"}",
    b'{"name": ""}', b'{"name": "   "}', b'{"name": "' + b"x" * 300 + b'"}', b'{"name": "a\\nb"}',
    b'{"name": ["x"]}', b'{"name": "x", "slug": "org-x"}', b'{"name": "x", "policy": {"more": true}}',
    b'{"name": "x", "id": "org-1"}', b'{"name": "x", "status": "disabled"}',
)  # fmt: skip


def test_a_body_that_cannot_be_is_refused(api: Api) -> None:
    """Bad input: 4xx with a constant sentence, and nothing stored."""
    for body in WRONG_BODIES:
        status, problem = api.refused("POST", "/organizations", data=body)
        assert status in (400, 422), body[:40]
        assert re.fullmatch("[0-9a-f]{32}", problem["reference"])
    assert api.ok("GET", "/organizations")["items"] == []


def test_a_body_over_the_limit_is_413(api: Api) -> None:
    assert api.refused("POST", "/organizations", data=b" " * (3 * 1024 * 1024))[0] == 413


@pytest.mark.parametrize(("method", "path"), [("PUT", "/organizations"), ("DELETE", "/adapters"), ("GET", "/nothing")])
def test_unknown_routes_and_methods_are_problems_too(api: Api, method: str, path: str) -> None:
    assert api.refused(method, path)[0] in (404, 405)


# --- Idempotency-Key

BOTH = pytest.mark.databases("sqlite", "postgresql")


def repeat(api: Api, key: str, body: dict[str, Any], path: str = "/api-keys") -> Any:
    return api.send("POST", path, body, headers={"Idempotency-Key": key})


@BOTH
def test_a_repeated_write_happens_once_and_answers_the_same(api: Api) -> None:
    """Also with a secret that is shown once; the second answer says that it is a repetition."""
    first, second = repeat(api, "k-1", {"name": "A"}), repeat(api, "k-1", {"name": "A"})
    assert first.status_code == second.status_code == 201
    assert first.data == second.data
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len([item for item in api.ok("GET", "/api-keys")["items"] if item["name"] == "A"]) == 1


@BOTH
def test_a_stored_answer_is_sealed(api: Api, whole: Flask) -> None:
    """M11: the key that an answer shows once is not readable in the database."""
    key = json.loads(repeat(api, "k-1", {"name": "A"}).data)["api_key"]
    with whole.app_context():
        assert key not in str(db.session.execute(text("SELECT * FROM api_answers")).all())


@BOTH
def test_the_same_key_for_another_request_is_409(api: Api) -> None:
    repeat(api, "k-1", {"name": "A"})
    other = repeat(api, "k-1", {"name": "B"})
    assert other.status_code == 409
    assert other.json["code"] == "idempotency-key-reused"
    assert repeat(api, "k-1", {"name": "A"}, "/organizations").status_code == 409


@BOTH
def test_a_key_belongs_to_its_caller(api: Api, whole: Flask, clock: SettableClock) -> None:
    """T9: another API key with the same Idempotency-Key sees nothing of the first one's answer."""
    first = repeat(api, "k-1", {"name": "A"})
    second = repeat(Api(whole, clock), "k-1", {"name": "A"})
    assert second.status_code == 201
    assert first.json["id"] != second.json["id"]


@BOTH
def test_a_refused_write_may_be_repeated(api: Api) -> None:
    assert repeat(api, "k-1", {"name": ""}).status_code == 422
    assert repeat(api, "k-1", {"name": "A", "slug": "a"}, "/organizations").status_code == 201


@BOTH
def test_after_a_day_the_key_is_free_again(api: Api, clock: SettableClock) -> None:
    first = repeat(api, "k-1", {"name": "A"})
    clock.advance(hours=23, minutes=59)
    assert repeat(api, "k-1", {"name": "A"}).data == first.data
    clock.advance(minutes=2)
    assert repeat(api, "k-1", {"name": "A"}).json["id"] != first.json["id"]


@BOTH
@pytest.mark.parametrize("key", ["", " ", "x" * 256, "\xe4"])
def test_a_malformed_key_is_refused(api: Api, key: str) -> None:
    assert repeat(api, key, {"name": "A"}).status_code == 400


@BOTH
def test_of_concurrent_repetitions_one_happens(api: Api) -> None:
    """A8 for writes: eight at once with one key make one organization and eight equal answers."""
    answers: list[bytes] = []

    def send() -> None:
        answers.append(repeat(api, "k-1", {"name": "A"}, "/organizations").data)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert len(api.ok("GET", "/organizations")["items"]) == 1


# --- What describes it


def test_the_openapi_document_names_every_route(api: Api, whole: Flask) -> None:
    """Generated from the code: the routes of the document are the routes of the application."""
    document = json.loads(whole.test_client().get("/api/v1/openapi.json").data)
    assert document["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    routed = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in whole.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.rule.startswith("/api/v1/") and method not in ("HEAD", "OPTIONS") and "openapi" not in rule.rule
    }
    assert described == routed


def test_every_reference_in_the_document_resolves(whole: Flask) -> None:
    text_ = whole.test_client().get("/api/v1/openapi.json").text
    document = json.loads(text_)
    for reference in set(re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', text_)):
        assert reference[1] in document["components"][reference[0]], reference


def test_the_docs_page_loads_nothing_from_elsewhere(whole: Flask) -> None:
    page = whole.test_client().get("/api/docs")
    assert page.status_code == 200
    loaded = re.findall(r'(?:src|href)="([^"#][^"]*)"', page.text)
    assert loaded
    assert all(url.startswith(("/static/", "/api/")) for url in loaded)
    for operation in OPERATIONS:
        assert f'id="{operation.id}"' in page.text


def test_hostile_text_in_a_name_is_json_and_never_html(api: Api) -> None:
    """M8: stored as it is, answered as JSON with nosniff."""
    api.ok("POST", "/organizations", {"name": "<script>alert(1)</script>"})
    response = api.send("GET", "/organizations")
    assert response.content_type == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def idp_metadata() -> str:
    """Metadata of an invented identity provider, with a certificate made now."""
    from datetime import UTC, datetime

    from app.crypto import make_service_provider_key

    pem = make_service_provider_key("idp.example", datetime(2026, 1, 1, tzinfo=UTC)).certificate_pem
    certificate = "".join(line for line in pem.splitlines() if "CERTIFICATE" not in line)
    return (
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example/metadata">'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        'Location="https://idp.example/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    )


def test_an_adapter_that_stumbles_over_a_document_is_not_a_500(api: Api, whole: Flask, monkeypatch: Any) -> None:
    """Bad input ends in a 4xx, also where a plug-in raises what it may not."""

    def stumble(_self: object, _document: bytes, _now: object) -> None:
        raise ZeroDivisionError("s3cret")

    adapter = whole.extensions["portico"].registry.find("saml").spec.adapter
    monkeypatch.setattr(type(adapter), "parse_metadata", stumble)
    status, problem = api.refused("POST", "/metadata/parse", {"xml": "<x/>"})
    assert (status, problem["errors"][0]["code"]) == (422, "metadata-unreadable")
    assert "s3cret" not in json.dumps(problem)
