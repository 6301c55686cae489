"""What an audit event may show: plain data, secrets masked, nothing longer than a person would read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import datetime
from enum import Enum
from typing import Any

MASK = "***"
_LONGEST = 4000
_SECRET_WORDS = frozenset(
    re.findall(
        r"\w+",
        "secret secrets password passwords passphrase token tokens key keys credential credentials "
        "authorization cookie cookies private assertion verifier jwt hash",
    )
)
#: Names that contain a word from above and say nothing secret.
_HARMLESS = frozenset(
    ("token_endpoint", "token_endpoint_auth_method", "key_id", "api_key_id", "signing_key_id", "public_key")
)


def mask(value: Any, name: str = "") -> Any:
    """Return `value` as JSON-ready data in which no value under a secret's name, and no private key, is left.

    Args:
        value: mappings, sequences, sets, texts, numbers, times and enums, nested.
        name: the key under which it stands.
    Raises:
        TypeError: anything else; a `repr` could show what must not be shown.
    """
    if value is None or isinstance(value, bool):
        return value
    if _is_secret(name):
        return MASK
    if isinstance(value, Enum):
        return mask(value.value)
    if isinstance(value, str):
        return MASK if "PRIVATE KEY-----" in value else _shorten(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): mask(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, Set):
        return [mask(inner) for inner in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [mask(inner) for inner in value]
    raise TypeError(f"an audit event cannot hold a {type(value).__name__}")


def _is_secret(name: str) -> bool:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return words not in _HARMLESS and not _SECRET_WORDS.isdisjoint(re.split(r"[^a-z0-9]+", words))


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text) - _LONGEST} more characters)"
