"""The guide as PDF, A4: fonts with every letter of Latin, Greek and Cyrillic, values in one piece, links, page numbers.

A value stands on one line as long as any console's field is (115 characters), set smaller where it must; a longer one is
wrapped between characters, never hyphenated, and copies without blanks in it.

It has a title, a language, bookmarks, and text in the order in which it is read. It has no tags: the library makes them for
pictures only, and a document with a few tags is read worse than one with none. The page to print is the accessible form.
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

from fpdf import FPDF, ViewerPreferences
from fpdf.enums import Align, MethodReturnValue, WrapMode, XPos, YPos
from fpdf.util import Padding

from app.portal.guide import Guide, Section
from app.translations import Words

FONTS = Path(__file__).parent / "fonts"

_INK, _SOFT, _LINE, _WELL = (15, 31, 41), (84, 100, 111), (213, 223, 227), (245, 248, 249)
_MARGIN, _INDENT = 18.0, 9.0
_WHOLE = 130.0  # a step up to this height is not parted
_SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5)  # of a value, the largest that fits


class _Paper(FPDF):
    """A4 with a footer. `fill`: the brand's colour, readable on white."""

    def __init__(self, words: Words, brand: str, fill: str) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.words, self.brand = words, brand
        self.fill = tuple(int(fill[at : at + 2], 16) for at in (1, 3, 5))
        for style, file in (("", "SourceSans3-Regular"), ("B", "SourceSans3-SemiBold")):
            self.add_font("sans", style, FONTS / f"{file}.ttf")
        self.add_font("mono", "", FONTS / "SourceCodePro-Regular.ttf")
        self.set_margins(_MARGIN, 16, _MARGIN)
        self.set_auto_page_break(True, margin=20)
        self.alias_nb_pages("{pages}")

    def footer(self) -> None:
        """Name and page number, on every page."""
        self.set_y(-14)
        self.set_font("sans", "", 8.5)
        self.set_text_color(*_SOFT)
        room = self.get_string_width(
            self.words("Page %(page)s of %(pages)s", page=self.page_no(), pages="00")
        )  # how many there are is known at the end
        self.cell(self.epw - room, 5, self.brand)
        self.cell(room, 5, self.words("Page %(page)s of %(pages)s", page=self.page_no(), pages="{pages}"))

    def text_block(self, text: str, size: float, *, bold: bool = False, soft: bool = False, left: float = 0) -> None:
        """Write a paragraph and go on below it."""
        self.set_font("sans", "B" if bold else "", size)
        self.set_text_color(*(_SOFT if soft else _INK))
        self.set_x(_MARGIN + left)
        self.multi_cell(self.epw - left, size * 0.49, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def value_block(self, text: str, left: float) -> None:
        """Write a value in a box, in one piece; each of its lines on one line where it fits."""
        room = self.epw - left - 4
        size = next((size for size in _SIZES if self._widest(text, size) <= room), _SIZES[-1])
        self.set_font("mono", "", size)
        self.set_text_color(*_INK)
        self.set_fill_color(*_WELL)
        self.set_draw_color(*_LINE)
        self.set_x(_MARGIN + left)
        self.multi_cell(
            self.epw - left,
            size * 0.52,
            text,
            fill=True,
            align=Align.L,
            wrapmode=WrapMode.CHAR,
            padding=Padding(1.3, 2, 1.3, 2),
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def _widest(self, text: str, size: float) -> float:
        self.set_font("mono", "", size)
        return max((self.get_string_width(line) for line in text.splitlines()), default=0.0)


def write_pdf(
    guide: Guide, words: Words, *, brand: str, fill: str, base_url: str, now: datetime, logo: bytes | None = None
) -> bytes:
    """Return the document.

    Args:
        fill: `#rrggbb`, readable on white.
        base_url: what links to the portal begin with.
        logo: a PNG.
    """
    paper = _Paper(words, brand, fill)
    paper.set_title(_plain(guide.title))
    paper.set_author(_plain(brand))
    paper.set_creator("Portico")
    paper.set_lang(words.language)
    paper.set_creation_date(now)
    paper.viewer_preferences = ViewerPreferences(display_doc_title=True)
    paper.add_page()
    _head(paper, guide, logo)
    for number, section in enumerate(guide.sections, 1):
        _section(paper, number, section, words, base_url)
    return bytes(paper.output())


def _head(paper: _Paper, guide: Guide, logo: bytes | None) -> None:
    if logo is not None:
        paper.image(BytesIO(logo), x=_MARGIN, h=11, keep_aspect_ratio=True)
        paper.ln(4)
    else:
        paper.text_block(paper.brand, 11, bold=True)
        paper.ln(2)
    paper.set_fill_color(*paper.fill)
    paper.rect(_MARGIN, paper.get_y(), paper.epw, 1.1, style="F")
    paper.ln(6)
    paper.text_block(_plain(guide.title), 22, bold=True)
    paper.ln(1)
    paper.text_block(_plain(guide.subtitle), 13, soft=True)
    paper.ln(2)
    for note in guide.notes:
        paper.text_block(_plain(note), 9.5, soft=True)
    paper.ln(5)


def _section(paper: _Paper, number: int, section: Section, words: Words, base_url: str) -> None:
    if paper.will_page_break(_together(paper, section)):
        paper.add_page()
    paper.start_section(_plain(f"{number}. {section.title}"))
    top = paper.get_y()
    _box_to_tick(paper, top + 1, done=section.done)
    paper.text_block(_plain(f"{number}. {section.title}"), 14, bold=True, left=_INDENT)
    if section.body:
        paper.ln(0.8)
        paper.text_block(_plain(section.body), 10.5, left=_INDENT)
    for label, value in (*section.values, *section.snippets):
        _keep_together(paper, value)
        paper.ln(2)
        paper.text_block(_plain(label), 10, bold=True, left=_INDENT)
        paper.ln(0.6)
        paper.value_block(value, _INDENT)
    if section.choices:
        paper.ln(2)
        for label, name in section.choices:
            _choice(paper, _plain(label), _plain(name))
    if section.asks:
        paper.ln(2)
        paper.text_block(words("Bring back: %(names)s", names=", ".join(map(_plain, section.asks))), 10, left=_INDENT)
    if section.path:
        _link(paper, words("Open this step in the portal"), base_url + section.path)
    paper.ln(6)


def _together(paper: _Paper, section: Section) -> float:
    """How much has to stay on one page, in mm: the whole step, or of a long one its beginning and the first value."""
    paper.set_font("sans", "", 10.5)
    body = paper.multi_cell(
        paper.epw - _INDENT, 5.1, _plain(section.body), dry_run=True, output=MethodReturnValue.HEIGHT
    )
    assert isinstance(body, float | int)
    values = [11 + 4.4 * max(1, len(value.splitlines())) for _, value in (*section.values, *section.snippets)]
    width = (paper.epw - _INDENT) * 0.45
    paper.set_font("sans", "B", 10)
    choices = [5.0 * (1 + int(max(map(paper.get_string_width, pair)) / width)) for pair in section.choices]
    beginning = 9.0 + body
    whole = beginning + sum(values) + sum(choices) + (2 if choices else 0) + 7 * bool(section.asks) + 7
    return whole if whole <= _WHOLE else min(beginning + (values[0] if values else 10), _WHOLE)


def _keep_together(paper: _Paper, value: str) -> None:
    if paper.will_page_break(min(12 + 5.0 * len(value.splitlines()), 120)):
        paper.add_page()


def _choice(paper: _Paper, label: str, name: str) -> None:
    width = (paper.epw - _INDENT) * 0.45
    paper.set_x(_MARGIN + _INDENT)
    top, page = paper.get_y(), paper.page_no()
    paper.set_font("sans", "", 10)
    paper.set_text_color(*_SOFT)
    paper.multi_cell(width, 5, label, align=Align.L, new_x=XPos.RIGHT, new_y=YPos.TOP)
    below = paper.get_y()
    paper.set_xy(_MARGIN + _INDENT + width, top if paper.page_no() == page else below)
    paper.set_font("sans", "B", 10)
    paper.set_text_color(*_INK)
    paper.multi_cell(0, 5, name, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    lines = paper.get_string_width(label) / max(width - 2, 1)
    paper.set_y(max(paper.get_y(), top + 5 * (int(lines) + 1) if paper.page_no() == page else paper.get_y()))


def _box_to_tick(paper: _Paper, top: float, *, done: bool) -> None:
    paper.set_draw_color(*_SOFT)
    paper.set_line_width(0.35)
    paper.rect(_MARGIN + 0.5, top + 0.4, 4.4, 4.4)
    if done:
        paper.set_draw_color(*paper.fill)
        paper.set_line_width(0.8)
        paper.polyline([(_MARGIN + 1.3, top + 2.6), (_MARGIN + 2.4, top + 3.8), (_MARGIN + 4.2, top + 1.2)])
    paper.set_line_width(0.2)


def _link(paper: _Paper, text: str, url: str) -> None:
    paper.ln(1.5)
    paper.set_x(_MARGIN + _INDENT)
    paper.set_font("sans", "", 9.5)
    paper.set_text_color(*paper.fill)
    paper.cell(0, 5, f"{text} ›", link=url, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _plain(text: str) -> str:
    """The text without what no font draws, and without marks that turn its order; values never go through here."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", " ", text)
