"""Requirement 39 and row M8: what operators do, how each act is confirmed, and that trust needs a fresh sign-in."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from app.console.acts.views import ACTS
from app.database import db
from app.gateway import Gateway
from app.mail.models import OutgoingMail
from tests.support.operators import Person
from tests.support.whole_app import Api

OIDC = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "s3cret-of-the-idp"}
SAML = {"idp_entity_id": "https://idp.halden.example/", "sso_url": "https://idp.halden.example/sso"}
DAYS = 86_400

#: What changes nothing about who is trusted: a session of some hours is enough.
EVERYDAY = {
    "/console/language",
    "/console/operators/invitations/<invitation_id>/withdraw",
    "/console/sign-out",
    "/console/sign-in",
    "/console/sign-in/code",
    "/console/enrol/<token>",
    "/console/notices/<notice_id>/resolve",
    "/console/organizations/new",
    "/console/organizations/<organization_id>/domains/<domain>/check",
    "/console/organizations/<organization_id>/setup-links/<link_id>/revoke",
    "/console/organizations/<organization_id>/end-sessions",
    "/console/connections/<connection_id>/draft/discard",
    "/console/connections/<connection_id>/metadata/read",
    "/console/connections/<connection_id>/test",
}


@pytest.fixture
def organization(api: Api) -> str:
    return str(api.ok("POST", "/organizations", {"name": "Halden Freight", "slug": "halden"})["id"])


@pytest.fixture
def connection(api: Api, organization: str) -> str:
    body = {"adapter": "oidc", "name": "Halden staff", "settings": OIDC}
    return str(api.ok("POST", f"/organizations/{organization}/connections", body)["id"])


def events(api: Api, name: str) -> list[dict[str, Any]]:
    return list(api.ok("GET", f"/audit-events?name={name}")["items"])


def send(person: Person, path: str, **fields: Any) -> Any:
    """Send the form that stands at the same address."""
    return person.post(f"/console{path}", page=f"/console{path}", **fields)


def done(person: Person, path: str, **fields: Any) -> str:
    """Send a form that is accepted; return where it leads."""
    answer = send(person, path, **fields)
    assert answer.status_code == 303, (
        path,
        answer.status_code,
        re.findall(r'id="problem".*?</div>', answer.text, re.S),
    )
    return str(answer.headers["Location"])


def test_m8_every_change_of_trust_needs_a_sign_in_of_the_last_half_hour(person: Person, whole: Flask) -> None:
    """From the route table, so that no later route is forgotten; the page of the form comes back after signing in."""
    clock = person.clock
    for _ in range(2):  # in use all the time, so that the session lives on and is only not fresh any more
        clock.advance(minutes=16)
        assert person.get("/console/").status_code == 200
    posts = [
        rule
        for rule in whole.url_map.iter_rules()
        if rule.rule.startswith("/console/") and "POST" in (rule.methods or ())
    ]
    trusted = [rule for rule in posts if rule.rule not in EVERYDAY]
    assert len(trusted) > 30
    assert {rule.rule for rule in posts} > EVERYDAY
    for rule in trusted:
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        answer = person.post(path, page="/console/account")
        assert answer.status_code == 303, path
        assert "/console/sign-in?next=" in answer.headers["Location"], path


def test_a_form_that_came_too_late_leads_back_to_its_page(person: Person, organization: str) -> None:
    clock = person.clock
    for _ in range(2):
        clock.advance(minutes=16)
        person.get("/console/")
    path = f"/console/organizations/{organization}/contacts"
    assert person.post(path, page=path, name="A").headers["Location"].endswith(path.replace("/", "%2F"))


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.path)
def test_39_every_act_says_what_ends_and_is_confirmed(act: Any) -> None:
    """Sentences; a name to type where people lose their way in; the opposite of the button beside it."""
    assert act.ends
    assert all(sentence.endswith(".") for sentence in act.ends)
    takes_away = act.does in {
        ("connection", "deactivate"),
        ("connection", "delete"),
        ("connection", "change-subject-source"),
        ("organization", "update"),
        ("organization", "delete"),
        ("organization", "end-sessions"),
        ("domain", "remove"),
        ("domain", "move"),
        ("client", "update"),
        ("client", "delete"),
    }
    assert bool(act.type_out) is takes_away


def test_39_an_act_with_a_name_to_type_does_nothing_without_it(person: Person, api: Api, connection: str) -> None:
    api.ok("POST", f"/connections/{connection}/activate", {"skip_test": True})
    path = f"/connections/{connection}/deactivate"
    page = person.get(f"/console{path}").text
    assert "Type <b" in page
    assert "Halden staff" in page
    for typed in ("", "halden staff", "Halden"):
        refused = send(person, path, typed=typed)
        assert refused.status_code == 422
        assert "Type “Halden staff” exactly." in refused.text
    assert api.ok("GET", f"/connections/{connection}")["status"] == "active"
    assert done(person, path, typed=" Halden staff ") == f"/console/connections/{connection}"
    assert api.ok("GET", f"/connections/{connection}")["status"] == "disabled"
    assert events(api, "connection.deactivated")[0]["actor"]["kind"] == "operator"


# Organizations


def test_an_organization_is_changed_disabled_enabled_and_deleted(person: Person, api: Api, organization: str) -> None:
    path = f"/organizations/{organization}/settings"
    done(
        person,
        path,
        name="Halden AS",
        slug="halden-as",
        external_id="c-1",
        allow_unverified_email="yes",
        max_session_s="3600",
    )
    one = api.ok("GET", f"/organizations/{organization}")
    assert (one["name"], one["slug"], one["external_id"]) == ("Halden AS", "halden-as", "c-1")
    assert one["policy"]["allow_unverified_email"] is True
    assert one["policy"]["max_session_s"] == 3600
    done(person, path, name="Halden AS", slug="", max_session_s="")
    one = api.ok("GET", f"/organizations/{organization}")
    assert (one["slug"], one["policy"]["max_session_s"], one["policy"]["allow_unverified_email"]) == (None, None, False)
    done(person, f"/organizations/{organization}/disable", typed="Halden AS")
    assert api.ok("GET", f"/organizations/{organization}")["status"] == "disabled"
    person.post(f"/console/organizations/{organization}/enable", page=f"/console{path}")
    assert api.ok("GET", f"/organizations/{organization}")["status"] == "active"
    assert done(person, f"/organizations/{organization}/delete", typed="Halden AS") == "/console/organizations"
    assert api.send("GET", f"/organizations/{organization}").status_code == 404


def test_a_change_of_policy_is_mailed_to_contacts_and_operators(
    person: Person, api: Api, whole: Flask, organization: str, connection: str
) -> None:
    """It is a change of trust: once for all connections that people sign in through, and never for a name."""
    api.ok("POST", f"/organizations/{organization}/contacts", {"name": "Mira", "email": "mira@halden.example"})
    path = f"/organizations/{organization}/settings"
    done(person, path, name="Halden Freight", slug="halden", allow_unverified_email="yes")
    assert policy_mails(whole) == [], "nobody signs in yet"
    api.ok("POST", f"/connections/{connection}/activate", {"skip_test": True})
    done(person, path, name="Halden AS", slug="halden", allow_unverified_email="yes")
    assert policy_mails(whole) == [], "a name is no trust"
    done(person, path, name="Halden AS", slug="halden")
    told = policy_mails(whole)
    assert sorted(mail.to for mail in told) == ["mira@halden.example", person.email]
    assert all("Halden staff" in mail.text and person.email in mail.text for mail in told)


def policy_mails(app: Flask) -> list[Any]:
    gateway: Gateway = app.extensions["portico"]
    with app.app_context():
        found = [gateway.outbox.open(row) for row in db.session.query(OutgoingMail)]
    return [mail for mail in found if mail.subject.startswith("The policy for sign-ins was changed")]


def test_values_that_cannot_be_used_are_named_and_kept_in_the_form(person: Person, organization: str) -> None:
    refused = send(person, f"/organizations/{organization}/settings", name="Halden", slug="org-x", max_session_s="1")
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    assert 'href="#max_session_s"' in refused.text
    assert 'value="org-x"' in refused.text


def test_an_organization_with_connections_is_not_deleted(person: Person, organization: str, connection: str) -> None:
    refused = send(person, f"/organizations/{organization}/delete", typed="Halden Freight")
    assert refused.status_code == 409
    assert "Delete its connections first." in refused.text


def test_people_of_an_organization_are_signed_out(person: Person, api: Api, organization: str) -> None:
    """Everybody, or the person of an address; in a hurry too, and never without the name."""
    path = f"/organizations/{organization}/end-sessions"
    assert send(person, path, email="").status_code == 422
    assert done(person, path, email="", typed="Halden Freight") == f"/console/organizations/{organization}"
    done(person, path, email="mira@halden.example", typed="Halden Freight")
    assert len([one for one in events(api, "session.ended") if one["actor"]["kind"] == "operator"]) == 2


def test_organizations_are_found_by_parts_of_their_names(person: Person, api: Api, organization: str) -> None:
    api.ok("POST", "/organizations", {"name": "Northgate Labs"})
    page = person.get("/console/organizations?search=hald").text
    assert "Halden Freight" in page
    assert "Northgate" not in page
    assert person.get("/console/find?q=halden").headers["Location"] == f"/console/organizations/{organization}"
    assert "No organization matches" in person.get("/console/organizations?search=zzz").text


# Domains


def test_a_domain_is_added_vouched_for_and_taken_away(person: Person, api: Api, organization: str) -> None:
    path = f"/organizations/{organization}/domains"
    done(person, path, domain="Haldenfreight.example")
    page = person.get(f"/console{path}").text
    assert "haldenfreight.example" in page
    assert "The TXT record" in page
    done(person, f"{path}/haldenfreight.example/vouch")
    one = api.ok("GET", f"{path}/haldenfreight.example")
    assert (one["status"], one["vouched"]) == ("verified", True)
    assert send(person, f"{path}/haldenfreight.example/remove", typed="x").status_code == 422
    done(person, f"{path}/haldenfreight.example/remove", typed="haldenfreight.example")
    assert api.ok("GET", path)["items"] == []


def test_a_domain_of_another_organization_is_moved_knowing_who_loses_it(
    person: Person, api: Api, organization: str
) -> None:
    other = api.ok("POST", "/organizations", {"name": "Northgate Labs"})["id"]
    api.ok("POST", f"/organizations/{other}/domains", {"domain": "shared.example", "verified": True})
    path = f"/organizations/{organization}/domains"
    refused = send(person, path, domain="shared.example", verified="yes")
    assert refused.status_code == 409
    assert f"{path}/shared.example/move" in refused.text
    page = person.get(f"/console{path}/shared.example/move").text
    assert "Northgate Labs loses the domain" in page
    assert "Halden Freight has it from this moment" in page
    done(person, f"{path}/shared.example/move", typed="shared.example")
    assert api.ok("GET", "/domains/shared.example")["organization_id"] == organization


@pytest.mark.parametrize("domain", ["gmail.com", "co.uk", "not a domain", ""])
def test_a_domain_that_nobody_can_own_is_refused_in_words(person: Person, organization: str, domain: str) -> None:
    refused = send(person, f"/organizations/{organization}/domains", domain=domain, verified="yes")
    assert refused.status_code == 422
    assert 'id="domain-problem"' in refused.text


# Contacts


def test_a_contact_is_added_changed_and_removed(person: Person, api: Api, organization: str) -> None:
    path = f"/organizations/{organization}/contacts"
    done(person, path, name="Mira Holt", email="mira@halden.example", notify=["certificates"], language="de")
    one = api.ok("GET", path)["items"][0]
    assert (one["notify"], one["language"]) == (["certificates"], "de")
    assert send(person, path, name="Again", email="mira@halden.example").status_code in (409, 422)
    done(person, f"{path}/{one['id']}", name="Mira Sand", email="mira@halden.example", language="")
    assert api.ok("GET", path)["items"][0]["name"] == "Mira Sand"
    assert "mira@halden.example hears of no certificate" in person.get(f"/console{path}/{one['id']}/remove").text
    done(person, f"{path}/{one['id']}/remove")
    assert api.ok("GET", path)["items"] == []


# Set-up links


def test_39_a_link_with_everything_that_can_be_said_about_it(
    person: Person, api: Api, organization: str, connection: str
) -> None:
    path = f"/organizations/{organization}/setup-links"
    made = send(
        person,
        path,
        features=["certificates"],
        connection_id=connection,
        contact="mira@halden.example",
        expires_in_s=str(30 * DAYS),
        single_use="yes",
    )
    assert "never shown again" in made.text
    link = api.ok("GET", path)["items"][0]
    assert (link["features"], link["connection_id"], link["single_use"]) == (["certificates"], connection, True)
    assert datetime.fromisoformat(link["expires_at"]) - datetime.fromisoformat(link["created_at"]) == timedelta(days=30)
    assert link["sent_at"] is None
    page = person.get(f"/console{path}").text
    for word in ("Sent", "Opened", "Reached", "Ends", "opens once", "only one connection"):
        assert word in page


# Connections


def settings_of(api: Api, connection: str) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("GET", f"/connections/{connection}")["settings"]
    return found


def fields_on(person: Person, path: str) -> dict[str, str]:
    """What the settings form would send when nobody touches it."""
    page = person.get(f"/console{path}").text
    form = page[page.index('<form class="settings"') :]
    values: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag:
            values[name[1]] = value[1] if value else ""
    values |= dict(re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\n(.*?)</textarea>', form, re.S))
    for name, body in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        values[name] = chosen[1] if chosen else ""
    values.pop("csrf_token", None)
    return {name: unescape(text) for name, text in values.items()}


def test_a_connection_is_added_filled_in_and_turned_on(person: Person, api: Api, organization: str) -> None:
    """By the adapter's own fields; who skips the test says so, and the audit log does."""
    where = done(person, f"/organizations/{organization}/connections/new", adapter="oidc", name="Staff")
    connection = where.split("/")[3]
    fields = fields_on(person, f"/connections/{connection}/settings")
    done(person, f"/connections/{connection}/settings", **{**fields, **OIDC})
    assert settings_of(api, connection)["issuer"] == OIDC["issuer"]
    path = f"/connections/{connection}/activate"
    refused = send(person, path)
    assert refused.status_code == 409
    assert "although no test sign-in passed" in refused.text
    done(person, path, skip_test="yes")
    assert events(api, "connection.activated")[0]["details"]["tested"] is False


