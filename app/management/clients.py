"""Clients of the OpenID Provider: usually one, an Auth0 tenant. Secrets are shown once; several may live at a time."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from pydantic import Field

from app.access import (
    Client,
    ClientChanges,
    ClientSecret,
    NewClient,
    add_client,
    add_client_secret,
    change_client,
    delete_client,
    get_client,
    list_client_secrets,
    list_clients,
    revoke_client_secret,
)
from app.management.operation import Call, Operation
from app.management.paging import cut_page
from app.management.shapes import ABSENT, Line, Page, Paging, Patch, Shape, Time, Url, Word

READ, WRITE = "clients:read", "clients:write"

AuthMethod = Literal["client_secret_post", "client_secret_basic", "private_key_jwt"]
SigningAlg = Literal["RS256", "ES256"]
Urls = Annotated[list[Url], Field(max_length=50)]
Organizations = Annotated[list[Word], Field(max_length=10_000)]
AccessTokenLifetime = Annotated[int, Field(ge=60, le=3_600)]
IdTokenLifetime = Annotated[int, Field(ge=60, le=600)]


class ClientIn(Shape):
    name: Line
    redirect_uris: Urls
    """Compared byte for byte. For Auth0: https://TENANT.REGION.auth0.com/login/callback, and each custom domain's."""
    post_logout_redirect_uris: Urls = Field(default=[])
    """Where a browser may go after signing out; compared byte for byte."""
    post_logout_redirect_origins: Urls = Field(default=[])
    """Origins that it may go back to as well, whatever the path: Auth0's tenant domain, whose paths are Auth0's own."""
    token_endpoint_auth_method: AuthMethod = "client_secret_post"  # noqa: S105 a name
    jwks_uri: Url | None = None
    """Where a client with `private_key_jwt` publishes its keys."""
    allowed_organizations: Organizations | None = None
    """Ids of the organizations whose people may sign in through it; null means all."""
    initiate_login_uri: Url | None = None
    """Where a browser goes whose sign-in began at the identity provider."""
    global_token_revocation_url: Url | None = None
    """Where to tell the client that a person was signed out at the identity provider. For Auth0:
    https://TENANT.REGION.auth0.com/oauth/global-token-revocation/connection/NAME."""
    require_pkce: bool = True
    id_token_signed_response_alg: SigningAlg = "RS256"  # noqa: S105 a name
    access_token_lifetime_s: AccessTokenLifetime = 300
    """Access tokens are opaque and good for userinfo only."""
    id_token_lifetime_s: IdTokenLifetime = 300


class ClientPatch(Patch):
    name: Line = ABSENT
    redirect_uris: Urls = ABSENT
    post_logout_redirect_uris: Urls = ABSENT
    post_logout_redirect_origins: Urls = ABSENT
    token_endpoint_auth_method: AuthMethod = ABSENT
    jwks_uri: Url | None = None
    allowed_organizations: Organizations | None = None
    initiate_login_uri: Url | None = None
    global_token_revocation_url: Url | None = None
    require_pkce: bool = ABSENT
    id_token_signed_response_alg: SigningAlg = ABSENT
    access_token_lifetime_s: AccessTokenLifetime = ABSENT
    id_token_lifetime_s: IdTokenLifetime = ABSENT
    status: Literal["active", "disabled"] = ABSENT
    """`disabled` refuses the client at its next request, also for codes and tokens it holds."""


class SecretOut(Shape):
    id: str
    hint: str
    """Its last characters, to tell secrets apart."""
    created_at: Time
    last_used_at: Time | None
    revoked_at: Time | None


class NewSecretOut(SecretOut):
    client_secret: str
    """Shown once."""


