"""From an application's request to the request upstream: what is checked, and the little that is forwarded."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.demo.standin.settings import Application, Organization, Tenant
from app.demo.standin.snapshot import Snapshot


class NotRedirectable(Exception):
    """The application's request cannot be answered at any address; the tenant shows its own page."""


class RequestError(Exception):
    """An error that goes back to the application. Its text is the description."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


@dataclass(frozen=True, slots=True)
class ApplicationRequest:
    """What an application asked for. `values` are its parameters, unverified, each once."""

    application: Application
    redirect_uri: str
    values: Mapping[str, str]
    organization: Organization | None = None

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
    """Return the request if it is a code request for this tenant's connection. Raises RequestError."""
    if values.get("response_type") != "code":
        raise RequestError("unsupported_response_type", "Only response_type=code is enabled for this application.")
    if values.get("connection") not in (None, tenant.connection.name):
        raise RequestError("invalid_request", "the connection was not found")
    if values.get("code_challenge") and values.get("code_challenge_method") != "S256":
        raise RequestError("invalid_request", "code_challenge_method must be S256")
    organization = None
    if "organization" in values:
        organization = tenant.find_organization(values["organization"])
        if organization is None:
            raise RequestError("invalid_request", "parameter organization is invalid")
    return ApplicationRequest(application, redirect_uri, values, organization)


def begin_upstream(
    tenant: Tenant, snapshot: Snapshot, request: ApplicationRequest, browser: str, random: Callable[[int], bytes]
) -> Transaction:
    """Return a new transaction with the nonce and verifier that the connection's settings ask for."""
    connection = tenant.connection
    pkce = connection.pkce == "S256" or (connection.pkce == "auto" and snapshot.advertises_s256)
    nonce = random(16).hex() if connection.send_nonce else None
    return Transaction(request, browser, nonce, random(32).hex() if pkce else None)


def upstream_url(tenant: Tenant, snapshot: Snapshot, transaction: Transaction, state: str) -> str:
    """Return the authorization URL. Of the application's parameters only those with an alias are in it."""
    connection = tenant.connection
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
        values["code_challenge"] = code_challenge(transaction.code_verifier)
        values["code_challenge_method"] = "S256"
    for name, param in connection.upstream_params.items():
        sent = param.value if param.value is not None else transaction.request.values.get(param.alias or "")
        if sent:
            values.setdefault(name, sent)
    joint = "&" if "?" in snapshot["authorization_endpoint"] else "?"
    return f"{snapshot['authorization_endpoint']}{joint}{urlencode(values)}"


def code_challenge(verifier: str) -> str:
    """Return the S256 challenge (RFC 7636 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
