"""A connection as the management API shows it: secrets by name only, certificates with what people compare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from app.adapters import AdapterUnavailable
from app.connections.models import Connection, ConnectionDraft
from app.connections.sealed import open_keys, open_secrets
from app.connections.service_provider import describe_service_provider, make_service_provider
from app.connections.surroundings import Surroundings
from portico_sdk import AdapterSpec


def describe_connection(around: Surroundings, row: Connection, draft: ConnectionDraft | None = None) -> dict[str, Any]:
    """Return the connection in the shape of the API, ready for JSON. `secrets` names those that are set.

    With a draft: as it would be with its settings and rules; `revision` and `tested` are the draft's.
    Works too when the adapter is not loaded: `adapter_available` says so, and certificates are shown as stored.
    """
    provider = make_service_provider(
        around.base_url, row.id, row.sp_entity_id, open_keys(around.cipher, row.id, row.sp_keys)
    )
    certificates = _certificate_fields(around, row)
    shown = row if draft is None else draft
    tested = row.tested_version == row.version if draft is None else draft.tested_revision == draft.revision
    return {
        "id": row.id,
        "organization_id": row.organization_id,
        "adapter": row.adapter,
        "distribution": row.distribution,
        "adapter_available": certificates is not None,
        "name": row.name,
        "status": row.status,
        "is_default": row.is_default,
        "domains": list(row.domains),
        "settings": _settings(shown.settings, certificates or frozenset()),
        "secrets": sorted(open_secrets(around.cipher, row.id, shown.secrets)),
        "secret_expiries": dict(row.secret_expiries),
        "claim_rules": shown.claim_rules,
        "version": row.version,
        "tested": tested,
        "revision": f"version-{row.version}" if draft is None else draft.revision,
        "subject_source": row.subject_source,
        "service_provider": describe_service_provider(provider),
        "created_at": _time(row.created_at),
        "updated_at": _time(row.updated_at),
    }


def describe_certificate(pem: str) -> dict[str, Any]:
    """Return a certificate with its subject, SHA-256 and dates; only the PEM when it cannot be read."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        return {
            "pem": pem,
            "subject": certificate.subject.rfc4514_string(),
            "sha256": certificate.fingerprint(hashes.SHA256()).hex(),
            "not_before": _time(certificate.not_valid_before_utc),
            "not_after": _time(certificate.not_valid_after_utc),
        }
    except ValueError:
        return {"pem": pem, "subject": None, "sha256": None, "not_before": None, "not_after": None}


def describe_settings(spec: AdapterSpec, public: Mapping[str, Any]) -> dict[str, Any]:
    """Return the public settings as `describe_connection` shows them."""
    return _settings(public, frozenset(field.name for field in spec.settings if field.kind == "certificates"))


def _certificate_fields(around: Surroundings, row: Connection) -> frozenset[str] | None:
    try:
        spec = around.registry.get(row.adapter, row.distribution)
    except AdapterUnavailable:
        return None
    return frozenset(field.name for field in spec.settings if field.kind == "certificates")


def _settings(stored: Mapping[str, Any], certificates: frozenset[str]) -> dict[str, Any]:
    return {
        name: [describe_certificate(pem) for pem in value or []] if name in certificates else value
        for name, value in stored.items()
    }


def _time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
