"""What Portico's login Action decides, in Python: for a demo on a machine without Node.js, and for nothing else.

A test runs both on the same events and keeps them equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.demo.standin.actions.outcome import ActionFailed, Outcome
from app.demo.standin.tenant.actions import Deployed

_CLAIMS = (
    "portico_org",
    "portico_org_external_id",
    "portico_auth0_org",
    "portico_connection",
    "portico_groups",
    "portico_roles",
)
Attributes = Mapping[str, Any]


class MirrorRunner:
    """Runs the one Action that it knows, by its code."""

    def __init__(self, login_action: str) -> None:
        self._login_action = login_action

    def run(self, action: Deployed, event: Mapping[str, Any]) -> Outcome:
        """Return what Portico's login Action decides. Raises ActionFailed for any other Action."""
        if action.code != self._login_action:
            raise ActionFailed("Node.js is needed to run it, and there is none on this machine")
        return decide(event)


def decide(event: Mapping[str, Any]) -> Outcome:
    """Return the decision about a login."""
    connection = event.get("connection", {})
    metadata = connection.get("metadata") or {}
    attributes = _attributes_of(event["user"], connection.get("name"))
    could = connection.get("strategy") in (None, "", "oidc")
    said = bool(attributes and attributes.get("portico_connection"))
    ours = metadata.get("managed_by") == "portico" or (could and said)
    if not ours:
        return Outcome()
    denied = _reason_to_deny(attributes, event.get("organization"))
    if denied or attributes is None:
        return Outcome(denied=denied)
    namespace = metadata.get("claims_namespace") or ""
    added = {namespace + name: attributes[name] for name in _CLAIMS if attributes.get(name) is not None}
    return Outcome(id_token=added, access_token=added)


def _attributes_of(user: Attributes, connection_name: str | None) -> Attributes | None:
    """Return what Portico said in this login: of the identity that was just used, None where nobody can tell."""
    identities = user.get("identities") or []
    if connection_name:
        used = [identity for identity in identities if identity.get("connection") == connection_name]
    else:
        used = [entry for entry in identities if (_brought_by(user, entry) or {}).get("portico_connection")]
    return _brought_by(user, used[0]) if len(used) == 1 else None


def _brought_by(user: Attributes, identity: Attributes) -> Attributes | None:
    """Return what an identity brought along: the root belongs to the primary one alone."""
    provider, name = identity.get("provider"), identity.get("connection")
    own = identity.get("user_id") or identity.get("userId")
    if user.get("user_id") in (f"{provider}|{own}", f"{provider}|{name}|{own}"):
        return user
    return identity.get("profileData") or None


def _reason_to_deny(attributes: Attributes | None, organization: Attributes | None) -> str | None:
    portico_org = attributes.get("portico_org") if attributes else None
    if attributes is None or not isinstance(portico_org, str) or not portico_org:
        return "The organization of this account is not known."
    if organization is None:
        return None
    expected = (organization.get("metadata") or {}).get("portico_org")
    if not isinstance(expected, str) or not expected:
        return "This organization is not set up for this sign-in."
    named = attributes.get("portico_auth0_org", organization["id"])
    if expected != portico_org or named != organization["id"]:
        return "This account belongs to another organization."
    return None
