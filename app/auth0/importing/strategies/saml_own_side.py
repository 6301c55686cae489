"""Our side of a SAML connection as the customer's provider knows it: entity ID, ACS URLs, keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from app.auth0.importing.certificates import read_key_pair
from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.options import Options
from app.auth0.importing.proposal import Asked
from portico_sdk import KeyPair

CALLBACK: Final = "/login/callback"


@dataclass(frozen=True, slots=True)
class OwnSide:
    """What stays as it was.

    Args:
        acs_urls: addresses from before that lead to Portico; the first is the one that requests name.
        needs_certificate: requests are signed by a key that stays with Auth0.
    """

    entity_id: str
    acs_urls: tuple[str, ...]
    needs_certificate: bool
    sign_requests: bool
    idp_initiated_client_id: str
    signing_key: KeyPair | None = field(repr=False)
    decryption_key: KeyPair | None = field(repr=False)
    carries: tuple[str, ...]
    lost: tuple[str, ...]

    def settings(self) -> dict[str, Any]:
        """Return what the draft stores of it."""
        known = {
            "sp_entity_id": self.entity_id,
            "accepted_acs_urls": list(self.acs_urls),
            "requested_acs_url": self.acs_urls[0] if self.acs_urls else "",
            "sign_requests": self.sign_requests,
            "allow_idp_initiated": bool(self.idp_initiated_client_id),
            "idp_initiated_client_id": self.idp_initiated_client_id,
        }
        return {name: value for name, value in known.items() if value}


def read_own_side(existing: ExistingConnection, asked: Asked) -> OwnSide:
    """Return our side of the connection."""
    options = existing.options
    signing = _key_pair(options, "signing_key")
    decrypting = _key_pair(options, "decryptionKey")
    signs = options.flag("signSAMLRequest")
    acs_urls = _acs_urls(existing, asked)
    starts_there = options.part("idpinitiated").flag("enabled")
    return OwnSide(
        entity_id=options.text("entityId") or f"urn:auth0:{asked.tenant}:{existing.name}",
        acs_urls=acs_urls,
        needs_certificate=signs and signing is None,
        sign_requests=signs,
        idp_initiated_client_id=asked.idp_initiated_client_id if starts_there else "",
        signing_key=signing,
        decryption_key=decrypting,
        carries=tuple(_carries(acs_urls, signing)),
        lost=tuple(_lost(options, decrypting, starts_there and not asked.idp_initiated_client_id)),
    )


def _acs_urls(existing: ExistingConnection, asked: Asked) -> tuple[str, ...]:
    """The address on each custom domain, and what Auth0 was told to be addressed by; the tenant's own host never moves."""
    path = f"{CALLBACK}?connection={existing.name}"
    told = [existing.options.text(name) for name in ("destinationUrl", "recipientUrl")]
    moved = [url for url in told if url and _leads_here(url, asked, path)]
    return tuple(dict.fromkeys([*moved, *(f"https://{host}{path}" for host in asked.custom_domains)]))


def _leads_here(url: str, asked: Asked, path: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    here = parts.scheme == "https" and parts.netloc.lower() in asked.custom_domains
    return here and f"{parts.path}?{parts.query}" == path


def _key_pair(options: Options, name: str) -> KeyPair | None:
    part = options.part(name)
    return read_key_pair(part.text("key"), part.text("cert", "certificate")) if part.text("key") else None


def _carries(acs_urls: tuple[str, ...], signing: KeyPair | None) -> list[str]:
    said = [f"Answers to {', '.join(acs_urls)} are accepted."] if acs_urls else []
    return [*said, "Requests are signed by the same key as before."] if signing else said


def _lost(options: Options, decrypting: KeyPair | None, nowhere_to_start: bool) -> list[str]:
    said = []
    if "sha1" in (options.text("signatureAlgorithm") + options.text("digestAlgorithm")).lower().replace("-", ""):
        said.append("SHA-1 is not carried over: requests are signed with RSA-SHA256.")
    if options.text("requestTemplate"):
        said.append("The request template is not carried over: look whether it asked for a NameID format or context.")
    if ("decryptionKey" in options or "assertion_decryption_settings" in options) and decrypting is None:
        said.append("The key that decrypts assertions is not in the export: they must encrypt for our certificate.")
    if nowhere_to_start:
        said.append(
            "Starting at the provider is off: say with --idp-initiated-client-id to which application it leads."
        )
    return said
