"""The endpoints that end sessions: two for applications, one for the providers of connections."""

from __future__ import annotations

from collections.abc import Callable

from flask import jsonify, make_response, redirect, render_template, request
from werkzeug import Response

from app.demo.shelf import Shelf
from app.demo.standin.login import Upstream
from app.demo.standin.logout.asked import Leaving, read_oidc_logout, read_v2_logout, upstream_logout
from app.demo.standin.logout.revocation import RevocationRefused, Revocations
from app.demo.standin.sessions import SESSION_COOKIE, Sessions
from app.demo.standin.tenant.state import Tenant
from app.demo.views import delete_cookie, get_cookie


class LogoutViews:
    """The ends of the tenant's sessions."""

    def __init__(self, tenant: Tenant, upstream: Upstream, sessions: Sessions) -> None:
        self._tenant, self._sessions = tenant, sessions
        self._revocations = Revocations(tenant, upstream, sessions)
        self._returns: Shelf[str] = Shelf(900, tenant.now, tenant.random)

    def routes(self) -> tuple[tuple[str, Callable[..., Response], list[str]], ...]:
        """Return every path with its view."""
        return (
            ("/v2/logout", self.logout, ["GET"]),
            ("/oidc/logout", self.oidc_logout, ["GET", "POST"]),
            ("/logout/callback", self.logged_out, ["GET"]),
            ("/oauth/global-token-revocation/connection/<name>", self.revoke, ["POST"]),
        )

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

    def _leave(self, leaving: Leaving) -> Response:
        tenant = self._tenant
        session = self._sessions.end(get_cookie(tenant.base_url, SESSION_COOKIE))
        where: str | None = leaving.back
        if leaving.federated and session is not None:
            where = upstream_logout(tenant, session, leaving.back, self._returns.put(leaving.back))
            if where is None:
                tenant.log.add("federated_logout_failed", "upstream has no end_session_endpoint")
                where = leaving.back
        tenant.log.add("slo", "logged out of the tenant", user_id=session.user.id if session else "")
        response = redirect(where, 303) if where else self._page("signed_out")
        delete_cookie(response, tenant.base_url, SESSION_COOKIE)
        return response

    def _page(self, template: str) -> Response:
        return make_response(render_template(f"demo/standin/{template}.html", tenant=self._tenant))
