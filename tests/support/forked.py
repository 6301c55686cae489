"""Processes of a test's own, forked from it: they have what it has, and can be killed without any chance to tidy up."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from select import select

from flask import Flask

from app.database import db

_HANG_S = 5


class Forked:
    """A process that runs `run(say)` with its own connection to the database, and ends without tidying up.

    Args:
        run: gets `say`, which lets `heard` return in the process that forked.
    """

    def __init__(self, app: Flask, run: Callable[[Callable[[], None]], object]) -> None:
        self._said, says = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(says)
            return
        status = 1
        try:
            with app.app_context():
                db.engine.dispose(close=False)  # those connections are of the process that forked
                run(lambda: os.write(says, b"."))  # type: ignore[arg-type]
            status = 0
        finally:
            os._exit(status)

    def heard(self) -> None:
        """Return once it said something. Raises when it ended or hangs instead."""
        assert select([self._said], [], [], _HANG_S)[0], "it hangs"
        assert os.read(self._said, 1), "it ended"

    def kill(self) -> None:
        """End it as a lack of memory would: at once, with SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)
        self.end()

    def end(self) -> int:
        """Wait for its end; return its exit status, or the negative number of the signal."""
        os.close(self._said)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
