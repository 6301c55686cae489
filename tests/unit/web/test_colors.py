"""One colour makes a theme in which every text can be read."""

from __future__ import annotations

import re

import pytest

from app.web.colors import GROUNDS, contrast, fill_of, readable, theme_css


@pytest.mark.parametrize(
    "color", ["#ffff00", "#000000", "#ffffff", "#6b2a7a", "#0b5c66", "#ff0000", "#7f7f7f", "#00ff00"]
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_in_the_brands_colour_reaches_4_5_to_1_on_every_ground(color: str, theme: str) -> None:
    """WCAG 2.2, 1.4.3."""
    shifted = readable(color, theme)
    assert all(contrast(shifted, ground) >= 4.5 for ground in GROUNDS[theme])


@pytest.mark.parametrize("color", ["#ffff00", "#000000", "#ffffff", "#6b2a7a", "#7f7f7f"])
def test_text_on_a_button_can_be_read(color: str) -> None:
    for fill, deep, on in re.findall(r"--brand:(#\w{6});--brand-deep:(#\w{6});--on-brand:(#\w{6})", theme_css(color)):
        assert contrast(on, fill) >= 4.5
        assert contrast(on, deep) >= 4.5


def test_a_colour_that_is_readable_stays_as_it_is() -> None:
    assert readable("#6b2a7a", "light") == "#6b2a7a"


@pytest.mark.parametrize("color", ["red", "#12345", "#0b5c66;}", "}body{display:none"])
def test_nothing_but_a_colour_reaches_the_style_sheet(color: str) -> None:
    with pytest.raises(ValueError, match="a colour is written"):
        theme_css(color)


@pytest.mark.parametrize("color", ["#ffff00", "#000000", "#ffffff", "#6b2a7a", "#7f7f7f"])
def test_a_button_in_a_mail_can_be_read(color: str) -> None:
    """On white, and its own text on it."""
    fill, on = fill_of(color)
    assert contrast(on, fill) >= 4.5
    assert contrast(fill, "#ffffff") >= 4.5
