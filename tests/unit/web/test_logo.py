"""Whatever is uploaded as a logo, what is served is a picture that this process wrote."""

from __future__ import annotations

import base64
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from app.errors import Invalid
from app.web.logo import MAX_BYTES, decode_logo, read_logo


def picture(kind: str, size: tuple[int, int] = (600, 120), **more: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "#6b2a7a").save(written, kind, **more)
    return written.getvalue()


def code_of(raw: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read_logo(raw)
    return refused.value.problems[0].code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_every_format_becomes_a_small_png(kind: str) -> None:
    logo = read_logo(picture(kind))
    assert logo.png.startswith(b"\x89PNG\r\n\x1a\n")
    assert (logo.width, logo.height) == (480, 96)


def test_nothing_but_pixels_is_kept() -> None:
    """Texts, places and scripts in a file's chunks do not reach anybody."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "<script>alert(1)</script>")
    raw = picture("PNG", pnginfo=said) + b"<script>alert(2)</script>"
    assert b"script" in raw
    assert b"script" not in read_logo(raw).png


def test_what_we_wrote_is_read_as_the_same() -> None:
    """GET and PUT again changes nothing, not even the address."""
    once = read_logo(picture("PNG"))
    assert read_logo(once.png).digest == once.digest


def test_svg_and_other_documents_are_refused() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    gif = picture("GIF")
    for raw in (svg, gif, b"%PDF-1.4", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, picture("JPEG")[:200]):
        assert code_of(raw) == "logo-format"


def test_size_is_bounded_in_bytes_and_in_pixels() -> None:
    """A bomb of pixels is refused by its header, before anything is decoded."""
    assert code_of(b"") == "logo-size"
    assert code_of(b"x" * (MAX_BYTES + 1)) == "logo-size"
    assert code_of(picture("PNG", (2500, 2000))) == "logo-pixels"
    assert code_of(bomb(60_000, 60_000)) in ("logo-pixels", "logo-format")


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    packed = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def test_base64_with_line_breaks_is_read_and_rubbish_is_named() -> None:
    assert decode_logo(base64.encodebytes(picture("PNG")).decode()).width == 480
    with pytest.raises(Invalid) as refused:
        decode_logo("not base64!")
    assert refused.value.problems[0].code == "logo-base64"
