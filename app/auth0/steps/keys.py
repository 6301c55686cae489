"""Step 3, where Auth0 proves itself by a key: the key is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.auth0.models import Auth0Trust
from app.auth0.plan import Step, Work
from app.auth0.wanted import Difference


def _scopes(trust: Auth0Trust) -> tuple[str, ...]:
    return ("read:connections_keys", "create:connections_keys") if _used(trust) else ()


def _used(trust: Auth0Trust) -> bool:
    return trust.auth_method == "private_key_jwt"


def _look(work: Work) -> list[Any]:
    if not _used(work.trust) or work.connection_id is None:
        return []
    found = work.tenant.find(f"/connections/{work.connection_id}/keys")
    return list(found) if isinstance(found, list) else []


def _want(work: Work, found: list[Any]) -> Iterator[Difference]:
    if _used(work.trust) and not found:
        yield Difference("keys", "a signing key of the connection", None)


def _act(work: Work, _found: list[Any]) -> None:
    work.tenant.post(f"/connections/{work.connection_id}/keys", {"signing_alg": "RS256"})


KEYS = Step("keys", "The key by which Auth0 proves itself", _scopes, _look, _want, _act)
