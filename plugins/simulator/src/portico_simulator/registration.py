"""Registering an application at an identity provider: what its administrator does by hand in the vendor's console."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, Response, jsonify, request

from portico_simulator.applications import describe
from portico_simulator.idp import Idp


def is_administrator(admin_token: str | None) -> bool:
    """Return whether the current request bears the token; nobody does when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return admin_token is not None and scheme == "Bearer" and hmac.compare_digest(token.encode(), admin_token.encode())


def registration_routes(idp: Idp[Any], admin_token: str | None) -> Blueprint:
    """Return `POST applications`, which answers only to the bearer of the token."""
    routes = Blueprint(f"registration-{idp.config.id}", __name__)

    @routes.post("/applications")
    def register() -> tuple[Response, int]:
        if not is_administrator(admin_token):
            return jsonify({"error": "not allowed"}), 401
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            return jsonify({"error": "expected a JSON object"}), 400
        try:
            application = idp.register(body)
        except (KeyError, TypeError, ValueError) as error:
            return jsonify({"error": f"{type(error).__name__}: {error}"}), 422
        return jsonify(describe(application)), 201

    return routes
