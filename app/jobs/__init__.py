"""Background work: periodic jobs, of which one process of many runs each, and the heartbeat of hosts."""

from app.jobs.hosts import BEAT_EVERY_S, AnotherHost, beat, check_single_host, leave
from app.jobs.leases import find_last_success
from app.jobs.periodic import Periodic, Worker, run_worker

__all__ = [
    "BEAT_EVERY_S",
    "AnotherHost",
    "Periodic",
    "Worker",
    "beat",
    "check_single_host",
    "find_last_success",
    "leave",
    "run_worker",
]
