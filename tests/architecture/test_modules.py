"""What every module of the house has in common."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from app.settings import ROOT
from tests.support.source import PLUGINS, Module, gateway, modules, plugins

LONGEST = 300
EVERY = gateway() + plugins()


def test_there_is_something_to_look_at() -> None:
    assert len(EVERY) > 100


def test_every_module_says_what_it_is_for() -> None:
    assert [module.name for module in EVERY if not ast.get_docstring(module.tree)] == []


def test_no_module_is_longer_than_a_few_screens() -> None:
    tests = modules(ROOT / "tests", *sorted(PLUGINS.glob("*/tests")))
    assert {m.name: n for m in EVERY if (n := len(m.text.splitlines())) > LONGEST} == {}
    assert {m.name: n for m in tests if (n := len(m.text.splitlines())) > 2 * LONGEST} == {}


def test_no_module_is_named_for_nothing() -> None:
    names = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
    assert [m.name for m in EVERY if names & set(PurePosixPath(m.name).with_suffix("").parts)] == []


def public_definitions(module: Module) -> list[tuple[str, ast.AST]]:
    """Public classes and functions of a module, and public methods of its public classes."""
    found: list[tuple[str, ast.AST]] = []
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            found.append((node.name, node))
            if isinstance(node, ast.ClassDef):
                found += [
                    (f"{node.name}.{inner.name}", inner)
                    for inner in node.body
                    if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_")
                ]
    return found


def test_everything_public_in_the_sdk_has_a_docstring() -> None:
    """It is the only thing that an author of adapters needs to read."""
    bare = [
        f"{module.name}: {name}"
        for module in modules(PLUGINS / "sdk" / "src")
        for name, node in public_definitions(module)
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not ast.get_docstring(node)
    ]
    assert bare == []


@pytest.mark.parametrize("mark", ["TODO", "FIXME", "XXX", "NotImplementedError"])
def test_nothing_is_left_for_later(mark: str) -> None:
    assert [m.name for m in EVERY if re.search(rf"\b{mark}\b", m.text)] == []


def test_no_check_can_be_switched_off_by_python_o() -> None:
    """`assert` states an invariant to the type checker; with -O it is gone, so it never guards anything."""
    assert [m.name for m in EVERY if "__debug__" in m.text] == []


_IMPORT_EVERYTHING = """
import importlib, pkgutil, sys
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen", "os.system", "os.mkdir",
                 "os.remove", "os.rename") or (event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")):
        if not (event == "open" and "__pycache__" in str(args[0])):
            print("import-time effect:", event, args, flush=True)
            raise SystemExit(1)
sys.dont_write_bytecode = True
import app
names = [m.name for m in pkgutil.walk_packages(app.__path__, "app.")]
names = [n for n in names if not n.endswith(("__main__", "migrations.env")) and ".versions" not in n]
sys.addaudithook(refuse)
for name in names:
    importlib.import_module(name)
print(len(names), "modules")
"""


def test_importing_any_module_of_the_gateway_has_no_effect_outside_of_the_process() -> None:
    """No import-time I/O: no connection, no file written, no program started."""
    run = subprocess.run(
        [sys.executable, "-c", _IMPORT_EVERYTHING],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert int(run.stdout.split()[0]) > 50
