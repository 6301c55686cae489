"""The guides: every command in them is one, those of the first run in their order, Flask's page is a program that works
(issue 6, item 9).
"""

from __future__ import annotations

import gc
import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import click
import pytest
from click.testing import CliRunner, Result

from app.cli.main import main
from app.settings import ROOT
from tests.support.auth0_logins import Chain
from tests.support.auth0_trust import Trust
from tests.support.browser import Browser, Page

GUIDES = ROOT / "docs" / "guides"
FIRST = GUIDES / "auth0-in-ten-minutes.md"
PAGES = sorted(path for path in GUIDES.glob("*.md") if path.name != "migration.md")
PARAMETERS = ("connection", "acr_values", "login_hint", "organization")


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text(), re.DOTALL | re.MULTILINE)


def commands(path: Path) -> list[list[str]]:
    return [shlex.split(line) for block in blocks(path, "sh") for line in block.splitlines()]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_and_option_exists(path: Path) -> None:
    for words in commands(path):
        assert words[0] == "portico", words
        group: click.Command = main
        context = click.Context(main, info_name="portico")
        rest = words[1:]
        while isinstance(group, click.Group):
            found = group.get_command(context, rest[0])
            assert found is not None, words
            group, rest = found, rest[1:]
        group.make_context(" ".join(words[:3]), rest, parent=context)  # raises on an option that is not there


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_guide_says_each_parameter_that_an_application_sends(path: Path) -> None:
    text = path.read_text()
    assert [name for name in PARAMETERS if name not in text] == []


def test_links_between_guides_lead_somewhere() -> None:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#]+\.md)(?:#[^)]*)?\)", path.read_text()):
            assert (path.parent / target).is_file(), (path.name, target)


class Terminal:
    """The `portico` command, in this process, on the installation of a test."""

    def __init__(self, trust: Trust, **settings: str) -> None:
        gateway = trust.app.extensions["portico"].settings
        self._environment = {
            "PORTICO_BASE_URL": gateway.base_url,
            "PORTICO_DATABASE_URL": gateway.database_url,
            "PORTICO_INSTANCE_PATH": str(gateway.instance_path),
            "PORTICO_ENCRYPTION_KEYS": ",".join(gateway.encryption_keys),
            "PORTICO_OUTBOUND_ALLOW": ",".join(gateway.outbound_allow),
            **settings,
        }

    def run(self, *arguments: str) -> Result:
        """Run one command, with nobody at the keyboard."""
        try:
            return CliRunner(env=self._environment).invoke(main, arguments, catch_exceptions=False)
        finally:
            gc.collect()  # the command's application, which a process of its own would take along


def test_the_commands_of_the_first_guide_run_in_their_order(trust: Trust, tmp_path: Path) -> None:
    """Each ends with 0; no secret is printed; at the end the credentials are forgotten."""
    trust.tenant.add_application("Ledgerline")
    machine = trust.credentials()
    secret = tmp_path / "secret"
    secret.write_text(machine.client_secret + "\n")
    terminal = Terminal(
        trust,
        PORTICO_AUTH0_DOMAIN=trust.tenant.origin,
        PORTICO_AUTH0_CLIENT_ID=machine.client_id,
        PORTICO_AUTH0_CLIENT_SECRET_FILE=str(secret),
    )
    known = {"acme.eu.auth0.com": trust.tenant.origin}
    for words in commands(FIRST):
        done = terminal.run(*(known.get(word, word) for word in words[1:]), "--json")
        assert done.exit_code == 0, (words, done.output)
        assert machine.client_secret not in done.output
        answer = json.loads(done.stdout) if done.stdout.strip() else {}
        if words[1:3] == ["organization", "create"]:
            known["ORGANIZATION"] = answer["id"]
        if words[1:3] == ["auth0", "verify"]:
            assert answer["ok"] is True
    assert trust.row().management_client_id is None


def test_exit_statuses_tell_drift_from_not_knowing(trust: Trust) -> None:
    """0: as it should be; 1: drift; 2: the tenant could not be asked. Nothing is changed where nobody can be asked."""
    terminal, machine = Terminal(trust), trust.credentials()
    said = ("--domain", trust.tenant.origin, "--client-id", machine.client_id, "--client-secret", machine.client_secret)
    asked = terminal.run("auth0", "connect", *said)
    assert (asked.exit_code, trust.tenant.ask("GET", "/connections")) == (1, [])
    assert "Say --yes" in asked.stderr
    assert terminal.run("auth0", "connect", *said, "--yes").exit_code == 0
    assert terminal.run("auth0", "verify").exit_code == 0
    trust.tenant.ask("PATCH", f"/connections/{trust.connection()['id']}", {"show_as_button": True})
    drifted = terminal.run("auth0", "verify")
    assert drifted.exit_code == 1
    assert "show_as_button: true -> false" in drifted.stdout
    trust.tenant.reset()
    unknown = terminal.run("auth0", "verify")
    assert unknown.exit_code == 2
    assert "does not accept these credentials" in unknown.stderr


def test_the_flask_guide_is_a_program_that_signs_people_in(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its code, as it stands on the page, against the tenant: the four parameters go out, the customer comes back."""
    okta = chain.vendors.connect("okta-oidc")
    back_at = "http://app.localhost/callback"
    application = chain.trust.tenant.add_application("Flask", callbacks=(back_at,))
    chain.trust.connect(applications=[application.client_id])
    for name, value in {
        "SECRET_KEY": "k",
        "AUTH0_CLIENT_ID": application.client_id,
        "AUTH0_CLIENT_SECRET": application.client_secret,
        "AUTH0_BASE": chain.trust.tenant.origin,
        "PORTICO_NAMESPACE": f"{chain.trust.issuer}/",
    }.items():
        monkeypatch.setenv(name, value)
    (code,) = blocks(GUIDES / "flask.md", "python")
    page: dict[str, Any] = {"__name__": "flask_guide"}
    exec(compile(code, "flask.md", "exec"), page)
    _know_the_tenant(page["oauth"].auth0, chain)
    page["app"].testing = True
    client = page["app"].test_client()
    slug = chain.vendors.organization("okta-oidc")
    left = client.get(f"/login?customer={slug}&email=ada@{okta.domain}", base_url="http://app.localhost")
    sent = parse_qs(urlsplit(left.location).query)
    assert sent["connection"] == ["portico"]
    assert sent["acr_values"] == [f"urn:portico:organization:{slug}"]
    assert sent["login_hint"] == [f"ada@{okta.domain}"]
    assert sent["code_challenge_method"] == ["S256"]
    browser = Browser()
    end = browser.walk(left.location, stop=back_at)
    assert isinstance(end, Page)
    end = browser.walk(chain.vendors.type_name(end, f"ada@{okta.domain}"), stop=back_at)
    assert not isinstance(end, Page), end.text
    back = client.get(end.url, base_url="http://app.localhost")
    assert back.status_code == 302, back.text
    shown = client.get("/", base_url="http://app.localhost").json
    assert shown["customer"] == slug


def _know_the_tenant(auth0: Any, chain: Chain) -> None:
    """What the tenant's discovery document would say; the stand-in is none for applications."""
    origin = chain.trust.tenant.origin
    direct = origin.replace("auth0.localhost", "127.0.0.1")
    auth0.server_metadata.update(
        issuer=f"{origin}/",
        authorization_endpoint=f"{origin}/authorize",
        token_endpoint=f"{direct}/oauth/token",
        jwks_uri=f"{direct}/.well-known/jwks.json",
        id_token_signing_alg_values_supported=["RS256"],
        _loaded_at=1,
    )