def test_a_change_of_an_active_connection_waits_in_a_draft(person: Person, api: Api, connection: str) -> None:
    """Operator-only settings too: nobody signs in by it until it is put in place."""
    api.ok("POST", f"/connections/{connection}/activate", {"skip_test": True})
    path = f"/connections/{connection}/settings"
    fields = fields_on(person, path)
    done(person, path, **{**fields, "scopes": "openid\r\nemail"})
    assert settings_of(api, connection)["scopes"] != ["openid", "email"]
    draft = api.ok("GET", f"/connections/{connection}/draft")
    assert draft["changed"] == ["scopes"]
    assert "A change waits in a draft" in person.get(f"/console/connections/{connection}").text
    assert send(person, f"/connections/{connection}/draft/activate").status_code == 409
    done(person, f"/connections/{connection}/draft/activate", skip_test="yes")
    assert settings_of(api, connection)["scopes"] == ["openid", "email"]
    done(person, f"/connections/{connection}/restore")
    assert settings_of(api, connection)["scopes"] != ["openid", "email"]


def test_a_change_counts_at_once_only_where_the_operator_chose_that(person: Person, api: Api, connection: str) -> None:
    api.ok("POST", f"/connections/{connection}/activate", {"skip_test": True})
    path = f"/connections/{connection}/settings"
    fields = fields_on(person, path)
    done(person, path, **{**fields, "scopes": "openid\r\nemail", "how": "now"})
    assert settings_of(api, connection)["scopes"] == ["openid", "email"]
    assert api.ok("GET", f"/connections/{connection}/draft")["draft"] is False


