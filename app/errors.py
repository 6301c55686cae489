"""The hierarchy of errors, and who reads which part of one.

PorticoError
├── NotFound            404  it does not exist, or belongs to someone else: the same answer
├── Conflict            409  it would contradict what is stored
├── Invalid             422  the request is understood and wrong; `problems` names each field
├── BadRequest          400  the request cannot be understood
├── Forbidden           403  known, and not allowed
├── Unauthorized        401  not known
├── TooManyRequests     429
├── Unavailable         503  a part we need does not answer
└── SignInFailed        400  a sign-in ended without a login; `code` says why, the person does not see it

Four audiences: `code` is on the wire, `public` is a constant sentence for anybody, `hint` helps whoever can fix it,
`detail` is for the log and the trace only.
"""

from __future__ import annotations

from dataclasses import dataclass


class PorticoError(Exception):
    """Root of the errors that we raise on purpose."""

    status = 500
    code = "error"
    public = "Something went wrong."

    def __init__(self, detail: str = "", *, code: str = "", hint: str = "") -> None:
        super().__init__(detail or self.public)
        self.detail = detail
        self.hint = hint
        if code:
            self.code = code


class NotFound(PorticoError):
    status = 404
    code = "not-found"
    public = "There is nothing here."


class Conflict(PorticoError):
    status = 409
    code = "conflict"
    public = "This contradicts what is stored."


@dataclass(frozen=True, slots=True)
class Problem:
    """One field at fault: its path, a stable code, and a sentence for the caller."""

    field: str
    code: str
    message: str


class Invalid(PorticoError):
    status = 422
    code = "invalid"
    public = "Some values cannot be used."

    def __init__(self, *problems: Problem, code: str = "") -> None:
        super().__init__("; ".join(f"{p.field}: {p.message}" for p in problems), code=code)
        self.problems = problems


class BadRequest(PorticoError):
    status = 400
    code = "bad-request"
    public = "The request cannot be understood."


class Forbidden(PorticoError):
    status = 403
    code = "forbidden"
    public = "This is not allowed."


class Unauthorized(PorticoError):
    status = 401
    code = "unauthorized"
    public = "A valid credential is needed."


class TooManyRequests(PorticoError):
    status = 429
    code = "too-many-requests"
    public = "Too many requests. Try again in a minute."


class Unavailable(PorticoError):
    status = 503
    code = "unavailable"
    public = "Not available at the moment. Try again."


class SignInFailed(PorticoError):
    """A sign-in ended without a login. `code` and `detail` go to the trace; the person sees `public` and an id."""

    status = 400
    code = "sign-in-failed"
    public = "We could not sign you in."
