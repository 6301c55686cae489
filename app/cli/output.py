"""What commands print: data on stdout, everything else on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")

_MOST_COLUMNS = 6


def takes_json(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command `--json`; it receives `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, of a stable shape, and nothing else.")(
        command
    )


def example(line: str) -> str:
    """Return the end of a help text."""
    return f"\n\n\b\nExample:\n  {line}"


def say(text: str) -> None:
    """Tell the person something that is not data."""
    click.echo(text, err=True)


def show(data: Any, *, as_json: bool) -> None:
    """Print data: JSON for programs, a table or lines for people."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    elif isinstance(data, Mapping) and isinstance(data.get("items"), list):
        _show_table(data["items"])
        if data.get("next"):
            say(f"There is more: --after {data['next']}")
    elif isinstance(data, Mapping):
        _show_lines(data)
    elif data is not None:
        click.echo(str(data))


def fails_politely(command: Callable[P, R]) -> Callable[P, R]:
    """Turn our errors into one sentence and an exit status, never a traceback."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        from sqlalchemy.exc import OperationalError, ProgrammingError

        from app.errors import PorticoError

        try:
            return command(*args, **kwargs)
        except PorticoError as error:
            raise _failure(error, as_json=bool(kwargs.get("as_json"))) from None
        except (OperationalError, ProgrammingError) as error:
            if "no such table" in str(error.orig) or "does not exist" in str(error.orig):
                raise click.ClickException("The database has no tables yet. Run: portico db upgrade") from None
            raise click.ClickException(f"The database does not answer: {error.orig}") from None

    return wrapped


def _failure(error: Any, *, as_json: bool) -> click.ClickException:
    problems = [
        {"field": problem.field, "code": problem.code, "message": problem.message}
        for problem in getattr(error, "problems", ())
    ]
    if as_json:
        said = {"code": error.code, "detail": error.hint or error.detail or error.public, "errors": problems}
        return click.ClickException(json.dumps({"error": said}, ensure_ascii=False))
    lines = [f"  {problem['field']}: {problem['message']}" for problem in problems]
    return click.ClickException("\n".join([" ".join(filter(None, (error.public, error.hint))), *lines]))


def _show_lines(data: Mapping[str, Any], indent: str = "") -> None:
    width = max((len(key) for key in data), default=0)
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            click.echo(f"{indent}{key}:")
            _show_lines(value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            click.echo(f"{indent}{key}:")
            for item in value:
                _show_lines(item, indent + "  - ")
        else:
            click.echo(f"{indent}{key:<{width}}  {_text(value)}")


def _show_table(items: Sequence[Mapping[str, Any]]) -> None:
    if not items:
        say("Nothing.")
        return
    plain = (key for key in items[0] if not any(isinstance(item.get(key), list | dict) for item in items))
    columns = list(plain)[:_MOST_COLUMNS]
    rows = [columns, *([_text(item.get(column)) for column in columns] for item in items)]
    widths = [min(max(len(row[place]) for row in rows), 60) for place in range(len(columns))]
    for row in rows:
        click.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value) or "-"
    # What others chose is shown, never acted on: a terminal obeys control characters.
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(value))
