"""The authorization endpoint: from a request to the identity provider, to the e-mail page, or to an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from app.access import find_client
from app.crypto import SigningKeys
from app.errors import SignInFailed
from app.provider.checks import verify_authorization_request
from app.provider.continuation import PURPOSE
from app.provider.errors import NotRedirectable, Redirectable
from app.provider.hints import verify_id_token_hint
from app.provider.requests import AuthorizationRequest, UnverifiedRequest
from app.provider.responses import respond_error
from app.provider.selectors import parse_selectors
from app.signin.begin import begin, new_trace
from app.signin.journey import Action, Journey, SignInEnded
from app.signin.refusals import store_refusal
from app.signin.route import NeedsEmail, Route, Router, Selectors, SelectorsContradict
from app.signin.trace import Trace
from portico_sdk import BeginRequest


@dataclass(frozen=True, slots=True)
class Authorization:
    """What the authorization endpoint works with."""

    issuer: str
    journey: Journey
    router: Router
    keys: SigningKeys
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Authorized:
    """Where the browser goes; `browser` is its cookie's value where one has to be set."""

    action: Action
    browser: str | None = None


class AskEmail(Exception):  # not an error: the answer is a page
    """The request is in order and names no customer: ask for the work e-mail."""


def authorize(
    authorization: Authorization, request: UnverifiedRequest, *, browser: str | None, now: datetime
) -> Authorized:
    """Return where the browser goes.

    Raises:
        AskEmail: show the e-mail page.
        SignInEnded: show an error page; client or redirect URI are not proven.
    """
    trace = new_trace(authorization.journey, "authorize")
    route: Route | None = None
    try:
        verified = verify_authorization_request(request, find_client)
        trace.add("request-checked", client=verified.client_id, prompt=" ".join(sorted(verified.prompt)))
        route = find_route(authorization, verified, parse_selectors(request), now)
        trace.add("routed", organization=route.organization_id, connection=route.connection_id)
        if "none" in verified.prompt:
            raise Redirectable("login_required", "The person has to sign in at their identity provider.")
        begun = begin(
            authorization.journey,
            route,
            _asked(verified),
            client_id=verified.client_id,
            purpose=PURPOSE,
            continuation=verified.to_continuation(int(now.timestamp())),
            browser=browser,
            trace=trace,
            now=now,
        )
    except NotRedirectable as error:
        _store(authorization, trace, error, request, route, now)
        raise SignInEnded(error, reference=trace.id, public=error.public) from error
    except SignInFailed as error:
        _store(authorization, trace, error, request, route, now)
        answer = respond_error(request, _redirectable(error), issuer=authorization.issuer, reference=trace.id)
        return Authorized(answer)
    return Authorized(begun.action, begun.browser)


def find_route(
    authorization: Authorization, verified: AuthorizationRequest, selectors: Selectors, now: datetime
) -> Route:
    """Return the route, asking the id_token_hint where nothing else names a customer.

    Raises:
        AskEmail, Redirectable, and what `Router.route` raises.
    """
    if verified.id_token_hint:
        claims = verify_id_token_hint(
            verified.id_token_hint,
            issuer=authorization.issuer,
            client_id=verified.client_id,
            jwks=authorization.keys.public_jwks(now),
        )
        selectors = replace(selectors, hinted_connection=str(claims.get("portico_connection", "")))
    try:
        return authorization.router.route(selectors, verified.allowed_organizations)
    except NeedsEmail:
        if "none" in verified.prompt:
            raise Redirectable("login_required", "The person has to say who they are.") from None
        raise AskEmail from None


def _asked(verified: AuthorizationRequest) -> BeginRequest:
    return BeginRequest(
        handle="",
        login_hint=verified.login_hint,
        prompt=verified.prompt - {"none"},
        max_age_s=verified.max_age_s,
        ui_locales=verified.ui_locales,
    )


def _redirectable(error: SignInFailed) -> Redirectable:
    """What the client is told: one sentence for every target that cannot be used, whatever the reason."""
    if isinstance(error, Redirectable):
        return error
    if isinstance(error, SelectorsContradict):
        return Redirectable("invalid_request", error.public)
    return Redirectable("access_denied", "This sign-in is not available.")


def _store(
    authorization: Authorization,
    trace: Trace,
    error: SignInFailed,
    request: UnverifiedRequest,
    route: Route | None,
    now: datetime,
) -> None:
    store_refusal(
        trace,
        error,
        authorization.journey.allowance,
        now=now,
        purpose=PURPOSE,
        client_id=request.client.id if request.client else None,
        organization_id=route.organization_id if route else None,
        connection_id=route.connection_id if route else None,
    )
