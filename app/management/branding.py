"""Branding: what the people of one organization see in the place of the installation's brand."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated

from pydantic import Field

from app.management.operation import Call, Operation
from app.management.organizations import READ, WRITE
from app.management.shapes import Shape, Time
from app.organizations import Branding, NewBranding, delete_branding, find_branding, get_logo, put_branding

Name = Annotated[str, Field(min_length=1, max_length=60)]
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Text = Annotated[str, Field(max_length=1000)]
Base64 = Annotated[str, Field(min_length=1, max_length=750_000, json_schema_extra={"contentEncoding": "base64"})]


class BrandingIn(Shape):
    product_name: Name | None = None
    """What the setup portal, sign-in pages and mails call the product; null: the installation's name."""
    logo: Base64 | None = None
    """PNG, JPEG or WebP in base64, at most 512 KiB and four million pixels. It is written anew as a PNG of at most
    480 by 160 pixels, without anything else that the file held. SVG is not taken."""
    color: Color | None = None
    """One colour for buttons and links, shifted by as little as makes it readable in both themes (4.5 to 1)."""
    introduction: Text | None = None
    """Plain text on the first page of a setup link; paragraphs between blank lines. No HTML."""


class BrandingOut(Shape):
    product_name: str | None
    logo: str | None
    """The PNG that is shown, in base64."""
    color: str | None
    introduction: str | None
    updated_at: Time | None
    """null: everything is the installation's own."""


def _show(row: Branding | None) -> BrandingOut:
    if row is None:
        return BrandingOut(product_name=None, logo=None, color=None, introduction=None, updated_at=None)
    png = get_logo(row)
    return BrandingOut(
        product_name=row.product_name,
        logo=b64encode(png).decode() if png else None,
        color=row.color,
        introduction=row.introduction,
        updated_at=row.updated_at,
    )


def get(call: Call[Shape], organization_id: str) -> BrandingOut:
    return _show(find_branding(organization_id))


def put(call: Call[BrandingIn], organization_id: str) -> BrandingOut:
    new = NewBranding(**call.takes.model_dump())
    return _show(put_branding(organization_id, new, actor=call.actor, now=call.now))


def delete(call: Call[Shape], organization_id: str) -> None:
    delete_branding(organization_id, actor=call.actor, now=call.now)


ONE = "/organizations/{organization_id}/branding"

OPERATIONS = (
    Operation(("branding", "get"), "GET", ONE, READ, "Show an organization's own brand", get, gives=BrandingOut),
    Operation(("branding", "set"), "PUT", ONE, WRITE, "Set an organization's own brand, all of it", put, BrandingIn,
              BrandingOut, example='org-… --product-name "Halden Hub" --color "#6b2a7a" --logo @logo.png'),
    Operation(("branding", "reset"), "DELETE", ONE, WRITE, "Show the installation's own brand again", delete,
              status=204),
)  # fmt: skip
