"""Authlib's authorization server, without a framework: one constant answer for each OAuth error, causes to the trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error, OAuth2Payload, OAuth2Request

from app.provider.clients import KeySource, PrivateKeyJwt, authenticate_basic, authenticate_post
from app.provider.refusals import Refusals
from app.provider.token import CodeGrant, Revocation, S256CodeChallenge, TokenContext
from portico_sdk import ProviderUnreachable

Answer = tuple[int, dict[str, Any], list[tuple[str, str]]]

NO_STORE = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Pragma", "no-cache")]

#: Status and sentence for each error code of RFC 6749 5.2 that we give; anything else is `invalid_request`.
ERRORS = {
    "invalid_request": (400, "The request is malformed."),
    "invalid_client": (401, "The client could not be authenticated."),
    "invalid_grant": (400, "The code cannot be used."),
    "unauthorized_client": (400, "The client may not do this."),
    "unsupported_grant_type": (400, "Only grant_type=authorization_code is supported."),
}


class FormPayload(OAuth2Payload):  # type: ignore[misc]
    """The parameters of a token request: its form, never its query."""

    def __init__(self, form: dict[str, str]) -> None:
        self._form = form

    @property
    def data(self) -> dict[str, str]:
        return self._form

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: [value] for name, value in self._form.items()}


class FormRequest(OAuth2Request):  # type: ignore[misc]
    """A POST with a form. Transport security is decided by the settings at start-up, not by each request's URL."""

    def __init__(self, form: dict[str, str], headers: dict[str, str]) -> None:
        super().__init__("POST", "https://token-endpoint", headers=headers)
        self._form = form
        self.payload = FormPayload(form)
        self.trace_id: str | None = None

    @property
    def form(self) -> dict[str, str]:
        return self._form

    @property
    def args(self) -> dict[str, str]:
        return {}


class TokenServer(AuthorizationServer):  # type: ignore[misc]
    """Answers the token and revocation endpoints with (status, body, headers)."""

    def __init__(self, context: TokenContext, key_source: KeySource, refusals: Refusals) -> None:
        super().__init__()
        self.context = context
        self._refusals = refusals
        self.register_grant(CodeGrant, [S256CodeChallenge(required=False)])
        self.register_endpoint(Revocation)
        audiences = (context.issuer, f"{context.issuer}/oauth2/token")
        self.register_client_auth_method("client_secret_basic", authenticate_basic(context.clock))
        self.register_client_auth_method("client_secret_post", authenticate_post(context.clock))
        self.register_client_auth_method("private_key_jwt", PrivateKeyJwt(audiences, key_source, context.clock))

    def answer(
        self, endpoint: str, pairs: Sequence[tuple[str, str]], authorization: str | None, reference: str
    ) -> Answer:
        """Return the answer to a request at `token` or `revocation`.

        Args:
            pairs: the form as it was sent.
            authorization: the header of that name.
            reference: goes into errors, and finds their cause; a known code's own reference is used instead.
        """
        request = FormRequest({}, {"Authorization": authorization} if authorization else {})
        try:
            request = FormRequest(_once(pairs), request.headers)
            _check_one_method(request)
            if endpoint == "revocation":
                self._endpoints[endpoint][0](request)
                return 200, {}, NO_STORE
            grant = self.get_token_grant(request)
            grant.validate_token_request()
            status, body, _headers = grant.create_token_response()
        except OAuth2Error as error:
            return self._refuse(endpoint, request, error, reference)
        except ProviderUnreachable as error:
            unproven = OAuth2Error(error="invalid_client", description=f"{error.code}: {error.detail}")
            return self._refuse(endpoint, request, unproven, reference)
        return status, body, NO_STORE

    def _refuse(self, endpoint: str, request: FormRequest, error: OAuth2Error, reference: str) -> Answer:
        code = error.error if error.error in ERRORS else "invalid_request"
        status, sentence = ERRORS[code]
        reference = self._refusals.keep(
            endpoint,
            code,
            error.description or type(error).__name__,
            login=request.trace_id,
            reference=reference,
            claimed=request.form.get("client_id", ""),
            now=self.context.clock(),
        )
        headers = list(NO_STORE)
        if code == "invalid_client" and "Authorization" in request.headers:
            # only where the client came with a header: a challenge hides the JSON from some clients (RFC 6749 5.2)
            headers.append(("WWW-Authenticate", 'Basic realm="portico"'))
        return status, {"error": code, "error_description": f"{sentence} Reference {reference}"}, headers

    def query_client(self, client_id: str) -> None:
        """Never used: the authentication methods above find clients themselves."""
        raise AssertionError(client_id)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nothing listens."""


def _once(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """RFC 6749 3.2: parameters MUST NOT be included more than once."""
    form = dict(pairs)
    if len(form) != len(pairs):
        raise InvalidRequestError("a parameter was sent more than once")
    if any("\0" in value or "\N{REPLACEMENT CHARACTER}" in value for value in form.values()):
        raise InvalidRequestError("a parameter has characters that cannot be used")
    return form


def _check_one_method(request: FormRequest) -> None:
    """RFC 6749 2.3: the client MUST NOT use more than one authentication method in each request."""
    used = ("Authorization" in request.headers, "client_secret" in request.form, "client_assertion" in request.form)
    if sum(used) > 1:
        raise InvalidRequestError("more than one way of authenticating the client")
