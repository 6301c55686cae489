"""Files of other projects that are served or embedded by us are exactly the files that were looked at."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

APP = Path(__file__).parents[3] / "app"


@pytest.mark.parametrize("folder", ["web/static/vendor", "portal/fonts"])
def test_every_vendored_file_has_the_recorded_hash(folder: str) -> None:
    """A changed byte in a vendored file is noticed."""
    for entry in json.loads((APP / folder / "vendor.json").read_text()):
        digest = hashlib.sha384((APP / folder / entry["file"]).read_bytes()).digest()
        assert entry["sha384"] == "sha384-" + base64.b64encode(digest).decode(), entry["file"]


@pytest.mark.parametrize("folder", ["web/static/vendor", "portal/fonts"])
def test_every_vendored_file_is_recorded_with_its_licence(folder: str) -> None:
    """No file of another project goes out without a name, a version and a licence text beside it."""
    entries = json.loads((APP / folder / "vendor.json").read_text())
    known = {"vendor.json"} | {e["file"] for e in entries} | {e["licence_file"] for e in entries}
    assert {path.name for path in (APP / folder).iterdir()} == known
    for entry in entries:
        assert all(entry[key] for key in ("name", "version", "licence"))
        assert (APP / folder / entry["licence_file"]).is_file()