def test_a_draft_is_not_passed_by_and_can_be_thrown_away(person: Person, api: Api, connection: str) -> None:
    api.ok("POST", f"/connections/{connection}/activate", {"skip_test": True})
    path = f"/connections/{connection}/settings"
    done(person, path, **{**fields_on(person, path), "scopes": "openid\r\nemail"})
    refused = send(person, path, **{**fields_on(person, path), "scopes": "openid", "how": "now"})
    assert refused.status_code == 409
    done(person, f"/connections/{connection}/draft/discard")
    assert api.ok("GET", f"/connections/{connection}/draft")["draft"] is False


def test_a_form_that_nobody_touched_changes_nothing_and_keeps_the_secret(
    person: Person, api: Api, connection: str
) -> None:
    before = api.ok("GET", f"/connections/{connection}")
    path = f"/connections/{connection}/settings"
    done(person, path, **fields_on(person, path))
    after = api.ok("GET", f"/connections/{connection}")
    assert after["version"] == before["version"]
    assert after["secrets"] == ["client_secret"]
    assert OIDC["client_secret"] not in person.get(f"/console{path}").text


def test_settings_that_cannot_work_are_named_beside_their_fields(person: Person, connection: str) -> None:
    path = f"/connections/{connection}/settings"
    refused = send(person, path, **{**fields_on(person, path), "issuer": "http://insecure"})
    assert refused.status_code == 422
    assert 'id="issuer-problem"' in refused.text
    assert 'value="http://insecure"' in refused.text


