"""The OpenAPI document as people read it: groups of calls, and tables of members. For the docs page and docs/reference."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

_REF = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object, or one parameter. `shape` names the schema that its type refers to, if any."""

    name: str
    type: str
    shape: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One call."""

    id: str
    command: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Member, ...]
    body: tuple[Member, ...]
    status: str
    answer: str
    answer_shape: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole document. `groups` are anchor, title and calls; `shapes` are those that calls take or give, by name."""

    title: str
    version: str
    about: str
    scopes: str
    groups: tuple[tuple[str, str, tuple[Entry, ...]], ...]
    shapes: tuple[tuple[str, str, tuple[Member, ...]], ...]


def read_reference(document: str) -> Reference:
    """Return what the OpenAPI document says."""
    said = json.loads(document)
    schemas = said["components"]["schemas"]
    entries: dict[str, list[Entry]] = {tag["name"]: [] for tag in said["tags"]}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            entries[operation["tags"][0]].append(_entry(path, method, operation, schemas))
    taken = {name for name in schemas if name.endswith(("In", "Patch"))}
    return Reference(
        title=said["info"]["title"],
        version=said["info"]["version"],
        about=said["info"]["description"],
        scopes=said["components"]["securitySchemes"]["apiKey"]["description"],
        groups=tuple((tag["name"], tag["description"], tuple(entries[tag["name"]])) for tag in said["tags"]),
        shapes=tuple(
            (name, schema.get("description", ""), _members(schema))
            for name, schema in sorted(schemas.items())
            if schema.get("properties") and name not in taken
        ),
    )


def _entry(path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Entry:
    status = next(iter(operation["responses"]))
    answer = operation["responses"][status].get("content", {}).get("application/json", {}).get("schema", {})
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Entry(
        id=operation["operationId"],
        command="portico "
        + operation["operationId"].replace(operation["tags"][0] + "-", operation["tags"][0] + " ", 1),
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation["description"],
        parameters=tuple(_parameter(said) for said in operation["parameters"]),
        body=_members(schemas[_shape(body)]) if body else (),
        status=status,
        answer=_type(answer) if answer else "nothing",
        answer_shape=_shape(answer),
    )


def _parameter(said: dict[str, Any]) -> Member:
    schema = said["schema"]
    name = f"{said['name']} ({said['in']})" if said["in"] != "query" else said["name"]
    return Member(name, _type(schema), _shape(schema), said["required"], said.get("description", ""))


def _members(schema: dict[str, Any]) -> tuple[Member, ...]:
    required = schema.get("required", ())
    return tuple(
        Member(name, _type(member), _shape(member), name in required, member.get("description", ""))
        for name, member in schema["properties"].items()
    )


def _shape(schema: dict[str, Any]) -> str:
    """The name of the schema that `schema` is, or is a list of, or may be."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    inner = [schema["items"]] if "items" in schema else schema.get("anyOf", schema.get("allOf", []))
    return next((found for part in inner if (found := _shape(part))), "")


def _type(schema: dict[str, Any]) -> str:
    match schema:
        case {"$ref": str(ref)}:
            return ref.removeprefix(_REF)
        case {"anyOf": list(parts)} | {"allOf": list(parts)}:
            return " or ".join(_type(part) for part in parts)
        case {"enum": list(values)}:
            return " | ".join(f"`{value}`" for value in values) if len(values) < 8 else "one of its names"
        case {"const": value}:
            return f"`{value}`"
        case {"type": "array", "items": dict(items)}:
            return f"list of {_type(items)}"
        case {"type": "string", "format": "date-time"}:
            return "time"
        case {"type": str(kind)}:
            return kind
    return "any JSON"
