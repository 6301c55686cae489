"""How a page looks: axe-core, what else every page has to be, and pictures, in both themes and widths.

A page is loaded once and looked at four times: the window is made narrower and the system's theme changed while it is
open, as a person may do. What a state takes to be made (forms, sign-ins) is then done once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from app.settings import ROOT

AXE = ROOT / "tests" / "peers" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PICTURES = ROOT / "instance" / "screenshots"
HEIGHT = 900
Look = tuple[int, str]
#: Width and theme; from one to the next only one of them changes.
LOOKS: tuple[Look, ...] = ((1280, "light"), (1280, "dark"), (320, "dark"), (320, "light"))
#: A context begins so, and the first page that is loaded is not laid out twice.
FIRST: dict[str, Any] = {"viewport": {"width": LOOKS[0][0], "height": HEIGHT}, "color_scheme": LOOKS[0][1]}

_LOOK = """async ({tags, scheme, judged}) => {
  const root = document.documentElement;
  for (let n = 0; root.dataset.bsTheme !== scheme && n < 120; n++) await new Promise(requestAnimationFrame);
  document.getAnimations().forEach(one => one.finish());  // colours on their way from the other theme
  const wanted = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], iframes: false, preload: false};
  const run = () => axe.run(wanted);
  return {
    wide: root.scrollWidth, theme: root.dataset.bsTheme, language: root.lang,
    headings: document.querySelectorAll("h1").length,
    violations: judged ? (await run()).violations.flatMap(one => one.nodes.map(node =>
      `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`)) : [],
  };
}"""


@dataclass
class Looker:
    """Looks at pages and remembers what is wrong with them.

    Args:
        pictures: the folder that keeps a picture of each look; None: nobody wants any.
        wrong: what was found, by the page's name; empty means that every page can be read by everybody.
    """

    pictures: Path | None = None
    wrong: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    _turns: Iterator[Look] = field(default_factory=lambda: cycle(LOOKS))

    def begin(self, page: Any) -> None:
        """Be ready to look at what is loaded on this page from now on."""
        if AXE.exists():
            page.add_init_script(path=AXE)  # sent once, not for every page

    def everywhere(self, page: Any, name: str) -> None:
        """Look at the page as it is, in both themes and widths."""
        self._look(page, name, LOOKS)

    def in_german(self, page: Any, name: str) -> None:
        """Look at it where its long words have the least room."""
        self._look(page, name, (LOOKS[2],), "de")

    def once(self, page: Any, name: str) -> None:
        """Look at it in one theme and width, another one for each page; narrow pages do not scroll sideways either.

        With pictures, in all.
        """
        look = next(self._turns)
        self._look(page, name, LOOKS if self.pictures else (look,))
        if not self.pictures and look[0] != 320:
            page.set_viewport_size({"width": 320, "height": HEIGHT})
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                self.wrong.setdefault(f"{name}-320", []).append("it scrolls sideways")

    def _look(self, page: Any, name: str, looks: tuple[Look, ...], language: str = "") -> None:
        assert name not in self.names, name
        self.names.append(name)
        for width, scheme in looks:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.emulate_media(color_scheme=scheme)
            seen = page.evaluate(_LOOK, {"tags": TAGS, "scheme": scheme, "judged": AXE.exists()})
            if found := list(_faults(seen, width, scheme, language)):
                self.wrong[f"{name}-{width}-{scheme}"] = found
            if self.pictures is not None:
                page.screenshot(path=self.pictures / f"{name}-{width}-{scheme}.png", full_page=True)


def _faults(seen: dict[str, Any], width: int, scheme: str, language: str) -> Iterator[str]:
    yield from seen["violations"]
    if seen["wide"] > width:
        yield "it scrolls sideways"
    if seen["headings"] != 1:
        yield "not one h1"
    if not seen["language"] or language not in ("", seen["language"]):
        yield "another language, or none"
    if seen["theme"] != scheme:
        yield "the other theme"
