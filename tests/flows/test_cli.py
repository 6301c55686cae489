"""The `portico` command: stable JSON on stdout, everything else on stderr, a sentence instead of a traceback."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import click
import pytest
import requests
from cryptography.fernet import Fernet

from app.cli.main import COMMANDS, NOUNS, main
from app.management import OPERATIONS, TITLES
from tests.support.command import BOUND_S, Portico, serving


@pytest.fixture(scope="module")
def portico(tmp_path_factory: pytest.TempPathFactory) -> Portico:
    made = Portico(tmp_path_factory.mktemp("instance"))
    made.json("db", "upgrade")
    return made


def test_on_an_empty_database_it_says_what_to_run(tmp_path: Path) -> None:
    done = Portico(tmp_path).run("organization", "list")
    assert done.returncode == 1
    assert "portico db upgrade" in done.stderr
    assert "Traceback" not in done.stderr


def test_db_upgrade_changes_nothing_the_second_time(tmp_path: Path) -> None:
    portico = Portico(tmp_path)
    assert portico.json("db", "upgrade") == {"changed": True}
    assert portico.json("db", "upgrade") == {"changed": False}


def test_an_api_key_is_made_and_shown_once(portico: Portico) -> None:
    made = portico.json("api-key", "create", "--name", "Provisioning", "--scopes", "audit:read")
    assert {"id", "api_key"} <= set(made)
    listed = portico.run("api-key", "list", "--json").stdout
    assert made["id"] in listed
    assert made["api_key"] not in listed


def test_the_commands_do_what_the_api_does(portico: Portico, tmp_path: Path) -> None:
    """Item 7: organization, domain, connection and client from the command line, and the audit log says who."""
    organization = portico.json("organization", "create", "--name", "Halden", "--external-id", "cust_1")
    domain = portico.json("domain", "add", organization["id"], "--domain", "halden.net", "--verified")
    assert domain["status"] == "verified"
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    made = portico.json(
        "connection", "create", organization["id"], "--adapter", "oidc",
        "--settings", "issuer=https://login.halden.example", "--settings", '{"client_id": "portico"}',
        "--settings", f"client_secret=@{secret}", "--domains", "halden.net",
    )  # fmt: skip
    assert (made["status"], made["secrets"], made["domains"]) == ("draft", ["client_secret"], ["halden.net"])
    assert portico.json("connection", "activate", made["id"], "--skip-test")["status"] == "active"
    changed = portico.json("organization", "update", organization["id"], "--body", '{"external_id": null}')
    assert changed["external_id"] is None
    assert portico.json("connection", "delete", made["id"]) == {}
    events = portico.json("audit-event", "list", "--organization-id", organization["id"])["items"]
    assert {event["actor"]["kind"] for event in events} == {"cli"}


def test_a_wrong_value_is_one_sentence_for_people_and_json_for_programs(portico: Portico) -> None:
    done = portico.run("client", "create", "--name", "x", "--redirect-uris", "http://evil.example/cb")
    assert done.returncode == 1
    assert "redirect_uris[0]: " in done.stderr
    done = portico.run("client", "create", "--name", "x", "--redirect-uris", "http://evil.example/cb", "--json")
    assert done.stdout == ""
    error = json.loads(done.stderr.removeprefix("Error: "))["error"]
    assert error["code"] == "invalid"
    assert error["errors"][0]["field"] == "redirect_uris[0]"


def test_an_unknown_id_is_not_found(portico: Portico) -> None:
    done = portico.run("connection", "get", "con-nothing")
    assert done.returncode == 1
    assert "There is nothing here." in done.stderr


def test_hostile_names_do_not_reach_the_terminal(portico: Portico) -> None:
    """Control characters that somebody stored are shown, not obeyed."""
    from app.cli.output import _text

    assert _text("a\x1b[2J\r\nb") == "a\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b"


def test_wrong_settings_are_named(tmp_path: Path) -> None:
    done = Portico(tmp_path, PORTICO_ENV="production").run("organization", "list")
    assert done.returncode == 1
    assert "https" in done.stderr
    assert "Traceback" not in done.stderr


def test_signing_keys_rotate(portico: Portico) -> None:
    gateway_start(portico)
    listed = portico.json("keys", "list")["items"]
    assert {(key["alg"], key["state"]) for key in listed} == {("RS256", "current"), ("ES256", "current")}
    rotated = portico.json("keys", "rotate", "--alg", "ES256")
    assert rotated["state"] == "next"
    assert portico.run("keys", "rotate", "--alg", "ES256").returncode == 1


def test_secrets_are_sealed_anew_with_the_newest_key(tmp_path: Path) -> None:
    """Item 9: after `keys reseal` the old encryption key may go, and everything still opens."""
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    gateway_start(Portico(tmp_path, PORTICO_ENCRYPTION_KEYS=old))
    assert Portico(tmp_path, PORTICO_ENCRYPTION_KEYS=f"{new},{old}").json("keys", "reseal")["sealed"]
    said = json.loads(Portico(tmp_path, PORTICO_ENCRYPTION_KEYS=new).run("doctor", "--json").stdout)
    assert next(check for check in said["checks"] if check["name"] == "encryption keys")["state"] == "ok"


def test_the_audit_log_is_verified_and_exported(portico: Portico, tmp_path: Path) -> None:
    report = portico.json("audit", "verify")
    assert report["holds"] is True
    heads = tmp_path / "heads.json"
    heads.write_text(json.dumps(report))
    assert portico.json("audit", "verify", "--heads", str(heads))["holds"] is True
    report["heads"] = [{"chain": "installation", "seq": 9999, "hash": "0" * 64}]
    heads.write_text(json.dumps(report))
    done = portico.run("audit", "verify", "--heads", str(heads), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"][0]["kind"] == "head-lost"
    portico.json("organization", "create", "--name", 'quote " and \\n more')
    lines = portico.run("audit", "export").stdout.splitlines()
    assert all(json.loads(line)["id"].startswith("evt-") for line in lines)


def test_plugins_are_listed(portico: Portico) -> None:
    states = {item["key"]: item["state"] for item in portico.json("plugins", "list")["items"]}
    assert states["saml"] == states["oidc"] == "ready"


def test_doctor_says_what_is_wrong_and_how_to_fix_it(tmp_path: Path) -> None:
    """Exit 0, 1, 2 for ok, warn, fail; a fix sentence beside everything that is not ok."""
    portico = Portico(tmp_path)
    empty = portico.run("doctor", "--json")
    assert empty.returncode == 2
    portico.json("db", "upgrade")
    gateway_start(portico)
    done = portico.run("doctor", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 1, said
    states = {check["name"]: check["state"] for check in said["checks"]}
    work = next(check for check in said["checks"] if check["name"] == "background work")
    assert (work["state"], work["found"]) == ("warn", "never ran")  # the server left it to `portico worker`
    assert states["libxml2"] == states["database"] == states["tables"] == states["encryption keys"] == "ok"
    assert states["plug-ins"] == "ok"
    assert states["settings"] == "warn"
    assert all(bool(check["fix"]) == (check["state"] != "ok") for check in said["checks"])


def test_doctor_notices_that_stored_secrets_do_not_open(tmp_path: Path) -> None:
    portico = Portico(tmp_path)
    portico.json("db", "upgrade")
    gateway_start(portico)
    (tmp_path / "encryption.key").unlink()
    said = json.loads(portico.run("doctor", "--json").stdout)
    found = next(check for check in said["checks"] if check["name"] == "encryption keys")
    assert found["state"] == "fail"
    assert "PORTICO_ENCRYPTION_KEYS" in found["fix"]


def test_in_development_it_listens_on_loopback_only(portico: Portico) -> None:
    done = portico.run("serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "127.0.0.1" in done.stderr


def gateway_start(portico: Portico) -> None:
    """Serve until it is ready, and stop: makes the signing keys. Background work is left to a process that never comes."""
    with serving(portico, "--no-jobs"):
        pass


def test_make_run_says_how_to_begin_and_serves(tmp_path: Path) -> None:
    """Item 1: on an empty database it says how to make the first API key, and that key works at once."""
    portico = Portico(tmp_path)
    with serving(portico) as server:
        key = portico.json("api-key", "create", "--name", "First")["api_key"]
        answer = requests.get(
            f"{server.url}/api/v1/organizations", headers={"Authorization": f"Bearer {key}"}, timeout=5
        )
        assert answer.json() == {"items": [], "next": None}
        assert requests.get(f"{server.url}/.well-known/openid-configuration", timeout=5).json()["issuer"] == server.url
        metrics = requests.get(f"{server.url}/metrics", timeout=5).text
        assert 'portico_responses_total{status="2xx"}' in metrics
    assert "portico api-key create" in server.log
    assert key not in server.log


def test_background_work_runs_in_a_process_of_its_own(portico: Portico) -> None:
    """Issue 5, item 10: `portico worker` alone does it, and ends when it is told to."""
    command = [sys.executable, "-m", "app.cli", "worker"]
    worker = subprocess.Popen(command, env=portico.environment, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + BOUND_S
    with closing(sqlite3.connect(Path(portico.environment["PORTICO_INSTANCE_PATH"]) / "portico.sqlite3")) as database:
        ran = "SELECT count(*) FROM job_leases WHERE name = 'seal-audit' AND last_run_at IS NOT NULL"
        while not (sealed := database.execute(ran).fetchone()[0]) and time.monotonic() < deadline:
            time.sleep(0.1)
    worker.send_signal(signal.SIGTERM)
    said = worker.communicate(timeout=BOUND_S)[1]
    assert (sealed, worker.returncode) == (1, 0), said


def test_background_work_runs_beside_the_requests(tmp_path: Path) -> None:
    """Item 10: events are sealed within seconds, without a separate process."""
    portico = Portico(tmp_path)
    with serving(portico):
        deadline = time.monotonic() + BOUND_S
        while time.monotonic() < deadline and portico.json("audit", "verify")["unsealed"]:
            time.sleep(0.5)
        report = portico.json("audit", "verify")
    assert (report["unsealed"], report["holds"]) == (0, True)
    assert report["checked"] >= 2


def commands_of(group: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(group, click.Group):
        return [(path, group)]
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += commands_of(command, (*path, name))
    return found


def test_every_command_takes_json_and_shows_an_example() -> None:
    for path, command in commands_of(main):
        assert any("--json" in parameter.opts for parameter in command.params), path
        assert "Example:" in (command.help or ""), path
        assert f"portico {' '.join(path)}" in (command.help or "")


def test_every_operation_is_a_command() -> None:
    nouns = {operation.command[0] for operation in OPERATIONS}
    assert set(TITLES) == nouns
    assert set(NOUNS) == nouns - set(COMMANDS), "a group of its own, which has the operations too, or one made of them"
    named = {path for path, _ in commands_of(main)}
    assert {operation.command for operation in OPERATIONS} <= named
    assert not set(NOUNS) & set(COMMANDS)
