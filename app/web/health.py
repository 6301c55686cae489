"""`/healthz`: the process answers. `/readyz`: it can serve. Neither says more than yes or no to a stranger."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from flask import Flask, Response, jsonify

log = structlog.get_logger()


def init_health(app: Flask, ready: Mapping[str, Callable[[], bool]]) -> None:
    """Add both routes. A question that raises counts as no, and its cause is logged."""

    def healthz() -> Response:
        return jsonify(status="ok")

    def readyz() -> tuple[Response, int]:
        answers = {name: _ask(name, question) for name, question in ready.items()}
        fine = all(answers.values())
        return jsonify(status="ready" if fine else "not ready", checks=answers), 200 if fine else 503

    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


def _ask(name: str, question: Callable[[], bool]) -> bool:
    try:
        return bool(question())
    except Exception:
        log.exception("readiness_check_failed", check=name)
        return False
