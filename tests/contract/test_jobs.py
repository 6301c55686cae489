"""Background jobs: of many processes one runs a job, each time once; hosts say that they are there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from structlog.testing import capture_logs

from app.database import db, transaction
from app.jobs import (
    AnotherHost,
    Periodic,
    Trouble,
    Worker,
    beat,
    check_single_host,
    expect,
    find_last_success,
    leave,
    list_troubles,
    run_worker,
)
from app.jobs.figures import JobFigures
from app.jobs.leases import find_due, finish, take_lease
from tests.support.clock import SettableClock
from tests.support.forked import Forked
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("app_context")
TERM = timedelta(seconds=30)
HANG_S = 5


def worker(app: Flask, clock: Callable[[], datetime], holder: str = "a", *periodics: Periodic) -> Worker:
    return Worker(app, periodics, clock=clock, holder=holder)


def troubles(clock: SettableClock) -> Sequence[Trouble]:
    db.session().commit()  # ends an earlier read: on SQLite it would go on seeing what was there
    return list_troubles(["job", "other"], clock())


def shown(figures: JobFigures) -> dict[str, float]:
    db.session().commit()
    return {sample.name: sample.value for family in figures.collect() for sample in family.samples}


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
    with capture_logs():
        worker(app, clock, "a").run_due(job)
    worker(app, clock, "b").run_due(job)  # not yet
    assert find_last_success("job") is None
    db.session().commit()  # ends this read: on SQLite it would go on seeing what was there
    clock.advance(10)
    worker(app, clock, "b").run_due(job)
    assert find_last_success("job") == clock()


def test_a_job_whose_process_was_killed_is_run_again_by_another_after_its_term(
    app: Flask, clock: SettableClock
) -> None:
    """SIGKILL in the middle of a run: nothing of it is stored, nobody runs it before its term ends, then another does."""

    def hang(say: Callable[[], None]) -> None:
        def half(now: datetime) -> None:
            beat("stored", now)
            with transaction():
                beat("half", now)
                say()
                threading.Event().wait(HANG_S)

        worker(app, clock, "killed").run_due(Periodic("job", 3600, half, term_s=30))

    killed = Forked(app, hang)
    killed.heard()
    killed.kill()
    runs: list[datetime] = []
    job = Periodic("job", 3600, runs.append, term_s=30)
    assert worker(app, clock, "b").run_due(job) == 30
    assert not runs
    clock.advance(30)
    assert [trouble.kind for trouble in troubles(clock)] == []
    assert worker(app, clock, "b").run_due(Periodic("job", 3600, lambda now: runs.append(now), term_s=30)) == 3600
    assert runs == [clock()]
    assert db.session().scalars(text("SELECT host FROM host_heartbeats")).all() == ["stored"]


def test_of_many_processes_one_runs_each_period(app: Flask, clock: SettableClock, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    ran.touch()

    def note(now: datetime) -> None:
        with ran.open("a") as file:
            file.write(f"{now.isoformat()}\n")

    job = Periodic("job", 10, note)
    for _ in range(3):
        started = [Forked(app, lambda _, n=n: worker(app, clock, f"p{n}").run_due(job)) for n in range(4)]  # type: ignore[misc]
        assert [process.end() for process in started] == [0] * 4
        clock.advance(10)
    lines = ran.read_text().splitlines()
    assert len(lines) == len(set(lines)) == 3


def test_operators_see_a_job_that_fails_until_it_succeeds(app: Flask, clock: SettableClock) -> None:
    """With the kind of error and since when; never with its text, which may hold a secret."""
    broken = [True]

    def sometimes(now: datetime) -> None:
        if broken:
            raise ConnectionError("postgresql://user:hunter2@db")

    expect(["job", "other"], clock())
    since, job = clock(), Periodic("job", 60, sometimes)
    with capture_logs():
        for _ in range(3):
            worker(app, clock).run_due(job)
            clock.advance(60)
    (trouble,) = troubles(clock)
    assert (trouble.job, trouble.kind, trouble.since, trouble.tries) == ("job", "failing", since, 3)
    assert str(trouble) == "job failed 3 times since 2026-03-02 09:00 UTC, with ConnectionError"
    assert "hunter2" not in str(shown(JobFigures(["job"])))
    assert shown(JobFigures(["job"]))["portico_job_tries"] == 3
    broken.clear()
    worker(app, clock).run_due(job)
    assert troubles(clock) == []
    assert shown(JobFigures(["job"])) == {
        "portico_job_tries": 0,
        "portico_job_last_success_seconds": clock().timestamp(),
        "portico_job_due_seconds": clock().timestamp() + 60,
    }


def test_operators_see_a_job_whose_process_is_killed_each_time(clock: SettableClock) -> None:
    assert take_lease("job", "killed", clock(), TERM)
    clock.advance(30)
    assert troubles(clock) == []  # its time to end was over a moment ago
    assert take_lease("job", "killed too", clock(), TERM)
    (trouble,) = troubles(clock)
    assert str(trouble) == "job was started 2 times since 2026-03-02 09:00 UTC and never ended"


def test_operators_see_a_job_that_nobody_runs_or_that_hangs(clock: SettableClock) -> None:
    assert troubles(clock) == []  # nothing is expected on a database that nobody serves
    expect(["job", "other"], clock())
    take_lease("job", "hangs", clock(), TERM)
    clock.advance(minutes=5)
    assert troubles(clock) == []
    clock.advance(seconds=1)
    assert [(trouble.job, trouble.kind) for trouble in troubles(clock)] == [("other", "late")]
    clock.advance(30)
    assert [(trouble.job, trouble.kind) for trouble in troubles(clock)] == [("job", "late"), ("other", "late")]
    expect(["job", "other"], clock())  # a start is no run
    assert len(troubles(clock)) == 2


def test_what_another_version_leases_stays_and_what_no_version_has_goes(clock: SettableClock) -> None:
    expect(["newer"], clock())
    expect(["job"], clock.advance(days=7))
    assert find_due("newer", clock() - timedelta(days=8), timedelta(days=9)) is not None
    expect(["job"], clock.advance(seconds=1))
    assert db.session().scalars(text("SELECT name FROM job_leases")).all() == ["job"]


def test_a_job_that_fails_inside_a_transaction_leaves_nothing_and_hands_its_lease_back(
    app: Flask, clock: SettableClock
) -> None:
    def half(now: datetime) -> None:
        with transaction() as session:
            beat("half", now)
            session.execute(text("SELECT no_such_column FROM host_heartbeats"))

    job = Periodic("job", 10, half, term_s=3600)
    failing = worker(app, clock)
    with capture_logs():
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
    with monkeypatch.context() as patch, capture_logs():
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
def test_a_job_that_hangs_stops_no_other_job_and_no_shutdown(app: Flask, clock: SettableClock) -> None:
    """It is named in the log, and its thread ends with the process."""
    stop, started, other, over = (threading.Event() for _ in range(4))

    def hang(now: datetime) -> None:
        started.set()
        over.wait(HANG_S)

    def quick(now: datetime) -> None:
        assert started.wait(HANG_S)
        other.set()

    periodics = [Periodic("hanging", 10, hang), Periodic("quick", 10, quick)]
    given = {"clock": clock, "holder": "a", "grace_s": 0.1}
    thread = threading.Thread(target=run_worker, args=(app, periodics, stop), kwargs=given, daemon=True)
    with capture_logs() as logged:
        thread.start()
        ran = other.wait(HANG_S)
        stop.set()
        thread.join(HANG_S)
    left = [one for one in threading.enumerate() if one.name == "job-hanging"]
    over.set()
    assert ran
    assert not thread.is_alive()
    assert [one.daemon for one in left] == [True]
    left[0].join(HANG_S)
    assert [(entry["event"], entry["job"]) for entry in logged] == [("job_left_running", "hanging")]


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
