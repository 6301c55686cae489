"""What the demo's two web applications share: static files and headers of the gateway, cookies, nothing else."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, request
from werkzeug import Response

from app.web.assets import init_assets
from app.web.headers import POSTS_ELSEWHERE, SecurityHeaders

TEMPLATES = Path(__file__).parents[2] / "templates"


def make_flask(name: str, base_url: str) -> Flask:
    """Return an application with the gateway's look, its security headers and no state."""
    flask = Flask(name, template_folder=str(TEMPLATES), static_folder=None)
    flask.config["MAX_CONTENT_LENGTH"] = 100_000
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    init_assets(flask)
    secure = base_url.startswith("https:")
    flask.wsgi_app = SecurityHeaders(flask.wsgi_app, secure=secure, development=True)  # type: ignore[method-assign]
    flask.add_url_rule("/healthz", "healthz", lambda: "ok")
    return flask


def allow_posting_elsewhere() -> None:
    """Let the form on the current page end, by way of redirects, at another origin."""
    request.environ[POSTS_ELSEWHERE] = True


def set_cookie(response: Response, base_url: str, name: str, value: str) -> None:
    """Set a session cookie that scripts cannot read, as strict as the scheme allows."""
    secure = base_url.startswith("https:")
    response.set_cookie(cookie_name(base_url, name), value, path="/", httponly=True, secure=secure, samesite="Lax")


def get_cookie(base_url: str, name: str) -> str:
    """Return the cookie of the current request, or an empty text."""
    return request.cookies.get(cookie_name(base_url, name), "")


def delete_cookie(response: Response, base_url: str, name: str) -> None:
    """Take the cookie back."""
    secure = base_url.startswith("https:")
    response.delete_cookie(cookie_name(base_url, name), path="/", httponly=True, secure=secure, samesite="Lax")


def cookie_name(base_url: str, name: str) -> str:
    """Return the full name: with the prefix that browsers enforce, where there is TLS."""
    return f"__Host-{name}" if base_url.startswith("https:") else name
