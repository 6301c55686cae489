"""Applications registered at an identity provider, as its administrator would type them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography import x509

from portico_simulator.saml.import_metadata import read_service_provider


@dataclass(frozen=True, slots=True)
class SamlApplication:
    """A SAML service provider.

    Args:
        entity_id: its identifier; also the audience.
        acs_urls: where answers may go; the first is the default.
        certificate: PEM; verifies its requests, and receives encrypted assertions when those are demanded.
        encryption_certificate: PEM; what its metadata offers for encryption.
        require_signed_requests: refuse what it did not sign; None leaves that to the vendor's habit.
        slo_url: where logout messages go.
    """

    entity_id: str
    acs_urls: tuple[str, ...]
    certificate: str | None = None
    encryption_certificate: str | None = None
    require_signed_requests: bool | None = None
    slo_url: str | None = None


@dataclass(frozen=True, slots=True)
class OidcApplication:
    """An OIDC relying party.

    Args:
        redirect_uris: compared exactly.
        optional_claims: claims that are released only on request of the registration.
        auth_methods: the only ways in which it may authenticate; empty takes all of the vendor's.
        jwks: its public keys, for private_key_jwt.
    """

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    optional_claims: tuple[str, ...] = ()
    auth_methods: tuple[str, ...] = ()
    jwks: Mapping[str, Any] | None = None


Application = SamlApplication | OidcApplication


def parse_saml_application(raw: Mapping[str, Any]) -> SamlApplication:
    """Return the service provider described, or the one that its `metadata_xml` describes, as when that is imported.

    What stands beside `metadata_xml` counts more. Raises ValueError, KeyError or TypeError.
    """
    fields = dict(raw)
    if document := fields.pop("metadata_xml", None):
        fields = read_service_provider(document) | fields
    fields["acs_urls"] = _texts(fields["acs_urls"])
    if not fields["acs_urls"] or not fields["entity_id"]:
        raise ValueError("entity_id and one of acs_urls are required")
    application = SamlApplication(**fields)
    for certificate in (application.certificate, application.encryption_certificate):
        if certificate:
            x509.load_pem_x509_certificate(certificate.encode())
    if not application.certificate and application.require_signed_requests:
        raise ValueError("require_signed_requests needs a certificate")
    return application


def parse_oidc_application(raw: Mapping[str, Any], random: Callable[[int], bytes]) -> OidcApplication:
    """Return the relying party described, with a client id and secret made here where none are given."""
    fields = dict(raw)
    fields.setdefault("client_id", random(16).hex())
    fields.setdefault("client_secret", random(32).hex())
    for name in ("redirect_uris", "post_logout_redirect_uris", "optional_claims", "auth_methods"):
        fields[name] = _texts(fields.get(name, ()))
    if not fields["redirect_uris"]:
        raise ValueError("one of redirect_uris is required")
    return OidcApplication(**fields)


def describe(application: Application) -> dict[str, Any]:
    """Return the registration as JSON data."""
    return asdict(application)


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        raise TypeError("expected a list of strings")
    return tuple(values)
