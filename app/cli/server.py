"""Gunicorn, configured in code.

Threads, because a sign-in over OIDC waits for the identity provider; a few processes, because Python computes in one
thread at a time. The application is made once and forked.
"""

from __future__ import annotations

import gc
import os
import platform
import threading
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from app.database import db

if TYPE_CHECKING:
    from flask import Flask

    from app.gateway import Gateway

#: A worker that is stuck for so long is replaced.
TIMEOUT_S = 30
#: New objects after which garbage is looked for among the youngest; some ten logins make so many.
GARBAGE_THRESHOLD = 20_000
#: What is under way at a stop gets so long to end.
GRACE_S = 10


class Server(BaseApplication):
    """The arbiter and its workers; `run` returns when it was told to stop."""

    def __init__(
        self, app: Flask, gateway: Gateway, *, host: str, port: int, workers: int, threads: int, jobs: bool = True
    ) -> None:
        self._app = app
        self._gateway = gateway
        self._jobs = JobsThread(app, gateway, leased=jobs)
        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._options: dict[str, Any] = {
            "bind": [bind],
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": TIMEOUT_S,
            "graceful_timeout": GRACE_S,
            "keepalive": 5,
            "max_requests": 100_000,  # a leak in a native library never lives for ever
            "max_requests_jitter": 10_000,
            "limit_request_line": 8_190,  # the most there is: an id_token_hint may have thousands of characters
            "forwarded_allow_ips": "",  # SCRIPT_NAME and the like are believed from nobody
            "accesslog": None,  # it would hold codes and tokens
            "loglevel": "warning",
            "proc_name": "portico",
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 gunicorn makes the file
            "pre_fork": lambda _server, _worker: settle_memory(),
            "post_fork": lambda _server, _worker: self._after_fork(),
            "post_worker_init": lambda _worker: self._jobs.start(),
            "worker_exit": lambda _server, _worker: self._jobs.stop(),
            "child_exit": lambda _server, worker: forget_process(worker.pid),
            "on_exit": lambda _server: self._leave(),
        }
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        assert self.cfg is not None
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app

    def _after_fork(self) -> None:
        with self._app.app_context():
            db.engine.dispose(close=False)

    def _leave(self) -> None:
        from app.jobs import leave

        with self._app.app_context():
            leave(platform.node())


class JobsThread:
    """Background work in a thread beside the requests. Every process has one; leases let one of them run each job.

    Args:
        leased: False: only what every process does by itself; `portico worker` does the rest.
    """

    def __init__(self, app: Flask, gateway: Gateway, *, leased: bool = True) -> None:
        self._app = app
        self._gateway = gateway
        self._leased = leased
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start, in the process that calls this."""
        from app.jobs import run_worker
        from app.periodic import list_periodics

        jobs = [job for job in list_periodics(self._gateway) if self._leased or job.everywhere]

        def run() -> None:
            run_worker(self._app, jobs, self._stop, clock=self._gateway.clock, holder=name_holder())

        self._thread = threading.Thread(target=run, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let what is running end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(GRACE_S)


def settle_memory() -> None:
    """Leave what the application is made of out of garbage collection, and look less often for what requests leave.

    Reference counts free nearly everything at once. With the default thresholds what is kept in memory of a connection,
    once for each, cost more in searches for garbage than in reading and decrypting it. Frozen pages stay shared between
    the processes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 20)


def name_holder() -> str:
    """Return a name for this process that no other process on the database has."""
    return f"{platform.node()[:80]}:{os.getpid()}:{os.urandom(4).hex()}"


def forget_process(pid: int) -> None:
    """Drop the live figures of a process that has ended."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid)  # type: ignore[no-untyped-call]
