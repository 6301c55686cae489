"""The event that a post-login Action sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.demo.standin.authorize import ApplicationRequest
from app.demo.standin.sessions import Session
from app.demo.standin.tenant.connections import Connection
from app.demo.standin.tenant.ids import spell_time
from app.demo.standin.tenant.organizations import Organization
from app.demo.standin.tenant.state import Tenant

_TECHNICAL = frozenset({"last_login", "logins_count", "blocked"})


def make_event(
    tenant: Tenant, asked: ApplicationRequest, session: Session, connection: Connection, record: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the event of a login, without secrets: each Action gets its own.

    Args:
        record: the user's profile. Actions see what is at its root, and what belongs to each identity.
    """
    user: dict[str, Any] = {"app_metadata": {}, "user_metadata": {}}
    user |= {name: value for name, value in record.items() if name not in _TECHNICAL}
    authenticated_at = spell_time(session.user.authenticated_at)
    event: dict[str, Any] = {
        "authentication": {"methods": [{"name": "federated", "timestamp": authenticated_at}]},
        "authorization": {"roles": []},
        "client": {
            "client_id": asked.application.client_id,
            "name": asked.application.name,
            "metadata": dict(asked.application.metadata),
        },
        "connection": {
            "id": connection.id,
            "name": connection.name,
            "strategy": connection.strategy,
            "metadata": dict(connection.record.get("metadata") or {}),
        },
        "request": {"method": "GET", "query": dict(asked.values), "body": {}, "ip": "127.0.0.1", "geoip": {}},
        "session": {"authenticated_at": authenticated_at},
        "stats": {"logins_count": record["logins_count"]},
        "tenant": {"id": "stand-in"},
        "transaction": _transaction(asked),
        "user": user,
    }
    return event | ({"organization": _organization(asked.organization)} if asked.organization else {})


def _organization(organization: Organization) -> dict[str, Any]:
    return {
        "id": organization.id,
        "name": organization.name,
        "display_name": organization.record.get("display_name", organization.name),
        "metadata": dict(organization.metadata),
    }


def _transaction(asked: ApplicationRequest) -> dict[str, Any]:
    values = asked.values
    return {
        "acr_values": values.get("acr_values", "").split(),
        "locale": "en",
        "login_hint": values.get("login_hint"),
        "prompt": values.get("prompt", "").split(),
        "protocol": "oidc-basic-profile",
        "redirect_uri": asked.redirect_uri,
        "requested_scopes": values.get("scope", "").split(),
        "response_type": ["code"],
        "state": values.get("state"),
        "ui_locales": values.get("ui_locales", "").split(),
    }
