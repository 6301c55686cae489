"""Logos: whatever was uploaded is decoded within bounds and written anew, so that what we serve is a picture of ours.

SVG is refused: it is a document with scripts, links and styles of its own, and a picture is all that is needed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from app.errors import Invalid, Problem

MAX_BYTES = 512 * 1024
MAX_PIXELS = 4_000_000
#: As large as any page shows it, twice over for dense screens.
BOX = (480, 160)

_FORMATS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG that this process wrote."""

    png: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """Names the content."""
        return hashlib.sha256(self.png).hexdigest()


def decode_logo(text: str) -> Logo:
    """Return the logo that is in base64, as `read_logo` does. Raises Invalid naming `logo`."""
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(Problem("logo", "logo-base64", "Send the file in base64.")) from None
    return read_logo(raw)


def read_logo(raw: bytes) -> Logo:
    """Return a PNG, PNG, JPEG or WebP in, at most `BOX` large and without anything but pixels. Raises Invalid."""
    if not raw or len(raw) > MAX_BYTES:
        raise Invalid(Problem("logo", "logo-size", f"A logo has at most {MAX_BYTES // 1024} KiB."))
    try:
        with Image.open(BytesIO(raw), formats=_FORMATS) as sent:
            if sent.width * sent.height > MAX_PIXELS:
                raise Invalid(Problem("logo", "logo-pixels", "A logo has at most four million pixels."))
            picture = sent.convert("RGBA")
    except Invalid:
        raise
    except Exception as error:  # decoders of hostile files raise anything
        message = "This is no PNG, JPEG or WebP that can be read. SVG is not taken: save it as PNG."
        raise Invalid(Problem("logo", "logo-format", message)) from error
    picture.thumbnail(BOX, Image.Resampling.LANCZOS)
    anew = Image.new("RGBA", picture.size)  # nothing of the file's own chunks comes along
    anew.paste(picture)
    written = BytesIO()
    anew.save(written, "PNG", optimize=True)
    return Logo(written.getvalue(), anew.width, anew.height)
