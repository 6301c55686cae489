"""The authorization endpoint: from a request to the identity provider, to the e-mail page, or to an error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.access import find_client
from app.crypto import SigningKeys
from app.errors import SignInFailed
from app.provider.checks import verify_authorization_request
from app.provider.continuation import PURPOSE
from app.provider.errors import NotRedirectable, Redirectable
from app.provider.hints import Hinted, verify_id_token_hint
from app.provider.requests import AuthorizationRequest, UnverifiedRequest
from app.provider.responses import respond_error
from app.provider.selectors import parse_selectors
from app.provider.silent import answer_by_session, name_person
from app.signin.begin import begin, new_trace
from app.signin.journey import Action, Journey, SignInEnded
from app.signin.recall import Recalled, recall
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
    authorization: Authorization,
    request: UnverifiedRequest,
    *,
    browser: str | None,
    session: str | None = None,
    now: datetime,
) -> Authorized:
    """Return where the browser goes: back with a code where a session may answer, else to the identity provider.

    Args:
        browser, session: values of the browser's cookies, unverified.

    Raises:
        AskEmail: show the e-mail page.
        SignInEnded: show an error page; client or redirect URI are not proven.
    """
    trace = new_trace(authorization.journey, "authorize")
    route: Route | None = None
    try:
        verified = verify_authorization_request(request, find_client)
        trace.add("request-checked", client=verified.client_id, prompt=" ".join(sorted(verified.prompt)))
        hinted, selectors = read_hint(authorization, verified, now), parse_selectors(request)
        route = find_route(authorization, verified, selectors, hinted)
        trace.add("routed", organization=route.organization_id, connection=route.connection_id)
        continuation = verified.to_continuation(int(now.timestamp()), hinted.sub if hinted else None)
        named = name_person(verified, selectors, route, hinted)
        recalled = recall(authorization.journey, named, session, trace.id, now)
        if (answered := answer_by_session(authorization, verified, recalled, continuation, trace, now)) is not None:
            return Authorized(answered)
        begun = begin(
            authorization.journey,
            route,
            _asked(verified, recalled),
            client_id=verified.client_id,
            purpose=PURPOSE,
            continuation=continuation,
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


def read_hint(authorization: Authorization, verified: AuthorizationRequest, now: datetime) -> Hinted | None:
    """Return whom the id_token_hint names; None without one. Raises Redirectable: it is not a token of ours."""
    if verified.id_token_hint is None:
        return None
    jwks = authorization.keys.public_jwks(now)
    claims = verify_id_token_hint(
        verified.id_token_hint, issuer=authorization.issuer, client_id=verified.client_id, jwks=jwks
    )
    return Hinted(str(claims.get("sub", "")), str(claims.get("portico_connection", "")))


def find_route(
    authorization: Authorization, verified: AuthorizationRequest, selectors: Selectors, hinted: Hinted | None
) -> Route:
    """Return the route, asking the id_token_hint where nothing else names a customer.

    Raises:
        AskEmail, Redirectable, and what `Router.route` raises.
    """
    if hinted is not None:
        selectors = replace(selectors, hinted_connection=hinted.connection_id)
    try:
        return authorization.router.route(selectors, verified.allowed_organizations)
    except NeedsEmail:
        if "none" in verified.prompt:
            raise Redirectable("login_required", "The person has to say who they are.") from None
        raise AskEmail from None


def _asked(verified: AuthorizationRequest, recalled: Sequence[Recalled]) -> BeginRequest:
    known = recalled[0].finished.identity.authenticated_at if len(recalled) == 1 else None
    return BeginRequest(
        handle="",
        login_hint=verified.login_hint,
        prompt=verified.prompt - {"none"},
        max_age_s=verified.max_age_s,
        ui_locales=verified.ui_locales,
        authenticated_at=known,
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
