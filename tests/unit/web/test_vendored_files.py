"""Files of other projects that are served from our own origin are exactly the files that were looked at."""

import base64
import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).parents[3] / "app" / "web" / "static" / "vendor"
ENTRIES = json.loads((VENDOR / "vendor.json").read_text())


def test_every_vendored_file_has_the_recorded_hash() -> None:
    """A changed byte in a vendored file is noticed."""
    for entry in ENTRIES:
        digest = hashlib.sha384((VENDOR / entry["file"]).read_bytes()).digest()
        assert entry["sha384"] == "sha384-" + base64.b64encode(digest).decode(), entry["file"]


def test_every_vendored_file_is_recorded_with_its_licence() -> None:
    """No file of another project is served without a name, a version and a licence text beside it."""
    known = {"vendor.json"} | {e["file"] for e in ENTRIES} | {e["licence_file"] for e in ENTRIES}
    assert {path.name for path in VENDOR.iterdir()} == known
    for entry in ENTRIES:
        assert all(entry[key] for key in ("name", "version", "licence"))
        assert (VENDOR / entry["licence_file"]).is_file()
