"""Every error becomes a constant sentence and a reference id; the cause goes to the log under that id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog
from flask import Flask, Response, make_response, render_template, request
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from app.errors import BadRequest, Invalid, PorticoError, Problem, SignInFailed, Unavailable
from app.web.language import speak
from app.web.references import new_reference

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What may be told about a request that failed.

    Args:
        public: a constant sentence, for anybody.
        hint: for whoever can fix it; never on a page that a stranger sees.
        sign_in: whether a person was about to sign in.
        leave_url: where that person may go back to, as a registered client says; checked by whoever raised the error.
    """

    status: int
    code: str
    public: str
    reference: str
    at: datetime
    hint: str = ""
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] | None = None
    sign_in: bool = False
    leave_url: str = ""


#: Turns a refusal into a response, in the form that a face speaks.
Answer = Callable[[Refusal], Response]


def render_error_page(refusal: Refusal) -> Response:
    """Return the page that a person sees: the same for the same kind of error, whatever the cause."""
    return make_response(render_template("errors/error.html", refusal=refusal), refusal.status, refusal.headers)


def init_errors(app: Flask, *, clock: Callable[[], datetime], answers: Mapping[str, Answer]) -> None:
    """Make every exception end as a refusal. `answers` maps path prefixes to the form their callers expect."""

    def handle(error: Exception) -> Response | RequestRedirect:
        if isinstance(error, RequestRedirect):
            return error
        cause = _as_portico_error(error)
        refusal = _refuse(cause, _headers_of(error), clock())
        _log(cause, error, refusal)
        speak(getattr(cause, "ui_locales", None))
        answer = next((a for prefix, a in answers.items() if request.path.startswith(prefix)), render_error_page)
        return answer(refusal)

    app.register_error_handler(Exception, handle)


def _as_portico_error(error: Exception) -> PorticoError:
    match error:
        case PorticoError():
            return error
        case HTTPException():
            return _from_http(error)
        case OperationalError() | PoolTimeout():
            return Unavailable("the database does not answer", code="database-unavailable")
        case DataError() | UnicodeError():
            return BadRequest("a value cannot be stored as text")
    return PorticoError(f"{type(error).__name__}: unexpected", code="unexpected")


def _from_http(error: HTTPException) -> PorticoError:
    status = error.code or 500
    named = BadRequest() if status < 500 else PorticoError()
    named.status = status
    phrase = HTTPStatus(status).phrase
    named.code = phrase.lower().replace(" ", "-")
    named.public = _SENTENCES.get(status, named.public)
    named.detail = phrase
    return named


_SENTENCES = {
    404: "There is nothing here.",
    405: "This address does not accept this kind of request.",
    413: "The request is too large.",
    414: "The address is too long.",
    415: "The request's content type is not accepted here.",
    429: "Too many requests. Try again in a minute.",
}


def _headers_of(error: Exception) -> dict[str, str] | None:
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return {"Allow": ", ".join(sorted(error.valid_methods))}
    return getattr(error, "headers", None) if isinstance(error, PorticoError) else None


def _refuse(cause: PorticoError, headers: dict[str, str] | None, now: datetime) -> Refusal:
    sign_in = isinstance(cause, SignInFailed)
    return Refusal(
        status=cause.status,
        code=SignInFailed.code if sign_in else cause.code,  # why a sign-in failed is told to operators only
        public=cause.public,
        reference=getattr(cause, "reference", "") or new_reference(),
        at=now,
        hint="" if sign_in else cause.hint,
        problems=cause.problems if isinstance(cause, Invalid) else (),
        headers=headers,
        sign_in=sign_in,
        leave_url=getattr(cause, "leave_url", None) or "",
    )


def _log(cause: PorticoError, error: Exception, refusal: Refusal) -> None:
    # The route, not the path: a path may carry the token of a set-up link.
    route = request.url_rule.rule if request.url_rule else None
    fields = {"reference": refusal.reference, "status": refusal.status, "code": cause.code, "route": route}
    if refusal.status >= 500:
        log.error("request_failed", method=request.method, detail=cause.detail, exc_info=error, **fields)
    else:
        log.info("request_refused", method=request.method, detail=cause.detail, **fields)
