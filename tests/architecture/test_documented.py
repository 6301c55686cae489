"""Whatever somebody can set, read or meet is described where it is defined, and on its reference page."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.audit import EventName
from app.settings import PREFIX, ROOT, Settings

REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    """Text of a reference page. Skips while the page does not exist."""
    path: Path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"docs/reference/{name} is not written yet")
    return path.read_text()


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_described_where_it_is_defined(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description
    assert description.endswith(".")


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_on_the_reference_page(name: str) -> None:
    assert f"{PREFIX}{name.upper()}" in page("settings.md")


@pytest.mark.parametrize("name", list(EventName))
def test_every_audit_event_is_on_the_reference_page(name: EventName) -> None:
    text = page("audit-events.md")
    assert name.value in text
    assert name.description in text


def test_no_shape_of_the_api_is_called_after_a_module() -> None:
    """Two of one name make pydantic put their modules before it, in a document that others generate code from."""
    assert "app__" not in page("api.md")
