"""What pages ask: the brand that somebody of an organization sees, and the installation's own."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from app.database import db
from app.errors import Invalid
from app.organizations.models import Branding
from app.settings import Settings
from app.web.brand import Brands, Look
from app.web.logo import Logo, read_logo


def make_brands(settings: Settings) -> Brands:
    """Return the installation's brand, with those of organizations laid over it. Raises ValueError: no usable logo."""
    logo = _read(settings.brand_logo)
    look = Look(
        name=settings.brand_name,
        color=settings.brand_color,
        introduction=settings.brand_introduction,
        support_email=settings.brand_support_email,
        logo=(logo.digest, logo.width, logo.height) if logo else None,
    )
    return Brands(look, logo, find=find_look, find_logo=find_logo)


def find_look(organization_id: str) -> Look | None:
    """Return what was stored of an organization. None also for one that there is not."""
    row = db.session.get(Branding, organization_id, populate_existing=True) if "\0" not in organization_id else None
    if row is None:
        return None
    logo = (row.logo_digest, row.logo_width or 1, row.logo_height or 1) if row.logo_digest else None
    return Look(row.product_name or "", row.color or "", row.introduction or "", logo=logo)


def find_logo(organization_id: str, digest: str) -> bytes | None:
    """Return the PNG of this organization when this is its content."""
    if "\0" in organization_id or "\0" in digest:
        return None
    own = (Branding.organization_id == organization_id, Branding.logo_digest == digest)
    return db.session.scalar(select(Branding.logo).where(*own))


def _read(path: str) -> Logo | None:
    if not path:
        return None
    try:
        return read_logo(Path(path).read_bytes())
    except Invalid as error:
        raise ValueError(f"PORTICO_BRAND_LOGO: {error.problems[0].message}") from error
