"""The shape of a vendor's habits over SAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from portico_simulator.behaviour import Signed
from portico_simulator.profiles.saml_habits import (
    Binding,
    EncryptionHabits,
    MetadataHabits,
    Overage,
    ReleasedAttribute,
    Requests,
    Window,
    Writing,
)
from portico_simulator.profiles.spec import UNSPECIFIED, VendorError


@dataclass(frozen=True, slots=True)
class SamlProfile:
    """How one vendor speaks SAML.

    Args:
        signed: what is signed when nobody configured it otherwise.
        name_id_format: None writes no Format.
        slo_path, slo_bindings: single logout, where there is one.
        lower_case_queries: signs redirected messages over lower-case percent-encoding.
        logout_signed: takes no unsigned LogoutRequest.
        keys, signs: how many keys its metadata shows, and which of them signs.
        publishes_next: shows a new key before it signs; otherwise the new key takes the old one's place at once.
        certificate_years: how long a certificate lives.
        support_tail: errors end with the numbers that the vendor's support asks for.
    """

    key: str
    vendor: str
    entity_id: str
    sso_path: str
    metadata_path: str
    attributes: tuple[ReleasedAttribute, ...]
    signed: Signed = "assertion"
    name_id_format: str | None = UNSPECIFIED
    name_id_source: str = "username"
    authn_context: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
    slo_path: str | None = None
    slo_bindings: tuple[Binding, ...] = ("HTTP-Redirect",)
    lower_case_queries: bool = False
    logout_signed: bool = True
    keys: int = 1
    signs: int = 0
    publishes_next: bool = True
    certificate_years: int = 10
    window: Window = field(default_factory=Window)
    writing: Writing = field(default_factory=Writing)
    metadata: MetadataHabits = field(default_factory=MetadataHabits)
    requests: Requests = field(default_factory=Requests)
    encryption: EncryptionHabits = field(default_factory=EncryptionHabits)
    overage: Overage | None = None
    errors: tuple[VendorError, ...] = ()
    support_tail: bool = False
    protocol: Literal["saml"] = "saml"
