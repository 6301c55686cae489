"""Keys of the management API."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.access import SCOPES, ApiKey, add_api_key, get_api_key, list_api_keys, revoke_api_key
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import Line, Page, Paging, Shape, Time, Word

READ, WRITE = "api-keys:read", "api-keys:write"


class ApiKeyIn(Shape):
    name: Line
    scopes: Annotated[list[Word], Field(min_length=1, max_length=len(SCOPES))] = Field(default=["*"])
    """What it may do; never more than the key that makes it."""


class ApiKeyOut(Shape):
    id: str
    name: str
    hint: str
    """Its last characters, to tell keys apart."""
    scopes: list[str]
    created_at: Time
    last_used_at: Time | None
    revoked_at: Time | None


class NewApiKeyOut(ApiKeyOut):
    api_key: str
    """Shown once."""


def _show(row: ApiKey) -> ApiKeyOut:
    return ApiKeyOut.model_validate({name: getattr(row, name) for name in ApiKeyOut.model_fields})


def create(call: Call[ApiKeyIn]) -> NewApiKeyOut:
    row, key = add_api_key(call.takes.name, call.takes.scopes, actor=call.actor, now=call.now)
    return NewApiKeyOut.model_validate({**_show(row).model_dump(), "api_key": key})


def list_all(call: Call[Paging]) -> Page[ApiKeyOut]:
    rows = list_api_keys(limit=call.takes.limit + 1, after=call.takes.after)
    return cut_page(rows, call.takes, _show, lambda row: row.id)


def get(call: Call[Shape], api_key_id: str) -> ApiKeyOut:
    return _show(get_api_key(api_key_id))


def revoke(call: Call[Shape], api_key_id: str) -> None:
    revoke_api_key(api_key_id, actor=call.actor, now=call.now)


ALL, ONE = "/api-keys", "/api-keys/{api_key_id}"

OPERATIONS = (
    Operation(("api-key", "create"), "POST", ALL, WRITE, "Make a key of the management API", create,
              ApiKeyIn, NewApiKeyOut, 201, '--name "Provisioning" --scopes organizations:write --scopes domains:write'),
    Operation(("api-key", "list"), "GET", ALL, READ, "List keys, never the keys themselves", list_all, Paging,
              Page[ApiKeyOut]),
    Operation(("api-key", "get"), "GET", ONE, READ, "Show a key's record", get, gives=ApiKeyOut),
    Operation(("api-key", "revoke"), "DELETE", ONE, WRITE, "Make a key useless at once", revoke, status=204),
)  # fmt: skip
