"""The mapping page: pasted responses, near matches, raw to result, overage. Item 3, requirements 20 to 22."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.claims import Additions, Attribute
from app.database import db
from app.portal.mapping import HOWS, how_of, list_rows, rules_of, use_source
from portico_saml.testing import Answer, build_response, to_bytes
from tests.support.clock import SettableClock
from tests.support.visitor import Visitor
from tests.support.whole_app import whole_app

XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
MOST_STATEMENTS = 25  # of one preview: the visit, the connection, its rules, what operators added, the list of tasks
GROUP = "6babcaad-604b-40ac-a9d7-9fd97c0b779f"


@pytest.fixture
def app(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Flask]:
    with whole_app(database_url, clock, tmp_path) as made:
        yield made


def saml(*attributes: tuple[str, tuple[str, ...]]) -> str:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    answer = Answer.honest(issuer="i", acs_url="https://p.example/acs", audience="p", request_id="_1", now=now)
    from dataclasses import replace

    return base64.b64encode(to_bytes(build_response(replace(answer, attributes=attributes)))).decode()


def token(**claims: Any) -> str:
    parts = ('{"alg":"RS256"}', json.dumps(claims), "sig")
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts)


def begin(app: Flask, clock: SettableClock, adapter: str) -> tuple[Visitor, str]:
    visitor = Visitor(app, clock)
    visitor.enter()
    return visitor, f"{visitor.choose(adapter)}/mapping"


def cell(page: str, name: str) -> str:
    """What a row's last column says, as text."""
    found = re.search(rf'<td id="live-{name}" data-live>(.*?)</td>', page, re.DOTALL)
    assert found, name
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def test_a_pasted_response_is_read_as_a_sign_in_would_be(app: Flask, clock: SettableClock) -> None:
    """Raw, what each change makes of it, and the result, row by row; nothing of it is stored."""
    visitor, path = begin(app, clock, "entra-saml")
    pasted = saml((f"{XMLSOAP}/emailaddress", (" Ada@Halden.Example ",)), (f"{XMLSOAP}/givenname", ("Ada",)))
    page = visitor.post(path, path, 200, do="preview", pasted=pasted).text
    assert "Ada@Halden.Example → becomes Ada@Halden.Example → becomes ada@halden.example" in cell(page, "email")
    assert cell(page, "given_name") == "Ada from givenname"
    assert pasted in page, "what was typed is kept on the page"
    assert pasted not in visitor.get(path)
    with app.app_context():
        from app.database import db

        for table in db.metadata.sorted_tables:
            for row in db.session.execute(table.select()):
                assert "Halden.Example" not in str(row), table.name


@pytest.mark.parametrize("adapter", ["entra-oidc", "okta-oidc", "oidc"])
def test_a_pasted_token_or_its_claims_are_read(app: Flask, clock: SettableClock, adapter: str) -> None:
    visitor, path = begin(app, clock, adapter)
    claims = {"email": "ada@halden.example", "sub": "1"}
    for pasted in (token(**claims), json.dumps(claims, indent=2)):
        page = visitor.post(path, path, 200, do="preview", pasted=pasted).text
        assert cell(page, "email").startswith("ada@halden.example")


