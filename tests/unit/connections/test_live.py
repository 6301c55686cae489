"""The memory of opened configurations: bounded, never stale, safe for threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any, cast

from app.connections.live import MAX_CACHED, MAX_SEALED, ConfigurationMemory, ConnectionCache, OpenedConfiguration
from portico_sdk import ServiceProvider
from tests.support.columns import spec_of


def configuration(version: int = 1) -> OpenedConfiguration:
    return OpenedConfiguration(
        version, spec_of(), "portico-adapter-acme", {"client_secret": "geheim"}, (), ServiceProvider(), cast(Any, None),
        ConnectionCache(),
    )  # fmt: skip


def test_a_configuration_of_another_version_is_never_given_back() -> None:
    """A changed connection is opened anew by the next sign-in, in every process."""
    memory = ConfigurationMemory()
    kept = memory.keep("con-1", configuration(1))
    assert memory.find("con-1", 1) is kept
    assert memory.find("con-1", 2) is None
    assert memory.find("con-2", 1) is None


def test_the_memory_is_bounded_and_forgets_what_was_used_longest_ago() -> None:
    """10,000 connections do not fill the process."""
    memory = ConfigurationMemory(limit=2)
    for name in ("con-1", "con-2"):
        memory.keep(name, configuration())
    memory.find("con-1", 1)
    memory.keep("con-3", configuration())
    assert len(memory) == 2
    assert memory.find("con-2", 1) is None
    assert memory.find("con-1", 1) is not None


def test_a_row_that_was_laid_by_is_taken_once_and_for_its_version_alone() -> None:
    """What a route read is opened next, or by nobody."""
    memory = ConfigurationMemory()
    rows = [SimpleNamespace(id="con-1", version=version) for version in (1, 2)]
    memory.lay_by(rows[0])
    assert memory.take_sealed("con-1", 1) is rows[0]
    assert memory.take_sealed("con-1", 1) is None
    memory.lay_by(rows[0])
    memory.lay_by(rows[1])
    assert memory.take_sealed("con-1", 1) is None
    assert memory.take_sealed("con-2", 1) is None


def test_rows_that_nobody_opens_do_not_pile_up() -> None:
    """A client that asks for route after route fills nothing."""
    memory = ConfigurationMemory()
    for number in range(MAX_SEALED + 1):
        memory.lay_by(SimpleNamespace(id=f"con-{number}", version=1))
    assert memory.take_sealed("con-0", 1) is None
    assert memory.take_sealed(f"con-{MAX_SEALED}", 1) is not None


def test_of_two_threads_that_open_the_same_version_both_use_one() -> None:
    """What adapters cache is made once, not once a thread."""
    memory = ConfigurationMemory()
    first = memory.keep("con-1", configuration(1))
    assert memory.keep("con-1", configuration(1)) is first
    newer = configuration(2)
    assert memory.keep("con-1", newer) is newer


def test_no_secret_shows_in_a_repr() -> None:
    """A log line or a traceback shows no settings."""
    assert "geheim" not in repr(configuration())


def test_a_cache_keeps_what_was_made_first() -> None:
    """The contract of Cache.get_or_make."""
    cache = ConnectionCache()
    assert cache.get_or_make("key", lambda: 1) == 1
    assert cache.get_or_make("key", lambda: 2) == 1


def test_what_could_not_be_made_is_tried_again() -> None:
    """A failure is not remembered."""
    cache = ConnectionCache()

    def fail() -> int:
        raise RuntimeError

    for _ in range(2):
        try:
            cache.get_or_make("key", fail)
        except RuntimeError:
            continue
    assert cache.get_or_make("key", lambda: 3) == 3


def test_threads_that_meet_in_a_cache_get_one_value() -> None:
    """Two logins at once share what one of them made, and neither waits for the other's `make`."""
    cache = ConnectionCache()
    together = Barrier(4, timeout=5)

    def ask(number: int) -> int:
        def make() -> int:
            together.wait()  # would hang if one `make` excluded the others
            return number

        return cache.get_or_make("key", make)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == 1


def test_a_cache_is_bounded() -> None:
    """An adapter that caches by what a request names fills nothing."""
    cache = ConnectionCache()
    for number in range(MAX_CACHED + 50):
        assert cache.get_or_make(str(number), lambda number=number: number) == number  # type: ignore[misc]
    assert cache.get_or_make(str(MAX_CACHED + 1), lambda: -1) == -1
