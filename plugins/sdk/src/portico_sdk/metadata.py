"""What a metadata document says, before anyone trusts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """A certificate as people compare it.

    Args:
        pem: the certificate.
        subject: as RFC 4514 writes it.
        sha256: fingerprint in lower-case hex.
        not_before, not_after: its dates, aware UTC.
    """

    pem: str
    subject: str
    sha256: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class MetadataEntity:
    """One identity provider found in a document.

    Args:
        entity_id: its entity ID or issuer.
        settings: what a connection would store, ready for `validate`.
        certificates: those that sign, in the order of the document.
        endpoints: (service, binding, URL) as published, unusable ones included.
        warnings: sentences for the person who pasted it.
        wants_signed_requests: whether it says so; some say so and do not check.
    """

    entity_id: str
    settings: Mapping[str, Any]
    certificates: tuple[CertificateInfo, ...]
    endpoints: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...] = ()
    wants_signed_requests: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMetadata:
    """Every identity provider in a document.

    Args:
        entities: at least one; more than one means that somebody has to choose.
    """

    entities: tuple[MetadataEntity, ...]
