"""What a provider's details come to, before they are stored: the same in whichever way they came. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.management.metadata import EntityOut
from app.portal.wizard import WizardPage


@dataclass(frozen=True, slots=True)
class Preview:
    """A provider as the page shows it.

    Args:
        certificates: those that sign, each with subject, sha256, not_before and not_after; None where it cannot be read.
        mark: of all this; what is stored has to have the one that was seen.
    """

    entity_id: str
    sso_url: str
    sso_binding: str
    signed_requests: bool
    certificates: Sequence[Any]
    warnings: Sequence[str]
    mark: str


def preview_entity(entity: EntityOut) -> Preview:
    """Return what a document says of one provider."""
    said = entity.settings
    return _preview(
        entity.entity_id, said, entity.certificates, entity.warnings, [one.sha256 for one in entity.certificates],
        signed=entity.wants_signed_requests or bool(said.get("sign_requests")),
    )  # fmt: skip


def preview_settings(settings: Mapping[str, Any]) -> Preview:
    """Return what the settings of a connection say, certificates as they are described."""
    certificates = settings.get("certificates") or []
    hashes = [str(one["sha256"]) for one in certificates]
    signed = bool(settings.get("sign_requests"))
    return _preview(str(settings.get("idp_entity_id") or ""), settings, certificates, (), hashes, signed=signed)


def is_typed_provider(page: WizardPage) -> bool:
    """Whether a page asks by hand for what metadata says. One that asks for a secret as well cannot carry it along."""
    names = {one.field.name for one in page.asked}
    return "idp_entity_id" in names and not any(one.field.secret for one in page.asked)


def _preview(
    entity_id: str,
    said: Mapping[str, Any],
    certificates: Sequence[Any],
    warnings: Sequence[str],
    hashes: Sequence[str],
    *,
    signed: bool,
) -> Preview:
    url, binding = str(said.get("sso_url") or ""), str(said.get("sso_binding") or "redirect")
    others = {name: value for name, value in said.items() if name != "certificates"}
    everything = json.dumps([entity_id, others, signed, sorted(hashes), list(warnings)], sort_keys=True, default=str)
    mark = hashlib.sha256(everything.encode()).hexdigest()
    return Preview(entity_id, url, binding, signed, certificates, warnings, mark)
