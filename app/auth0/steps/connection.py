"""Step 2: the one connection in Auth0, made or put right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.access import add_client_secret, list_client_secrets, revoke_client_secret, verify_client_secret
from app.auth0 import trust as trusts
from app.auth0.connection import list_connections, read_connection
from app.auth0.errors import Auth0Refused
from app.auth0.plan import Step, Work
from app.auth0.wanted import (
    Difference,
    changed_connection,
    find_copied_differences,
    find_differences,
    new_connection,
)
from app.provider.discovery import build_discovery

SCOPES = (
    "read:connections",
    "create:connections",
    "update:connections",
    "read:connections_options",
    "update:connections_options",
)


def _look(work: Work) -> dict[str, Any] | None:
    found = work.connection()
    if found is not None and not isinstance(found.get("options"), dict):
        raise Auth0Refused("the connection came without options", code="auth0-malformed")
    return found


def _want(work: Work, found: dict[str, Any] | None) -> Iterator[Difference]:
    if found is None:
        yield Difference("connection", work.trust.connection_name, None)
        return
    yield from find_differences(found, work.wanted())
    yield from find_copied_differences(found, build_discovery(work.issuer))
    if not holds_secret(work, found):
        yield Difference("options.client_secret", "a secret of the client in Portico", "another one")


def holds_secret(work: Work, connection: dict[str, Any]) -> bool:
    """Whether Auth0 can prove itself with the secret that it has; True where it proves itself by a key."""
    if work.trust.auth_method == "private_key_jwt":
        return True
    if work.client_secret is not None or work.trust.client_id is None:
        return False
    secret = connection["options"].get("client_secret")
    return isinstance(secret, str) and verify_client_secret(work.trust.client_id, secret, now=work.now, note_use=False)


def _act(work: Work, found: dict[str, Any] | None) -> None:
    try:
        _write(work, found)
    except Auth0Refused as error:
        if "issuer" not in error.detail:
            raise
        hint = f"Auth0 could not read {work.wanted().discovery_url}: it has to be reachable from the Internet by https."
        raise Auth0Refused(
            error.detail, code="auth0-discovery-unreadable", hint=hint, answered=error.answered
        ) from error


def _write(work: Work, found: dict[str, Any] | None) -> None:
    if found is None:
        _ensure_secret(work)
        made = work.tenant.post("/connections", new_connection(work.wanted()))
        _finish(work, str(made["id"]))
        return
    if not holds_secret(work, found):
        _ensure_secret(work)
    discovery = build_discovery(work.issuer)
    outdated = bool(find_copied_differences(found, discovery))
    path = f"/connections/{found['id']}"
    work.tenant.patch(path, changed_connection(found, work.wanted(), read_again=outdated))
    if outdated:
        _ensure_copied(work, path, discovery)
    _finish(work, str(found["id"]))


def _ensure_copied(work: Work, path: str, discovery: dict[str, Any]) -> None:
    """Where Auth0 did not read our document anew when it was asked to, write what it says there."""
    stored = work.tenant.get(path)
    if not find_copied_differences(stored, discovery):
        return
    body = changed_connection(stored, work.wanted(), read_again=True)
    copied = {
        name: discovery[name] for name in discovery if name.endswith("_endpoint") or name in ("issuer", "jwks_uri")
    }
    body["options"] |= {**copied, "oidc_metadata": discovery}
    work.tenant.patch(path, body)


def _ensure_secret(work: Work) -> None:
    """Make a secret for Auth0, unless this run has one: ours are stored hashed, the old one cannot be shown again."""
    client_id = work.trust.client_id
    if work.trust.auth_method == "private_key_jwt" or work.client_secret is not None or client_id is None:
        return
    for row in list_client_secrets(client_id):
        if row.revoked_at is None and row.last_used_at is None:  # of a run that failed: nobody has it
            revoke_client_secret(client_id, row.id, actor=work.actor, now=work.now)
    _, work.client_secret = add_client_secret(client_id, actor=work.actor, now=work.now)


def _finish(work: Work, connection_id: str) -> None:
    work.client_secret = None
    work.look_again()
    if read_connection(work.tenant, connection_id) is None:
        raise Auth0Refused("the connection that was written is not there", code="auth0-malformed")
    baseline = work.trust.baseline
    if work.trust.connection_id != connection_id or baseline is None:
        trusts.note(connection_id=connection_id, baseline=take_baseline(work))


def take_baseline(work: Work) -> dict[str, Any]:
    """Return every connection of the tenant as of now: what onboarding customers is compared with."""
    listed = [{name: one.get(name) for name in ("id", "name", "strategy")} for one in list_connections(work.tenant)]
    return {"taken_at": work.now.isoformat(), "connections": sorted(listed, key=lambda one: str(one["id"]))}


CONNECTION = Step("connection", "The connection in Auth0", lambda _trust: SCOPES, _look, _want, _act)
