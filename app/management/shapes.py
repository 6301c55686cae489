"""The vocabulary of shapes: strict, closed, bounded. What passes is fit for the domain; nothing else arrives there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import from_json

from app.errors import BadRequest, Invalid, Problem

MAX_PAGE = 200


class Shape(BaseModel):
    """Root of every shape. Unknown members are refused: a misspelt one would otherwise be ignored in silence."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)

    @property
    def given(self) -> dict[str, Any]:
        """The members that were sent, also those that are null, as plain data: what a PATCH changes."""
        return self.model_dump(exclude_unset=True)


#: The default of a member that a PATCH may leave out but not set to null.
ABSENT: Any = None


def _drop_defaults(schema: dict[str, Any]) -> None:
    for member in schema.get("properties", {}).values():
        member.pop("default", None)


class Patch(Shape):
    """Root of what a PATCH takes: a member that is not sent stays as it is."""

    model_config = ConfigDict(json_schema_extra=_drop_defaults)


class Nothing(Shape):
    """Takes nothing."""


#: One line for people: no control characters, no blanks around it.
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$")
]
#: An identifier of somebody else's, kept byte for byte.
Word = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
#: An address. Whether it may be used is the domain's question.
Url = Annotated[str, StringConstraints(min_length=1, max_length=2048, pattern=r"^[^\x00-\x20\x7f]+$")]
#: A time in RFC 3339, with its offset.
Time = Annotated[datetime, BeforeValidator(lambda value: _parse_time(value))]

Item = TypeVar("Item", bound=Shape)


class Paging(Shape):
    """Takes part of a list."""

    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50
    """How many, at most."""
    after: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9.-]+$")] | None = None
    """The `next` of the page before."""


class Page(Shape, Generic[Item]):
    """Part of a list."""

    # Pydantic looks for docstrings where a page of something is asked for, and stumbles there.
    model_config = ConfigDict(use_attribute_docstrings=False)

    items: list[Item]
    next: Annotated[str | None, Field(description="Pass it as `after` to get what follows; null at the end.")]


def read_body(shape: type[Shape], raw: bytes) -> Shape:
    """Return what a JSON body says, in its shape.

    Raises:
        BadRequest: not JSON, or text that no database stores.
        Invalid: every member at fault is named.
    """
    if not raw and not any(field.is_required() for field in shape.model_fields.values()):
        return _read(shape, {})
    try:
        value = from_json(raw, allow_inf_nan=False)
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON", code="not-json", hint="Send one JSON object in UTF-8.") from None
    if _holds_nul(value):
        raise BadRequest("the body holds a NUL character", code="nul-character", hint="Remove the character U+0000.")
    return _read(shape, value)


def read_query(shape: type[Shape], pairs: Iterable[tuple[str, str]]) -> Shape:
    """Return what a query string says, in its shape: numbers and times are text there. Raises Invalid."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Invalid(Problem(name[:100], "repeated", "Send it once."))
        found[name] = value
    return _read(shape, found, strict=False)


def _read(shape: type[Shape], value: object, *, strict: bool | None = None) -> Shape:
    try:
        return shape.model_validate(value, strict=strict)
    except ValidationError as error:
        raise Invalid(*(_problem(found) for found in error.errors(include_url=False, include_input=False))) from None


_SENTENCES = {
    "extra_forbidden": "There is no such member.",
    "missing": "This is required.",
    "string_pattern_mismatch": "This holds a character that is not accepted here, such as a line break.",
}


def _problem(found: Mapping[str, Any]) -> Problem:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in found["loc"])[1:200]
    message = _SENTENCES.get(found["type"]) or f"{found['msg']}."
    return Problem(path, str(found["type"]).replace("_", "-"), message[:300])


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_holds_nul(part) for part in value)


def _parse_time(value: object) -> object:
    if not isinstance(value, str):
        return value
    parsed = datetime.fromisoformat(value)
    if parsed.tzinfo is None:
        raise ValueError("a time needs its offset, such as 2026-11-23T14:02:09Z")
    return parsed
