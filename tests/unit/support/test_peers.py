"""A missing peer skips its tests, and the end of the run names it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT

SUITE = """
import pytest
from tests.support.peers import skip_missing

@pytest.mark.peer("xmlsec1")
def test_needs_xmlsec1(): ...

@pytest.mark.peer("node", "xmlsec1")
def test_needs_both(): ...

@pytest.mark.browser
def test_needs_chromium(): ...

def test_needs_postgresql():
    skip_missing("postgresql")

def test_needs_nothing(): ...
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_the_end_of_the_run_names_each_missing_peer_and_what_it_cost(tmp_path: Path, workers: tuple[str, ...]) -> None:
    (tmp_path / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = -p tests.support.peers -p no:cacheprovider\nmarkers =\n  peer\n  browser\n"
    )
    environment = {"PATH": str(tmp_path), "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *workers, str(tmp_path)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "optional peers that are missing here" in run.stdout
    end = run.stdout.split("optional peers that are missing here")[1]
    assert "xmlsec1 (apt-get install xmlsec1): 1 test skipped" in end
    assert "node (apt-get install nodejs npm): 1 test skipped" in end
    assert "chromium (apt-get install chromium): 1 test skipped" in end
    assert "postgresql (apt-get install postgresql): 1 test skipped" in end
    assert "1 passed, 4 skipped" in end
