"""The stand-in as an application: the tenant's parts, put together, and the routes that browsers use."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Flask, jsonify, make_response, redirect, render_template, request
from joserfc.jwk import RSAKey
from werkzeug import Response

from app.demo.loopback import LoopbackHttp
from app.demo.shelf import Shelf
from app.demo.standin.actions.choose import choose_runner
from app.demo.standin.actions.outcome import RunsActions
from app.demo.standin.actions.shipped import read_login_action
from app.demo.standin.applications.issue import Issuer
from app.demo.standin.applications.views import application_routes
from app.demo.standin.authorize import (
    ApplicationRequest,
    NotRedirectable,
    RequestError,
    Transaction,
    begin_upstream,
    check_enabled,
    check_request,
    find_return,
    upstream_url,
)
from app.demo.standin.failures import LoginFailed
from app.demo.standin.finishing import finish, open_session
from app.demo.standin.login import Upstream
from app.demo.standin.logout import Leaving, read_oidc_logout, read_v2_logout, upstream_logout
from app.demo.standin.management.api import ManagementApi
from app.demo.standin.planting import plant
from app.demo.standin.revocation import RevocationRefused, Revocations
from app.demo.standin.sessions import Session, Sessions, session_suffices
from app.demo.standin.settings import TenantSettings
from app.demo.standin.tenant.connections import Connection
from app.demo.standin.tenant.state import Tenant
from app.demo.views import allow_posting_elsewhere, delete_cookie, get_cookie, make_flask, set_cookie

_SESSION = "auth0"
_BROWSER = "auth0-browser"
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
        login_action = read_login_action()
        self._actions = actions or choose_runner(login_action)
        self._login_action = login_action
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
        views = _Views(tenant, upstream, issuer, self.sessions, self._actions)
        for path, view, methods in views.routes():
            flask.add_url_rule(path, view.__name__, view, methods=methods)
        flask.register_error_handler(NotRedirectable, views.show_error)
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


class _Views:
    """The tenant's pages and endpoints over its sessions and transactions."""

    def __init__(
        self, tenant: Tenant, upstream: Upstream, issuer: Issuer, sessions: Sessions, actions: RunsActions
    ) -> None:
        self._tenant, self._upstream, self._issuer = tenant, upstream, issuer
        self._sessions, self._actions = sessions, actions
        self._revocations = Revocations(tenant, upstream, sessions)
        self._transactions: Shelf[Transaction] = Shelf(900, tenant.now, tenant.random)
        self._identifier: Shelf[ApplicationRequest] = Shelf(900, tenant.now, tenant.random)
        self._returns: Shelf[str] = Shelf(900, tenant.now, tenant.random)

    def routes(self) -> tuple[tuple[str, Callable[..., Response], list[str]], ...]:
        """Return every path with its view."""
        return (
            ("/authorize", self.authorize, ["GET", "POST"]),
            ("/u/login/identifier/<handle>", self.identifier, ["GET", "POST"]),
            ("/login/callback", self.callback, ["GET"]),
            ("/v2/logout", self.logout, ["GET"]),
            ("/oidc/logout", self.oidc_logout, ["GET", "POST"]),
            ("/logout/callback", self.logged_out, ["GET"]),
            ("/oauth/global-token-revocation/connection/<name>", self.revoke, ["POST"]),
            ("/logs", self.logs, ["GET"]),
        )

    def authorize(self) -> Response:
        values = {name: request.values[name] for name in request.values}
        application, redirect_uri = find_return(self._tenant, values)
        try:
            asked = check_request(self._tenant, application, redirect_uri, values)
            session = self._sessions.find(get_cookie(self._tenant.base_url, _SESSION))
            if session is not None and session_suffices(asked, session, self._tenant.now()):
                return self._finish(asked, session)
            if "none" in asked.prompt:
                raise RequestError("login_required", "Login required")
            if asked.connection is not None:
                return self._go_upstream(asked, asked.connection)
        except RequestError as error:
            return self._to_application(redirect_uri, values.get("state"), error=error.code, description=str(error))
        return redirect(f"/u/login/identifier/{self._identifier.put(asked)}", 303)

    def identifier(self, handle: str) -> Response:
        """Identifier-first: the e-mail's domain decides among the connections' `domain_aliases`."""
        asked = self._identifier.find(handle)
        if asked is None:
            raise NotRedirectable("This page is out of date. Start again from the application.")
        allow_posting_elsewhere()
        email = request.form.get("email", "") if request.method == "POST" else asked.values.get("login_hint", "")
        if request.method == "GET":
            return self._page("identifier", asked=asked, email=email, wrong=False)
        connection = self._discover(asked, email)
        if connection is None:
            return self._page("identifier", 422, asked=asked, email=email, wrong=True)
        takes = self._tenant.behaviour.alias_takes_identifier
        values = {**asked.values, "login_hint": email.strip()} if takes else asked.values
        hinted = ApplicationRequest(asked.application, asked.redirect_uri, values, asked.organization, connection)
        try:
            return self._go_upstream(hinted, connection)
        except RequestError as error:
            return self._to_application(asked.redirect_uri, asked.state, error=error.code, description=str(error))

    def callback(self) -> Response:
        """/login/callback: the transaction of this browser, then every check, then the application."""
        values = {name: request.args.getlist(name) for name in request.args}
        state = request.args.get("state", "")
        transaction = self._transactions.find(state)
        if transaction is None or transaction.browser != get_cookie(self._tenant.base_url, _BROWSER):
            self._tenant.log.add("f", "state mismatch: no login of this browser is waiting for it")
            raise NotRedirectable("The login of this page is over, or began in another browser.")
        self._transactions.consume(state)
        asked = transaction.request
        connection = self._tenant.connections.find(transaction.connection.id)
        try:
            if connection is None:
                raise LoginFailed("the connection does not exist any more")
            signed_in = self._upstream.complete(transaction, state, values)
        except LoginFailed as failed:
            return self._fail(asked, failed, connection=connection)
        return self._finish(asked, open_session(self._tenant, connection, signed_in), dropped=signed_in.user.dropped)

    def logout(self) -> Response:
        """/v2/logout: the tenant's session ends, whatever comes after."""
        return self._leave(read_v2_logout(self._tenant, request.args))

    def oidc_logout(self) -> Response:
        """/oidc/logout, as OpenID Connect has it."""
        return self._leave(read_oidc_logout(self._tenant, request.values))

    def logged_out(self) -> Response:
        """Where upstream sends the browser back to, on a tenant that names itself to it."""
        back = self._returns.consume(request.args.get("state"))
        return redirect(back, 303) if back else self._page("signed_out")

    def revoke(self, name: str) -> Response:
        """Global Token Revocation: 204, or what was wrong."""
        url = f"{self._tenant.base_url}{request.path}"
        body = request.get_json(silent=True)
        try:
            self._revocations.revoke(name, url, request.headers.get("Authorization", ""), body)
        except RevocationRefused as refused:
            error = "invalid_request" if refused.status == 400 else "invalid_client"
            return make_response(jsonify({"error": error, "error_description": str(refused)}), refused.status)
        return make_response("", 204)

    def logs(self) -> Response:
        """The tenant's log, for whoever wants to know what Auth0 would have said."""
        return self._page("logs", entries=self._tenant.log.entries()[:200])

    def show_error(self, error: NotRedirectable) -> Response:
        """The tenant's generic error page."""
        return self._page("problem", 400, message=str(error))

    def _discover(self, asked: ApplicationRequest, email: str) -> Connection | None:
        """Return the connection that lists the domain, among those by which this request may come in."""
        domain = email.rpartition("@")[2].strip().lower()
        for connection in self._tenant.connections:
            if domain in connection.domain_aliases:
                try:
                    check_enabled(connection, asked.application, asked.organization)
                except RequestError:
                    continue
                return connection
        return None

    def _go_upstream(self, asked: ApplicationRequest, connection: Connection) -> Response:
        tenant = self._tenant
        browser = get_cookie(tenant.base_url, _BROWSER) or tenant.random(24).hex()
        transaction = begin_upstream(tenant, connection, asked, browser, tenant.random)
        state = self._transactions.put(transaction)
        response = redirect(upstream_url(tenant, transaction, state), 303)
        set_cookie(response, tenant.base_url, _BROWSER, browser)
        return response

    def _finish(
        self, asked: ApplicationRequest, session: Session, *, dropped: tuple[str, ...] | None = None
    ) -> Response:
        """Run the Actions, keep the session, and give the application its code. `dropped` is of a fresh login only."""
        tenant, fresh = self._tenant, dropped is not None
        connection = tenant.connections.find(session.connection_id)
        try:
            login, session = finish(tenant, self._actions, asked, session)
        except LoginFailed as failed:
            return self._fail(asked, failed, session.user.id, connection)
        how = "logged in upstream" if fresh else "answered from the tenant's session, upstream was not asked"
        details = {"dropped_claims": list(dropped or ()), "profile": dict(login.user.attributes)}
        self._note("s", how, asked, connection, login.user.id, details)
        response = self._to_application(asked.redirect_uri, asked.state, code=self._issuer.code(login))
        if fresh:
            self._sessions.end(get_cookie(tenant.base_url, _SESSION))
            set_cookie(response, tenant.base_url, _SESSION, self._sessions.put(session))
        return response

    def _fail(
        self, asked: ApplicationRequest, failed: LoginFailed, user_id: str = "", connection: Connection | None = None
    ) -> Response:
        error = {"message": failed.message, "oauthError": failed.oauth_error, "type": "oauth-authorization"}
        self._note("f", failed.description, asked, connection, user_id, {"error": error})
        return self._to_application(
            asked.redirect_uri, asked.state, error=failed.oauth_error, description=failed.description
        )

    def _leave(self, leaving: Leaving) -> Response:
        tenant = self._tenant
        session = self._sessions.end(get_cookie(tenant.base_url, _SESSION))
        where: str | None = leaving.back
        if leaving.federated and session is not None:
            where = upstream_logout(tenant, session, leaving.back, self._returns.put(leaving.back))
            if where is None:
                tenant.log.add("federated_logout_failed", "upstream has no end_session_endpoint")
                where = leaving.back
        tenant.log.add("slo", "logged out of the tenant", user_id=session.user.id if session else "")
        response = redirect(where, 303) if where else self._page("signed_out")
        delete_cookie(response, tenant.base_url, _SESSION)
        return response

    def _note(
        self,
        type_: str,
        description: str,
        asked: ApplicationRequest,
        connection: Connection | None,
        user_id: str,
        details: Mapping[str, object],
    ) -> None:
        organization = asked.organization
        self._tenant.log.add(
            type_,
            description,
            client_id=asked.application.client_id,
            client_name=asked.application.name,
            connection=connection.name if connection else None,
            connection_id=connection.id if connection else None,
            strategy=connection.strategy if connection else None,
            strategy_type="enterprise" if connection else None,
            user_id=user_id,
            organization_id=organization.id if organization else None,
            organization_name=organization.name if organization else None,
            details={"channel": "back_channel", **details},
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
