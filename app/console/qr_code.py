"""The QR code of the enrolment page, drawn here: its content is a secret and goes to no other site."""

from __future__ import annotations

import segno


def draw_qr_code(text: str) -> str:
    """Return an inline SVG without colours, styles or size of its own: black on white in every theme."""
    return str(
        segno.make(text, error="m", micro=False).svg_inline(
            omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, title="QR code"
        )
    )
