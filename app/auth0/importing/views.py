"""The old address of imported SAML connections, behind the tenant's old custom domain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request

from app.auth0.importing.old_address import PATH, find_connection_at
from app.errors import SignInFailed
from app.signin.begin import new_trace
from app.signin.journey import Journey, SignInEnded
from app.signin.refusals import store_refusal
from app.web.actions import render_resend


@dataclass(frozen=True, slots=True)
class OldAddress:
    """The collaborators."""

    journey: Journey
    base_url: str
    clock: Callable[[], datetime]


def blueprint(old: OldAddress) -> Blueprint:
    """Return the route. It decides nothing: the connection's own ACS does, where the browser's cookie is.

    The cookie that binds a sign-in to its browser belongs to our host and does not come to the old one. So the browser
    sends the same POST to the ACS, and every check runs there, as if the response had come there at once: the addresses
    in it must be ones that the connection lists. A page of ours would not do: the old host serves none of its parts.
    """
    routes = Blueprint("old_address", __name__)

    @routes.post(PATH)
    def login_callback() -> Response:
        host = request.headers.get("Host", "")
        connection_id = find_connection_at(host, request.query_string.decode("ascii", "replace"))
        if connection_id is None:
            raise _refuse(old)
        return render_resend(f"{old.base_url}/sso/saml/{connection_id}/acs")

    return routes


def _refuse(old: OldAddress) -> SignInEnded:
    """One answer for every name that was not imported, whatever else it is."""
    trace = new_trace(old.journey, "callback")
    cause = SignInFailed("no imported connection lists this address", code="connection-unknown")
    store_refusal(
        trace,
        cause,
        old.journey.allowance,
        now=old.clock(),
        purpose="callback",
        organization_id=None,
        connection_id=None,
    )
    return SignInEnded(cause, reference=trace.id)
