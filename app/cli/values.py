"""Options made of JSON schemas, and values read from what was typed."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click


def make_option(name: str, member: Mapping[str, Any], required: bool, schema: Mapping[str, Any]) -> click.Option:
    """Return the option for one member. Lists and objects may be given several times."""
    flag = f"--{name.replace('_', '-')}"
    member = resolve(member, schema)
    text = " ".join(filter(None, (member.get("description", "").split(". ")[0], "[required]" if required else "")))
    match member:
        case {"type": "boolean"}:
            return click.Option([f"{flag}/--no-{flag[2:]}"], default=None, help=text)
        case {"type": "integer"}:
            return click.Option([flag], type=int, help=text)
        case {"enum": list(choices)} if len(choices) < 8:
            return click.Option([flag], type=click.Choice([str(choice) for choice in choices]), help=text)
        case {"contentEncoding": "base64"}:
            return click.Option([flag], metavar="@FILE|BASE64", help=text)
        case {"contentMediaType": str()}:
            return click.Option([flag], metavar="@FILE|TEXT", help=text)
        case {"type": "array"}:
            return click.Option([flag], multiple=True, help=f"{text} Repeat it for several.".strip())
        case {"type": "object"}:
            return click.Option([flag], multiple=True, metavar="NAME=VALUE|JSON|@FILE", help=text)
    return click.Option([flag], help=text)


def resolve(member: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema behind references and beside null."""
    found = dict(member)
    for part in found.pop("anyOf", found.pop("allOf", [])):
        if part.get("type") != "null":
            found = {**part, **found}
    if "$ref" in found:
        target = schema["$defs"][found.pop("$ref").rsplit("/", 1)[-1]]
        found = {**target, **found}
    return found


def read_value(raw: Any, member: Mapping[str, Any]) -> Any:
    """Return the value of a member, or None when its option was not given."""
    if raw is None or raw == ():
        return None
    if not isinstance(raw, tuple):
        return _read_content(raw, member) if isinstance(raw, str) and raw.startswith("@") else raw
    kinds = {part.get("type") for part in (member, *member.get("anyOf", ()))}
    return list(raw) if "array" in kinds else _read_object(raw)


def _read_content(raw: str, member: Mapping[str, Any]) -> str:
    """A file's content where the member is one; `@` begins many other things that people write."""
    parts = (member, *member.get("anyOf", ()))
    if any(part.get("contentEncoding") == "base64" for part in parts):
        return base64.b64encode(_read_bytes(raw[1:])).decode()
    return _read_file(raw[1:]) if any("contentMediaType" in part for part in parts) else raw


def _read_object(parts: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in parts:
        name, equals, text = part.partition("=")
        if part.startswith(("{", "@")):
            found |= _read_json(_read_file(part[1:]) if part.startswith("@") else part)
        elif not equals:
            raise click.BadParameter(f"{part!r} is not NAME=VALUE, JSON or @FILE")
        elif text.startswith("@"):
            found[name] = _read_file(text[1:])
        else:
            found[name] = _read_scalar(text)
    return found


def _read_scalar(text: str) -> Any:
    """JSON where it is a list, an object, a number, true, false or null; text otherwise."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _read_json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise click.BadParameter("not a JSON object")
    return value


def _read_bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise click.BadParameter(f"{name} cannot be read: {error}") from None


def _read_file(name: str) -> str:
    try:
        return Path(name).read_text()
    except (OSError, UnicodeError) as error:
        raise click.BadParameter(str(error)) from None
