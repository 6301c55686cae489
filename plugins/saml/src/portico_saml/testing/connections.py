"""A connection in memory: our side, its settings, a clock, and what an adapter is given for one call."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from portico_saml.testing.answers import Answer
from portico_sdk import (
    Adapter,
    AdapterContext,
    Callback,
    CheckResult,
    Document,
    HttpResponse,
    KeyPair,
    ProviderUnreachable,
    ServiceProvider,
)

if TYPE_CHECKING:
    from portico_saml.testing.providers import IdentityProvider

T = TypeVar("T")

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def make_key_pair(common_name: str, *, bits: int = 2048, days: int = 3650) -> KeyPair:
    """Return an RSA key and a self-signed certificate. Slow: make keys once for a test session."""
    key = rsa.generate_private_key(65537, bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(NOW - timedelta(days=1))
    certificate = builder.not_valid_after(NOW + timedelta(days=days)).sign(key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return KeyPair(private.decode(), certificate.public_bytes(Encoding.PEM).decode())


class MemoryCache:
    """The gateway's cache for one version of one connection."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def get_or_make(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` returned the first time."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made


class FakeHttp:
    """No network: every request fails, and every browser URL is noted and allowed."""

    def __init__(self) -> None:
        self.browser_urls: list[str] = []

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | bytes | None = None,
    ) -> HttpResponse:
        """Raise ProviderUnreachable."""
        raise ProviderUnreachable("unreachable", url)

    def document(self, url: str, *, max_age_s: int = 3600, newer_than: datetime | None = None) -> Document:
        """Raise ProviderUnreachable."""
        raise ProviderUnreachable("unreachable", url)

    def guard(self, session: Any) -> Any:
        """Return the session as it is."""
        return session

    def check_browser_url(self, url: str) -> None:
        """Note the URL."""
        self.browser_urls.append(url)


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection to `idp`, with everything that a test may want to change."""

    idp: IdentityProvider
    service_provider: ServiceProvider
    raw_settings: Mapping[str, Any]
    now: datetime = NOW
    request_id: str | None = "_request"
    http: FakeHttp = field(default_factory=FakeHttp)
    cache: MemoryCache = field(default_factory=MemoryCache)
    checks: list[CheckResult] = field(default_factory=list)

    @classmethod
    def to(
        cls, idp: IdentityProvider, *, name: str = "con-1", keys: tuple[KeyPair, ...] = (), **settings: Any
    ) -> Connection:
        """Return a ready connection; `settings` come on top of the provider's issuer, URL and certificate."""
        base = f"https://portico.example.com/sso/saml/{name}"
        own = ServiceProvider(
            entity_id=f"{base}/metadata",
            acs_url=f"{base}/acs",
            metadata_url=f"{base}/metadata",
            slo_url=f"{base}/slo",
            keys=keys,
        )
        raw = {"idp_entity_id": idp.entity_id, "sso_url": idp.sso_url, "certificates": [idp.key.certificate_pem]}
        return cls(idp, own, raw | settings)

    def changed(self, **settings: Any) -> Connection:
        """Return the connection with other settings, as a new version with an empty cache."""
        return replace(self, raw_settings={**self.raw_settings, **settings}, cache=MemoryCache(), checks=[])

    def at(self, now: datetime) -> Connection:
        """Return the connection at another time."""
        return replace(self, now=now, checks=[])

    def context(self, adapter: Adapter) -> AdapterContext:
        """Return what the gateway would give to the adapter."""
        return AdapterContext(
            connection_id="con-1",
            settings=self.cache.get_or_make("settings", lambda: adapter.validate(self.raw_settings, self.now)),
            service_provider=self.service_provider,
            now=self.now,
            random=os.urandom,
            http=self.http,
            cache=self.cache,
            record=self.checks.append,
        )

    def answer(self, **changes: Any) -> Answer:
        """Return what the provider honestly says to this connection's request now, with `changes`."""
        honest = Answer.honest(
            issuer=self.idp.entity_id,
            acs_url=self.service_provider.acs_url,
            audience=self.service_provider.entity_id,
            request_id=self.request_id,
            now=self.now,
        )
        return replace(honest, **changes)

    def callback(self, response: bytes | str) -> Callback:
        """Return the POST of a browser that brings `response` (bytes are encoded, text is sent as it is)."""
        value = base64.b64encode(response).decode() if isinstance(response, bytes) else response
        return Callback(
            method="POST",
            url=self.service_provider.acs_url,
            raw_query="",
            unverified_params=(("SAMLResponse", value), ("RelayState", "handle")),
            state=None if self.request_id is None else {"request_id": self.request_id, "issued_at": "now"},
        )
