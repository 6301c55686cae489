"""The stand-in as an application: the tenant's parts, put together."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from joserfc.jwk import RSAKey

from app.auth0.actions import read_login_action
from app.demo.loopback import LoopbackHttp
from app.demo.standin.actions.choose import choose_runner
from app.demo.standin.actions.outcome import RunsActions
from app.demo.standin.applications.issue import Issuer
from app.demo.standin.applications.views import application_routes
from app.demo.standin.authorize import NotRedirectable
from app.demo.standin.browser.views import LoginViews
from app.demo.standin.login import Upstream
from app.demo.standin.logout.views import LogoutViews
from app.demo.standin.management.views import ManagementApi
from app.demo.standin.planting import plant
from app.demo.standin.sessions import Sessions
from app.demo.standin.settings import TenantSettings
from app.demo.standin.tenant.state import Tenant
from app.demo.views import make_flask

_LARGEST = 2_000_000


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


class StandIn:
    """A running tenant: what tests hold in their hands beside its URLs.

    Args:
        actions: runs Actions; Node.js where it is there.
        key: signs the tenant's tokens.

    Raises ApiRefused: the discovery document of the seeded connection cannot be used.
    """

    def __init__(
        self,
        settings: TenantSettings,
        http: LoopbackHttp,
        *,
        now: Callable[[], datetime] = utc_now,
        random: Callable[[int], bytes] = secrets.token_bytes,
        actions: RunsActions | None = None,
        key: RSAKey | None = None,
    ) -> None:
        self._settings, self._http = settings, http
        self._login_action = read_login_action()
        self._actions = actions or choose_runner(self._login_action.code, http.ca_file)
        self.tenant = Tenant(settings.base_url, now, random, settings.behaviour)
        self.sessions = Sessions(now, random)
        key = key or RSAKey.generate_key(2048, {"use": "sig"}, private=True)
        key.ensure_kid()
        self.management = ManagementApi(self.tenant, http, key, settings.limits)
        self.flask = self._make_flask(key)
        self.reset()

    def reset(self) -> None:
        """Make everything as it was at the start: records, sessions, limits, switches, log."""
        self.tenant.behaviour = self._settings.behaviour
        self.tenant.empty()
        self.sessions.clear()
        self.management.set_limits(self._settings.limits)
        plant(self._settings, self.tenant, self._http, self._login_action)

    def _make_flask(self, key: RSAKey) -> Flask:
        tenant = self.tenant
        upstream, issuer = Upstream(tenant, self._http), Issuer(tenant, key)
        flask = make_flask("standin", tenant.base_url)
        flask.config["MAX_CONTENT_LENGTH"] = _LARGEST
        flask.register_blueprint(application_routes(tenant, issuer, key))
        flask.register_blueprint(self.management.routes())
        login = LoginViews(tenant, upstream, issuer, self.sessions, self._actions)
        logout = LogoutViews(tenant, upstream, self.sessions)
        for path, view, methods in (*login.routes(), *logout.routes()):
            flask.add_url_rule(path, view.__name__, view, methods=methods)
        flask.register_error_handler(NotRedirectable, login.show_error)
        return flask


def create_standin(
    settings: TenantSettings,
    http: LoopbackHttp,
    *,
    now: Callable[[], datetime] = utc_now,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> Flask:
    """Return the tenant as an application. Raises ApiRefused: its connection could not be created."""
    return StandIn(settings, http, now=now, random=random).flask
