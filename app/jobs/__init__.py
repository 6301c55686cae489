"""Background work: periodic jobs, of which one process of many runs each, and the heartbeat of hosts."""

from app.jobs.hosts import BEAT_EVERY_S, AnotherHost, beat, check_single_host, leave
from app.jobs.leases import find_last_success
from app.jobs.periodic import GRACE_S, Periodic, Worker, run_worker
from app.jobs.standing import Trouble, expect, list_troubles

__all__ = [
    "BEAT_EVERY_S",
    "GRACE_S",
    "AnotherHost",
    "Periodic",
    "Trouble",
    "Worker",
    "beat",
    "check_single_host",
    "expect",
    "find_last_success",
    "leave",
    "list_troubles",
    "run_worker",
]
