"""The npm package of the peers is pinned, and its lock holds no address of a registry."""

from __future__ import annotations

import json
from pathlib import Path

PEERS = Path(__file__).resolve().parents[2] / "peers"


def test_peers_are_pinned_exactly() -> None:
    """A range would test something else tomorrow."""
    wanted = json.loads((PEERS / "package.json").read_text())["dependencies"]
    assert {"oidc-provider", "openid-client", "openid-client-5"} <= wanted.keys()
    assert not [version for version in wanted.values() if version[0] in "^~*>" or version == "latest"]


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    """npm writes where it found each package unless .npmrc says otherwise."""
    packages = json.loads((PEERS / "package-lock.json").read_text())["packages"]
    installed = {path: entry for path, entry in packages.items() if path}
    assert all(entry["integrity"].startswith("sha512-") for entry in installed.values())
    assert not [path for path, entry in installed.items() if "resolved" in entry]
