"""The SDK is documented as the only thing that an author needs, and its page says what the code does."""

from __future__ import annotations

import dataclasses
import re
import tomllib

import pytest

import portico_sdk
from app.cli.reference import FOLDER, write_page
from app.cli.sdk_reference import PARTS, SOURCE, describe_fields, public_names, read_examples, sections_of
from app.settings import ROOT
from portico_sdk import testing

NAMES = [name for _, module in PARTS for name in public_names(module)]


def test_every_public_name_is_on_the_page_once() -> None:
    assert sorted(NAMES) == sorted(portico_sdk.__all__)
    page = write_page("sdk.md")
    for name in (*portico_sdk.__all__, *testing.__all__):
        assert page.count(f"### `{name}`\n") == 1, name


@pytest.mark.parametrize("name", [*portico_sdk.__all__, *testing.__all__])
def test_every_public_name_has_an_example_that_runs(name: str) -> None:
    """plugins/sdk/tests/test_examples.py runs them."""
    assert read_examples()[name]


@pytest.mark.parametrize(
    "kind",
    [one for name in NAMES if isinstance(one := getattr(portico_sdk, name), type) and dataclasses.is_dataclass(one)],
    ids=lambda kind: kind.__name__,
)
def test_every_field_has_a_meaning(kind: type) -> None:
    """Its shape is its type; what types cannot say stands in Args."""
    assert [name for name, _, _, meaning in describe_fields(kind) if not meaning] == []
    assert set(sections_of(kind)[1]) <= {field.name for field in dataclasses.fields(kind)}, "a field that is gone"


def test_the_page_is_the_one_that_is_shipped() -> None:
    assert (FOLDER / "sdk.md").read_text() == write_page("sdk.md"), "run make reference"


def test_the_version_of_the_package_is_that_of_the_contract() -> None:
    """And the changelog has an entry for it."""
    package = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text())["project"]["version"]
    assert package == portico_sdk.__version__
    assert re.fullmatch(rf"{re.escape(portico_sdk.CONTRACT_VERSION)}\.\d+", package)
    assert f"## {package}" in (SOURCE.parents[1] / "CHANGELOG.md").read_text()


def test_type_checkers_read_its_types() -> None:
    assert all(
        (ROOT / "plugins" / name / "src" / f"portico_{name}" / "py.typed").is_file() for name in ("saml", "oidc")
    )
    assert (SOURCE / "py.typed").is_file()
