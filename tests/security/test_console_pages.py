"""Rows M8 and T9 and requirements 36, 37 and 39: what the console's pages show, to whom, and what they never run."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask import Flask

from app.cli.checks import check_jobs
from app.database import transaction
from app.jobs import expect
from app.jobs.leases import finish, take_lease
from app.signin.trace import Trace, add_trace, finish_trace
from tests.support.clock import SettableClock
from tests.support.operators import Person
from tests.support.whole_app import Api

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
OIDC = {"issuer": "https://login.halden.example", "client_id": "portico", "client_secret": "s3cret-of-the-idp"}


def make_customer(api: Api, name: str = "Halden Freight") -> tuple[str, str]:
    organization = api.ok("POST", "/organizations", {"name": name})["id"]
    body = {"adapter": "oidc", "name": f"{name} OIDC"[:200], "settings": OIDC}
    return organization, api.ok("POST", f"/organizations/{organization}/connections", body)["id"]


def test_an_organization_is_added_and_its_mistakes_are_named(person: Person) -> None:
    path = "/console/organizations/new"
    wrong = person.post(path, page=path, name="", slug="org-x")
    assert wrong.status_code == 422
    assert "Error: " in wrong.text
    made = person.post(path, page=path, name="Halden Freight", slug="halden", external_id="")
    assert made.status_code == 303
    assert "Halden Freight" in person.get(made.headers["Location"]).text
    again = person.post(path, page=path, name="Other", slug="halden")
    assert again.status_code == 409
    assert "There is a problem" in again.text
    assert 'value="Other"' in again.text


def test_what_an_operator_does_is_audited_in_their_name(person: Person, api: Api) -> None:
    person.post("/console/organizations/new", page="/console/organizations/new", name="Halden Freight")
    event = api.ok("GET", "/audit-events?name=organization.created")["items"][0]
    assert event["actor"]["kind"] == "operator"
    assert event["actor"]["label"] == person.email


def test_39_a_setup_link_is_made_shown_once_resent_and_revoked(person: Person, api: Api) -> None:
    organization, _ = make_customer(api)
    page = f"/console/organizations/{organization}/setup-links"
    made = person.post(page, page=page, features=["sso"], contact="mira@haldenfreight.example", send="yes")
    found = re.search(r"http://[^<]+/setup/([\w-]+)", made.text)
    assert found, made.text
    assert found[1] not in person.get(page).text
    link = api.ok("GET", f"/organizations/{organization}/setup-links")["items"][0]
    assert link["created_by"].startswith("operator")
    again = person.post(f"{page}/{link['id']}/resend", page=page)
    assert re.search(r"/setup/[\w-]+", again.text)
    act = f"{page}/{link['id']}/revoke"
    assert "every visit that it began end at once" in person.get(act).text
    assert person.post(act, page=act).status_code == 303
    assert "Revoked" in person.get(page).text


def test_a_setup_link_that_opens_nothing_is_refused(person: Person, api: Api) -> None:
    organization, _ = make_customer(api)
    page = f"/console/organizations/{organization}/setup-links"
    refused = person.post(page, page=page, contact="mira@haldenfreight.example")
    assert refused.status_code == 422
    assert 'href="#features"' in refused.text
    assert 'value="mira@haldenfreight.example"' in refused.text


def test_a_connections_secret_is_named_and_never_shown(person: Person, api: Api) -> None:
    _, connection = make_customer(api)
    page = person.get(f"/console/connections/{connection}").text
    assert "Set, and never shown" in page
    assert OIDC["client_secret"] not in page
    assert OIDC["issuer"] in page


def store_denied(app: Flask, clock: SettableClock, organization: str, connection: str, email: str) -> str:
    with app.app_context(), transaction():
        trace = Trace("c41e7a90d25b4f38a6017be95d3c8f12", "callback")
        trace.add("audience", ok=False, expected="https://sso.example.com/", received=HOSTILE)
        add_trace(trace, now=clock(), **_facts(organization, connection))
        finish_trace(trace, now=clock(), outcome="denied", code="saml-audience", email=email)
    return trace.id


def _facts(organization: str, connection: str) -> dict[str, Any]:
    return {
        "purpose": "authorize",
        "client_id": "cli-a",
        "organization_id": organization,
        "connection_id": connection,
    }


def test_37_a_trace_is_found_by_reference_email_organization_connection_and_outcome(
    person: Person, api: Api, whole: Flask, clock: SettableClock
) -> None:
    organization, connection = make_customer(api)
    reference = store_denied(whole, clock, organization, connection, "mira@haldenfreight.example")
    direct = person.get(f"/console/find?q={reference}")
    assert "Expected" in person.get(direct.headers["Location"]).text.title()
    for query in (
        "email=mira%40haldenfreight.example",
        f"organization_id={organization}",
        f"connection_id={connection}",
        "outcome=denied",
    ):
        assert reference in person.get(f"/console/sign-ins?{query}").text, query
    assert reference in person.get("/console/find?q=Mira%40haldenfreight.example").text
    assert reference not in person.get("/console/sign-ins?outcome=allowed").text


def test_36_the_overview_lists_what_needs_attention_with_the_way_there(
    person: Person, api: Api, whole: Flask, clock: SettableClock
) -> None:
    organization, connection = make_customer(api)
    assert "Nothing waits for you" in person.get("/console/").text
    api.ok("POST", f"/organizations/{organization}/domains", {"domain": "haldenfreight.example"})
    store_denied(whole, clock, organization, connection, "mira@haldenfreight.example")
    page = person.get("/console/").text
    assert "1 sign-in refused in the last 24 hours" in page
    assert "Domain waits for its proof" in page
    assert page.index("refused in the last") < page.index("waits for its proof")
    for path in re.findall(r'<div class="acts"><a href="([^"]+)"', page):
        assert person.get(path.replace("&amp;", "&")).status_code == 200


def test_36_overview_doctor_and_metrics_tell_of_background_work_that_is_not_done(
    person: Person, whole: Flask, clock: SettableClock
) -> None:
    """Issue 2, item 10: nobody learns only from customers that mail is not sent or the audit log is not sealed."""

    def told() -> str:
        with whole.app_context():
            return check_jobs(whole, whole.extensions["portico"]).found

    jobs, term = ("seal-audit", "send-mail", "delete-traces"), timedelta(minutes=1)
    assert told() == "never ran"
    with whole.app_context():
        expect(jobs, clock())
        for job in jobs:
            take_lease(job, "a", clock(), term)
            finish(job, "a", due=clock() + term, succeeded_at=clock())
    assert "background job" not in person.get("/console/").text
    assert told() == f"last ran at {clock():%H:%M:%S} UTC"
    with whole.app_context():
        take_lease("send-mail", "a", clock.advance(60), term)
        finish("send-mail", "a", due=clock() + term, succeeded_at=None, failure="KeyError")
        take_lease("delete-traces", "killed", clock(), term)
        take_lease("delete-traces", "killed too", clock.advance(60), term)
    page = person.get("/console/").text
    assert "A background job fails" in page
    assert "send-mail. Tries since it last succeeded: 1. Last error: KeyError" in page
    assert "A background job does not come to its end" in page
    assert "send-mail failed once" in told()
    assert 'portico_job_tries{job="delete-traces"} 2.0' in whole.test_client().get("/metrics").text
    ready = whole.test_client().get("/readyz").json or {}
    assert ready["checks"].keys() == {"database", "keys"}  # nobody is locked out for it
    clock.advance(minutes=7)
    page = person.get("/console/").text
    assert "3 background jobs are run by nobody" in page
    assert "Start portico worker, or restart what hangs: delete-traces, seal-audit, send-mail" in page
    assert told().startswith("last ran at")


def test_m8_what_others_chose_is_text_on_every_page(
    person: Person, api: Api, whole: Flask, clock: SettableClock
) -> None:
    """Stored XSS: names, an address as typed, what a provider sent, a browser's name."""
    organization, connection = make_customer(api, HOSTILE)
    reference = store_denied(whole, clock, organization, connection, HOSTILE)
    person.post("/console/sign-in", email=HOSTILE, password="wrong")
    person.agent = HOSTILE
    person.sign_in()
    api.ok("POST", f"/organizations/{organization}/contacts", {"name": HOSTILE, "email": "mira@halden.example"})
    contact = api.ok("GET", f"/organizations/{organization}/contacts")["items"][0]["id"]
    api.ok("POST", f"/organizations/{organization}/domains", {"domain": "halden.example"})
    client = api.ok("POST", "/clients", {"name": HOSTILE, "redirect_uris": ["https://a.example/cb"]})["id"]
    key = api.ok("POST", "/api-keys", {"name": HOSTILE})["id"]
    link = api.ok("POST", f"/organizations/{organization}/setup-links", {"features": ["domains"]})["id"]
    event = api.ok("GET", "/audit-events?name=contact.added")["items"][0]["id"]
    one, con = f"organizations/{organization}", f"connections/{connection}"
    paths = [
        "",
        "organizations",
        one,
        "connections",
        con,
        "sign-ins",
        f"sign-ins/{reference}",
        "audit",
        "account",
        "mail",
    ]
    paths += [
        f"{one}/{part}" for part in ("settings", "domains", "contacts", "setup-links", "connections/new", "delete")
    ]
    paths += [f"{one}/contacts/{contact}", f"{one}/contacts/{contact}/remove", f"{one}/setup-links/{link}/revoke"]
    paths += [f"{con}/{part}" for part in ("settings", "routing", "certificates/add", "activate", "subject-source")]
    paths += ["clients", f"clients/{client}", f"clients/{client}/settings", f"clients/{client}/delete", "api-keys"]
    paths += [f"api-keys/{key}/revoke", f"audit/{event}", "installation", f"find?q={quote(HOSTILE)}"]
    paths += [f"organizations?search={quote(HOSTILE)}", f"sign-ins?reference={quote(HOSTILE)}"]
    for path in paths:
        page = person.get(f"/console/{path}")
        assert page.status_code in (200, 303, 422), path
        assert "<script>alert" not in page.text, path
        assert "<img src=x" not in page.text, path
        assert not re.search(r"\sstyle=|\son\w+=\"", page.text), path


def test_t9_an_id_that_is_nobodys_and_a_link_of_another_organization_are_not_found(person: Person, api: Api) -> None:
    one, _ = make_customer(api)
    other, _ = make_customer(api, "Northgate Labs")
    link = api.ok("POST", f"/organizations/{one}/setup-links", {"features": ["sso"]})["id"]
    page = f"/console/organizations/{other}/setup-links"
    assert person.post(f"{page}/{link}/revoke", page=page).status_code == 404
    assert person.post(f"{page}/{link}/resend", page=page).status_code == 404
    for path in ("organizations/org-x", "connections/con-x", "sign-ins/" + "0" * 32, "mail/..%2f..%2fsettings"):
        assert person.get(f"/console/{path}").status_code == 404, path
    assert api.ok("GET", f"/organizations/{one}/setup-links/{link}")["state"] == "open"