@pytest.mark.parametrize(
    ("adapter", "pasted", "says"),
    [
        ("entra-saml", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "This connection speaks SAML."),
        ("entra-saml", "<html><body>", "This is not a whole XML document"),
        ("entra-saml", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "has a document type"),
        ("entra-oidc", "<samlp:Response/>", "This connection speaks OpenID Connect."),
        ("entra-oidc", "hello", "neither an ID token nor JSON"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field(
    app: Flask, clock: SettableClock, adapter: str, pasted: str, says: str
) -> None:
    """422, the field marked, and the page goes on without it."""
    visitor, path = begin(app, clock, adapter)
    page = visitor.post(path, path, 422, do="preview", pasted=pasted).text
    assert says in page
    assert 'href="#pasted"' in page
    assert '<details class="mt-4" open>' in page


def test_20_a_preview_is_cheap_whatever_the_table_holds(app: Flask, clock: SettableClock) -> None:
    """Requirement 20 without a clock: a preview reads little, writes nothing, no more for a hundred values than for one."""
    visitor, path = begin(app, clock, "entra-oidc")
    few = token(email="ada@halden.example")
    many = token(email="ada@halden.example", groups=[GROUP] * 90, **{f"claim{n}": str(n) for n in range(100)})
    sent = dict[str, list[str]]()
    field = re.search(r'name="csrf_token" value="([0-9a-f]+)"', visitor.get(path))
    assert field
    for name, pasted in (("few", few), ("many", many)):
        sent[name] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any, to: list[str] = sent[name]) -> None:
            to.append(statement)

        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", note)
        form = {"csrf_token": field[1], "do": "preview", "pasted": pasted, "email": "email"}
        assert visitor.client.post(path, data=form).status_code == 200
        with app.app_context():
            event.remove(db.engine, "before_cursor_execute", note)
    assert len(sent["many"]) == len(sent["few"]) <= MOST_STATEMENTS, "\n".join(sent["few"])
    written = [one for one in sent["many"] if one.lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []


def test_a_missing_value_names_what_arrived_and_offers_near_matches(app: Flask, clock: SettableClock) -> None:
    """Requirement 21; the button works without JavaScript, and nothing is stored by it."""
    visitor, path = begin(app, clock, "entra-saml")
    pasted = saml(("urn:name", ("Mira@halden.example",)), ("worker_mail_flag", ("yes",)))
    page = visitor.post(path, path, 200, do="preview", pasted=pasted).text
    assert "E-mail address: this did not arrive." in page
    assert "<code>urn:name</code>" in page
    assert '<tr id="row-email" data-live-class class="miss">' in page
    offers = re.findall(r'name="use" value="(email=[^"]+)"', page)
    assert offers[:2] == ["email=urn:name", "email=NameID"]
    page = visitor.post(path, path, 200, use="email=urn:name", pasted=pasted).text
    assert "Mira@halden.example → becomes mira@halden.example" in cell(page, "email")
    assert ">urn:name, " in page
    assert visitor.api.ok("GET", f"/connections/{path.split('/')[2]}")["claim_rules"] == {}


def test_group_ids_are_shown_as_ids_and_overage_is_told(app: Flask, clock: SettableClock) -> None:
    """Requirement 22, for Entra over both protocols."""
    visitor, path = begin(app, clock, "entra-oidc")
    page = visitor.post(path, path, 200, do="preview", pasted=token(sub="1", groups=[GROUP])).text
    assert cell(page, "groups").startswith(f"{GROUP} Object ID")
    assert "The groups of this person are unknown." not in page
    for more in ({"hasgroups": True}, {"_claim_names": {"groups": "src1"}}):
        page = visitor.post(path, path, 200, do="preview", pasted=token(sub="1", **more)).text
        assert "The groups of this person are unknown." in page
        assert "unknown, not empty" in cell(page, "groups")
    visitor, path = begin(app, clock, "entra-saml")
    link = saml(("http://schemas.microsoft.com/claims/groups.link", ("https://graph.windows.net/x",)))
    assert "The groups of this person are unknown." in visitor.post(path, path, 200, do="preview", pasted=link).text


def test_attributes_that_operators_require_have_a_row(app: Flask, clock: SettableClock) -> None:
    """Whatever they are called; the customer says where theirs comes from."""
    visitor, path = begin(app, clock, "oidc")
    for name, required in (("costcentre", True), ("pasted", False)):
        visitor.api.ok("POST", "/profile-attributes", {"name": name, "type": "string", "required": required})
    page = visitor.post(path, path, 200, do="preview", pasted=token(sub="1", email="a@b.example", kst="42")).text
    assert "costcentre: this did not arrive." in page
    form = {"do": "save", "attribute-costcentre": "kst", "how-attribute-costcentre": "keep"}
    visitor.post(path, path, **form)
    rules = visitor.api.ok("GET", f"/connections/{path.split('/')[2]}")["claim_rules"]
    assert rules == {"costcentre": {"sources": ["kst"], "transforms": []}}


def test_a_preset_is_not_stored_and_a_change_is(app: Flask, clock: SettableClock) -> None:
    visitor, path = begin(app, clock, "entra-saml")
    connection = f"/connections/{path.split('/')[2]}"
    visitor.post(path, path, do="save")
    assert visitor.api.ok("GET", connection)["claim_rules"] == {}
    visitor.post(path, path, **{"do": "save", "groups": "memberOf, groups", "how-groups": "split"})
    rules = visitor.api.ok("GET", connection)["claim_rules"]
    assert rules["groups"]["sources"] == ["memberOf", "groups"]
    assert [step["kind"] for step in rules["groups"]["transforms"]] == ["split", "trim"]
    assert '<option value="split" selected>' in visitor.get(path)


def test_what_operators_wrote_stays(app: Flask, clock: SettableClock) -> None:
    """An expression is shown as theirs, and a way to change values that the page does not offer is kept."""
    visitor, path = begin(app, clock, "entra-saml")
    connection = f"/connections/{path.split('/')[2]}"
    table = {"sources": ["dept"], "transforms": [{"kind": "replace", "table": {"a": "b"}}]}
    rules = {"name": {"expression": "join(' ', [givenname[0], surname[0]])"}, "groups": table}
    visitor.api.ok("PATCH", connection, {"claim_rules": rules})
    before = visitor.api.ok("GET", connection)["claim_rules"]
    assert "Set by the team that runs this service." in visitor.get(path)
    form = {"do": "save", "name": "hacked", "groups": "dept", "how-groups": "other", "given_name": "vorname"}
    visitor.post(path, path, **form)
    after = visitor.api.ok("GET", connection)["claim_rules"]
    assert {name: after[name] for name in before} == before
    assert after["given_name"]["sources"] == ["vorname"]


def test_the_api_previews_a_document_too(app: Flask, clock: SettableClock) -> None:
    """Exactly one source; an unreadable one is named."""
    visitor, path = begin(app, clock, "entra-oidc")
    preview = f"/connections/{path.split('/')[2]}/claims/preview"
    found = visitor.api.ok("POST", preview, {"document": token(sub="1", email="ADA@halden.example", hasgroups=True)})
    assert {one["field"]: one["result"] for one in found["after"]}["email"] == "ada@halden.example"
    assert found["left_out"] == ["groups"]
    status, problem = visitor.api.refused("POST", preview, {"document": "<x/>"})
    assert (status, problem["errors"][0]["field"], problem["errors"][0]["code"]) == (422, "document", "pasted-saml")
    for wrong in ({}, {"document": "x", "attributes": {}}):
        assert visitor.api.refused("POST", preview, wrong)[0] == 422


def test_the_table_is_pure_data() -> None:
    """What the page's rows say is exactly what is stored."""
    presets = {"email": {"sources": ["mail"], "transforms": list(HOWS["lower"])}}
    form = {"email": "mail", "how-email": "lower", "name": "cn", "how-name": "nonsense"}
    rows = list_rows(presets, form, Additions((Attribute("x"),)), {})
    assert [row.key for row in rows][-1] == "attribute-x"
    assert rules_of(presets, {}, rows) == {"name": {"sources": ["cn"], "transforms": []}}
    assert how_of([{"kind": "join"}]) == "other"
    assert use_source({"use": "email=upn"}, presets)["email"] == "upn, mail"
    assert use_source({"use": "do=save", "do": "preview"}, presets)["do"] == "preview"
    assert use_source({"use": "email"}, presets) == {"use": "email"}
