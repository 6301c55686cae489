"""The sealed columns of a connection: its secret settings, and our private keys."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import overload

from app.cipher import Cipher
from portico_sdk import KeyPair


def seal_secrets(cipher: Cipher, connection_id: str, secrets: Mapping[str, str]) -> str:
    """Return the column `secrets`: it opens for this connection only."""
    return cipher.encrypt(json.dumps(dict(secrets), sort_keys=True).encode(), context=_secrets(connection_id))


def open_secrets(cipher: Cipher, connection_id: str, sealed: str) -> dict[str, str]:
    """Return the secret settings. Raises CannotDecrypt."""
    opened: dict[str, str] = json.loads(cipher.decrypt(sealed, context=_secrets(connection_id)))
    return opened


def seal_keys(cipher: Cipher, connection_id: str, keys: Sequence[KeyPair]) -> str:
    """Return the column `sp_keys`: it opens for this connection only."""
    pairs = [[key.private_key_pem, key.certificate_pem] for key in keys]
    return cipher.encrypt(json.dumps(pairs).encode(), context=_keys(connection_id))


def open_keys(cipher: Cipher, connection_id: str, sealed: str) -> tuple[KeyPair, ...]:
    """Return our keys, newest first. Raises CannotDecrypt."""
    pairs = json.loads(cipher.decrypt(sealed, context=_keys(connection_id)))
    return tuple(KeyPair(private_key, certificate) for private_key, certificate in pairs)


class SealedKeys(Sequence[KeyPair]):
    """Our keys of one connection, opened when somebody first asks for one: most sign-ins need none.

    Raises CannotDecrypt then.
    """

    def __init__(self, cipher: Cipher, connection_id: str, sealed: str) -> None:
        self._open = partial(open_keys, cipher, connection_id, sealed)
        self._opened: tuple[KeyPair, ...] | None = None

    @overload
    def __getitem__(self, place: int) -> KeyPair: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[KeyPair, ...]: ...
    def __getitem__(self, place: int | slice) -> KeyPair | tuple[KeyPair, ...]:
        return self._all()[place]

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> tuple[KeyPair, ...]:
        if self._opened is None:
            self._opened = self._open()  # two threads may both do so, and get the same
        return self._opened


def _secrets(connection_id: str) -> str:
    return f"connections/{connection_id}/secrets"


def _keys(connection_id: str) -> str:
    return f"connections/{connection_id}/sp_keys"
