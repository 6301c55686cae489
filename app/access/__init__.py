"""Who may talk to us: the provider's clients with their secrets, and the keys of the management API."""

from app.access.api_keys import add_api_key, get_api_key, list_api_keys, revoke_api_key, verify_api_key
from app.access.client_secrets import (
    add_client_secret,
    list_client_secrets,
    revoke_client_secret,
    verify_client_secret,
)
from app.access.clients import (
    ClientChanges,
    NewClient,
    add_client,
    change_client,
    delete_client,
    get_client,
    list_clients,
)
from app.access.models import ApiKey, Client, ClientSecret
from app.access.redirect_uris import origin_of
from app.access.registered_client import RegisteredClient, find_client
from app.access.scopes import SCOPES, check_scopes, has_scope

__all__ = [
    "SCOPES",
    "ApiKey",
    "Client",
    "ClientChanges",
    "ClientSecret",
    "NewClient",
    "RegisteredClient",
    "add_api_key",
    "add_client",
    "add_client_secret",
    "change_client",
    "check_scopes",
    "delete_client",
    "find_client",
    "get_api_key",
    "get_client",
    "has_scope",
    "list_api_keys",
    "list_client_secrets",
    "list_clients",
    "origin_of",
    "revoke_api_key",
    "revoke_client_secret",
    "verify_api_key",
    "verify_client_secret",
]