def test_metadata_is_read_into_the_settings(person: Person, api: Api, organization: str) -> None:
    where = done(person, f"/organizations/{organization}/connections/new", adapter="saml")
    connection = where.split("/")[3]
    path = f"/connections/{connection}/settings"
    refused = send(person, path, **{**fields_on(person, path), "metadata_xml": "<html></html>"})
    assert refused.status_code == 422
    done(person, path, **{**fields_on(person, path), **SAML})
    assert settings_of(api, connection)["sso_url"] == SAML["sso_url"]
    page = person.get(f"/console/connections/{connection}").text
    assert "ACS URL" in page
    assert "Publish a successor…" in page
    done(person, f"/connections/{connection}/keys/publish")
    done(person, f"/connections/{connection}/keys/use-next")
    done(person, f"/connections/{connection}/keys/remove-second")
    assert len(api.ok("GET", f"/connections/{connection}/keys")["items"]) == 1


def test_what_tells_people_apart_is_changed_or_cleared_by_name_only(person: Person, api: Api, connection: str) -> None:
    path = f"/connections/{connection}/subject-source"
    assert send(person, path, subject_source="employeeNumber", typed="").status_code == 422
    done(person, path, subject_source="employeeNumber", typed="Halden staff")
    assert api.ok("GET", f"/connections/{connection}")["subject_source"] == "employeeNumber"
    done(person, path, subject_source="", typed="Halden staff")
    assert api.ok("GET", f"/connections/{connection}")["subject_source"] is None
    assert [one["after"] for one in events(api, "connection.subject_fixed")] == [
        {"subject_source": None},
        {"subject_source": "employeeNumber"},
    ]


