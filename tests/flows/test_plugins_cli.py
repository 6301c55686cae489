"""`portico plugins new` and `check`: what they write passes at once, and every failure is explained."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.settings import ROOT

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("PORTICO_", "PYTEST_"))},
    "PYTHONPATH": str(ROOT),
}


def portico(folder: Path, *arguments: str) -> tuple[int, Any, str]:
    """Run the command; return exit status, its JSON (None without), and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "plugins", *arguments, "--json"],
        cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None, done.stderr


def module_of(folder: Path) -> Path:
    return next(folder.glob("src/*/__init__.py"))


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text)


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A new SAML plug-in."""
    assert portico(tmp_path, "new", "acme", "--protocol", "saml")[0] == 0
    return tmp_path / "portico-adapter-acme"


@pytest.mark.parametrize("protocol", ["saml", "oidc"])
def test_what_is_written_passes_its_own_tests_and_the_check_at_once(tmp_path: Path, protocol: str) -> None:
    """Issue 3: `portico plugins new NAME --protocol saml|oidc`."""
    status, said, _ = portico(tmp_path, "new", "acme-corp", "--protocol", protocol)
    folder = tmp_path / "portico-adapter-acme-corp"
    assert (status, said["folder"]) == (0, folder.name)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"],
        cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 90
    status, said, _ = portico(tmp_path, "check", folder.name)
    assert (status, said["ok"]) == (0, True), said
    key = f"acme-corp-{protocol}"
    assert [(one["part"], one["subject"]) for one in said["findings"]] == [
        ("contract", key), ("settings", key), ("kit", key),
    ]  # fmt: skip
    assert len(next(folder.glob("tests/*.py")).read_text().splitlines()) < 20, "a subclass of the kit stays short"


@pytest.mark.parametrize("name", ["Acme", "1acme", "acme_corp", "../acme", "a" * 31, "-x", "okta"])
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    """Reserved keys are ours; nothing is written outside of the folder."""
    assert portico(tmp_path, "new", "--protocol", "saml", "--", name)[0] != 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(acme: Path) -> None:
    edit(module_of(acme), ("Acme", "Mine"))
    status, _, said = portico(acme.parent, "new", "acme", "--protocol", "oidc")
    assert status == 1
    assert "folder-exists" in said
    assert "Mine" in module_of(acme).read_text()


@pytest.mark.parametrize(
    ("old", "new", "part", "says"),
    [
        ('key="acme-saml"', 'key="okta-saml"', "contract", "reserved for portico-okta"),
        ('contract="1.0"', 'contract="2.0"', "contract", "written for contract 2.0"),
        ('"""Acme over SAML 2.0, for Portico."""', "import no_such_module", "contract", "no_such_module"),
        ('"""Acme over SAML 2.0, for Portico."""', "raise SystemExit(3)", "contract", "SystemExit"),
        ('"""Acme over SAML 2.0, for Portico."""', "import os; os._exit(3)", "contract", "exit status 3"),
        ("@hookimpl", "", "contract", "registers no adapter"),
        ('("acs_url", "ACS URL"), ', '("redirect_uri", "Redirect"), ', "settings", "no such value"),
        ('"sso_url", "certificates"', '"sso_url",', "settings", "no set-up step asks for certificates"),
        ('("mail",)', '("Mail",)', "kit", "the rules make None of it"),
        (r"https://acme\.example/saml", ".*", "kit", "recognizes"),
    ],
)
def test_what_is_wrong_is_explained(acme: Path, old: str, new: str, part: str, says: str) -> None:
    """Issue 3: `check` runs contract, settings and kit, and explains each failure."""
    edit(module_of(acme), (old, new))
    status, said, _ = portico(acme.parent, "check", acme.name)
    assert (status, said["ok"]) == (1, False)
    assert any(one["part"] == part and one["state"] == "fail" and says in one["reason"] for one in said["findings"]), (
        said
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("class TestAcme(SamlConformance)", "class TestAcme", "holds it to the kit"),
        ("class TestAcme", "import pytest\n\n\n@pytest.mark.skip\nclass TestAcme", "holds it to the kit"),
        ("    spec = SPEC\n", "    spec = SPEC\n    test_secrets_stay_inside = None\n", "inherited test stays"),
        ("from portico_adapter_acme import SPEC", "from portico_adapter_acme import SPECS as SPEC", "cannot import name"),
    ],
)  # fmt: skip
def test_a_kit_that_is_not_used_or_weakened_is_noticed(acme: Path, old: str, new: str, says: str) -> None:
    edit(acme / "tests" / "test_adapter.py", (old, new))
    status, said, _ = portico(acme.parent, "check", acme.name)
    assert status == 1
    assert any(says in one["reason"] for one in said["findings"]), said


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "no pyproject.toml"), ("[project]\nname='x'\n", "names no plug-in"), ("x = [", "cannot be read")],
)
def test_a_folder_without_a_plugin_says_what_is_missing(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    status, said, _ = portico(tmp_path, "check", ".")
    assert status == 1
    assert says in said["findings"][0]["reason"]
