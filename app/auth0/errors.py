"""What an Auth0 tenant can answer that is no success.

Auth0Failed (PorticoError)
├── Auth0Unreachable      503  no answer within the limits
├── Auth0CredentialsRefused  422  the tenant does not know the client id and secret, or grants them no Management API
├── Auth0ScopesMissing    422  the credentials may not do it; `scopes` says what they lack
├── Auth0NotFound         404  the tenant has no such thing
├── Auth0Conflict         409  the tenant has one of that name
├── Auth0Busy             503  the tenant's rate limit left no call within the time there was
└── Auth0Refused          502  anything else that is no success; `detail` is the tenant's own sentence
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from app.errors import PorticoError


class Auth0Failed(PorticoError):
    """Root of what goes wrong with a tenant. `answered` is its HTTP status, 0 without an answer."""

    status = 502
    code = "auth0-failed"
    public = "Auth0 did not do it."

    def __init__(self, detail: str = "", *, code: str = "", hint: str = "", answered: int = 0) -> None:
        super().__init__(detail, code=code, hint=hint)
        self.answered = answered


class Auth0Unreachable(Auth0Failed):
    status = 503
    code = "auth0-unreachable"
    public = "The Auth0 tenant does not answer."


class Auth0CredentialsRefused(Auth0Failed):
    status = 422
    code = "auth0-credentials-refused"
    public = "The Auth0 tenant does not accept these credentials."


class Auth0ScopesMissing(Auth0Failed):
    """`scopes` are those that are lacking, in the tenant's spelling."""

    status = 422
    code = "auth0-scopes-missing"
    public = "The credentials of the Auth0 tenant lack scopes."

    def __init__(self, scopes: Iterable[str], detail: str = "", *, answered: int = 0) -> None:
        self.scopes = tuple(scopes)
        hint = f"Grant the machine-to-machine application: {' '.join(self.scopes)}." if self.scopes else ""
        super().__init__(detail or f"missing: {' '.join(self.scopes)}", hint=hint, answered=answered)


class Auth0NotFound(Auth0Failed):
    status = 404
    code = "auth0-not-found"
    public = "The Auth0 tenant has no such thing."


class Auth0Conflict(Auth0Failed):
    status = 409
    code = "auth0-conflict"
    public = "The Auth0 tenant has one of that name."


class Auth0Busy(Auth0Failed):
    status = 503
    code = "auth0-busy"
    public = "The Auth0 tenant's rate limit leaves no room at the moment. Run it again later; what is done stays done."


class Auth0Refused(Auth0Failed):
    code = "auth0-refused"
    public = "The Auth0 tenant refused the request."


@contextmanager
def understood() -> Iterator[None]:
    """Turn what an answer of another shape than the documented one causes into a refusal: never a traceback for people."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        said = f"an answer of the tenant has another shape: {type(error).__name__} {error}"
        raise Auth0Refused(said[:300], code="auth0-malformed") from error
