"""A PostgreSQL of the tests' own: a temporary cluster on loopback, thrown away at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_START_S = 30
#: what a database that is thrown away can do without
_FAST = ("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
_WIPE = """
SELECT 'DELETE FROM ' || quote_ident(tablename) FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL SELECT 'ALTER SEQUENCE ' || quote_ident(sequencename) || ' RESTART' FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


class Server:
    """A running cluster. `url(name)` is what PORTICO_DATABASE_URL would say for the database `name`."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self.pid = pid

    def url(self, name: str) -> str:
        """Return the URL of the database `name`, as its owner."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str) -> None:
        """Run one administrative statement outside of a transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, name: str, template: str = "template0") -> None:
        """Make the database `name` as a copy of `template`, to which nobody may be connected."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def wipe(self, name: str) -> None:
        """Delete every row of the database `name` and start its sequences anew: 3 ms, where a copy takes 300."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("SET session_replication_role = replica")  # no foreign keys, no triggers of ours
            for statement in connection.execute(_WIPE).fetchall():
                connection.execute(statement[0])

    def drop(self, name: str) -> None:
        """Remove the database `name`, whoever is still connected."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def run_server(postgres: str, *, durable: bool = False) -> Iterator[Server]:
    """Start a cluster with the program `postgres`, as the user `postgres` when we are root, and stop it at the end.

    Args:
        durable: as an installation runs it, for measurements; tests have nothing to lose and want speed.
    """
    folder = Path(tempfile.mkdtemp(prefix="portico-pg-"))
    process = None
    try:
        owner = _owner(folder)
        _initialize(Path(postgres).with_name("initdb"), folder, owner)
        port = _free_port()
        process = subprocess.Popen(
            [
                postgres,
                "-D",
                str(folder / "data"),
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
                "-k",
                str(folder),
                *([] if durable else _FAST),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            **owner,
        )
        server = Server(port, process.pid)
        _wait(server, process)
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)  # does not wait for clients, as SIGTERM would
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: hand the folder to its own user then."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _initialize(initdb: Path, folder: Path, owner: dict[str, Any]) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(
        [str(initdb), "-D", str(folder / "data"), *options], capture_output=True, text=True, cwd=folder, **owner
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_S
    while True:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the PostgreSQL of the tests did not start") from None
            time.sleep(0.05)
