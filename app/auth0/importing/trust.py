"""What decides whose word a connection takes, as one value to compare: everything that is not known to be harmless."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from app.connections import Connection

#: Settings that change how a person is sent and shown, never who may vouch for whom. Whatever is not here counts.
_HARMLESS = frozenset(
    {
        "sso_url", "sso_binding", "slo_url", "slo_binding", "sign_out_at_provider", "sign_requests", "signed", "encryption",
        "name_id_format", "force_authn", "authn_context", "allow_idp_initiated", "idp_initiated_client_id",
        "idp_initiated_targets", "clock_skew_s", "accepted_acs_urls", "requested_acs_url", "scopes", "response_mode",
        "prompt", "acr_values", "domain_hint", "end_session_endpoint", "client_secret", "token_endpoint_auth_method",
        "id_token_signed_response_algs",
    }
)  # fmt: skip
CERTIFICATES = "certificates"


def trust_of(connection: Connection) -> str:
    """Return a digest of issuer, metadata address, adapter and all else that decides who is believed, but certificates."""
    settings = {
        name: value
        for name, value in connection.settings.items()
        if name not in _HARMLESS and name != CERTIFICATES and value is not None
    }
    told = [connection.adapter, connection.distribution, settings]
    return sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def certificates_of(settings: Mapping[str, Any]) -> list[str]:
    """Return the SHA-256 of every certificate that the connection trusts; one that cannot be read has that of its text."""
    return sorted({_fingerprint(str(pem)) for pem in settings.get(CERTIFICATES) or ()})


def decides_trust(names: list[str]) -> list[str]:
    """Return those of the changed settings that decide who is believed."""
    return [name for name in names if name not in _HARMLESS]


def _fingerprint(pem: str) -> str:
    try:
        return x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA256()).hex()
    except ValueError:
        return sha256(pem.encode()).hexdigest()
