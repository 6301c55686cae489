"""The demo's processes: started, waited for, and always stopped."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.demo.loopback import LoopbackHttp, Unreachable

_START_S = 60
_STOP_S = 12
_PR_SET_PDEATHSIG = 1


class ChildFailed(Exception):
    """A process ended, or did not become ready. Its text has the end of its log."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running process and its log file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def tail(self) -> str:
        """Return the end of the log."""
        return self.log.read_text(errors="replace")[-2000:].strip()


class Children:
    """Processes that end when this object is closed, or when this process dies.

    Args:
        folder: gets one log file for each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: list[Child] = []

    def __enter__(self) -> Children:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Child:
        """Start a process; what it prints goes to its log."""
        log = self._folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 -- our own commands
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment or os.environ),
                cwd=cwd,
                start_new_session=True,  # Ctrl-C reaches the runner alone, which stops the others in order
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def wait_ready(self, child: Child, http: LoopbackHttp, url: str) -> None:
        """Return when `url` answers 200. Raises ChildFailed when the process ends or takes longer than a minute."""
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            if child.process.poll() is not None:
                raise ChildFailed(f"{child.name} ended with status {child.process.returncode}.\n{child.tail()}")
            with suppress(Unreachable):
                if http.request("GET", url).status == 200:
                    return
            time.sleep(0.1)
        raise ChildFailed(f"{child.name} did not answer at {url}.\n{child.tail()}")

    def ended(self) -> Child | None:
        """Return a process that has ended by itself, if there is one."""
        return next((child for child in self._children if child.process.poll() is not None), None)

    def stop(self) -> None:
        """End every process: asked first, forced after a while. The last one started goes first."""
        for child in reversed(self._children):
            child.process.terminate()
        deadline = time.monotonic() + _STOP_S
        for child in reversed(self._children):
            try:
                child.process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()
        self._children.clear()


def _die_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent is gone, however it went (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
