"""From a request to an operation and back: limits, token, scope, body, and what the tenant's log says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request
from joserfc.jwk import RSAKey

from app.demo.loopback import LoopbackHttp
from app.demo.standin.management.call import Call, Operation, Reply, unknown_path
from app.demo.standin.management.limits import GENEROUS, Bucket, Limit
from app.demo.standin.management.refusals import ApiRefused, invalid_body, missing_scope
from app.demo.standin.management.routes import OPERATIONS
from app.demo.standin.management.tokens import verify_token
from app.demo.standin.tenant.state import Tenant

_LARGEST = 1_048_576
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class ManagementApi:
    """The API of one tenant. `limits` may name `api`, `organization_connections_read` and `..._write`."""

    def __init__(self, tenant: Tenant, http: LoopbackHttp, key: RSAKey, limits: Mapping[str, Limit]) -> None:
        self._tenant, self._http, self._key = tenant, http, key
        self.set_limits(limits)

    def set_limits(self, limits: Mapping[str, Limit]) -> None:
        """Replace the limits; every bucket is full again."""
        self._buckets = {name: Bucket(limit, self._tenant.now) for name, limit in limits.items()}
        self._buckets.setdefault("api", Bucket(GENEROUS, self._tenant.now))

    def routes(self) -> Blueprint:
        """Return everything below /api/v2."""
        routes = Blueprint("management", __name__, url_prefix="/api/v2")
        for number, operation in enumerate(OPERATIONS):
            view = self._view(operation)
            routes.add_url_rule(operation.path, f"operation_{number}", view, methods=[operation.method])
        routes.add_url_rule("/<path:path>", "unknown", self._unknown, methods=_METHODS)
        return routes

    def _view(self, operation: Operation) -> Any:
        def view(**path: str) -> Response:
            headers: dict[str, str] = {}
            try:
                client_id, reply = self._answer(operation, path, headers)
            except ApiRefused as refused:
                answer = make_response(jsonify(refused.body()), refused.status)
            else:
                self._note(operation, client_id, reply)
                answer = make_response("" if reply.body is None else jsonify(reply.body), reply.status)
            answer.headers.extend(headers)
            return answer

        return view

    def _answer(self, operation: Operation, path: Mapping[str, str], headers: dict[str, str]) -> tuple[str, Reply]:
        client_id, scopes = verify_token(self._tenant, self._key, request.headers.get("Authorization", ""))
        self._count(operation, headers)
        if not scopes & set(operation.scopes):
            raise missing_scope(operation.scopes)
        call = Call(self._tenant, self._http, path, request.args, _read_body(), scopes)
        with self._tenant.lock:
            return client_id, operation.run(call)

    def _count(self, operation: Operation, headers: dict[str, str]) -> None:
        kind = "read" if operation.method == "GET" else "write"
        for name in ("api", f"{operation.family}_{kind}"):
            bucket = self._buckets.get(name)
            verdict = bucket.take() if bucket else None
            headers |= verdict.headers if verdict else {}
            if verdict is not None and not verdict.allowed:
                self._tenant.log.add("api_limit", f"An API rate limit was reached: {name}")
                raise ApiRefused(429, "Global limit has been reached", "too_many_requests")

    def _note(self, operation: Operation, client_id: str, reply: Reply) -> None:
        if operation.method == "GET" and not reply.secret:
            return
        sent = {"method": operation.method.lower(), "path": request.path, "query": request.args.to_dict()}
        sent |= {"body": mask(request.get_json(force=True, silent=True))} if request.get_data() else {}
        details = {"request": sent, "response": {"statusCode": reply.status}}
        kind = "mgmt_api_read" if operation.method == "GET" else "sapi"
        self._tenant.log.add(kind, operation.title, client_id=client_id, details=details)

    def _unknown(self, path: str) -> Response:
        refused = unknown_path()
        return make_response(jsonify(refused.body()), refused.status)


_SECRET = frozenset({"client_secret", "value", "signing_key", "decryptionKey", "password"})


def mask(body: Any) -> Any:
    """Return what the tenant's log keeps of a body: everything but secrets."""
    if isinstance(body, dict):
        return {name: "*****" if name in _SECRET else mask(value) for name, value in body.items()}
    return [mask(value) for value in body] if isinstance(body, list) else body


def _read_body() -> Any:
    """Return the JSON of the request; None where there is none. Raises ApiRefused."""
    if request.content_length is not None and request.content_length > _LARGEST:
        raise ApiRefused(413, "Payload content length greater than maximum allowed: 1048576")
    if not request.get_data():
        return None
    body = request.get_json(force=True, silent=True)
    if body is None:
        raise invalid_body("Invalid request payload JSON format")
    return body
