"""A bare application with everything that `app.web` gives, and routes that go wrong in every way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.errors import Conflict, Invalid, PorticoError, Problem, SignInFailed
from app.settings import Settings
from app.web import TEMPLATES, init_web
from app.web.metrics import Metrics

NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
MakeApp = Callable[..., Flask]


def broken_route(kind: str) -> str:
    errors: dict[str, Exception] = {
        "invalid": Invalid(Problem("name", "too-long", "At most 100 characters.")),
        "conflict": Conflict("domain x belongs to org y"),
        "sign-in": SignInFailed("signature of con-1 is wrong", code="saml-signature", hint="ask Vera"),
        "crash": RuntimeError("password=hunter2"),
        "own": PorticoError("disk /dev/sda1 full"),
        "unicode": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    }
    raise errors[kind]


@pytest.fixture
def make_app() -> MakeApp:
    def make(base_url: str = "http://127.0.0.1:8000", hops: int = 0, metrics_key: str = "", **web: Any) -> Flask:
        production = base_url.startswith("https")
        settings = Settings(
            base_url=base_url,
            env="production" if production else "development",
            encryption_keys=("x",) if production else (),
            trusted_proxy_hops=hops,
            metrics_key=metrics_key,
        )
        app = Flask("app", static_folder=None, template_folder=str(TEMPLATES))
        init_web(app, settings, clock=lambda: NOW, metrics=Metrics(), **web)
        app.add_url_rule("/broken/<kind>", "broken", broken_route, methods=["GET", "POST"])
        return app

    return make


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()
