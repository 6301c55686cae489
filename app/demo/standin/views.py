"""The routes of the stand-in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Flask, make_response, redirect, render_template, request
from joserfc.jwk import RSAKey
from werkzeug import Response

from app.demo.loopback import LoopbackHttp
from app.demo.shelf import Shelf
from app.demo.standin.action import post_login
from app.demo.standin.applications.issue import Issuer, Login
from app.demo.standin.applications.views import application_routes
from app.demo.standin.authorize import (
    ApplicationRequest,
    NotRedirectable,
    RequestError,
    Transaction,
    begin_upstream,
    check_request,
    find_return,
    upstream_url,
)
from app.demo.standin.failures import LoginFailed
from app.demo.standin.jwks import UpstreamKeys
from app.demo.standin.login import Upstream
from app.demo.standin.profile import User
from app.demo.standin.session import logout_target, session_suffices
from app.demo.standin.settings import Tenant
from app.demo.standin.snapshot import take_snapshot
from app.demo.standin.tenant_log import TenantLog
from app.demo.views import allow_posting_elsewhere, delete_cookie, get_cookie, make_flask, set_cookie

_SESSION = "auth0"
_BROWSER = "auth0-browser"


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def create_standin(
    tenant: Tenant,
    http: LoopbackHttp,
    *,
    now: Callable[[], datetime] = utc_now,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> Flask:
    """Return the tenant as an application. Its upstream's discovery document is read now, and never again.

    Raises SnapshotError or Unreachable: such a connection could not be created.
    """
    snapshot = take_snapshot(http, tenant.connection.discovery_url)
    keys = UpstreamKeys(http, snapshot["jwks_uri"], now)
    upstream = Upstream(tenant, snapshot, http, keys, now, random)
    own_key = RSAKey.generate_key(2048, {"use": "sig"}, private=True)
    own_key.ensure_kid()
    issuer = Issuer(tenant, own_key, now, random)
    views = _Views(upstream, issuer, TenantLog(now))
    flask = make_flask("standin", tenant.base_url)
    flask.register_blueprint(application_routes(tenant, issuer))
    for path, view, methods in views.routes():
        flask.add_url_rule(path, view.__name__, view, methods=methods)
    flask.register_error_handler(NotRedirectable, views.show_error)
    return flask


class _Views:
    """The tenant's pages and endpoints over its sessions and transactions."""

    def __init__(self, upstream: Upstream, issuer: Issuer, log: TenantLog) -> None:
        self._upstream, self._issuer, self._log = upstream, issuer, log
        self._tenant = upstream.tenant
        self._transactions: Shelf[Transaction] = Shelf(900, upstream.now, upstream.random)
        self._identifier: Shelf[ApplicationRequest] = Shelf(900, upstream.now, upstream.random)
        self._sessions: Shelf[User] = Shelf(8 * 3600, upstream.now, upstream.random)

    def routes(self) -> tuple[tuple[str, Callable[..., Response], list[str]], ...]:
        """Return every path with its view."""
        return (
            ("/authorize", self.authorize, ["GET", "POST"]),
            ("/u/login/identifier/<handle>", self.identifier, ["GET", "POST"]),
            ("/login/callback", self.callback, ["GET"]),
            ("/v2/logout", self.logout, ["GET"]),
            ("/logs", self.logs, ["GET"]),
        )

    def authorize(self) -> Response:
        values = {name: request.values[name] for name in request.values}
        application, redirect_uri = find_return(self._tenant, values)
        try:
            asked = check_request(self._tenant, application, redirect_uri, values)
        except RequestError as error:
            return self._to_application(redirect_uri, values.get("state"), error=error.code, description=str(error))
        user = self._sessions.find(get_cookie(self._tenant.base_url, _SESSION))
        if user is not None and session_suffices(asked, user, self._upstream.now()):
            return self._finish(asked, user)
        if "none" in asked.prompt:
            return self._to_application(redirect_uri, asked.state, error="login_required", description="Login required")
        if "connection" not in values:
            return redirect(f"/u/login/identifier/{self._identifier.put(asked)}", 303)
        return self._go_upstream(asked)

    def identifier(self, handle: str) -> Response:
        """Identifier-first: the e-mail's domain decides among the connection's `domain_aliases`."""
        asked = self._identifier.find(handle)
        if asked is None:
            raise NotRedirectable("This page is out of date. Start again from the application.")
        allow_posting_elsewhere()
        email = request.form.get("email", "") if request.method == "POST" else asked.values.get("login_hint", "")
        if request.method == "GET":
            return self._page("identifier", asked=asked, email=email, wrong=False)
        if email.rpartition("@")[2].strip().lower() not in self._tenant.connection.domain_aliases:
            return self._page("identifier", 422, asked=asked, email=email, wrong=True)
        hinted = ApplicationRequest(
            asked.application, asked.redirect_uri, {**asked.values, "login_hint": email.strip()}, asked.organization
        )
        return self._go_upstream(hinted)

    def callback(self) -> Response:
        """/login/callback: the transaction of this browser, then every check, then the application."""
        values = {name: request.args.getlist(name) for name in request.args}
        state = request.args.get("state", "")
        transaction = self._transactions.find(state)
        if transaction is None or transaction.browser != get_cookie(self._tenant.base_url, _BROWSER):
            self._log.add("f", "state mismatch: no login of this browser is waiting for it")
            raise NotRedirectable("The login of this page is over, or began in another browser.")
        self._transactions.consume(state)
        asked = transaction.request
        try:
            user = self._upstream.complete(transaction, state, values)
            return self._finish(asked, user, fresh=True)
        except LoginFailed as failed:
            return self._fail(asked, failed)

    def logout(self) -> Response:
        """/v2/logout: the tenant's session ends, whatever comes after."""
        where = logout_target(self._tenant, self._upstream.snapshot, request.args)
        self._log.add("slo", "logged out of the tenant")
        response = redirect(where, 303) if where else self._page("signed_out")
        self._sessions.consume(get_cookie(self._tenant.base_url, _SESSION))
        delete_cookie(response, self._tenant.base_url, _SESSION)
        return response

    def logs(self) -> Response:
        """The tenant's log, for whoever wants to know what Auth0 would have said."""
        return self._page("logs", entries=self._log.entries())

    def show_error(self, error: NotRedirectable) -> Response:
        """The tenant's generic error page."""
        return self._page("problem", 400, message=str(error))

    def _go_upstream(self, asked: ApplicationRequest) -> Response:
        base_url = self._tenant.base_url
        browser = get_cookie(base_url, _BROWSER) or self._upstream.random(24).hex()
        transaction = begin_upstream(self._tenant, self._upstream.snapshot, asked, browser, self._upstream.random)
        state = self._transactions.put(transaction)
        response = redirect(upstream_url(self._tenant, self._upstream.snapshot, transaction, state), 303)
        set_cookie(response, base_url, _BROWSER, browser)
        return response

    def _finish(self, asked: ApplicationRequest, user: User, *, fresh: bool = False) -> Response:
        """Run the Action, open the session, and give the application its code."""
        try:
            added = post_login(user, asked.organization)
        except LoginFailed as failed:
            return self._fail(asked, failed, user)
        self._log.add(
            "s",
            "logged in upstream" if fresh else "answered from the tenant's session, upstream was not asked",
            user_id=user.id,
            connection=self._tenant.connection.name,
            organization=asked.organization.name if asked.organization else None,
            dropped_claims=list(user.dropped),
            profile=dict(user.attributes),
        )
        response = self._to_application(
            asked.redirect_uri, asked.state, code=self._issuer.code(Login(asked, user, added))
        )
        if fresh:
            self._sessions.consume(get_cookie(self._tenant.base_url, _SESSION))
            set_cookie(response, self._tenant.base_url, _SESSION, self._sessions.put(user))
        return response

    def _fail(self, asked: ApplicationRequest, failed: LoginFailed, user: User | None = None) -> Response:
        details = {
            "error": {"message": failed.message, "oauthError": failed.oauth_error, "type": "oauth-authorization"}
        }
        self._log.add("f", failed.description, user_id=user.id if user else "", **details)
        return self._to_application(
            asked.redirect_uri, asked.state, error=failed.oauth_error, description=failed.description
        )

    def _to_application(
        self, redirect_uri: str, state: str | None, *, code: str = "", error: str = "", description: str = ""
    ) -> Response:
        values = {"code": code} if code else {"error": error, "error_description": description}
        if state is not None:
            values["state"] = state
        return redirect(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(values)}", 303)

    def _page(self, template: str, status: int = 200, **values: object) -> Response:
        return make_response(render_template(f"demo/standin/{template}.html", tenant=self._tenant, **values), status)
