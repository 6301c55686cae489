"""The trust on paper: JSON, curl lines and Terraform say what `connect` sends (issue 6, item 1, its last sentence)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from app.auth0.actions import read_login_action, same_code
from app.auth0.deciding import Typed
from app.auth0.printing.terraform import escape
from tests.support.auth0_trust import OPERATOR, Trust, drifted
from tests.support.terraform import parse_terraform

_ID = re.compile(r"(con|org|cli)[_-][A-Za-z0-9]+|[0-9a-f-]{36}")


@pytest.fixture
def said(trust: Trust) -> dict[str, Any]:
    """What an operator names: an application, an organization that is a customer, and one that is none."""
    trust.api.add_organization(slug=f"printed-{len(trust.api.get('/organizations', limit=200)['items'])}")
    slug = trust.api.get("/organizations", limit=200)["items"]
    customer = next(one["slug"] for one in slug if one["slug"] and not one["auth0_organization_id"])
    bound, other = trust.tenant.add_organization("bound", {"plan": "gold"}), trust.tenant.add_organization("other")
    application = trust.tenant.add_application()
    return {"organizations": [f"{bound.id}={customer}", other.id], "applications": [application.client_id]}


def printed(trust: Trust, said: dict[str, Any], form: str, *, with_secret: bool = False) -> str:
    who: dict[str, Any] = {"actor": OPERATOR, "now": trust.clock()} if with_secret else {}
    with trust.app.app_context():
        return trust.auth0.print(Typed(domain=trust.tenant.origin, **said), form, **who)


def sent(trust: Trust, said: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """What connect really sends, in order."""
    trust.connect(**said)
    calls = []
    for entry in reversed(trust.tenant.logs("sapi")):
        request = entry["details"]["request"]
        calls.append((request["method"].upper(), request["path"], request.get("body")))
    return calls


def neutral(value: Any) -> Any:
    """The same without what is only known at the time."""
    if isinstance(value, dict):
        return {name: "***" if name == "client_secret" else neutral(part) for name, part in value.items()}
    if isinstance(value, list):
        return [neutral(part) for part in value]
    if not isinstance(value, str):
        return value
    placeholder = re.compile(r"\$\{[A-Z_]+\}")
    return (
        "(id)"
        if placeholder.fullmatch(value) or _ID.fullmatch(value)
        else _ID.sub("(id)", placeholder.sub("(id)", value))
    )


def test_json_names_the_very_requests_that_connect_sends(trust: Trust, said: dict[str, Any]) -> None:
    document = json.loads(printed(trust, said, "json"))
    wanted = [(one["method"], neutral(one["path"]), one["body"]) for one in document["requests"]]
    found = [(method, neutral(path), body) for method, path, body in sent(trust, said)]
    assert sorted((method, path) for method, path, _ in wanted) == sorted((method, path) for method, path, _ in found)
    bodies = {(method, path): body for method, path, body in found if body is not None}
    for method, path, body in wanted:
        real = bodies.get((method, path))
        if real is not None and (method == "POST" or path.endswith("/clients")):
            assert neutral(body) == neutral(real), path
    assert document["redirect_uris"] == [f"{trust.tenant.origin}/login/callback"]


def test_no_secret_is_printed_unless_it_is_asked_for(trust: Trust, said: dict[str, Any]) -> None:
    for form in ("json", "curl", "terraform"):
        assert "portico_secret" not in printed(trust, said, form)
    assert trust.tenant.logs("sapi") == []
    assert re.search(r"portico_secret_[\w-]+", printed(trust, said, "json", with_secret=True))
    assert trust.row().client_id is not None


def test_printing_asks_no_tenant_and_needs_no_credentials(trust: Trust) -> None:
    with trust.app.app_context():
        text = trust.auth0.print(Typed(domain="acme.eu.auth0.com"), "json")
    assert json.loads(text)["tenant"] == "https://acme.eu.auth0.com"


def test_the_curl_lines_make_the_trust(trust: Trust, said: dict[str, Any]) -> None:
    """Run as they are, against a tenant that has an Action and metadata of its own; afterwards nothing is left to do."""
    if not shutil.which("curl") or not shutil.which("jq"):
        pytest.skip("curl and jq are not here")
    action = {"name": "Theirs", "supported_triggers": [{"id": "post-login", "version": "v3"}], "code": "exports.x = 1;"}
    theirs = trust.tenant.ask("POST", "/actions/actions", action)
    trust.tenant.ask("GET", f"/actions/actions/{theirs['id']}")
    trust.tenant.ask("POST", f"/actions/actions/{theirs['id']}/deploy", {})
    bound = {"bindings": [{"ref": {"type": "action_name", "value": "Theirs"}, "display_name": "Theirs"}]}
    trust.tenant.ask("PATCH", "/actions/triggers/post-login/bindings", bound)
    script = printed(trust, said, "curl", with_secret=True)
    done = subprocess.run(
        ["sh"], input=script, capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/usr/bin:/bin", "AUTH0_TOKEN": trust.tenant.token(), "no_proxy": "*"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    assert trust.changes(**said).keys() <= {"organizations"}, "the customer is bound in Portico yet"
    trust.connect(**said)
    assert drifted(trust.verify()) == {}
    bindings = trust.tenant.ask("GET", "/actions/triggers/post-login/bindings")["bindings"]
    assert [one["display_name"] for one in bindings] == ["Portico login", "Theirs"]
    organization = said["organizations"][0].partition("=")[0]
    assert trust.tenant.ask("GET", f"/organizations/{organization}")["metadata"].keys() == {"plan", "portico_org"}


def test_terraform_says_the_same_as_json(trust: Trust, said: dict[str, Any]) -> None:
    """Each resource against the body of the request that it stands for."""
    document = json.loads(printed(trust, said, "json"))
    bodies = {one["path"].removeprefix("/api/v2"): one["body"] for one in document["requests"]}
    resources = parse_terraform(printed(trust, said, "terraform"))
    connection = resources["auth0_connection", "portico"]
    body = dict(bodies["/connections"])
    options = dict(body.pop("options"))
    stated = connection.pop("options")
    connection.pop("lifecycle")
    assert connection == body
    options["scopes"] = options.pop("scope").split()
    variables = {"client_id": "var.portico_client_id", "client_secret": "var.portico_client_secret"}
    assert stated == options | variables
    action = resources["auth0_action", "portico_login"]
    assert same_code(action["code"], read_login_action().code)
    assert action["supported_triggers"] == {"id": "post-login", "version": "v3"}
    assert resources["auth0_trigger_action", "portico_login"]["trigger"] == "post-login"
    for number, organization in enumerate(said["organizations"], 1):
        enabled = resources["auth0_organization_connection", f"portico_{number}"]
        path = f"/organizations/{organization.partition('=')[0]}/enabled_connections"
        wanted = bodies[path] | {"connection_id": "auth0_connection.portico.id"}
        assert enabled == wanted | {"organization_id": organization.partition("=")[0]}
    assert resources["auth0_connection_client", "portico_1"]["client_id"] == said["applications"][0]


def test_terraform_replaces_nothing_in_the_actions_code(trust: Trust) -> None:
    """Section 3.6: `${` begins a template there and is written `$${`."""
    code = read_login_action().code
    assert "${" in code
    assert escape(code).count("$${") == code.count("${")
    with trust.app.app_context():
        text = trust.auth0.print(Typed(domain="acme.eu.auth0.com"), "terraform")
    assert re.findall(r"(?<!\$)\$\{", text) == []


def test_terraform_itself_reads_it(trust: Trust, said: dict[str, Any], tmp_path: Any) -> None:
    program = shutil.which("terraform")
    if program is None:
        pytest.skip("terraform is not here")
    (tmp_path / "main.tf").write_text(printed(trust, said, "terraform"))
    done = subprocess.run([program, "fmt", "-list=false", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
