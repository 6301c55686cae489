"""How plans, progress and reports of the trust with Auth0 look in a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import click

from app.cli.output import say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from app.auth0.plan import PlannedStep

#: Ends the name of what a step does many times.
ONE_BY_ONE = "one by one"
_SHOWN = 8
_COLORS = {"ok": "green", "drift": "red", "unknown": "yellow"}


class Progress(Protocol):
    """Hears how far the work is."""

    def step(self, name: str, done: int, of: int) -> None: ...
    def wait(self, seconds: float) -> None: ...


class Lines:
    """For logs and pipes: a line for each step."""

    def step(self, name: str, done: int, of: int) -> None:
        if name and done < of:
            say(f"[{done + 1}/{of}] {name}")

    def wait(self, seconds: float) -> None:
        say(f"Auth0's rate limit: waiting {seconds:.0f} s.")


class Bars:
    """For people: a bar for the plan, and one for a step of many parts."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._tasks: dict[bool, Any] = {}

    def step(self, name: str, done: int, of: int) -> None:
        part = name.endswith(ONE_BY_ONE)
        if part not in self._tasks:
            self._tasks[part] = self._bar.add_task(name, total=of)
        self._bar.update(self._tasks[part], completed=done, total=of, description=name)

    def wait(self, seconds: float) -> None:
        self._bar.console.print(f"Auth0's rate limit: waiting {seconds:.0f} s.")


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Yield what hears of progress; everything goes to stderr."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        yield Bars(bar)


def say_plan(planned: Sequence[PlannedStep]) -> None:
    """Tell what would be changed."""
    if not any(one.differences for one in planned):
        say("Everything is as it should be.")
        return
    for one in planned:
        say(f"{one.step.title}: {'' if one.differences else 'as it should be'}".rstrip(": "))
        _say_differences([(each.path, each.wanted, each.found) for each in one.differences])


def say_report(report: Mapping[str, Any]) -> None:
    """Print a report, one line for each check and one for each difference."""
    for check in report["checks"]:
        state = click.style(f"{check['state']:8}", fg=_COLORS[check["state"]])
        click.echo(f"{state}{check['title']}" + (f". {check['message']}" if check["message"] else ""))
        _say_differences([(one["path"], one["wanted"], one["found"]) for one in check["differences"]], err=False)
    say("The trust is as it should be." if report["ok"] else "Something is not as it should be, or not proven.")


def _say_differences(differences: Sequence[tuple[str, Any, Any]], *, err: bool = True) -> None:
    for path, wanted, found in differences[:_SHOWN]:
        click.echo(f"    {path}: {_text(found)} -> {_text(wanted)}", err=err)
    if len(differences) > _SHOWN:
        click.echo(f"    and {len(differences) - _SHOWN} more", err=err)


def _text(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= 120 else f"{text[:117]}..."
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
