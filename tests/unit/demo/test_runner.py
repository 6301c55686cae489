"""What the runner does to the machine it runs on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.demo.addresses import addresses_from, taken_ports
from app.demo.children import ChildFailed, Children
from app.demo.loopback import LoopbackHttp
from app.demo.runner import NotOurFolder, empty_folder


def test_a_folder_of_somebody_else_is_never_emptied(tmp_path: Path) -> None:
    """Only a folder that is new, empty, or marked by an earlier demo is made anew."""
    precious = tmp_path / "home"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    with pytest.raises(NotOurFolder):
        empty_folder(precious)
    assert (precious / "thesis.txt").read_text() == "years of work"
    ours = tmp_path / "new" / "demo"
    empty_folder(ours)
    (ours / "portico.sqlite3").touch()
    empty_folder(ours)
    assert not (ours / "portico.sqlite3").exists()


def test_a_process_that_ends_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    """Waiting for a process that died says what it printed, at once."""
    with Children(tmp_path) as children:
        child = children.start("broken", [sys.executable, "-c", "raise SystemExit('no such key')"])
        with pytest.raises(ChildFailed, match="no such key"):
            children.wait_ready(child, LoopbackHttp(), "http://127.0.0.1:9/")
        assert children.ended() is child


def test_leaving_the_block_ends_every_process(tmp_path: Path) -> None:
    """Also on an error; a process that ignores SIGTERM is killed after a while."""
    with Children(tmp_path) as children:
        child = children.start("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"])
    assert child.process.poll() is not None


def test_four_hosts_of_their_own() -> None:
    """Cookies ignore ports: no two processes of the demo share a host."""
    addresses = addresses_from(18_000)
    origins = (addresses.gateway, addresses.simulator, addresses.auth0, addresses.app)
    assert len({origin.rsplit(":", 1)[0] for origin in origins}) == 4
    assert isinstance(taken_ports(addresses), tuple)
