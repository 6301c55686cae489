"""What every face shares: headers, error pages, cookies, static files, health and metrics.

`init_web` comes before any route is added: it decides how routes are matched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Flask
from jinja2 import StrictUndefined

from app.settings import ROOT, Settings
from app.web import assets, health, language, limits
from app.web.brand import Brands, init_brand
from app.web.errors import Answer, init_errors
from app.web.headers import SecurityHeaders
from app.web.logs import configure_logging
from app.web.metrics import Metrics

TEMPLATES = ROOT / "templates"


def init_web(
    app: Flask,
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    metrics: Metrics,
    answers: Mapping[str, Answer] | None = None,
    ready: Mapping[str, Callable[[], bool]] | None = None,
    brands: Brands | None = None,
) -> None:
    """Give the application everything that no route may be without.

    Args:
        answers: how errors below a path prefix are told, for instance `{"/api/": problem}`; all others get a page.
        ready: named questions that `/readyz` asks; one that raises counts as no.
    """
    configure_logging()
    app.url_map.merge_slashes = False  # a redirect to the "corrected" path would quote the Host header
    app.url_map.redirect_defaults = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    limits.init_limits(app, trusted_proxy_hops=settings.trusted_proxy_hops)
    assets.init_assets(app)
    language.init_language(app)
    init_brand(app, brands or Brands())
    init_errors(app, clock=clock, answers=answers or {})
    health.init_health(app, ready or {})
    metrics.init_app(app, key=settings.metrics_key, development=settings.development)
    app.wsgi_app = SecurityHeaders(  # type: ignore[method-assign]
        app.wsgi_app, secure=settings.secure, development=settings.development
    )
