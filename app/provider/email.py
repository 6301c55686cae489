"""The e-mail page's answer: from a work e-mail to the same authorization request with a login_hint."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.access import find_client
from app.provider.authorize import AskEmail, Authorization, find_route, read_hint
from app.provider.checks import verify_authorization_request
from app.provider.errors import AuthorizationError, NotRedirectable
from app.provider.requests import UnverifiedRequest
from app.provider.selectors import parse_selectors
from app.signin.begin import new_trace
from app.signin.journey import SignInEnded
from app.signin.route import SelectorsContradict, TargetUnavailable, email_domain


class EmailUnknown(Exception):  # not a fault: the page is shown once more
    """No sign-in belongs to this address: not an address, nobody's domain, or not for this application."""


def route_email(
    authorization: Authorization, asked: UnverifiedRequest, address: str, now: datetime
) -> list[tuple[str, str]]:
    """Return the parameters of the authorization request with this address as its login_hint.

    Raises:
        EmailUnknown: show the page again, with one sentence for all reasons.
        SignInEnded: the request itself cannot be answered.
    """
    if email_domain(address) is None:
        raise EmailUnknown
    parameters = {**asked.parameters, "login_hint": [address]}
    try:
        verified = verify_authorization_request(UnverifiedRequest(parameters), find_client)
        selectors = replace(parse_selectors(asked), login_hint=address)
        find_route(authorization, verified, selectors, read_hint(authorization, verified, now))
    except (AskEmail, TargetUnavailable, SelectorsContradict):
        raise EmailUnknown from None
    except AuthorizationError as error:
        reference = new_trace(authorization.journey, "email").id
        raise SignInEnded(error, reference=reference, public=NotRedirectable.public) from error
    return [(name, value) for name, values in parameters.items() for value in values]
