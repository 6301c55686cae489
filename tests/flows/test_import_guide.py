"""Every command of docs/guides/migration.md does what the guide says, in its order, against a tenant."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.settings import ROOT
from tests.support.auth0_tenant import Auth0Tenant, run_auth0_tenant
from tests.support.certificates import make_certified
from tests.support.command import Portico

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


def portico_of(tenant: Auth0Tenant, folder: Path) -> Portico:
    machine = tenant.machine("read:connections", "read:connections_options")
    made = Portico(
        folder / "instance",
        PORTICO_OUTBOUND_ALLOW=tenant.origin,
        PORTICO_AUTH0_CLIENT_ID=machine.client_id,
        PORTICO_AUTH0_CLIENT_SECRET=machine.client_secret,
    )
    made.json("db", "upgrade")
    return made


def test_every_command_of_the_guide_runs(tmp_path: Path) -> None:
    """With the reader's ids in the place of the three that the guide cannot know."""
    fill_folder(tmp_path)
    with run_auth0_tenant() as tenant:
        tenant.add_connection("samlp", "halden", SAML)
        portico = portico_of(tenant, tmp_path)
        found: dict[str, str] = {}
        said: dict[str, Any] = {}
        for written in commands():
            assert written[0] == "portico"
            arguments = [found.get(word, word).replace("acme.eu.auth0.com", tenant.origin) for word in written[1:]]
            arguments = arguments[: arguments.index(">")] if ">" in arguments else arguments
            done = portico.run(*arguments, "--json", cwd=tmp_path)
            assert done.returncode == 0, (written, done.stdout, done.stderr)
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


def test_people_read_the_report_and_progress_stays_out_of_it(tmp_path: Path) -> None:
    """Without --json: counts and sentences on stdout, progress on stderr."""
    fill_folder(tmp_path)
    portico = Portico(tmp_path / "instance")
    portico.json("db", "upgrade")
    done = portico.run(
        "auth0", "import", "plan", "--tenant", "acme.eu.auth0.com", "--deploy-cli", "export", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "1 need to do one thing" in done.stdout
    assert "halden (samlp) halden: one-thing, planned" in done.stdout
    assert "1 of 1 judged" in done.stderr
    assert "judged" not in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--deploy-cli", "nothing-here"],
        ["--terraform", "users.ndjson"],
        ["--deploy-cli", "export", "--terraform", "terraform.tfstate"],
        [],
        ["--deploy-cli", "export", "--organization", "halden"],
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, arguments: list[str]) -> None:
    """Never a traceback; without an export and without credentials it says what to give."""
    fill_folder(tmp_path)
    portico = Portico(tmp_path / "instance")
    portico.json("db", "upgrade")
    done = portico.run("auth0", "import", "plan", "--tenant", "acme.eu.auth0.com", *arguments, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_the_guides_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", GUIDE.read_text()):
        assert (GUIDE.parent / link).exists(), link
