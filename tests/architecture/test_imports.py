"""Who may import what: the floors of the house, and where each framework may be known."""

from __future__ import annotations

import sys
from pathlib import PurePosixPath

import pytest
from importlinter.cli import lint_imports

from app.settings import ROOT
from tests.support.source import PLUGINS, Module, gateway, modules, plugins

#: Where the gateway may know Flask (architecture, "Floors").
FLASK_FILES = ("views.py", "forms.py")
FLASK_FOLDERS = ("app/web/", "app/cli/", "app/mail/", "app/jobs/")
FLASK_MODULES = ("app/__init__.py", "app/database.py", "app/migrations/env.py")


def test_the_import_contracts_of_pyproject_toml_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Floors, plug-ins, adapters, python3-saml and requests-oauthlib."""
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))
    status = lint_imports(no_cache=True)
    assert status == 0, capsys.readouterr().out


def may_know_flask(module: Module) -> bool:
    return (
        PurePosixPath(module.name).name in FLASK_FILES
        or module.name.startswith(FLASK_FOLDERS)
        or module.name in FLASK_MODULES
    )


def test_flask_and_its_extensions_are_known_only_where_requests_and_commands_arrive() -> None:
    found = {
        (module.name, imported.module)
        for module in gateway()
        if not may_know_flask(module)
        for imported in module.imports()
        if imported.top.startswith(("flask", "apiflask")) and not imported.typing_only
    }
    assert found == set()


def test_views_and_forms_write_no_sql() -> None:
    found = {
        (module.name, imported.module)
        for module in gateway()
        if PurePosixPath(module.name).name in FLASK_FILES
        for imported in module.imports()
        if imported.top in ("sqlalchemy", "flask_sqlalchemy") or imported.module.endswith(".models")
    }
    assert found == set()


def test_tables_are_known_only_in_their_own_room() -> None:
    """A room asks another room; it does not read its tables."""
    found = {
        (module.name, imported.module)
        for module in gateway()
        for imported in module.imports()
        if imported.module.startswith("app.")
        and (imported.module.endswith(".models") or "models" in imported.names)
        and imported.module.split(".")[1] != PurePosixPath(module.name).parts[1]
    }
    assert found == set()


def test_the_sdk_imports_pluggy_and_the_standard_library() -> None:
    """Its `testing` also pytest: whoever writes an adapter installs nothing else."""
    found = set()
    for module in modules(PLUGINS / "sdk" / "src"):
        allowed = {"portico_sdk", "pluggy", *sys.stdlib_module_names}
        if "portico_sdk/testing" in module.name:
            allowed |= {"pytest"}
        found |= {(module.name, imported.module) for imported in module.imports() if imported.top not in allowed}
    assert found == set()


def test_a_vendors_adapter_knows_the_contract_and_the_two_generic_adapters() -> None:
    """By their public names alone; no list of vendors stands here, so that a new one touches nothing."""
    ground = {"sdk", "saml", "oidc", "simulator"}
    found = set()
    for folder in sorted(PLUGINS.glob("*/src/portico_*")):
        if folder.parents[1].name in ground:
            continue
        for module in modules(folder):
            for imported in module.imports():
                own = imported.top in (folder.name, *sys.stdlib_module_names)
                if not own and imported.module not in ("portico_sdk", "portico_saml", "portico_oidc"):
                    found.add((module.name, imported.module))
    assert found == set()


def test_the_gateway_knows_no_adapter() -> None:
    """Nor the simulator: keys stand in it as data only."""
    found = {
        (module.name, imported.module)
        for module in gateway()
        for imported in module.imports()
        if imported.top.startswith("portico_") and imported.top != "portico_sdk"
    }
    assert found == set()


@pytest.mark.parametrize(
    ("package", "owners"),
    [
        ("onelogin", {"plugins/saml"}),
        ("requests_oauthlib", {"plugins/oidc"}),
        ("oauthlib", {"plugins/oidc"}),
        ("authlib", {"app/provider"}),
        ("psycopg", set()),  # by way of SQLAlchemy alone
    ],
)
def test_a_library_that_can_be_replaced_is_known_in_one_place(package: str, owners: set[str]) -> None:
    found = {
        "/".join(module.name.split("/")[:2])
        for module in gateway() + plugins()
        for imported in module.imports()
        if imported.top == package
    }
    assert found <= owners


def test_s2_there_is_no_second_xml_parser_on_the_way_of_a_saml_message() -> None:
    """What verifies a signature and what reads the identity see one tree (row S2)."""
    others = ("xml", "defusedxml", "bs4", "html5lib", "xmltodict", "xmlschema", "saml2", "signxml")
    found = {
        (module.name, imported.module)
        for module in modules(PLUGINS / "saml" / "src", PLUGINS / "sdk" / "src") + gateway()
        for imported in module.imports()
        if imported.top in others
    }
    assert found == set()


def test_the_deprecated_jose_of_authlib_is_not_used() -> None:
    found = {
        (module.name, imported.module)
        for module in gateway() + plugins()
        for imported in module.imports()
        if imported.module.startswith("authlib.jose") or (imported.module == "authlib" and "jose" in imported.names)
    }
    assert found == set()
