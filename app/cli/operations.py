"""Commands made of the operations of the API: path parameters are arguments, members of the body are options."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from app.cli.gateway import cli_actor, open_gateway
from app.cli.output import example, fails_politely, say, show, takes_json
from app.cli.values import make_option, read_value
from app.management import OPERATIONS, Call, Operation, read_body


def make_group(noun: str, summary: str, *, called: tuple[str, ...] = ()) -> click.Group:
    """Return the group of all operations on `noun`.

    Args:
        called: by which words it is reached, where those are not the noun alone.
    """
    path = called or (noun,)
    commands = {
        operation.command[1]: _command(operation, path) for operation in OPERATIONS if operation.command[0] == noun
    }
    return click.Group(
        path[-1], commands=commands, help=summary + ".", context_settings={"help_option_names": ["-h", "--help"]}
    )


def _command(operation: Operation, path: tuple[str, ...]) -> click.Command:
    schema = operation.takes.model_json_schema()
    parameters: list[click.Parameter] = [click.Argument([name]) for name in operation.parameters]
    members: Mapping[str, Any] = schema.get("properties", {})
    required = schema.get("required", ())
    parameters += [make_option(name, member, name in required, schema) for name, member in members.items()]
    if operation.method != "GET" and members:
        parameters.append(
            click.Option(["--body"], metavar="JSON|@FILE", help="The whole content as JSON; options win over it.")
        )
    command = click.Command(
        operation.command[1],
        params=parameters,
        callback=takes_json(_run(operation, members)),
        help=f"{operation.summary}.{example(_example(operation, path))}",
        short_help=operation.summary,
    )
    command.params += getattr(command.callback, "__click_params__", [])
    return command


def _run(operation: Operation, members: Mapping[str, Any]) -> Any:
    @fails_politely
    def run(as_json: bool, body: str | None = None, **given: Any) -> None:
        path = {name: given.pop(name) for name in operation.parameters}
        content = _read_body(body)
        for name, raw in given.items():
            value = read_value(raw, members[name])
            if value is not None:
                content[name] = value
        takes = read_body(operation.takes, json.dumps(content).encode())
        with open_gateway() as gateway:
            call = Call(gateway.rooms, cli_actor(), gateway.clock(), takes)
            answer = operation.perform(call, path)
        if answer is None:
            say("Done.")
            answer_data: Any = {} if as_json else None
        else:
            answer_data = answer.model_dump(mode="json")
        show(answer_data, as_json=as_json)

    return run


def _read_body(body: str | None) -> dict[str, Any]:
    if body is None:
        return {}
    try:
        content = json.loads(Path(body[1:]).read_text() if body.startswith("@") else body)
    except (OSError, ValueError) as error:
        raise click.BadParameter(str(error), param_hint="--body") from None
    if not isinstance(content, dict):
        raise click.BadParameter("must be a JSON object", param_hint="--body")
    return content


def _example(operation: Operation, path: tuple[str, ...]) -> str:
    arguments = operation.example or " ".join(f"{name.removesuffix('_id')[:3]}-…" for name in operation.parameters)
    return " ".join(filter(None, ("portico", *path, operation.command[1], arguments)))
