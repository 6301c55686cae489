"""What README.md tells a newcomer to type does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from app.settings import ROOT
from tests.support.command import Portico, serving

BIN = Path(sys.executable).parent


def blocks() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.S)


def test_the_first_block_names_targets_that_exist() -> None:
    """Item 1: the commands come first, and each is in the list that `make help` prints."""
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = re.findall(r"^make (\w+)", blocks()[0], re.M)
    assert named == ["demo", "run", "test"]
    assert all(f"make {name} " in shown for name in named)


def test_the_way_to_the_first_customer_works(tmp_path: Path) -> None:
    """Every line of the other blocks runs as it stands, against a gateway that `portico serve` runs."""
    portico = Portico(tmp_path)
    with serving(portico) as server:
        for block in blocks()[1:]:
            script = block.replace(".venv/bin/", f"{BIN}/").replace("http://127.0.0.1:8000", server.url)
            done = subprocess.run(
                ["bash", "-euc", script], env=portico.environment, cwd=ROOT, capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 0, (block, done.stdout, done.stderr)
    assert '"client_secret"' not in server.log


def test_links_lead_somewhere() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text()):
            assert (ROOT / link).exists(), (page, link)
