"""How a sign-in that the authorization endpoint began goes on: a code, and back to the client."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from app.errors import SignInFailed
from app.provider.claims import ClaimSource, build_claims
from app.provider.grants import NewGrant, add_grant
from app.provider.responses import respond
from app.signin.journey import FinishedSignIn
from portico_sdk import FormPost, Redirect

PURPOSE = "authorize"
CLOCK_SKEW = timedelta(minutes=3)  # between the provider's clock, by which it authenticated, and ours


class NotFresh(SignInFailed):
    """The person authenticated longer ago than the client accepts."""

    code = "not-fresh"


class AnotherPerson(SignInFailed):
    """The client asked for a certain person (id_token_hint), and somebody else signed in."""

    code = "hint-mismatch"


class AuthorizeContinuation:
    """Issues the code. Registered for the purpose `authorize`."""

    def __init__(self, issuer: str, random: Callable[[int], bytes], sources: Sequence[ClaimSource] = ()) -> None:
        self._issuer = issuer
        self._random = random
        self._sources = sources

    def finish(self, finished: FinishedSignIn, continuation: Mapping[str, str]) -> Redirect | FormPost:
        """Return the response with a code. Raises NotFresh, AnotherPerson."""
        _check_person(finished, continuation)
        _check_fresh(finished, continuation)
        grant = NewGrant(
            client_id=continuation["client_id"],
            organization_id=finished.organization_id,
            connection_id=finished.connection_id,
            sub=finished.sub,
            redirect_uri=continuation["redirect_uri"],
            scope=continuation["scope"],
            nonce=continuation.get("nonce"),
            code_challenge=continuation.get("code_challenge"),
            claims=build_claims(finished, self._sources),
            trace_id=finished.trace_id,
        )
        code = add_grant(grant, now=finished.now, random=self._random)
        parameters = {"code": code, "state": continuation.get("state"), "iss": self._issuer}
        return respond(continuation["redirect_uri"], continuation["response_mode"], parameters)

    def leave_url(self, continuation: Mapping[str, str], trace_id: str) -> str | None:
        """Return the client's address with `access_denied`, for a person who leaves the error page."""
        parameters = {
            "error": "access_denied",
            "error_description": f"The sign-in was not accepted. Reference {trace_id}",
            "state": continuation.get("state"),
            "iss": self._issuer,
        }
        if continuation["response_mode"] != "query":
            return None  # a link cannot post
        action = respond(continuation["redirect_uri"], "query", parameters)
        return action.url


def _check_person(finished: FinishedSignIn, continuation: Mapping[str, str]) -> None:
    """OIDC Core 3.1.2.1: only the person of the id_token_hint, where there was one."""
    hinted = continuation.get("hinted_sub")
    if hinted is not None and finished.sub != hinted:
        raise AnotherPerson(f"{hinted} was asked for, {finished.sub} signed in")


def _check_fresh(finished: FinishedSignIn, continuation: Mapping[str, str]) -> None:
    """OIDC Core 3.1.2.1: `max_age` and `prompt=login` are kept, by the time that the provider states."""
    at, max_age = finished.identity.authenticated_at, continuation.get("max_age")
    if max_age is not None:
        if at is None:
            raise NotFresh("the provider did not say when the person authenticated", code="freshness-unknown")
        if finished.now - at > timedelta(seconds=int(max_age)) + CLOCK_SKEW:
            raise NotFresh(f"the person authenticated at {at:%H:%M:%S}, max_age is {max_age} s")
    if "login" in continuation.get("prompt", "").split() and at is not None:
        asked_at = int(continuation["asked_at"])
        if at.timestamp() < asked_at - CLOCK_SKEW.total_seconds():
            raise NotFresh(f"the person authenticated at {at:%H:%M:%S}, before a new sign-in was asked for")
