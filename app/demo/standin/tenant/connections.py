"""The tenant's connections: their records, their keys, and for whom they are enabled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from joserfc.jwk import RSAKey

from app.demo.standin.tenant.ids import spell_time

Record = dict[str, Any]


@dataclass(slots=True)
class Connection:
    """A connection of any strategy.

    Args:
        record: as the API gives it to whoever may read `options`.
        enabled_clients: ids of the applications that may use it.
        key_pem: what it signs client assertions with; None until keys were asked for.
        key: the public part, as the API gives it.
    """

    record: Record
    enabled_clients: list[str] = field(default_factory=list)
    key_pem: str | None = field(default=None, repr=False)
    key: Record | None = None

    @property
    def id(self) -> str:
        """`con_` and sixteen characters."""
        return str(self.record["id"])

    @property
    def name(self) -> str:
        """The name, which never changes."""
        return str(self.record["name"])

    @property
    def strategy(self) -> str:
        """Such as `oidc` or `samlp`."""
        return str(self.record["strategy"])

    @property
    def domain_aliases(self) -> tuple[str, ...]:
        """E-mail domains that identifier-first sends here, in lower case."""
        return tuple(str(name).lower() for name in self.record["options"].get("domain_aliases", ()))

    def jwks(self) -> dict[str, Any]:
        """Return what is published at `/oauth/connection/NAME/.well-known/jwks.json`."""
        if self.key_pem is None:
            return {"keys": []}
        key = RSAKey.import_key(self.key_pem)
        key.ensure_kid()
        return {"keys": [key.as_dict(private=False) | {"use": "sig", "alg": "RS256"}]}

    def make_key(self, now: datetime, pem: str | None = None) -> Record:
        """Return a new key, which replaces the one before at once: what is in flight with the old one fails."""
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048) if pem is None else _load(pem)
        self.key_pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.key = _describe(private, self.name, self.jwks()["keys"][0]["kid"], now)
        return self.key


class Connections:
    """All of them, in the order in which they were made."""

    def __init__(self) -> None:
        self._by_id: dict[str, Connection] = {}

    def add(self, record: Record) -> Connection:
        """Add a connection with this record."""
        connection = Connection(record)
        self._by_id[connection.id] = connection
        return connection

    def find(self, connection_id: str) -> Connection | None:
        """Return the connection with this id."""
        return self._by_id.get(connection_id)

    def find_named(self, name: str | None) -> Connection | None:
        """Return the connection with this name."""
        return next((connection for connection in self if connection.name == name), None)

    def remove(self, connection_id: str) -> None:
        """Remove the connection with this id."""
        self._by_id.pop(connection_id, None)

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._by_id.values()))


def _load(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("private_key_pem: an RSA key")
    return key


def _describe(private: rsa.RSAPrivateKey, name: str, kid: str, now: datetime) -> Record:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=3650))
        .sign(private, hashes.SHA256())
    )
    digest = certificate.fingerprint(hashes.SHA256()).hex()
    return {
        "kid": kid,
        "cert": certificate.public_bytes(serialization.Encoding.PEM).decode(),
        "fingerprint": ":".join(digest[i : i + 2] for i in range(0, len(digest), 2)).upper(),
        "thumbprint": digest,
        "algorithm": "RS256",
        "key_use": "signing",
        "subject_dn": f"/CN={name}",
        "current": True,
        "next": False,
        "previous": False,
        "current_since": spell_time(now),
    }
