"""What is stored of a provider's discovery document when an `oidc` connection is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.demo.loopback import LoopbackHttp, Unreachable
from app.demo.standin.management.refusals import ApiRefused
from app.demo.standin.snapshot import SnapshotError, take_snapshot

_ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
SCHEMA_VERSION = "oidc-V4"


def fill_in(
    http: LoopbackHttp, options: Mapping[str, Any], before: Mapping[str, Any] | None, *, refresh: bool
) -> dict[str, Any]:
    """Return the options with `oidc_metadata` and the endpoints. Raises ApiRefused (400).

    Args:
        before: the options that are replaced; None for a new connection.
        refresh: the document is read again when it is not among the new options of an old connection.
    """
    stored = dict(options) | {"schema_version": SCHEMA_VERSION}
    if not stored.get("oidc_metadata"):
        if before is not None and not refresh:
            stored["oidc_metadata"] = before.get("oidc_metadata", {})
        elif stored.get("discovery_url"):
            stored["oidc_metadata"] = read_document(http, str(stored["discovery_url"]))
    document = stored.get("oidc_metadata") or {}
    for name in _ENDPOINTS:
        if not stored.get(name) and document.get(name):
            stored[name] = document[name]
    needed: tuple[str, ...] = ("issuer", "authorization_endpoint", "jwks_uri")
    if stored.get("type", "back_channel") == "back_channel":
        needed += ("token_endpoint",)
    missing = next((name for name in needed if not stored.get(name)), None)
    if missing is not None:
        raise ApiRefused(400, f'"options.{missing}" is missing', "invalid_body")
    return stored


def read_document(http: LoopbackHttp, discovery_url: str) -> dict[str, Any]:
    """Return the whole document. Raises ApiRefused (400)."""
    try:
        return dict(take_snapshot(http, discovery_url).metadata)
    except SnapshotError as error:
        raise ApiRefused(400, error.said, "invalid_body") from error
    except Unreachable as error:
        raise ApiRefused(400, '"options.issuer" is missing', "invalid_body") from error
