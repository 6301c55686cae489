"""A peer written in JavaScript: one process, one JSON object a line."""

from __future__ import annotations

import json
import selectors
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.peers import find_program, skip_missing

PEERS = Path(__file__).resolve().parent.parent / "peers"
_ANSWER_S = 30


class NodePeer:
    """A running script of tests/peers. `hello` is what it said when it was ready."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.hello = self._read()

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send one request and return the answer, a failure included (`error`, `message`)."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._read()

    def expect(self, **request: Any) -> dict[str, Any]:
        """As `ask`, for an answer that must not be a failure."""
        answer = self.ask(**request)
        assert "error" not in answer, answer
        return answer

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            assert waiting.select(_ANSWER_S), "the peer does not answer"
        line = self._process.stdout.readline()
        assert line, f"the peer ended with {self._process.wait(5)}"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def run_peer(script: str, log: Path, *arguments: str) -> Iterator[NodePeer]:
    """Run `script` for the length of the block; its warnings go to `log`. Skips the test where Node.js is missing."""
    node = find_program("node")
    if node is None:
        skip_missing("node")
    if not (PEERS / "node_modules").is_dir():
        pytest.skip("missing peer: npm packages of tests/peers (make peers)")
    with log.open("a") as stderr:
        process = subprocess.Popen(
            [node, script, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=PEERS,
        )
    try:
        yield NodePeer(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        process.stdout.close()
