"""The OpenAPI 3.1 document, made of the operations and their shapes: it cannot say other than the code does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Literal

from pydantic.json_schema import models_json_schema

from app.access import SCOPES
from app.api.problem import CONTENT_TYPE, ProblemDetails
from app.management import TITLES, Operation, Shape

PREFIX = "/api/v1"
API_VERSION = "1.0.0"
_REF = "#/components/schemas/{model}"
_PAGE = re.compile(r"\bPage_(\w+?)_(?!\w)")  # pydantic's name for a page of something
_ERRORS = {
    400: "The request cannot be understood.",
    401: "The key is missing, unknown or revoked.",
    403: "The key lacks the scope.",
    404: "There is nothing here, or it belongs to something else.",
    409: "It contradicts what is stored.",
    422: "Some values cannot be used; `errors` names each.",
    429: "Too many wrong keys came from this address; `Retry-After` says when to try again.",
}
_ABOUT = (
    "Authenticate with `Authorization: Bearer KEY`. Lists come in pages: pass `next` as `after`. Every write accepts "
    "`Idempotency-Key`; repeated within 24 hours with the same content, it answers what it answered the first time. "
    "Errors are `application/problem+json`; `code` is stable."
)

Schemas = dict[type[Shape], dict[str, Any]]


def make_document(operations: Sequence[Operation], *, base_url: str) -> str:
    """Return the document as JSON text."""
    schemas, definitions = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(PREFIX + operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Portico management API", "version": API_VERSION, "description": _ABOUT},
        "servers": [{"url": base_url}],
        "security": [{"apiKey": []}],
        "tags": [{"name": noun, "description": title} for noun, title in TITLES.items()],
        "paths": paths,
        "components": {
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer", "description": _scopes()}},
            "schemas": definitions,
            "responses": {
                str(status): {
                    "description": sentence,
                    "content": {CONTENT_TYPE: {"schema": {"$ref": _REF.format(model="ProblemDetails")}}},
                }
                for status, sentence in _ERRORS.items()
            },
        },
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return _PAGE.sub(r"\1Page", text)


def _schemas(operations: Iterable[Operation]) -> tuple[Schemas, dict[str, Any]]:
    wanted: list[tuple[type[Shape], Literal["validation", "serialization"]]] = [(ProblemDetails, "serialization")]
    for operation in operations:
        if operation.method != "GET" and operation.takes.model_fields:
            wanted.append((operation.takes, "validation"))
        if operation.gives is not None:
            wanted.append((operation.gives, "serialization"))
    found, definitions = models_json_schema(list(dict.fromkeys(wanted)), ref_template=_REF)
    return {shape: schema for (shape, _), schema in found.items() if issubclass(shape, Shape)}, definitions["$defs"]


def _operation(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.command[0]],
        "summary": operation.summary,
        "description": f"Needs the scope `{operation.scope}`.",
        "parameters": [*_path_parameters(operation), *_query_parameters(operation), *_headers(operation)],
        "responses": {
            str(operation.status): _answer(operation, schemas),
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in _errors_of(operation)},
        },
    }
    if operation.method != "GET" and operation.takes.model_fields:
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": schemas[operation.takes]}}}
    return said


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in operation.parameters
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.method != "GET":
        return []
    schema = operation.takes.model_json_schema(ref_template=_REF)
    required, definitions = schema.get("required", ()), schema.get("$defs", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": _inline({key: value for key, value in member.items() if key != "description"}, definitions),
            **({"description": member["description"]} if "description" in member else {}),
        }
        for name, member in schema.get("properties", {}).items()
    ]


def _inline(schema: Any, definitions: dict[str, Any]) -> Any:
    """Put definitions in the place of references: a query's shape is not among the document's schemas."""
    if isinstance(schema, list):
        return [_inline(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inline(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    return {key: _inline(value, definitions) for key, value in schema.items()}


def _headers(operation: Operation) -> list[dict[str, Any]]:
    if not operation.changes:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    said = "A value of your own, new for each write: the same one again never does it twice."
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema, "description": said}]


def _answer(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    described = {"description": HTTPStatus(operation.status).phrase}
    if operation.gives is None:
        return described
    return {**described, "content": {"application/json": {"schema": schemas[operation.gives]}}}


def _errors_of(operation: Operation) -> list[int]:
    silent = set() if operation.parameters else {404}
    return [status for status in _ERRORS if status not in silent | (set() if operation.changes else {409})]


def _scopes() -> str:
    lines = [f"- `{scope}`: {sentence}" for scope, sentence in SCOPES.items()]
    return "An API key, made by `portico api-key create`. Scopes:\n\n" + "\n".join(lines)