def test_a_connection_is_renamed_routed_and_deleted(
    person: Person, api: Api, organization: str, connection: str
) -> None:
    api.ok("POST", f"/organizations/{organization}/domains", {"domain": "halden.example", "verified": True})
    path = f"/connections/{connection}/routing"
    done(person, path, name="Staff", domains="halden.example\r\n\r\nnorth.halden.example", is_default="yes")
    one = api.ok("GET", f"/connections/{connection}")
    assert (one["name"], one["domains"]) == ("Staff", ["halden.example", "north.halden.example"])
    assert send(person, path, name="", domains="not a domain").status_code == 422
    assert done(person, f"/connections/{connection}/delete", typed="Staff") == f"/console/organizations/{organization}"
    assert api.send("GET", f"/connections/{connection}").status_code == 404


# Clients and keys


def test_a_clients_secret_is_rotated_and_shown_once(person: Person, api: Api) -> None:
    made = send(
        person,
        "/clients/new",
        name="Auth0",
        redirect_uris="https://acme.eu.auth0.com/login/callback",
        token_endpoint_auth_method="client_secret_post",
        id_token_signed_response_alg="RS256",
        require_pkce="yes",
    )
    first = re.search(r'id="once">([^<]+)<', made.text)
    assert first
    client = api.ok("GET", "/clients")["items"][0]
    assert (client["require_pkce"], client["allowed_organizations"]) == (True, None)
    page = f"/console/clients/{client['id']}"
    more = person.post(f"{page}/secrets", page=page)
    second = re.search(r'id="once">([^<]+)<', more.text)
    assert second
    assert first[1] != second[1]
    assert first[1] not in person.get(page).text
    old = min(api.ok("GET", f"/clients/{client['id']}/secrets")["items"], key=lambda one: one["created_at"])
    done(person, f"/clients/{client['id']}/secrets/{old['id']}/revoke")
    assert [one["revoked_at"] is None for one in api.ok("GET", f"/clients/{client['id']}/secrets")["items"]].count(
        True
    ) == 1


