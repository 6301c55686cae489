"""One identity provider of the process: its configuration, its vendor's habits, its keys, its applications."""

from __future__ import annotations

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
from portico_simulator.behaviour import Behaviour
from portico_simulator.config import IdpConfig
from portico_simulator.keyring import Keyring
from portico_simulator.keys import MakeKey, SigningKey, make_signing_key
from portico_simulator.people import Person, stable_uuid
from portico_simulator.profiles import OidcProfile, Profile, SamlProfile
from portico_simulator.released import base62

P = TypeVar("P", SamlProfile, OidcProfile)


@dataclass
class Idp(Generic[P]):
    """What every request to one identity provider needs. Its profile decides the protocol.

    Args:
        base_url: of the process.
        now, random: the clock (before the configured offset) and the source of randomness.
        keyring: its signing keys.
        decryption_key: published in SAML metadata for encryption, as vendors do.
        switched: behaviour laid over everybody's while the process runs.
    """

    config: IdpConfig
    profile: P
    base_url: str
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    keyring: Keyring
    decryption_key: SigningKey | None = None
    switched: Behaviour = field(default_factory=Behaviour)
    _applications: dict[str, Application] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def names(self) -> Mapping[str, str]:
        """Return what the profile's templates are filled with."""
        return {
            "base": self.base,
            "domain": self.config.domain,
            "tenant": stable_uuid("tenant", self.config.id),
            "app_id": base62(self.config.id),
            "google_id": base62(self.config.id, 7).lower(),
            "number": str(int(stable_uuid("number", self.config.id)[:6], 16) + 100_000),
        }

    @property
    def base(self) -> str:
        """The address below which everything of this identity provider lies."""
        return f"{self.base_url}/{self.config.id}"

    @property
    def entity_name(self) -> str:
        """Template of its entity ID or issuer."""
        profile: Profile = self.profile
        return profile.entity_id if isinstance(profile, SamlProfile) else profile.issuer

    def fill(self, template: str) -> str:
        """Return the template with this identity provider's names."""
        return template.format_map(self.names)

    def url(self, path_template: str) -> str:
        """Return the absolute address of one of the profile's paths."""
        return self.base + self.fill(path_template)

    def behaviour(self, person: Person | None = None) -> Behaviour:
        """Return how it behaves: towards everybody, then towards this person, then as switched at run time."""
        own = self.config.behaviour
        return (own.under(person.behaviour) if person else own).under(self.switched)

    def signing_key(self, behaviour: Behaviour) -> SigningKey:
        """Return the key that signs now."""
        return self.keyring.unpublished if behaviour.signs_with == "unpublished" else self.keyring.signing

    def clock(self, behaviour: Behaviour | None = None) -> datetime:
        """Return the time as this identity provider believes it to be."""
        offset_s = (behaviour or self.behaviour()).clock_offset_s or 0
        return self.now() + timedelta(seconds=offset_s)

    def identifier(self, prefix: str = "_", *, capitals: bool = False) -> str:
        """Return a new random identifier fit for XML's ID type."""
        digits = self.random(20).hex()
        return prefix + (digits.upper() if capitals else digits)

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

    def unregister(self, identifier: str) -> None:
        """Forget the application with this entity ID or client id, as when it was never registered."""
        with self._lock:
            self._applications.pop(identifier, None)

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
    make_key: MakeKey = make_signing_key,
) -> Idp[Any]:
    """Return the identity provider with new keys and the applications of its configuration."""

    def make(use: str) -> SigningKey:
        return make_key(f"{config.domain} {use}", now(), profile.certificate_years)

    keyring = Keyring(make, count=profile.keys, signs=profile.signs, publishes_next=profile.publishes_next)
    encrypts = isinstance(profile, SamlProfile) and profile.metadata.encryption_key
    decryption_key = make("encryption") if encrypts else None
    idp: Idp[Any] = Idp(config, profile, base_url, now, random, keyring, decryption_key)
    for raw in config.applications:
        idp.register(raw)
    return idp
