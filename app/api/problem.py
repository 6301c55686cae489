"""Errors as `application/problem+json`. Spec: RFC 9457 3."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.management.shapes import Shape
from app.web.errors import Refusal

CONTENT_TYPE = "application/problem+json"


class FieldError(Shape):
    """One value at fault."""

    field: str
    """Its path: `redirect_uris[0]`."""
    code: str
    message: str


class ProblemDetails(Shape):
    """Why a request failed. `code` is stable; sentences may be reworded."""

    status: int
    code: str
    title: str
    """A constant sentence for this code."""
    detail: str
    """The same, or what can be done about it."""
    reference: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    """Finds the cause in the server's log."""
    errors: list[FieldError]


def describe_problem(refusal: Refusal) -> ProblemDetails:
    """Return what a program is told. It has no `type`: `code` says what a URI would."""
    return ProblemDetails(
        status=refusal.status,
        code=refusal.code,
        title=refusal.public,
        detail=refusal.hint or refusal.public,
        reference=refusal.reference,
        errors=[FieldError(field=p.field, code=p.code, message=p.message) for p in refusal.problems],
    )
