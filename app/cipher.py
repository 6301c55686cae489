"""Encryption at rest with rotatable keys, and hashes of tokens. Knows no database.

Fernet has no associated data, so what a ciphertext belongs to is sealed inside it and compared on the way out: a value
copied to another row or column does not open there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.errors import PorticoError


class CannotDecrypt(PorticoError):
    """A stored secret does not open: wrong key, or it was moved from where it belongs."""

    code = "cannot-decrypt"


class Cipher:
    """Seals values to the place they are stored at. `keys` are newest first: the first seals, all open."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("at least one encryption key is needed")
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, plaintext: bytes, *, context: str) -> str:
        """Return text that `decrypt` opens only with the same `context`, for instance `connections/con-1/secrets`."""
        return self._fernet.encrypt(context.encode() + b"\0" + plaintext).decode()

    def decrypt(self, ciphertext: str, *, context: str) -> bytes:
        """Return the plaintext. Raises CannotDecrypt."""
        try:
            sealed = self._fernet.decrypt(ciphertext.encode())
        except InvalidToken:
            raise CannotDecrypt(f"no key opens {context}") from None
        found, _, plaintext = sealed.partition(b"\0")
        if found != context.encode():
            raise CannotDecrypt(f"{context} holds a value sealed for another place")
        return plaintext

    def rotate(self, ciphertext: str) -> str:
        """Return the same value sealed with the newest key. Raises CannotDecrypt."""
        try:
            return self._fernet.rotate(ciphertext.encode()).decode()
        except InvalidToken:
            raise CannotDecrypt("no key opens this value") from None


def hash_token(token: str) -> str:
    """Return the stored form of a random token of 128 bits or more: SHA-256 in hex. Not for passwords."""
    return hashlib.sha256(token.encode()).hexdigest()


def get_development_keys(instance_path: Path) -> tuple[str, ...]:
    """Return the key kept in the instance folder, made at first start and readable by its owner alone."""
    path = instance_path / "encryption.key"
    if not path.exists():
        instance_path.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        fresh.touch(mode=0o600)
        fresh.write_text(Fernet.generate_key().decode())
        try:
            path.hardlink_to(fresh)  # the first of several processes wins, and nobody reads a half-written file
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return (path.read_text().strip(),)
