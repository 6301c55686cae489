"""From an application's request to the request upstream: what is checked, and the little that is forwarded."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.demo.standin.tenant.applications import Application
from app.demo.standin.tenant.connections import Connection
from app.demo.standin.tenant.organizations import Organization
from app.demo.standin.tenant.state import Tenant
from app.demo.standin.tenant.upstream import UpstreamConnection


class NotRedirectable(Exception):
    """The application's request cannot be answered at any address; the tenant shows its own page."""


class RequestError(Exception):
    """An error that goes back to the application. Its text is the description."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


@dataclass(frozen=True, slots=True)
class ApplicationRequest:
    """What an application asked for. `values` are its parameters, unverified, each once.

    Args:
        connection: the one that was named; None where the tenant has to find one.
    """

    application: Application
    redirect_uri: str
    values: Mapping[str, str]
    organization: Organization | None = None
    connection: Connection | None = None

    @property
    def state(self) -> str | None:
        """The application's state, returned to it unchanged."""
        return self.values.get("state")

    @property
    def prompt(self) -> frozenset[str]:
        """The values of `prompt`; they act on the tenant's own session, too."""
        return frozenset(self.values.get("prompt", "").split())


@dataclass(frozen=True, slots=True)
class Transaction:
    """One journey upstream. It is found again by `state`, and only in the browser that began it."""

    request: ApplicationRequest
    connection: UpstreamConnection
    browser: str
    nonce: str | None
    code_verifier: str | None


def find_return(tenant: Tenant, values: Mapping[str, str]) -> tuple[Application, str]:
    """Return the application and one of its registered callbacks. Raises NotRedirectable."""
    application = tenant.find_application(values.get("client_id"))
    if application is None:
        raise NotRedirectable("Unknown client.")
    redirect_uri = values.get("redirect_uri", "")
    if redirect_uri not in application.callbacks:
        raise NotRedirectable("Callback URL mismatch. The redirect_uri is not one of the application's.")
    return application, redirect_uri


def check_request(
    tenant: Tenant, application: Application, redirect_uri: str, values: Mapping[str, str]
) -> ApplicationRequest:
    """Return the request if it is a code request that this tenant can serve. Raises RequestError."""
    if values.get("response_type") != "code":
        raise RequestError("unsupported_response_type", "Only response_type=code is enabled for this application.")
    if values.get("code_challenge") and values.get("code_challenge_method") != "S256":
        raise RequestError("invalid_request", "code_challenge_method must be S256")
    organization = _find_organization(tenant, application, values.get("organization"))
    connection = None
    if "connection" in values:
        connection = tenant.connections.find_named(values["connection"])
        if connection is None:
            raise RequestError("invalid_request", "the connection was not found")
        check_enabled(connection, application, organization)
    elif organization is not None and not any(flags["show_as_button"] for flags in organization.connections.values()):
        raise RequestError("invalid_request", "no connections enabled for the organization are visible")
    return ApplicationRequest(application, redirect_uri, values, organization, connection)


def _find_organization(tenant: Tenant, application: Application, asked: str | None) -> Organization | None:
    if asked is None:
        if application.organization_usage == "require":
            raise RequestError("invalid_request", "parameter organization is required for this client")
        return None
    if application.organization_usage == "deny":
        raise RequestError("invalid_request", "parameter organization is not allowed for this client")
    organization = tenant.find_organization(asked)
    if organization is None:
        raise RequestError("invalid_request", "parameter organization is invalid")
    return organization


def check_enabled(connection: Connection, application: Application, organization: Organization | None) -> None:
    """Raise RequestError unless people may come this way: for an organization its own list counts, not the client's."""
    if organization is not None:
        if connection.id not in organization.connections:
            raise RequestError("invalid_request", "the connection is not enabled for the organization")
    elif application.client_id not in connection.enabled_clients:
        raise RequestError("invalid_request", "the connection is not enabled")


def begin_upstream(
    tenant: Tenant, connection: Connection, request: ApplicationRequest, browser: str, random: Callable[[int], bytes]
) -> Transaction:
    """Return a new transaction with the nonce and verifier that the connection asks for. Raises RequestError."""
    if connection.strategy != "oidc":
        raise RequestError("invalid_request", f"the stand-in cannot sign in by a connection of {connection.strategy}")
    upstream = tenant.upstream(connection)
    if upstream.type != "back_channel":
        raise RequestError("invalid_request", "the stand-in cannot sign in by a front channel connection")
    pkce = upstream.pkce in ("S256", "plain") or (upstream.pkce == "auto" and upstream.snapshot.advertises_s256)
    nonce = random(16).hex() if upstream.send_nonce else None
    return Transaction(request, upstream, browser, nonce, random(32).hex() if pkce else None)


def upstream_url(tenant: Tenant, transaction: Transaction, state: str) -> str:
    """Return the authorization URL. Of the application's parameters only those with an alias are in it."""
    connection = transaction.connection
    values = {
        "response_type": "code",
        "client_id": connection.client_id,
        "redirect_uri": tenant.callback_url,
        "scope": connection.scope,
        "state": state,
    }
    if transaction.nonce is not None:
        values["nonce"] = transaction.nonce
    if transaction.code_verifier is not None:
        plain = connection.pkce == "plain"
        values["code_challenge"] = transaction.code_verifier if plain else code_challenge(transaction.code_verifier)
        values["code_challenge_method"] = "plain" if plain else "S256"
    for name, param in connection.upstream_params.items():
        sent = param.value if param.value is not None else transaction.request.values.get(param.alias or "")
        if sent:
            values.setdefault(name, sent)
    if tenant.behaviour.login_hint_without_alias and transaction.request.values.get("login_hint"):
        values.setdefault("login_hint", transaction.request.values["login_hint"])
    endpoint = connection.snapshot["authorization_endpoint"]
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(values)}"


def code_challenge(verifier: str) -> str:
    """Return the S256 challenge (RFC 7636 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
