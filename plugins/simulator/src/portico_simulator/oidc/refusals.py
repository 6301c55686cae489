"""How the endpoints that applications call themselves say no."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from werkzeug import Response

from portico_simulator.idp import Idp
from portico_simulator.oidc.errors import OAuthError, describe, number_of
from portico_simulator.profiles import OidcProfile


def refuse_token(idp: Idp[OidcProfile], error: OAuthError) -> Response:
    """Return the token endpoint's error (RFC 6749 5.2), with Entra's number where there is one."""
    body: dict[str, Any] = {"error": error.code, "error_description": describe(idp, error, idp.clock())}
    number = number_of(idp, error)
    if number is not None:
        body["error_codes"] = [number]
    response = jsonify(body)
    response.status_code = 401 if error.code == "invalid_client" else 400
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse_bearer(description: str) -> Response:
    """Return userinfo's error (RFC 6750 3)."""
    response = jsonify({"error": "invalid_token", "error_description": description})
    response.status_code = 401
    response.headers["WWW-Authenticate"] = f'Bearer error="invalid_token", error_description="{description}"'
    return response
