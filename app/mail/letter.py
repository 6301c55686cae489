"""A mail as data. Two templates make every mail of it, so that all of them look and read alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.settings import ROOT

_LONGEST_SUBJECT = 150
_HIGHEST = 40
#: The name by which the HTML speaks of the logo that is in the same mail (RFC 2392).
LOGO_ID = "logo@portico"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. Every part may quote others: templates escape, and a subject is one line.

    Args:
        facts: (name, value): what exactly this is about.
        action: (label, address) of the one thing to do.
        code: to be typed, shown large.
        closing: what comes after the action: until when, why you got this.
        language: in which it is written.
    """

    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    action: tuple[str, str] | None = None
    code: str = ""
    closing: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo that goes along with a mail: a PNG of ours, its size in pixels. `wide`: it probably holds the name."""

    png: bytes
    width: int
    height: int
    wide: bool

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height at which it is shown: half its own, for dense screens, and never higher than two lines."""
        shrink = min(0.5, _HIGHEST / self.height)
        return max(1, round(self.width * shrink)), max(1, round(self.height * shrink))


@dataclass(frozen=True, slots=True)
class Head:
    """Whose mail it is: a name, a fill on which text of `on_fill` can be read, both `#rrggbb`, and perhaps a logo."""

    name: str = "Portico"
    fill: str = "#0b5c66"
    on_fill: str = "#ffffff"
    logo: Picture | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as it is sent."""

    subject: str
    text: str
    html: str


def render_letter(letter: Letter, head: Head | None = None) -> Rendered:
    """Return the letter as plain text, complete in itself, and as HTML that loads nothing from anywhere.

    HTML with a logo speaks of it by LOGO_ID: whoever sends it puts the picture into the same mail.
    """
    head = head or Head()
    subject = " ".join("".join(char if char.isprintable() else " " for char in letter.subject).split())
    return Rendered(
        subject=subject[:_LONGEST_SUBJECT],
        text=_templates().get_template("letter.txt").render(letter=letter, head=head),
        html=_templates()
        .get_template("letter.html")
        .render(letter=letter, subject=subject, head=head, logo_id=LOGO_ID),
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(ROOT / "templates" / "emails"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
