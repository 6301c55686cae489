"""What the values of a client may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.access.redirect_uris import origins_problems, uri_problems, uris_problems
from app.errors import Invalid, Problem

SECRET_METHODS = ("client_secret_post", "client_secret_basic")
AUTH_METHODS = (*SECRET_METHODS, "private_key_jwt")
SIGNING_ALGS = ("RS256", "ES256")

#: Seconds: an access token is for the call to userinfo that follows a login, an ID token for that login alone.
ACCESS_TOKEN_LIFETIMES_S = range(60, 3_601)
ID_TOKEN_LIFETIMES_S = range(60, 601)

_ORGANIZATION_ID = re.compile(r"org-[a-z2-7]{26}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def check_client(values: Mapping[str, Any]) -> None:
    """Raise Invalid unless these values, all of a client's, can be used together. Names every field at fault."""
    problems = [problem for name, value in values.items() for problem in _problems(name, value)]
    if not values.get("redirect_uris"):
        problems.append(Problem("redirect_uris", "required", "At least one redirect URI is needed."))
    method, jwks_uri = values.get("token_endpoint_auth_method"), values.get("jwks_uri")
    if method == "private_key_jwt" and not jwks_uri:
        told = "The method private_key_jwt needs the address of the client's keys."
        problems.append(Problem("jwks_uri", "required", told))
    if method in SECRET_METHODS and jwks_uri:
        problems.append(Problem("jwks_uri", "not-used", "A client with a secret has no jwks_uri."))
    if problems:
        raise Invalid(*problems)


def _problems(name: str, value: Any) -> Iterator[Problem]:
    check = _CHECKS.get(name)
    if check is None:
        yield Problem(name, "unknown-field", "There is no such field.")
    else:
        yield from check(name, value)


def _name(field: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, str) or not value.strip() or len(value) > 200 or _CONTROL.search(value):
        yield Problem(field, "name-syntax", "A name has 1 to 200 characters on one line.")


def _one_of(*choices: str) -> Callable[[str, Any], Iterator[Problem]]:
    def check(field: str, value: Any) -> Iterator[Problem]:
        if value not in choices:
            yield Problem(field, "unknown-choice", f"Choose one of {', '.join(choices)}.")

    return check


def _boolean(field: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(field, "boolean", "Give true or false.")


def _seconds(allowed: range) -> Callable[[str, Any], Iterator[Problem]]:
    def check(field: str, value: Any) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
            yield Problem(field, "lifetime", f"Give {allowed[0]} to {allowed[-1]} seconds.")

    return check


def _optional_uri(field: str, value: Any) -> Iterator[Problem]:
    if value is not None:
        yield from uri_problems(field, value)


def _organizations(field: str, value: Any) -> Iterator[Problem]:
    if value is None:
        return
    if not isinstance(value, list) or len(value) > 10_000 or len({str(item) for item in value}) != len(value):
        yield Problem(field, "organization-list", "Give a list of organization ids, each once, or null for all.")
        return
    for position, item in enumerate(value):
        if not isinstance(item, str) or not _ORGANIZATION_ID.fullmatch(item):
            yield Problem(f"{field}[{position}]", "organization-id", "This is not the id of an organization.")


_CHECKS: Mapping[str, Callable[[str, Any], Iterator[Problem]]] = {
    "name": _name,
    "redirect_uris": uris_problems,
    "post_logout_redirect_uris": uris_problems,
    "post_logout_redirect_origins": origins_problems,
    "token_endpoint_auth_method": _one_of(*AUTH_METHODS),
    "jwks_uri": _optional_uri,
    "allowed_organizations": _organizations,
    "initiate_login_uri": _optional_uri,
    "global_token_revocation_url": _optional_uri,
    "require_pkce": _boolean,
    "id_token_signed_response_alg": _one_of(*SIGNING_ALGS),
    "access_token_lifetime_s": _seconds(ACCESS_TOKEN_LIFETIMES_S),
    "id_token_lifetime_s": _seconds(ID_TOKEN_LIFETIMES_S),
    "status": _one_of("active", "disabled"),
}
