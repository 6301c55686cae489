"""Every command of docs/guides/migration.md does what the guide says, in its order, against a tenant."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

from app.cli.main import main
from app.settings import ROOT
from tests.support.auth0_tenant import run_auth0_tenant
from tests.support.certificates import make_certified

GUIDE = ROOT / "docs" / "guides" / "migration.md"
SAML = {"signInEndpoint": "https://idp.halden.example/sso", "signingCert": make_certified("idp").certificate_pem}


def commands() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.S)
    return [shlex.split(line) for block in blocks for line in block.strip().splitlines()]


def fill_folder(folder: Path) -> None:
    """What the reader has at hand: an export, a state, users."""
    raw = {"name": "halden", "strategy": "samlp", "options": SAML}
    (folder / "export" / "connections").mkdir(parents=True)
    (folder / "export" / "connections" / "halden.json").write_text(json.dumps(raw))
    attributes = {
        "id": "con_1",
        "name": "halden",
        "strategy": "samlp",
        "options": [{"signing_cert": SAML["signingCert"]}],
    }
    resource = {"mode": "managed", "type": "auth0_connection", "instances": [{"attributes": attributes}]}
    (folder / "terraform.tfstate").write_text(json.dumps({"version": 4, "resources": [resource]}))
    identity = {"provider": "samlp", "connection": "halden", "user_id": "halden|ada"}
    (folder / "users.ndjson").write_text(json.dumps({"user_id": "samlp|halden|ada", "identities": [identity]}) + "\n")


class Portico:
    """The command in this process, on an installation of its own; starting one for each line would take a minute."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
        self._environment = {"PORTICO_INSTANCE_PATH": str(folder / "instance"), **settings}
        monkeypatch.chdir(folder)
        made = self.run("db", "upgrade")
        assert made.exit_code == 0, made.output

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), env=self._environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill_folder(tmp_path)
    return tmp_path


def test_every_command_of_the_guide_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reader's ids in the place of the three that the guide cannot know."""
    with run_auth0_tenant() as tenant:
        tenant.add_connection("samlp", "halden", SAML)
        machine = tenant.machine("read:connections", "read:connections_options")
        portico = Portico(
            folder,
            monkeypatch,
            PORTICO_OUTBOUND_ALLOW=tenant.origin,
            PORTICO_AUTH0_DOMAIN=tenant.origin,
            PORTICO_AUTH0_CLIENT_ID=machine.client_id,
            PORTICO_AUTH0_CLIENT_SECRET=machine.client_secret,
        )
        found: dict[str, str] = {}
        said: dict[str, Any] = {}
        for written in commands():
            assert written[0] == "portico"
            arguments = [found.get(word, word).replace("acme.eu.auth0.com", tenant.origin) for word in written[1:]]
            arguments = arguments[: arguments.index(">")] if ">" in arguments else arguments
            done = portico.run(*arguments, "--json")
            assert done.exit_code == 0, (written, done.output, done.exception)
            said[" ".join(written[1:])] = answer = json.loads(done.stdout)
            if written[1:4] == ["auth0", "import", "run"]:
                [row] = answer["connections"]
                found = {"con-…": row["connection_id"], "org-…": row["organization_id"], "imp-…": row["import_id"]}
        check(said, urlsplit(tenant.origin).netloc)


def check(said: dict[str, Any], host: str) -> None:
    """What the guide says of them is so."""
    read = [answer for words, answer in said.items() if words.startswith("auth0 import plan")]
    assert [one["outcomes"] for one in read] == [{"planned": 1}] * 3
    assert read[0]["customers"]["nothing"] == 1
    assert read[0]["tenant"] == host
    recorded = next(answer for words, answer in said.items() if "record-users" in words)
    assert recorded == {"added": 1, "known": 0, "elsewhere": 0, "refused": 0}
    assert next(answer for words, answer in said.items() if " confirm " in words)["legacy_ids"] == "told"
    action = next(answer for words, answer in said.items() if "link-action" in words)
    assert action["connections"] == 1
    assert '"connection": "halden"' in action["code"]
    assert said["auth0 import moves list"]["items"][0]["state"] == "back"


def test_people_read_the_report_and_progress_stays_out_of_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --json: counts and sentences on stdout, progress on stderr."""
    portico = Portico(folder, monkeypatch)
    done = portico.run("auth0", "import", "plan", "--tenant", "acme.eu.auth0.com", "--deploy-cli", "export")
    assert done.exit_code == 0, done.output
    assert "1 need to do one thing" in done.stdout
    assert "halden (samlp) halden: one-thing, planned" in done.stdout
    assert "1 of 1 judged" in done.stderr
    assert "judged" not in done.stdout


def test_users_are_recorded_from_the_tenant_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By searching it for identities of the connection; a second time everybody is known; others are left out."""
    with run_auth0_tenant() as tenant:
        tenant.add_connection("samlp", "halden", SAML)
        for user_id, connection in (
            ("samlp|halden|ada", "halden"),
            ("samlp|halden|bo", "halden"),
            ("auth0|1", "Users"),
        ):
            tenant.add_user(user_id, connection)
        machine = tenant.machine("read:connections", "read:connections_options", "read:users")
        settings = {"PORTICO_AUTH0_DOMAIN": tenant.origin, "PORTICO_AUTH0_CLIENT_ID": machine.client_id}
        settings |= {"PORTICO_AUTH0_CLIENT_SECRET": machine.client_secret, "PORTICO_OUTBOUND_ALLOW": tenant.origin}
        portico = Portico(folder, monkeypatch, **settings)
        done = portico.run("auth0", "import", "run", "--tenant", tenant.origin, "--json")
        assert done.exit_code == 0, done.output
        [row] = json.loads(done.stdout)["connections"]
        for expected in ({"added": 2, "known": 0}, {"added": 0, "known": 2}):
            done = portico.run("auth0", "import", "record-users", row["import_id"], "--json")
            assert done.exit_code == 0, done.output
            assert json.loads(done.stdout) == {**expected, "elsewhere": 0, "refused": 0}


def test_what_cannot_be_read_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a traceback; without an export and without credentials it says what to give."""
    portico = Portico(folder, monkeypatch)
    for arguments in (
        ["--deploy-cli", "nothing-here"],
        ["--terraform", "users.ndjson"],
        ["--deploy-cli", "export", "--terraform", "terraform.tfstate"],
        [],
        ["--deploy-cli", "export", "--organization", "halden"],
    ):
        done = portico.run("auth0", "import", "plan", "--tenant", "acme.eu.auth0.com", *arguments)
        assert done.exit_code in (1, 2), arguments
        assert isinstance(done.exception, SystemExit), arguments
        assert done.stderr.strip(), arguments


def test_the_guides_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", GUIDE.read_text()):
        assert (GUIDE.parent / link).exists(), link
