"""The process: several identity providers below one address."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask
from werkzeug import Response

from portico_simulator.config import SimulatorConfig
from portico_simulator.control import control_routes
from portico_simulator.idp import Idp, make_idp
from portico_simulator.keys import MakeKey, make_signing_key
from portico_simulator.login import Login
from portico_simulator.oidc.views import oidc_routes
from portico_simulator.pages import ShownToPerson, page
from portico_simulator.people import stable_uuid
from portico_simulator.profiles import PROFILES, Profile, SamlProfile
from portico_simulator.registration import registration_routes
from portico_simulator.saml.views import saml_routes

_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'"
)  # no form-action: a sign-in form ends, by way of redirects, at the application that asked


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def create_simulator(
    config: SimulatorConfig,
    *,
    now: Callable[[], datetime] = utc_now,
    random: Callable[[int], bytes] = secrets.token_bytes,
    make_key: MakeKey = make_signing_key,
    profiles: Mapping[str, Profile] = PROFILES,
) -> Flask:
    """Return an application that plays every identity provider of the configuration, with keys made now.

    `make_key` gets common name, time and years of the certificate; tests pass one that makes each key only once.
    Raises ValueError for an unknown profile or a wrong application. Everything it remembers lives in the process.
    `app.extensions["idps"]` maps ids to the running identity providers, for tests.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    idps: dict[str, Idp[Any]] = {}
    for entry in config.idps:
        if entry.profile not in profiles:
            raise ValueError(f"unknown profile {entry.profile!r}; there are {', '.join(profiles)}")
        idp = make_idp(entry, profiles[entry.profile], config.base_url, now, random, make_key)
        idps[entry.id] = idp
        for routes in _routes(idp, config.admin_token):
            app.register_blueprint(routes, url_prefix=f"/{entry.id}")
    app.extensions["idps"] = idps
    app.add_url_rule("/", "overview", lambda: page("overview", None, idps=idps))
    app.add_url_rule("/healthz", "healthz", lambda: "ok")
    app.register_error_handler(ShownToPerson, _show)
    app.after_request(_add_headers)
    return app


def _routes(idp: Idp[Any], admin_token: str | None) -> tuple[Blueprint, ...]:
    login = Login(idp)
    people = Blueprint(f"people-{idp.config.id}", __name__)
    people.add_url_rule("/sign-in/<handle>", "show", login.show, methods=["GET"])
    people.add_url_rule("/sign-in/<handle>", "submit", login.submit, methods=["POST"])
    people.add_url_rule("/about", "about", lambda: describe(idp))
    protocol = saml_routes(idp, login) if isinstance(idp.profile, SamlProfile) else oidc_routes(idp, login)
    return people, protocol, registration_routes(idp, admin_token), control_routes(idp, admin_token)


def describe(idp: Idp[Any]) -> dict[str, str]:
    """Return what the provider's own console would show for copying: its identifier and its documents."""
    profile = idp.profile
    if isinstance(profile, SamlProfile):
        parameter = profile.metadata.application_parameter
        query = f"?{parameter}={stable_uuid('application', idp.config.id)}" if parameter else ""
        return {"entity_id": idp.fill(profile.entity_id), "metadata_url": idp.url(profile.metadata_path) + query}
    return {"issuer": idp.fill(profile.issuer), "discovery_url": idp.url(profile.discovery_path)}


def _show(error: ShownToPerson) -> Response:
    return page("problem", None, error.status, message=error.message)


def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if not response.headers.get("Cache-Control") and response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response
