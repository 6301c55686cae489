"""The authorization response: to the registered redirect URI, by query or form post, always with `iss` (RFC 9207)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from app.provider.errors import Redirectable
from app.provider.requests import UnverifiedRequest
from portico_sdk import FormPost, Redirect


def respond(redirect_uri: str, response_mode: str, parameters: Mapping[str, str | None]) -> Redirect | FormPost:
    """Return the response with these parameters, absent ones left out.

    Spec: RFC 6749 4.1.2 (the query of the redirect URI is kept), OAuth 2.0 Form Post Response Mode 1.
    """
    fields = {name: value for name, value in parameters.items() if value is not None}
    if response_mode == "form_post":
        return FormPost(redirect_uri, fields)
    return Redirect(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(fields)}")


def respond_error(
    request: UnverifiedRequest, error: Redirectable, *, issuer: str, reference: str
) -> Redirect | FormPost:
    """Return the error response: `state` is always echoed, and the description ends in the reference.

    Does not check client and redirect URI: only errors raised after those checks are Redirectable.
    """
    mode = request.one("response_mode")
    redirect_uri = request.one("redirect_uri")
    assert redirect_uri is not None
    return respond(
        redirect_uri,
        mode if mode == "form_post" else "query",
        {
            "error": error.error,
            "error_description": f"{error.public} Reference {reference}",
            "state": request.one("state"),
            "iss": issuer,
        },
    )