def test_a_client_is_changed_disabled_enabled_and_deleted(person: Person, api: Api, organization: str) -> None:
    client = api.ok("POST", "/clients", {"name": "Auth0", "redirect_uris": ["https://a.example/cb"]})["id"]
    path = f"/clients/{client}/settings"
    said = {
        "name": "Auth0 EU",
        "redirect_uris": "https://a.example/cb\r\nhttps://b.example/cb",
        "require_pkce": "yes",
        "allowed_organizations": organization,
        "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_alg": "RS256",
        "id_token_lifetime_s": "120",
        "access_token_lifetime_s": "60",
    }
    done(person, path, **said)
    one = api.ok("GET", f"/clients/{client}")
    assert one["redirect_uris"] == ["https://a.example/cb", "https://b.example/cb"]
    assert (one["allowed_organizations"], one["id_token_lifetime_s"]) == ([organization], 120)
    refused = send(person, path, **{**said, "redirect_uris": "javascript:alert(1)", "id_token_lifetime_s": "9999"})
    assert refused.status_code == 422
    assert 'id="id_token_lifetime_s-problem"' in refused.text
    done(person, f"/clients/{client}/disable", typed="Auth0 EU")
    assert api.ok("GET", f"/clients/{client}")["status"] == "disabled"
    person.post(f"/console/clients/{client}/enable", page=f"/console/clients/{client}")
    assert api.ok("GET", f"/clients/{client}")["status"] == "active"
    assert done(person, f"/clients/{client}/delete", typed="Auth0 EU") == "/console/clients"


def test_an_api_key_is_made_shown_once_and_revoked(person: Person, api: Api, whole: Flask) -> None:
    path = "/api-keys"
    assert send(person, path, name="Provisioning").status_code == 422
    made = send(person, path, name="Provisioning", scopes=["organizations:read"])
    key = re.search(r'id="once">([^<]+)<', made.text)
    assert key
    assert key[1] not in person.get(f"/console{path}").text
    ask = {"headers": {"Authorization": f"Bearer {key[1]}"}}
    assert whole.test_client().get("/api/v1/organizations", **ask).status_code == 200
    row = next(one for one in api.ok("GET", "/api-keys")["items"] if one["name"] == "Provisioning")
    done(person, f"{path}/{row['id']}/revoke")
    assert whole.test_client().get("/api/v1/organizations", **ask).status_code == 401


# Tests


def test_an_operator_tests_what_nobody_signs_in_by_yet(person: Person, api: Api, organization: str) -> None:
    """To the provider by a page of our own, once; back to what was found, with every step and its explanation."""
    body = {"adapter": "saml", "name": "Staff", "settings": SAML}
    connection = api.ok("POST", f"/organizations/{organization}/connections", body)["id"]
    page = f"/console/connections/{connection}"
    started = person.post(f"{page}/test", page=page)
    assert started.status_code == 303
    here = started.headers["Location"]
    onward = person.get(here)
    assert onward.headers["Refresh"] == f"0; url={here}/leave"
    away = person.get(f"{here}/leave")
    assert away.headers["Location"].startswith(SAML["sso_url"])
    assert person.get(f"{here}/leave").headers["Location"] == here, "once"
    assert "Waiting for the provider" in person.get(here).text
    state = parse_qs(urlsplit(away.headers["Location"]).query)["RelayState"][0]
    answer = {"SAMLResponse": b64encode(b"<Response/>").decode(), "RelayState": state}
    back = person.browser.post(f"/sso/saml/{connection}/acs", data=answer)
    assert back.headers["Location"].endswith(here)
    found = person.get(here).text
    assert "The test failed" in found
    assert "What to do." in found
    assert person.get(f"/console/sign-ins/{here.split('/')[-1]}").status_code == 200
    assert api.ok("GET", f"/connections/{connection}")["tested"] is False


def test_a_test_of_another_connection_is_not_found(person: Person, api: Api, connection: str) -> None:
    page = f"/console/connections/{connection}"
    test = person.post(f"{page}/test", page=page).headers["Location"].split("/")[-1]
    organization = api.ok("POST", "/organizations", {"name": "Other"})["id"]
    body = {"adapter": "oidc", "settings": OIDC}
    other = api.ok("POST", f"/organizations/{organization}/connections", body)["id"]
    assert person.get(f"/console/connections/{other}/tests/{test}").status_code == 404
    assert person.get(f"/console/connections/{other}/tests/{test}/leave").status_code == 404


def test_sixty_tests_an_hour_then_words(person: Person, connection: str) -> None:
    page = f"/console/connections/{connection}"
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', person.get(page).text)
    assert token
    sent = [person.post(f"{page}/test", token=token[1]).status_code for _ in range(61)]
    assert sent == [303] * 60 + [429]
