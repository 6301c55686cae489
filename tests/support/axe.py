"""axe-core, and what else every page has to be: for tests that look at pages."""

from __future__ import annotations

from typing import Any

from app.settings import ROOT

AXE = ROOT / "tests" / "peers" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Any) -> list[str]:
    """Return what axe-core finds, one line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]
    ]


def find_faults(page: Any, width: int, scheme: str) -> list[str]:
    """Return what is wrong with a page: axe-core's findings, sideways scrolling, headings, language, theme."""
    found = violations(page)
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("it scrolls sideways")
    if page.locator("h1").count() != 1:
        found.append("not one h1")
    if not page.get_attribute("html", "lang"):
        found.append("no language")
    if page.get_attribute("html", "data-bs-theme") != scheme:
        found.append("the other theme")
    return found
