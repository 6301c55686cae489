"""Background jobs: of many processes one runs a job, each time once; hosts say that they are there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from structlog.testing import capture_logs

from app.database import db, transaction
from app.jobs import AnotherHost, Periodic, Worker, beat, check_single_host, find_last_success, leave, run_worker
from app.jobs.leases import find_due, finish, take_lease
from tests.support.clock import SettableClock
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("app_context")
TERM = timedelta(seconds=30)
HANG_S = 5


def worker(app: Flask, clock: Callable[[], datetime], holder: str = "a", *periodics: Periodic) -> Worker:
    return Worker(app, periodics, clock=clock, holder=holder)


def test_of_many_that_try_at_once_one_gets_the_lease(app: Flask, now: datetime) -> None:
    for moment in (now, now + timedelta(minutes=2)):  # the row is made, then taken over
        taken = together(app, lambda number, at=moment: take_lease("job", f"p{number}", at, TERM), 8)  # type: ignore[misc]
        assert sorted(taken) == [False] * 7 + [True]


def test_a_lease_is_free_again_after_its_term_as_when_its_process_was_killed(clock: SettableClock) -> None:
    assert take_lease("job", "killed", clock(), TERM)
    assert not take_lease("job", "b", clock.advance(29), TERM)
    assert find_due("job", clock(), TERM) == clock() + timedelta(seconds=1)
    assert take_lease("job", "b", clock.advance(1), TERM)


def test_who_lost_the_lease_meanwhile_does_not_change_it(clock: SettableClock) -> None:
    take_lease("job", "slow", clock(), TERM)
    take_lease("job", "b", clock.advance(30), TERM)
    finish("job", "slow", due=clock(), succeeded_at=clock())
    assert not take_lease("job", "slow", clock(), TERM)
    assert find_last_success("job") is None


def test_a7_a_clock_that_is_set_back_does_not_stop_a_job_for_that_long(clock: SettableClock) -> None:
    take_lease("job", "a", clock(), TERM)
    assert take_lease("job", "a", clock.advance(hours=-1), TERM)


def test_each_run_happens_once_over_all_processes(app: Flask, clock: SettableClock) -> None:
    runs: list[datetime] = []
    job = Periodic("job", 10, runs.append)
    for _ in range(5):
        together(app, lambda number: worker(app, clock, f"p{number}").run_due(job), 4)
        clock.advance(10)
    assert len(runs) == len(set(runs)) == 5


def test_a_job_is_due_again_its_period_after_it_started(app: Flask, clock: SettableClock) -> None:
    job = Periodic("job", 60, lambda now: clock.advance(12))
    assert worker(app, clock).run_due(job) == 48
    assert worker(app, clock, "b").run_due(job) == 48
    assert find_last_success("job") == clock()


def test_a_job_that_runs_longer_than_its_period_is_due_at_once_and_never_twice_at_a_time(
    app: Flask, clock: SettableClock
) -> None:
    others: list[float] = []

    def slow(now: datetime) -> None:
        clock.advance(20)
        others.append(together(app, lambda _: worker(app, clock, "b").run_due(job), 1)[0])

    job = Periodic("job", 5, slow, term_s=300)
    assert worker(app, clock).run_due(job) <= 0
    assert others == [280]


def test_an_exception_in_one_job_is_counted_and_logged_and_stops_no_other(app: Flask, clock: SettableClock) -> None:
    runs: list[datetime] = []

    def fail(now: datetime) -> None:
        raise KeyError("boom")

    broken, sound = Periodic("broken", 10, fail), Periodic("sound", 10, runs.append)
    both = worker(app, clock, "a", broken, sound)
    with capture_logs() as logged:
        for _ in range(3):
            both.run_due(broken)
            both.run_due(sound)
            clock.advance(10)
    assert both.failures == {"broken": 3}
    assert len(runs) == 3
    assert [(entry["event"], entry["job"]) for entry in logged] == [("job_failed", "broken")] * 3
    assert find_last_success("broken") is None


def test_a_job_that_failed_is_tried_again_at_its_next_time_by_whoever_comes_first(
    app: Flask, clock: SettableClock
) -> None:
    outcomes = iter([KeyError(), None])

    def sometimes(now: datetime) -> None:
        if error := next(outcomes):
            raise error

    job = Periodic("job", 10, sometimes, term_s=3600)
    worker(app, clock, "a").run_due(job)
    worker(app, clock, "b").run_due(job)  # not yet
    assert find_last_success("job") is None
    db.session().commit()  # ends this read: on SQLite it would go on seeing what was there
    clock.advance(10)
    worker(app, clock, "b").run_due(job)
    assert find_last_success("job") == clock()


def test_a_job_that_fails_inside_a_transaction_leaves_nothing_and_hands_its_lease_back(
    app: Flask, clock: SettableClock
) -> None:
    def half(now: datetime) -> None:
        with transaction() as session:
            beat("half", now)
            session.execute(text("SELECT no_such_column FROM host_heartbeats"))

    job = Periodic("job", 10, half, term_s=3600)
    failing = worker(app, clock)
    failing.run_due(job)
    assert failing.failures == {"job": 1}
    assert db.session().scalar(text("SELECT count(*) FROM host_heartbeats")) == 0
    assert find_due("job", clock(), timedelta(hours=1)) == clock() + timedelta(seconds=10)


def test_a_database_that_does_not_answer_is_a_counted_failure_not_the_end(
    app: Flask, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise OSError("gone")

    failing = worker(app, clock)
    with monkeypatch.context() as patch:
        patch.setattr("app.jobs.periodic.find_due", broken)
        assert failing.run_due(Periodic("job", 10, lambda now: None)) == 10
    assert failing.failures == {"job": 1}
    assert failing.run_due(Periodic("job", 10, lambda now: None)) > 0
    assert failing.failures == {"job": 1}


def test_a_job_for_every_process_takes_no_lease(app: Flask, clock: SettableClock) -> None:
    runs: list[datetime] = []
    job = Periodic("job", 10, runs.append, everywhere=True)
    together(app, lambda number: worker(app, clock, f"p{number}").run_due(job), 3)
    assert len(runs) == 3


def test_a_worker_runs_until_told_to_stop_and_lets_the_running_job_end(app: Flask, clock: SettableClock) -> None:
    stop, started, go_on = threading.Event(), threading.Event(), threading.Event()
    ended: list[str] = []

    def slow(now: datetime) -> None:
        started.set()
        assert go_on.wait(HANG_S)
        ended.append("slow")

    others = threading.Event()
    periodics = [Periodic("slow", 0.1, slow), Periodic("quick", 0.1, lambda now: others.set())]
    thread = threading.Thread(target=run_worker, args=(app, periodics, stop), kwargs={"clock": clock, "holder": "a"})
    thread.start()
    assert started.wait(HANG_S)
    assert others.wait(HANG_S)  # a slow job holds up nobody else
    stop.set()
    go_on.set()
    thread.join(HANG_S)
    assert not thread.is_alive()
    assert ended == ["slow"]


@pytest.mark.databases("sqlite")
def test_production_refuses_a_sqlite_file_that_another_host_used_within_the_last_minute(clock: SettableClock) -> None:
    check_single_host(clock(), "one")
    with pytest.raises(AnotherHost, match="one"):
        check_single_host(clock.advance(59), "two")
    check_single_host(clock(), "one")  # itself, again
    check_single_host(clock.advance(60), "two")


@pytest.mark.databases("sqlite")
def test_of_two_hosts_that_start_at_once_one_is_refused(app: Flask, now: datetime) -> None:
    def start(number: int) -> bool:
        try:
            check_single_host(now, f"host-{number}")
        except AnotherHost:
            return False
        return True

    assert sorted(together(app, start, 6)) == [False] * 5 + [True]


@pytest.mark.databases("sqlite")
def test_a_host_that_keeps_beating_stays_alone_and_one_that_left_makes_room(clock: SettableClock) -> None:
    check_single_host(clock(), "one")
    for _ in range(10):
        beat("one", clock.advance(20))
    with pytest.raises(AnotherHost):
        check_single_host(clock(), "two")
    leave("one")
    check_single_host(clock(), "two")


@pytest.mark.databases("postgresql")
def test_postgresql_takes_any_number_of_hosts(now: datetime) -> None:
    check_single_host(now, "one")
    check_single_host(now, "two")


def test_hosts_that_were_silent_for_a_day_are_forgotten(clock: SettableClock) -> None:
    beat("one", clock())
    beat("two", clock.advance(days=1, seconds=1))
    assert db.session().scalars(text("SELECT host FROM host_heartbeats")).all() == ["two"]
