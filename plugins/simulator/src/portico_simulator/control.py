"""Switching an identity provider's behaviour and keys while it runs, for tests: only with the admin token."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from portico_simulator.behaviour import parse_behaviour
from portico_simulator.idp import Idp
from portico_simulator.registration import is_administrator


def control_routes(idp: Idp[Any], admin_token: str | None) -> Blueprint:
    """Return `PUT behaviour` and `POST keys`.

    The first takes the JSON form of Behaviour, which replaces what was switched before; `{}` returns to the habits. The
    second takes `{"step": "publish" | "switch" | "retire"}`.
    """
    routes = Blueprint(f"control-{idp.config.id}", __name__)

    @routes.put("/behaviour")
    def behave() -> tuple[Response, int]:
        if not is_administrator(admin_token):
            return jsonify({"error": "not allowed"}), 401
        try:
            idp.switched = parse_behaviour(_body())
        except (TypeError, ValueError) as error:
            return jsonify({"error": f"{type(error).__name__}: {error}"}), 422
        return jsonify({}), 200

    @routes.post("/keys")
    def roll() -> tuple[Response, int]:
        if not is_administrator(admin_token):
            return jsonify({"error": "not allowed"}), 401
        try:
            idp.keyring.take(str(_body().get("step")))
        except ValueError as error:
            return jsonify({"error": str(error)}), 422
        return jsonify({"published": len(idp.keyring.published)}), 200

    return routes


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ValueError("expected a JSON object")
    return body