class ClientOut(Shape):
    id: str
    client_id: str
    """The same as `id`: the name that OAuth gives it."""
    name: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    post_logout_redirect_origins: list[str]
    token_endpoint_auth_method: AuthMethod
    jwks_uri: str | None
    allowed_organizations: list[str] | None
    initiate_login_uri: str | None
    global_token_revocation_url: str | None
    require_pkce: bool
    id_token_signed_response_alg: SigningAlg
    access_token_lifetime_s: int
    id_token_lifetime_s: int
    status: Literal["active", "disabled"]
    created_at: Time
    updated_at: Time


class NewClientOut(ClientOut):
    client_secret: str | None
    """Shown once; null with `private_key_jwt`."""


def _facts(row: Client) -> dict[str, object]:
    same = (name for name in ClientOut.model_fields if name != "client_id")
    return {"client_id": row.id, **{name: getattr(row, name) for name in same}}


def _show(row: Client) -> ClientOut:
    return ClientOut.model_validate(_facts(row))


def _show_secret(row: ClientSecret) -> SecretOut:
    return SecretOut.model_validate({name: getattr(row, name) for name in SecretOut.model_fields})


def create(call: Call[ClientIn]) -> NewClientOut:
    client, secret = add_client(NewClient(**call.takes.model_dump()), actor=call.actor, now=call.now)
    return NewClientOut.model_validate({**_facts(client), "client_secret": secret})


def list_all(call: Call[Paging]) -> Page[ClientOut]:
    rows = list_clients(limit=call.takes.limit + 1, after=call.takes.after)
    return cut_page(rows, call.takes, _show, lambda row: row.id)


def get(call: Call[Shape], client_id: str) -> ClientOut:
    return _show(get_client(client_id))


def change(call: Call[ClientPatch], client_id: str) -> ClientOut:
    return _show(change_client(client_id, cast(ClientChanges, call.takes.given), actor=call.actor, now=call.now))


def delete(call: Call[Shape], client_id: str) -> None:
    delete_client(client_id, actor=call.actor, now=call.now)


def list_secrets(call: Call[Paging], client_id: str) -> Page[SecretOut]:
    get_client(client_id)
    return Page(items=[_show_secret(row) for row in list_client_secrets(client_id)], next=None)


def add_secret(call: Call[Shape], client_id: str) -> NewSecretOut:
    row, secret = add_client_secret(client_id, actor=call.actor, now=call.now)
    return NewSecretOut.model_validate({**_show_secret(row).model_dump(), "client_secret": secret})


def revoke_secret(call: Call[Shape], client_id: str, secret_id: str) -> None:
    revoke_client_secret(client_id, secret_id, actor=call.actor, now=call.now)


ALL, ONE = "/clients", "/clients/{client_id}"
SECRETS, SECRET = "/clients/{client_id}/secrets", "/clients/{client_id}/secrets/{secret_id}"
_EXAMPLE = '--name "Auth0 production" --redirect-uris https://acme.eu.auth0.com/login/callback'

OPERATIONS = (
    Operation(("client", "create"), "POST", ALL, WRITE, "Register a client, such as an Auth0 tenant", create,
              ClientIn, NewClientOut, 201, _EXAMPLE),
    Operation(("client", "list"), "GET", ALL, READ, "List clients", list_all, Paging, Page[ClientOut]),
    Operation(("client", "get"), "GET", ONE, READ, "Show a client", get, gives=ClientOut),
    Operation(("client", "update"), "PATCH", ONE, WRITE, "Change a client", change, ClientPatch, ClientOut,
              example="cli-… --status disabled"),
    Operation(("client", "delete"), "DELETE", ONE, WRITE, "Delete a client with its secrets", delete, status=204),
    Operation(("client", "secrets"), "GET", SECRETS, READ, "List a client's secrets, never the secrets themselves",
              list_secrets, Paging, Page[SecretOut]),
    Operation(("client", "add-secret"), "POST", SECRETS, WRITE, "Give a client a further secret, beside those it has",
              add_secret, gives=NewSecretOut, status=201),
    Operation(("client", "revoke-secret"), "DELETE", SECRET, WRITE, "Make one secret useless at once",
              revoke_secret, status=204),
)  # fmt: skip
