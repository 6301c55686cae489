"""The authorization code flow with PKCE, by requests-oauthlib. Nothing else imports it.

Spec: RFC 6749 4.1, RFC 7636, OpenID Connect Core 3.1.2 and 3.1.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

import requests
from oauthlib.oauth2.rfc6749.errors import OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib.oauth2_session import OAuth2Session

from portico_oidc.asked import Asked
from portico_oidc.discovery import Provider
from portico_oidc.json_object import parse_json_object
from portico_oidc.reasons import CheckFailed, provider_refused, unreachable
from portico_sdk import AdapterContext

_JSON = "application/json"
_METHODS = ("client_secret_basic", "client_secret_post")


class CodeFlow(OAuth2Session):
    """One client's requests to one provider.

    oauthlib wants https, or one environment variable for the whole process. Which transport is allowed is the outbound
    guard's decision, for each origin, and it was made: both endpoints passed `check_browser_url`, and the guard sits
    below this session. Therefore oauthlib composes and parses the messages; the session sends them.
    """

    def __init__(self, client_id: str, redirect_uri: str) -> None:
        super().__init__(client_id=client_id, redirect_uri=redirect_uri)  # type: ignore[no-untyped-call]  # untyped library

    def request_url(self, endpoint: str, parameters: Mapping[str, str], code_verifier: str) -> str:
        """Return the authorization request for `endpoint`, with an S256 code challenge."""
        self.scope = parameters.get("scope")
        secure = "https:" + endpoint.partition(":")[2]
        challenge = self._client.create_code_challenge(code_verifier, "S256")
        rest = {name: value for name, value in parameters.items() if name != "scope"}
        arguments = {**rest, "code_challenge": challenge, "code_challenge_method": "S256"}
        url, _state = self.authorization_url(secure, **arguments)  # type: ignore[no-untyped-call]  # untyped library
        return endpoint.partition(":")[0] + ":" + str(url).partition(":")[2]

    def redeem(self, endpoint: str, code: str, code_verifier: str, secret: str, method: str) -> dict[str, Any]:
        """Return the token response. Raises SignInRefused."""
        in_body = method == "client_secret_post"
        body = self._client.prepare_request_body(
            code=code,
            redirect_uri=self.redirect_uri,
            code_verifier=code_verifier,
            include_client_id=in_body,
            client_secret=secret if in_body else None,
        )
        # RFC 6749 2.3.1: both parts are form-encoded before they become user name and password
        auth = None if in_body else HTTPBasicAuth(quote_plus(self.client_id), quote_plus(secret))
        response = requests.Session.request(
            self,
            "POST",
            endpoint,
            data=body,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": _JSON},
            auth=auth,
            allow_redirects=False,
        )
        _check_json(response)
        try:
            return dict(self._client.parse_request_body_response(response.content.decode("utf-8-sig")))
        except OAuth2Error as error:
            raise provider_refused("token-refused", error.error, error.description) from error
        except (ValueError, TypeError, AttributeError) as error:
            raise unreachable("token-malformed", "the token response cannot be read") from error


def redeem_code(context: AdapterContext, provider: Provider, asked: Asked, code: str) -> dict[str, Any]:
    """Return the token response with a usable `id_token` and `access_token` in it.

    Raises:
        ProviderRefused: the token endpoint answered with an error.
        ProviderUnreachable: it did not answer within the limits, or not with JSON.
        SignInRefused: something is absent.
    """
    session = context.http.guard(CodeFlow(asked.client_id, asked.redirect_uri))
    method = choose_auth_method(context.settings.get("token_endpoint_auth_method"), provider)
    secret = context.settings["client_secret"]
    with session:
        tokens = session.redeem(provider.token_endpoint, code, asked.code_verifier, secret, method)
    access_token, token_type = tokens.get("access_token"), tokens.get("token_type", "Bearer")
    if not isinstance(access_token, str) or str(token_type).lower() != "bearer":
        raise unreachable("token-malformed", "the token response has no bearer token")
    if not isinstance(tokens.get("id_token"), str):
        raise CheckFailed("id-token-missing", detail="the token response has no id_token")
    return dict(tokens)


def choose_auth_method(configured: str | None, provider: Provider) -> str:
    """Return how the client proves itself: as configured, else what is offered, basic before post.

    Discovery 3: a provider that publishes no list offers client_secret_basic.
    """
    if configured:
        return configured
    offered = provider.token_endpoint_auth_methods
    for method in _METHODS:
        if offered is None or method in offered:
            return method
    raise CheckFailed("auth-method-not-offered", expected=" or ".join(_METHODS), received=" ".join(offered or ()))


def _check_json(response: requests.Response) -> None:
    """Hold the answer to RFC 6749 5.1 and 5.2; oauthlib would also take a form for an answer in JSON."""
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if content_type != _JSON:
        raise unreachable("token-malformed", f"status {response.status_code}, content type {content_type[:80]!r}")
    try:
        answer = parse_json_object(response.content)
    except ValueError as error:
        raise unreachable("token-malformed", "the token response is not a JSON object") from error
    if response.status_code != 200 and "error" not in answer:
        raise unreachable("token-malformed", f"status {response.status_code} without an OAuth error")
