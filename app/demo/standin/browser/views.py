"""What browsers see of a login: /authorize, the identifier page, /login/callback, and the tenant's log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from flask import make_response, redirect, render_template, request
from werkzeug import Response

from app.demo.shelf import Shelf
from app.demo.standin.actions.outcome import RunsActions
from app.demo.standin.applications.issue import Issuer
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
from app.demo.standin.sessions import SESSION_COOKIE, Session, Sessions, session_suffices
from app.demo.standin.tenant.connections import Connection
from app.demo.standin.tenant.state import Tenant
from app.demo.views import allow_posting_elsewhere, get_cookie, set_cookie

_BROWSER = "auth0-browser"


class LoginViews:
    """The pages of a login, over the tenant's sessions and transactions."""

    def __init__(
        self, tenant: Tenant, upstream: Upstream, issuer: Issuer, sessions: Sessions, actions: RunsActions
    ) -> None:
        self._tenant, self._upstream, self._issuer = tenant, upstream, issuer
        self._sessions, self._actions = sessions, actions
        self._transactions: Shelf[Transaction] = Shelf(900, tenant.now, tenant.random)
        self._identifier: Shelf[ApplicationRequest] = Shelf(900, tenant.now, tenant.random)

    def routes(self) -> tuple[tuple[str, Callable[..., Response], list[str]], ...]:
        """Return every path with its view."""
        return (
            ("/authorize", self.authorize, ["GET", "POST"]),
            ("/u/login/identifier/<handle>", self.identifier, ["GET", "POST"]),
            ("/login/callback", self.callback, ["GET"]),
            ("/logs", self.logs, ["GET"]),
        )

    def authorize(self) -> Response:
        values = {name: request.values[name] for name in request.values}
        application, redirect_uri = find_return(self._tenant, values)
        try:
            asked = check_request(self._tenant, application, redirect_uri, values)
            session = self._sessions.find(get_cookie(self._tenant.base_url, SESSION_COOKIE))
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
            self._sessions.end(get_cookie(tenant.base_url, SESSION_COOKIE))
            set_cookie(response, tenant.base_url, SESSION_COOKIE, self._sessions.put(session))
        return response

    def _fail(
        self, asked: ApplicationRequest, failed: LoginFailed, user_id: str = "", connection: Connection | None = None
    ) -> Response:
        error = {"message": failed.message, "oauthError": failed.oauth_error, "type": "oauth-authorization"}
        self._note("f", failed.description, asked, connection, user_id, {"error": error})
        return self._to_application(
            asked.redirect_uri, asked.state, error=failed.oauth_error, description=failed.description
        )

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
