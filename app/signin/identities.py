"""A proven identity as text, for the session that remembers it, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from portico_sdk import ExternalIdentity

_MEMBERS = tuple(field.name for field in fields(ExternalIdentity))
_TUPLES = frozenset({"amr", "verified_by"})
_SETS = frozenset({"incomplete"})


def dump_identity(identity: ExternalIdentity) -> str:
    """Return the identity as JSON; `load_identity` gives an equal one back."""
    return json.dumps({name: _plain(getattr(identity, name)) for name in _MEMBERS}, ensure_ascii=True)


def load_identity(text: str) -> ExternalIdentity:
    """Return what `dump_identity` was given. Raises ValueError, TypeError or KeyError for anything else."""
    said = json.loads(text)
    unknown = said.keys() - set(_MEMBERS)
    if unknown:
        raise ValueError(f"an identity of another version, with {sorted(unknown)}")
    return ExternalIdentity(**{name: _read(name, value) for name, value in said.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, Mapping):
        return {"map": {key: list(item) if isinstance(item, tuple) else item for key, item in value.items()}}
    if isinstance(value, tuple | frozenset):
        return sorted(value) if isinstance(value, frozenset) else list(value)
    return value


def _read(name: str, value: Any) -> Any:
    if isinstance(value, dict) and "at" in value:
        return datetime.fromisoformat(value["at"])
    if isinstance(value, dict):
        return {key: tuple(item) if isinstance(item, list) else item for key, item in value["map"].items()}
    if name in _TUPLES:
        return tuple(value)
    return frozenset(value) if name in _SETS else value
