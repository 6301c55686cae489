"""`portico plugins check PATH`: contract, settings and kit of a plug-in in its own folder, with each failure explained.

Its code runs in processes of their own: what it does there, this command does not feel.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.adapters.first_party import normalize_distribution
from portico_sdk import ENTRY_POINT_GROUP

LIMIT_S = 600


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        part: contract, settings, kit or tests.
        subject: the adapter's key, or the test.
        state: `ok` or `fail`.
        reason: what is wrong, and what the requirement is.
    """

    part: str
    subject: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plugin:
    """What the folder says of itself."""

    folder: Path
    distribution: str
    version: str
    entry_points: dict[str, str]


class Unusable(Exception):
    """The folder holds no plug-in; the text says what is missing."""


def check_plugin(folder: Path) -> list[Finding]:
    """Return what was found, the failures explained. Never raises for what the plug-in is or does."""
    if find_spec("pytest") is None:
        return [Finding("tests", str(folder), "fail", "pytest is needed: pip install 'portico-sdk[testing]'")]
    try:
        plugin = read_plugin(folder)
    except Unusable as error:
        return [Finding("contract", str(folder), "fail", str(error))]
    probed = _probe(plugin)
    keys = [finding.subject for finding in probed if finding.part == "contract" and finding.state == "ok"]
    return [*probed, *(_run_tests(plugin, keys) if keys else [])]


def read_plugin(folder: Path) -> Plugin:
    """Return what pyproject.toml says. Raises Unusable."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        points = project["entry-points"][ENTRY_POINT_GROUP]
        name, version = str(project["name"]), str(project.get("version", "0"))
    except FileNotFoundError:
        raise Unusable("There is no pyproject.toml here: give the folder of a distribution.") from None
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise Unusable(f"pyproject.toml cannot be read: {error}") from None
    except (KeyError, TypeError):
        wanted = f'[project.entry-points."{ENTRY_POINT_GROUP}"]'
        raise Unusable(f"pyproject.toml names no plug-in: it needs {wanted} with NAME = PACKAGE.") from None
    if not isinstance(points, dict) or not points or not all(isinstance(one, str) for one in points.values()):
        raise Unusable(f"the entry points {ENTRY_POINT_GROUP} are not NAME = PACKAGE")
    return Plugin(folder.resolve(), normalize_distribution(name), version, points)


def _probe(plugin: Plugin) -> list[Finding]:
    said = {"distribution": plugin.distribution, "version": plugin.version, "entry_points": plugin.entry_points}
    found, trouble = _run(plugin, ["-m", "app.cli.plugin_check.probe", json.dumps(said)])
    if found is None:
        return [Finding("contract", plugin.distribution, "fail", f"loading it ended the process: {trouble}")]
    if not found:
        reason = "it registers no adapter: portico_register_adapters must be marked @hookimpl and return them"
        return [Finding("contract", plugin.distribution, "fail", reason)]
    return [Finding(*finding) for finding in found]


def _run_tests(plugin: Plugin, keys: Sequence[str]) -> Iterator[Finding]:
    pytest = ["-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "app.cli.plugin_check.recorder"]
    found, trouble = _run(plugin, [*pytest, "--rootdir", str(plugin.folder), str(plugin.folder)])
    if found is None:
        yield Finding("tests", plugin.distribution, "fail", f"pytest did not run: {trouble}")
        return
    covered = {test["key"] for test in found if test["key"] and test["state"] != "skip"}
    for key in keys:
        if key not in covered:
            yield Finding("kit", key, "fail", _UNCOVERED.format(key=key))
        elif not any(test["key"] == key and test["state"] == "fail" for test in found):
            passed = sum(test["key"] == key and test["state"] == "ok" for test in found)
            yield Finding("kit", key, "ok", f"{passed} tests")
    for test in found:
        if test["state"] == "fail":
            yield Finding("kit" if test["key"] else "tests", test["test"], "fail", test["reason"])


_UNCOVERED = (
    "No test class holds it to the kit. Subclass portico_saml.testing.SamlConformance, "
    "portico_oidc.testing.OidcConformance or portico_sdk.testing.AdapterConformance with spec = the spec of {key}."
)


def _run(plugin: Plugin, arguments: list[str]) -> tuple[Any, str]:
    """Run Python with the plug-in's source on its path; return the JSON that it wrote, or None and why there is none."""
    source = plugin.folder / "src"
    path = [str(source if source.is_dir() else plugin.folder), os.environ.get("PYTHONPATH", "")]
    with tempfile.TemporaryDirectory() as scratch:
        answer = Path(scratch) / "answer.json"
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
            "PORTICO_CHECK_ANSWER": str(answer),
        }
        try:
            done = subprocess.run(  # noqa: S603 -- our own interpreter
                [sys.executable, *arguments],
                cwd=plugin.folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None, f"it took longer than {LIMIT_S} s"
        if not answer.is_file():
            said = (done.stderr or done.stdout).strip().splitlines()
            return None, said[-1][:500] if said else f"exit status {done.returncode}"
        return json.loads(answer.read_text()), ""
