"""An organization's own brand: what its people and administrators see in the place of the installation's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit import Actor, EventName, record
from app.database import db, transaction
from app.errors import Invalid, Problem
from app.organizations.models import Branding
from app.organizations.organizations import get_organization
from app.organizations.values import is_printable
from app.web.logo import Logo, decode_logo

MAX_NAME = 60
MAX_INTRODUCTION = 1000

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_UNPRINTABLE = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class NewBranding:
    """What an operator says, all of it: None leaves a thing to the installation.

    Args:
        logo: PNG, JPEG or WebP in base64.
        color: `#rrggbb`; made readable in both themes where it is shown.
        introduction: plain text, paragraphs between blank lines.
    """

    product_name: str | None = None
    logo: str | None = None
    color: str | None = None
    introduction: str | None = None


def put_branding(organization_id: str, said: NewBranding, *, actor: Actor, now: datetime) -> Branding:
    """Store the brand, in the place of any before. Raises NotFound (the organization), Invalid naming every field."""
    logo = _check(said)
    with transaction() as session:
        get_organization(organization_id, for_update=True)
        row = session.get(Branding, organization_id, populate_existing=True)
        before = _facts(row)
        if row is None:
            row = Branding(organization_id=organization_id)
            session.add(row)
        row.product_name = said.product_name.strip() if said.product_name else None
        row.color = said.color.lower() if said.color else None
        row.introduction = _paragraphs(said.introduction) or None
        row.logo = logo.png if logo else None
        row.logo_digest, row.logo_width, row.logo_height = (
            (logo.digest, logo.width, logo.height) if logo else (None, None, None)
        )
        row.updated_at = now
        session.flush()
        if _facts(row) != before:
            _record(EventName.BRANDING_CHANGED, organization_id, actor, now, before, _facts(row))
    return row


def delete_branding(organization_id: str, *, actor: Actor, now: datetime) -> None:
    """Show the installation's own brand again. Raises NotFound (the organization)."""
    with transaction() as session:
        get_organization(organization_id, for_update=True)
        row = session.get(Branding, organization_id, populate_existing=True)
        if row is not None:
            _record(EventName.BRANDING_DELETED, organization_id, actor, now, _facts(row), {})
            session.delete(row)


def find_branding(organization_id: str) -> Branding | None:
    """Return what was stored. Raises NotFound (the organization)."""
    get_organization(organization_id)
    return db.session.get(Branding, organization_id, populate_existing=True)


def get_logo(row: Branding) -> bytes | None:
    """Return the stored picture."""
    return row.logo


def _check(said: NewBranding) -> Logo | None:
    problems, logo = [], None
    if said.product_name is not None and not is_printable(said.product_name, MAX_NAME):
        message = f"A product name has 1 to {MAX_NAME} characters on one line."
        problems.append(Problem("product_name", "name-syntax", message))
    if said.color is not None and not _COLOR.fullmatch(said.color):
        problems.append(Problem("color", "color-syntax", "A colour is written #rrggbb."))
    text = said.introduction
    if text is not None and (len(text) > MAX_INTRODUCTION or _UNPRINTABLE.search(text.replace("\r\n", "\n"))):
        message = f"An introduction is plain text of at most {MAX_INTRODUCTION} characters."
        problems.append(Problem("introduction", "introduction-syntax", message))
    if said.logo is not None:
        try:
            logo = decode_logo(said.logo)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)
    return logo


def _paragraphs(text: str | None) -> str:
    parts = re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n"))
    return "\n\n".join(" ".join(part.split()) for part in parts if part.strip())


def _facts(row: Branding | None) -> dict[str, Any]:
    if row is None:
        return {}
    shown = {"product_name": row.product_name, "color": row.color, "introduction": row.introduction}
    return {**shown, "logo": row.logo_digest}


def _record(
    name: EventName, organization_id: str, actor: Actor, now: datetime, before: dict[str, Any], after: dict[str, Any]
) -> None:
    record(
        name,
        actor=actor,
        now=now,
        organization_id=organization_id,
        target=organization_id,
        before=before,
        after=after,
    )
