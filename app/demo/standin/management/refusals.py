"""Answers of the Management API that are no success, each with the body that Auth0 gives it."""

from __future__ import annotations

from collections.abc import Iterable

_ERRORS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Payload Too Large",
    429: "Too Many Requests",
}


class ApiRefused(Exception):
    """A refusal. `error_code` is absent from the body where it is empty, as in most answers 401."""

    def __init__(self, status: int, message: str, error_code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.error_code = status, message, error_code

    def body(self) -> dict[str, object]:
        """Return the JSON of the answer."""
        body: dict[str, object] = {
            "statusCode": self.status,
            "error": _ERRORS[self.status],
            "message": self.message,
        }
        return body | ({"errorCode": self.error_code} if self.error_code else {})


def invalid_body(message: str) -> ApiRefused:
    """The payload is not what the endpoint takes."""
    return ApiRefused(400, f"Payload validation error: '{message}'.", "invalid_body")


def invalid_query(message: str) -> ApiRefused:
    """A query parameter is not what the endpoint takes."""
    return ApiRefused(400, f"Query validation error: '{message}'.", "invalid_query_string")


def missing_scope(scopes: Iterable[str]) -> ApiRefused:
    """The token may not do this; the message names what would be enough."""
    return ApiRefused(403, f"Insufficient scope, expected any of: {','.join(scopes)}", "insufficient_scope")


def not_there(what: str, error_code: str) -> ApiRefused:
    """Nothing has this id."""
    return ApiRefused(404, f"The {what} does not exist", error_code)
