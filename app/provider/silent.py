"""Sign-in without the identity provider: whether a Portico session may answer this request (OIDC Core 3.1.2.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.provider.continuation import PURPOSE
from app.provider.errors import Redirectable
from app.provider.hints import Hinted
from app.provider.requests import AuthorizationRequest
from app.signin.journey import Action
from app.signin.recall import Named, Recalled, answer
from app.signin.route import Route, Selectors
from app.signin.trace import Trace

if TYPE_CHECKING:
    from app.provider.authorize import Authorization


def name_person(verified: AuthorizationRequest, selectors: Selectors, route: Route, hinted: Hinted | None) -> Named:
    """Return whose session may answer: of the connection or organization that the request itself names.

    A route that was found in another way, such as by a typed e-mail of another domain, names nobody.
    """
    only = verified.allowed_organizations is not None and len(verified.allowed_organizations) == 1
    names = bool(selectors.connections or selectors.organizations or selectors.domain_hint or selectors.login_hint)
    by_hint = hinted is not None and hinted.connection_id == route.connection_id
    exact = bool(selectors.connections) or by_hint
    return Named(
        client_id=verified.client_id,
        organization_id=route.organization_id if names or only or by_hint else "",
        connection_id=route.connection_id if exact else None,
        sub=hinted.sub if hinted else None,
        person=verified.login_hint,
    )


def answer_by_session(
    authorization: Authorization,
    verified: AuthorizationRequest,
    recalled: Sequence[Recalled],
    continuation: Mapping[str, str],
    trace: Trace,
    now: datetime,
) -> Action | None:
    """Return the response that a session gives, or None: the person has to go to the identity provider.

    Raises:
        Redirectable: `prompt=none`, and nobody may be asked.
    """
    if len(recalled) == 1 and _suffices(verified, recalled[0], now):
        answered = answer(
            authorization.journey, recalled[0], purpose=PURPOSE, continuation=continuation, trace=trace, now=now
        )
        if answered is not None:
            return answered
    if "none" not in verified.prompt:
        return None
    if len(recalled) > 1:
        raise Redirectable("account_selection_required", "Several people are signed in.")
    raise Redirectable("login_required", "The person has to sign in at their identity provider.")


def _suffices(verified: AuthorizationRequest, recalled: Recalled, now: datetime) -> bool:
    """Any prompt but `none`, and `max_age` where somebody may be asked, go to the provider."""
    if verified.prompt - {"none"}:
        return False
    if verified.max_age_s is None:
        return True
    at = recalled.finished.identity.authenticated_at
    return "none" in verified.prompt and at is not None and now - at <= timedelta(seconds=verified.max_age_s)
