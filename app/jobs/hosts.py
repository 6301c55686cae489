"""One SQLite file, one host: its locks do not reach further, so a second host would corrupt it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from app.database import db, transaction
from app.errors import PorticoError
from app.jobs.models import HostHeartbeat

_ALIVE = timedelta(minutes=1)
#: How often a running process must call `beat`.
BEAT_EVERY_S = 20.0


class AnotherHost(PorticoError):
    """The SQLite file is in use by another host: we must not start."""

    status = 503
    code = "another-host"


def check_single_host(now: datetime, host: str) -> None:
    """Claim a SQLite database for `host`; of two hosts that start at once, one is refused. PostgreSQL takes any number.

    Args:
        host: names this machine, not this process.
    Raises:
        AnotherHost: another host said within the last minute that it uses this file.
    """
    with transaction() as session:
        if session.get_bind().dialect.name != "sqlite":
            return
        other = session.scalar(
            select(HostHeartbeat.host).where(HostHeartbeat.host != host, HostHeartbeat.seen_at > now - _ALIVE).limit(1)
        )
        if other is not None:
            raise AnotherHost(
                f"the SQLite file is in use by the host {other}",
                hint="Use PostgreSQL for several hosts. After a crash of the other host, wait a minute.",
            )
        beat(host, now)


def beat(host: str, now: datetime) -> None:
    """Say that `host` uses this database; hosts that were silent for a day are forgotten."""
    with transaction() as session:
        session.execute(delete(HostHeartbeat).where(HostHeartbeat.seen_at < now - timedelta(days=1)))
        seen = session.execute(update(HostHeartbeat).where(HostHeartbeat.host == host).values(seen_at=now))
        if not seen.rowcount:  # type: ignore[attr-defined]
            session.execute(insert(HostHeartbeat).values(host=host, seen_at=now))


def leave(host: str) -> None:
    """Say that `host` no longer uses this database, so that another may start at once."""
    with transaction():
        db.session().execute(delete(HostHeartbeat).where(HostHeartbeat.host == host))
