"""Writes docs/reference from the code: `python -m app.cli.reference`, or `--check` to ask whether it is current."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from app.api.openapi import make_document
from app.api.reference import Member, read_reference
from app.audit import EventName
from app.cli.error_codes import Kind, find_error_codes
from app.cli.main import COMMANDS, NOUNS, main
from app.cli.sdk_reference import sdk_page
from app.management import OPERATIONS
from app.settings import PREFIX, ROOT, Settings

FOLDER = ROOT / "docs" / "reference"
_WRITTEN = "<!-- Written by `make reference` from the code. -->\n"


def settings_page() -> Iterator[str]:
    """Yield the lines of the page of settings."""
    yield "# Settings\n"
    yield "Read once from the environment. Each `NAME` may also be given as `NAME_FILE`: a file that holds the value.\n"
    yield "| name | default | meaning |"
    yield "|---|---|---|"
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in ("", ()) else f"`{default.name}/`" if isinstance(default, Path) else f"`{default}`"
        yield f"| `{PREFIX}{name.upper()}` | {shown} | {_cell(field.description or '')} |"


def api_page() -> Iterator[str]:
    """Yield the lines of the page of the management API."""
    reference = read_reference(make_document(OPERATIONS, base_url="https://portico.example"))
    yield f"# {reference.title}\n"
    yield f"{reference.about}\n"
    yield "A running gateway shows the same at `/api/docs`, and as OpenAPI 3.1 at `/api/v1/openapi.json`. The check of a"
    yield "domain's DNS record has no route yet: until then an operator vouches for a domain.\n"
    yield "## Scopes\n"
    yield reference.scopes.split("\n\n", 1)[1] + "\n"
    for _, title, entries in reference.groups:
        yield f"## {title}\n"
        for entry in entries:
            yield f"### `{entry.method} {entry.path}`\n"
            yield f"{entry.summary}. {entry.description} Command: `{entry.command}`.\n"
            yield from _members("Parameters", entry.parameters)
            yield from _members("Body", entry.body)
            yield f"Answers {entry.status}" + (f", {entry.answer}" if entry.answer_shape else "") + ".\n"
    yield "## Shapes\n"
    for name, description, members in reference.shapes:
        yield f"### {name}\n"
        yield from _members(description, members)


def cli_page() -> Iterator[str]:
    """Yield the lines of the page of commands."""
    yield "# The `portico` command\n"
    yield "Every command takes `--json`: data of a stable shape on stdout, everything else on stderr. Exit status 0: done;"
    yield "1: refused, with the reason; 2: wrongly called.\n"
    for name in (*COMMANDS, *NOUNS):
        # with its settings: a command remembers the names of its help from whoever asks first
        context = click.Context(main, info_name="portico", terminal_width=110, **main.context_settings)
        command = main.get_command(context, name)
        assert command is not None
        yield from _command(command, click.Context(command, info_name=name, parent=context, terminal_width=110))


def audit_page() -> Iterator[str]:
    """Yield the lines of the page of audit events."""
    yield "# Audit events\n"
    yield "A closed vocabulary; a name is never renamed or used again.\n"
    yield "| name | meaning |"
    yield "|---|---|"
    for event in EventName:
        yield f"| `{event.value}` | {_cell(event.description)} |"


def error_page() -> Iterator[str]:
    """Yield the lines of the page of error codes."""
    kinds: dict[Kind, tuple[str, str]] = {
        "request": ("Requests", "`code` of a problem document."),
        "value": ("Values", "`code` in `errors[]` of a problem document, and of metadata that cannot be used."),
        "sign-in": (
            "Sign-ins",
            "`code` of a trace. The person sees one constant sentence and a reference, whatever it is.",
        ),
    }
    codes = find_error_codes([ROOT / "app", *sorted(ROOT.glob("plugins/*/src"))])
    yield "# Error codes\n"
    yield "Codes are stable; sentences may be reworded. … stands for a value.\n"
    for kind, (title, about) in kinds.items():
        yield f"## {title}\n\n{about}\n"
        yield "| code | meaning |"
        yield "|---|---|"
        for code in codes:
            if code.kind == kind:
                yield f"| `{code.code}` | {_cell(code.meaning)} |"
        yield ""


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "settings.md": settings_page,
    "api.md": api_page,
    "cli.md": cli_page,
    "audit-events.md": audit_page,
    "error-codes.md": error_page,
    "sdk.md": sdk_page,
}


def write_page(name: str) -> str:
    """Return the text of one page."""
    return _WRITTEN + "\n".join(PAGES[name]()).rstrip() + "\n"


def find_old_pages() -> list[str]:
    """Return the names of pages that no longer say what the code does."""
    return [name for name in PAGES if not (FOLDER / name).is_file() or (FOLDER / name).read_text() != write_page(name)]


def _members(caption: str, members: tuple[Member, ...]) -> Iterator[str]:
    if not members:
        return
    yield f"{caption}\n" if caption else ""
    yield "| name | type | meaning |"
    yield "|---|---|---|"
    for member in members:
        optional = "" if member.required else " (optional)"
        yield f"| `{member.name}` | {_cell(member.type)}{optional} | {_cell(member.description)} |"
    yield ""


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    path = context.command_path
    if isinstance(command, click.Group):
        yield f"## `{path}`\n"
        yield f"{command.help}\n"
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _command(below, click.Context(below, info_name=name, parent=context, terminal_width=110))
        return
    yield f"{'###' if path.count(' ') > 1 else '##'} `{path}`\n"
    yield f"```text\n{command.get_help(context)}\n```\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def run(arguments: list[str]) -> int:
    """Write the pages, or with `--check` say which are old. Return the exit status."""
    if arguments == ["--check"]:
        old = find_old_pages()
        print(f"old: {', '.join(old)}; run make reference" if old else "docs/reference is current")
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (FOLDER / name).write_text(write_page(name))
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
