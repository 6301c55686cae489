"""Routes made of operations: authenticate, read the shape, perform, answer."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from flask import Blueprint, Response, render_template, request

from app.api.authentication import Caller, authenticate
from app.api.idempotency import Answer, Repeatable, perform_once
from app.api.openapi import PREFIX, make_document
from app.api.problem import CONTENT_TYPE, describe_problem
from app.api.reference import read_reference
from app.api.throttle import WrongKeys
from app.cipher import Cipher
from app.errors import NotFound
from app.management import Call, Operation, Rooms, Shape, read_body, read_query
from app.web.errors import Refusal

JSON = "application/json"


def blueprint(
    operations: Sequence[Operation], rooms: Rooms, *, cipher: Cipher, clock: Callable[[], datetime], base_url: str
) -> Blueprint:
    """Return the API: a route for each operation, the OpenAPI document, and the page that shows it.

    Every route but the last two asks for an API key with the operation's scope before it reads anything else.
    """
    api = Blueprint("api", __name__)
    wrong_keys = WrongKeys()
    for operation in operations:
        rule = PREFIX + operation.path.replace("{", "<").replace("}", ">")
        view = _make_view(operation, rooms, wrong_keys, cipher=cipher, clock=clock)
        api.add_url_rule(rule, operation.id, view, methods=[operation.method])

    @cache  # made when first asked for: half of all processes never are
    def document() -> str:
        return make_document(operations, base_url=base_url)

    def openapi() -> Response:
        return Response(document(), content_type=JSON)

    def docs() -> Response:
        page = render_template("api/docs.html", reference=read_reference(document())).encode()
        response = Response(page, content_type="text/html; charset=utf-8", headers={"Vary": "Accept-Encoding"})
        if "gzip" in request.headers.get("Accept-Encoding", ""):  # a long page without anything secret in it
            response.set_data(gzip.compress(page, 6, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response

    api.add_url_rule(f"{PREFIX}/openapi.json", "openapi", openapi)
    api.add_url_rule("/api/docs", "docs", docs)
    return api


def render_problem(refusal: Refusal) -> Response:
    """Return the answer that a program gets instead of an error page."""
    body = describe_problem(refusal).model_dump_json()
    return Response(body, refusal.status, refusal.headers, content_type=CONTENT_TYPE)


def _make_view(
    operation: Operation, rooms: Rooms, wrong_keys: WrongKeys, *, cipher: Cipher, clock: Callable[[], datetime]
) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        now = clock()
        sent, address = request.headers.get("Authorization"), request.remote_addr or ""
        caller = authenticate(sent, address=address, wrong_keys=wrong_keys, now=now)
        caller.require(operation.scope)
        if any("\0" in value for value in path.values()):
            raise NotFound("a path with a NUL character")
        takes = _read(operation)

        def act() -> Answer:
            given = operation.perform(Call(rooms, caller.actor, now, takes), path)
            return Answer(operation.status, given.model_dump_json() if given is not None else "")

        write = _repeatable(operation, caller)
        answer, repeated = perform_once(write, act, cipher=cipher, now=now) if write else (act(), False)
        response = Response(answer.body, answer.status, content_type=JSON)
        if repeated:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    return view


def _read(operation: Operation) -> Shape:
    if operation.method == "GET":
        return read_query(operation.takes, request.args.items(multi=True))
    return read_body(operation.takes, request.get_data(cache=True))


def _repeatable(operation: Operation, caller: Caller) -> Repeatable | None:
    key = request.headers.get("Idempotency-Key")
    if key is None or not operation.changes:
        return None
    return Repeatable(caller.key_id, key, request.method, request.path, request.get_data(cache=True))
