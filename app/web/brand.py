"""What our pages call themselves and look like: the installation's own, or a customer's where one is looking.

An address of a style sheet or logo names its owner and its content. Owners' ids cannot be guessed and appear on their own
pages only, so nobody learns from these addresses whose customers there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response

from app.errors import NotFound
from app.web.assets import FOREVER
from app.web.colors import theme_css
from app.web.logo import Logo

INSTALLATION = "installation"


@dataclass(frozen=True, slots=True)
class Look:
    """What an owner said. Empty: nothing about this.

    Args:
        logo: digest, width and height; the picture itself is asked for when it is served.
    """

    name: str = ""
    color: str = ""
    introduction: str = ""
    support_email: str = ""
    logo: tuple[str, int, int] | None = None


@dataclass(frozen=True, slots=True)
class ShownLogo:
    """A logo's address and size. `wide`: it probably holds the name, which then need not stand beside it."""

    url: str
    width: int
    height: int

    @property
    def wide(self) -> bool:
        return self.width >= 2 * self.height


@dataclass(frozen=True, slots=True)
class Brand:
    """What a page shows. `theme`: the address of a style sheet, or empty; `color`: as said, or empty."""

    name: str = "Portico"
    color: str = ""
    introduction: str = ""
    support_email: str = ""
    theme: str = ""
    logo: ShownLogo | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The introduction, split at blank lines."""
        return tuple(part.strip() for part in self.introduction.split("\n\n") if part.strip())


class Brands:
    """The looks of an installation and, laid over it, of its customers.

    Args:
        find: an organization's own look, or None.
        find_logo: the PNG of an organization with this digest, or None.
    """

    def __init__(
        self,
        installation: Look | None = None,
        logo: Logo | None = None,
        *,
        find: Callable[[str], Look | None] = lambda _: None,
        find_logo: Callable[[str, str], bytes | None] = lambda _, __: None,
    ) -> None:
        self._installation = installation or Look("Portico")
        self._logo = logo
        self._find, self._find_logo = find, find_logo
        self.own = self._show((INSTALLATION, self._installation))

    def of(self, organization_id: str) -> Brand:
        """Return what somebody of this organization sees; the installation's own where it said nothing."""
        look = self._find(organization_id)
        if look is None:
            return self.own
        return self._show((organization_id, look), (INSTALLATION, self._installation))

    def find_css(self, owner: str, fingerprint: str) -> str | None:
        """Return the style sheet at such an address, unless it is another by now."""
        look = self._look(owner)
        if look is None or not look.color or fingerprint != _fingerprint(look.color):
            return None
        return theme_css(look.color)

    def find_png(self, owner: str, digest: str) -> bytes | None:
        """Return the logo at such an address, unless it is another by now."""
        if owner == INSTALLATION:
            return self._logo.png if self._logo and self._logo.digest == digest else None
        return self._find_logo(owner, digest)

    def png_of(self, organization_id: str) -> bytes | None:
        """Return the logo that somebody of this organization sees."""
        shown = self.of(organization_id).logo
        if shown is None:
            return None
        _, _, owner, name = shown.url.split("/")
        return self.find_png(owner, name.removesuffix(".png"))

    def _look(self, owner: str) -> Look | None:
        return self._installation if owner == INSTALLATION else self._find(owner)

    def _show(self, *layers: tuple[str, Look]) -> Brand:
        """The first layer that says something decides, about each thing by itself."""
        colored = next(((owner, look.color) for owner, look in layers if look.color), None)
        drawn = next(((owner, look.logo) for owner, look in layers if look.logo), None)
        return Brand(
            name=next(look.name for _, look in layers if look.name),
            color=colored[1] if colored else "",
            introduction=next((look.introduction for _, look in layers if look.introduction), ""),
            support_email=next((look.support_email for _, look in layers if look.support_email), ""),
            theme=f"/theme/{colored[0]}/{_fingerprint(colored[1])}.css" if colored else "",
            logo=ShownLogo(f"/theme/{drawn[0]}/{drawn[1][0]}.png", *drawn[1][1:]) if drawn else None,
        )


def init_brand(app: Flask, brands: Brands) -> None:
    """Give templates `brand`, the installation's own, and serve style sheets and logos below /theme/."""
    app.jinja_env.globals["brand"] = brands.own

    def style(owner: str, fingerprint: str) -> Response:
        css = brands.find_css(owner, fingerprint)
        if css is None:
            raise NotFound("no such style sheet")
        return Response(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": FOREVER})

    def logo(owner: str, digest: str) -> Response:
        png = brands.find_png(owner, digest)
        if png is None:
            raise NotFound("no such logo")
        return Response(png, content_type="image/png", headers={"Cache-Control": FOREVER})

    app.add_url_rule("/theme/<owner>/<fingerprint>.css", "theme_style", style)
    app.add_url_rule("/theme/<owner>/<digest>.png", "theme_logo", logo)


def _fingerprint(color: str) -> str:
    """Of the style sheet: the colour, and how colours are shifted today."""
    return hashlib.sha256(theme_css(color).encode()).hexdigest()[:16]
