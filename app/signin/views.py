"""Routes that identity providers send browsers to: one set per connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from flask import Blueprint, Response, request

from app.errors import NotFound
from app.settings import Settings
from app.signin.asking import ask_adapter
from app.signin.complete import Cookies, complete
from app.signin.journey import Journey
from app.web.actions import render_action, render_repost, render_start
from app.web.brand import Brands
from app.web.cookies import Cookie
from portico_sdk import Callback, MetadataExport

REPOSTED = "portico_reposted"  # marks the form of our own repost page; it is taken out again before anything is checked


@dataclass(frozen=True, slots=True)
class Callbacks:
    """The collaborators of the callback routes."""

    journey: Journey
    settings: Settings
    browser_cookie: Cookie
    session_cookie: Cookie
    clock: Callable[[], datetime]
    brands: Brands


def blueprint(callbacks: Callbacks) -> Blueprint:
    """Return the assertion consumer service, the callback of OIDC, and the SAML metadata of each connection."""
    routes = Blueprint("sign_in", __name__)

    @routes.post("/sso/saml/<connection_id>/acs")
    def assertion_consumer_service(connection_id: str) -> Response:
        return _arrive(callbacks, connection_id, "saml")

    @routes.route("/sso/oidc/<connection_id>/callback", methods=["GET", "POST"])
    def oidc_callback(connection_id: str) -> Response:
        return _arrive(callbacks, connection_id, "oidc")

    @routes.get("/sso/saml/<connection_id>/metadata")
    def service_provider_metadata(connection_id: str) -> Response:
        live = callbacks.journey.connections.open(connection_id)
        adapter = live.spec.adapter
        if live.spec.protocol != "saml" or not isinstance(adapter, MetadataExport):
            raise NotFound(f"{connection_id} publishes no metadata")
        context = live.context(callbacks.clock(), lambda result: None)
        document = ask_adapter(live, "metadata", lambda: adapter.service_provider_metadata(context))
        return Response(document, 200, {"Content-Type": "application/samlmetadata+xml"})

    return routes


def read_callback(base_url: str) -> tuple[Callback, bool]:
    """Return what the browser brought, and whether our own repost page brought it. Its address is built from ours."""
    values = request.args if request.method == "GET" else request.form
    pairs = list(values.items(multi=True))
    arrived = Callback(
        method=cast(Literal["GET", "POST"], request.method),
        url=f"{base_url}{request.path}",
        raw_query=request.query_string.decode("ascii", "replace"),
        unverified_params=tuple(pair for pair in pairs if pair[0] != REPOSTED),
        state=None,
    )
    return arrived, (REPOSTED, "1") in pairs


def _arrive(callbacks: Callbacks, connection_id: str, protocol: str) -> Response:
    browser = callbacks.browser_cookie.read(request)
    arrived, reposted = read_callback(callbacks.settings.base_url)
    if request.method == "POST" and browser is None and not reposted and not callbacks.settings.secure:
        # On http the cookie is SameSite=Lax, and did not come with this cross-site POST: our own page sends it again.
        return render_repost(arrived.url, [*arrived.unverified_params, (REPOSTED, "1")])
    cookies = Cookies(browser, callbacks.session_cookie.read(request))
    completed = complete(callbacks.journey, connection_id, protocol, arrived, browser=cookies, now=callbacks.clock())
    if completed.asks:
        live = callbacks.journey.connections.open(connection_id)
        return render_start(completed.action, callbacks.brands.of(live.organization_id))
    response = render_action(completed.action)
    if completed.session is not None:
        callbacks.session_cookie.write(response, completed.session)
    return response
