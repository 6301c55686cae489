"""One identity provider of the process: its configuration, its vendor's habits, its keys, its applications."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from portico_simulator.applications import (
    Application,
    OidcApplication,
    SamlApplication,
    parse_oidc_application,
    parse_saml_application,
)
from portico_simulator.config import IdpConfig
from portico_simulator.keys import SigningKey, make_signing_key
from portico_simulator.people import Person, stable_uuid
from portico_simulator.profiles import OidcProfile, Profile, SamlProfile

P = TypeVar("P", SamlProfile, OidcProfile)
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass
class Idp(Generic[P]):
    """What every request to one identity provider needs. Its profile decides the protocol.

    Args:
        base_url: of the process.
        now, random: the clock (before the configured offset) and the source of randomness.
        keys: signing keys, in the order in which they are published.
        decryption_key: published in SAML metadata for encryption, as vendors do.
    """

    config: IdpConfig
    profile: P
    base_url: str
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    keys: tuple[SigningKey, ...]
    decryption_key: SigningKey | None = None
    _applications: dict[str, Application] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def names(self) -> Mapping[str, str]:
        """Return what the profile's templates are filled with."""
        return {
            "base": self.base,
            "domain": self.config.domain,
            "tenant": stable_uuid("tenant", self.config.id),
            "app_id": _app_id(self.config.id),
        }

    @property
    def base(self) -> str:
        """The address below which everything of this identity provider lies."""
        return f"{self.base_url}/{self.config.id}"

    def fill(self, template: str) -> str:
        """Return the template with this identity provider's names."""
        return template.format_map(self.names)

    def url(self, path_template: str) -> str:
        """Return the absolute address of one of the profile's paths."""
        return self.base + self.fill(path_template)

    @property
    def signing_key(self) -> SigningKey:
        """The key that signs now."""
        return self.keys[self.profile.signs if isinstance(self.profile, OidcProfile) else 0]

    def clock(self) -> datetime:
        """Return the time as this identity provider believes it to be."""
        return self.now() + timedelta(seconds=self.config.behaviour.clock_offset_s)

    def identifier(self, prefix: str = "_") -> str:
        """Return a new random identifier fit for XML's ID type."""
        return prefix + self.random(20).hex()

    def find_person(self, username: str) -> Person | None:
        """Return the person with this user name or e-mail address, in any case of letters."""
        wanted = username.strip().casefold()
        for person in self.config.persons:
            if wanted in (person.username.casefold(), (person.email or "").casefold()) and wanted:
                return person
        return None

    def register(self, raw: Mapping[str, Any]) -> Application:
        """Store the application, in place of one of the same identifier. Raises ValueError, KeyError, TypeError."""
        if isinstance(self.profile, SamlProfile):
            saml = parse_saml_application(raw)
            return self._store(saml.entity_id, saml)
        oidc = parse_oidc_application(raw, self.random)
        return self._store(oidc.client_id, oidc)

    def find_saml_application(self, entity_id: str) -> SamlApplication | None:
        """Return the service provider with this identifier."""
        found = self._applications.get(entity_id)
        return found if isinstance(found, SamlApplication) else None

    def find_oidc_application(self, client_id: str) -> OidcApplication | None:
        """Return the relying party with this client id."""
        found = self._applications.get(client_id)
        return found if isinstance(found, OidcApplication) else None

    @property
    def saml_applications(self) -> tuple[SamlApplication, ...]:
        """Every registered service provider, in the order of registration."""
        return tuple(entry for entry in self._applications.values() if isinstance(entry, SamlApplication))

    def _store(self, key: str, application: Application) -> Application:
        with self._lock:
            self._applications[key] = application
        return application


def make_idp(
    config: IdpConfig,
    profile: Profile,
    base_url: str,
    now: Callable[[], datetime],
    random: Callable[[int], bytes],
    make_key: Callable[[str, datetime], SigningKey] = make_signing_key,
) -> Idp[Any]:
    """Return the identity provider with new keys and the applications of its configuration."""
    count = profile.keys if isinstance(profile, OidcProfile) else 1
    keys = tuple(make_key(f"{config.domain} signing {n + 1}", now()) for n in range(count))
    encrypts = isinstance(profile, SamlProfile) and profile.encryption_key_first
    decryption_key = make_key(f"{config.domain} encryption", now()) if encrypts else None
    idp: Idp[Any] = Idp(config, profile, base_url, now, random, keys, decryption_key)
    for raw in config.applications:
        idp.register(raw)
    return idp


def _app_id(idp_id: str) -> str:
    """Return the 17 characters that follow `exk` in Okta's identifiers."""
    number = int.from_bytes(hashlib.sha256(idp_id.encode()).digest())
    return "".join(_BASE62[(number // 62**n) % 62] for n in range(17))
