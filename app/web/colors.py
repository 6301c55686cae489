"""One colour shifted until every text in it, and on it, can be read.

Contrast is that of WCAG 2.2, 1.4.3: 4.5 to 1 for text. Pure.
"""

from __future__ import annotations

import colorsys
import re

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_CONTRAST = 4.6  # a little more than asked for: colours are rounded to whole steps

OURS = "#0b5c66"

#: The grounds that brand text stands on, by theme, as in portico.css (ground, surface, well).
GROUNDS = {"light": ("#eff4f5", "#ffffff", "#f5f8f9"), "dark": ("#0b1114", "#12191d", "#192227")}


def theme_css(color: str) -> str:
    """Return the style sheet of a colour: four values for each theme, every one readable. Raises ValueError."""
    if not _HEX.fullmatch(color):
        raise ValueError(f"a colour is written #rrggbb, not {color[:20]!r}")
    rules = []
    for theme, selector in (("light", ":root"), ("dark", "[data-bs-theme=dark]")):
        text = readable(color, theme)
        deep = _shift(text, -0.08 if theme == "light" else 0.08)
        on = on_fill(text)
        rules.append(f"{selector}{{--brand:{text};--brand-deep:{deep};--on-brand:{on};--brand-text:{text}}}")
    return "\n".join(rules) + "\n"


def fill_of(color: str) -> tuple[str, str]:
    """Return a fill for light grounds made of the colour, and the colour of text on it. Raises ValueError."""
    if not _HEX.fullmatch(color):
        raise ValueError(f"a colour is written #rrggbb, not {color[:20]!r}")
    fill = readable(color, "light")
    return fill, on_fill(fill)


def on_fill(fill: str) -> str:
    """Return white or black, whichever can be read on the fill."""
    return "#ffffff" if contrast("#ffffff", fill) >= _CONTRAST else "#000000"


def readable(color: str, theme: str) -> str:
    """Return the colour, darker or lighter by as little as makes it readable on every ground of the theme."""
    step = -0.01 if theme == "light" else 0.01
    grounds = (*GROUNDS[theme], _mix(color, GROUNDS[theme][1], 0.09))
    for _ in range(101):
        if all(contrast(color, ground) >= _CONTRAST for ground in grounds):
            return color
        color = _shift(color, step)
    return color


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in _rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _shift(color: str, by: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(color))
    return _hex(*colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness + by)), saturation))


def _mix(color: str, ground: str, part: float) -> str:
    red, green, blue = (part * a + (1 - part) * b for a, b in zip(_rgb(color), _rgb(ground), strict=True))
    return _hex(red, green, blue)


def _rgb(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(value * 255):02x}" for value in (red, green, blue))
