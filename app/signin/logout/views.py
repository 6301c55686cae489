"""Routes that providers send browsers to, or call, when somebody signs out: one set per connection."""

from __future__ import annotations

import json

from flask import Blueprint, Response, make_response, render_template, request

from app.signin.logout.demands import obey
from app.signin.logout.leaving import Departed, LogoutRefused, come_back
from app.signin.views import REPOSTED, Callbacks, read_callback
from app.web.actions import render_action, render_onward, render_repost
from portico_sdk import Callback, Redirect


def blueprint(callbacks: Callbacks) -> Blueprint:
    """Return the single logout service, the address after an OpenID logout, and that of logout tokens."""
    routes = Blueprint("sign_out", __name__)

    @routes.route("/sso/saml/<connection_id>/slo", methods=["GET", "POST"])
    def single_logout_service(connection_id: str) -> Response:
        arrived, reposted = read_callback(callbacks.settings.base_url)
        if any(name == "SAMLResponse" for name, _ in arrived.unverified_params):
            return _come_back(callbacks, connection_id, "saml", arrived, reposted)
        action = obey(callbacks.journey, connection_id, "saml", arrived, callbacks.clock())
        return render_signed_out() if action is None else render_action(action)

    @routes.get("/sso/oidc/<connection_id>/logout")
    def after_logout(connection_id: str) -> Response:
        arrived, reposted = read_callback(callbacks.settings.base_url)
        return _come_back(callbacks, connection_id, "oidc", arrived, reposted)

    @routes.post("/sso/oidc/<connection_id>/backchannel-logout")
    def backchannel_logout(connection_id: str) -> Response:
        """Back-Channel Logout 2.8: 200 when it is done, 400 with an error of OAuth's form."""
        arrived, _ = read_callback(callbacks.settings.base_url)
        headers = {"Cache-Control": "no-store", "Content-Type": "application/json"}
        try:
            obey(callbacks.journey, connection_id, "oidc", arrived, callbacks.clock())
        except LogoutRefused as error:
            described = f"The logout token cannot be used. Reference {error.reference}"
            return Response(json.dumps({"error": "invalid_request", "error_description": described}), 400, headers)
        return Response("{}", 200, headers)

    return routes


def render_departed(departed: Departed, *, from_form: bool = False) -> Response:
    """Return the way on, or the page that says that the person is signed out.

    Args:
        from_form: this answers a form of ours, whose redirect to another origin CSP would stop.
    """
    if departed.unconfirmed:
        onward = departed.action.url if isinstance(departed.action, Redirect) else None
        return make_response(render_template("logout/unconfirmed.html", onward=onward), 400)
    if departed.action is None:
        return render_signed_out()
    if from_form and isinstance(departed.action, Redirect):
        return render_onward(departed.action.url, page="logout/onward.html")
    return render_action(departed.action)


def render_signed_out() -> Response:
    """Return the page that it is over."""
    return make_response(render_template("logout/signed_out.html"))


def _come_back(callbacks: Callbacks, connection_id: str, protocol: str, arrived: Callback, reposted: bool) -> Response:
    browser = callbacks.browser_cookie.read(request)
    if request.method == "POST" and browser is None and not reposted and not callbacks.settings.secure:
        # On http the cookie is SameSite=Lax, and did not come with this cross-site POST: our own page sends it again.
        return render_repost(arrived.url, [*arrived.unverified_params, (REPOSTED, "1")])
    departed = come_back(callbacks.journey, connection_id, protocol, arrived, browser=browser, now=callbacks.clock())
    return render_departed(departed)
