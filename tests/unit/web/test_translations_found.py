"""What is said is found by its form and place, so that no sentence for people is forgotten."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from app.cli.translations.sentences import find_sentences
from app.cli.translations.sources import ELSEWHERE, ROOMS, TEMPLATES, collect
from app.cli.translations.specs import find_declared
from app.settings import ROOT

SOURCE = '''
"""A docstring of a module. It is for authors."""
A = "Choose a file."
B = "the detail for a log, which is lower case."
C = f"{field.label} is missing."
D = f"Give a list of at most {MAX} of {', '.join(names)}, not {len(names)}."
E = marked("E-mail domain")
F = words.many("%(num)s day", "%(num)s days", days)
G = "{part} is shared. Put yours there."
H = words("Renew it")
I = "Applications"
J = self.words("Page %(page)s", page=page)
'''


def test_sentences_are_found_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(SOURCE)
    assert set(find_sentences(tmp_path / "module.py")) == {
        ("Choose a file.", None),
        ("%(label)s is missing.", None),
        ("Give a list of at most %(max)s of %(names)s, not %(names2)s.", None),
        ("E-mail domain", None),
        ("%(num)s day", "%(num)s days"),
        ("%(part)s is shared. Put yours there.", None),
        ("Renew it", None),
        ("Page %(page)s", None),
    }


def test_what_an_adapter_declares_is_found() -> None:
    """Labels, help, steps, choices, explanations and their causes."""
    found = set(find_declared("portico_okta"))
    assert {"Okta (SAML)", "Sign on URL", "Create an app integration in Okta", "ticked"} <= found
    assert {"Okta made the same person twice.", "Set it to userName, and choose Force Sync."} <= found


@pytest.mark.parametrize("room", ROOMS)
def test_what_people_are_told_has_the_form_of_a_sentence(room: str) -> None:
    """A problem of a form that begins in lower case or has no full stop would not be found, and stay English."""
    path = ROOT / "app" / room
    wrong = []
    for module in [path] if path.is_file() else sorted(path.rglob("*.py")):
        if not ELSEWHERE.isdisjoint(module.parts):
            continue
        found = {one for one, _ in find_sentences(module)}
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                told = node.args[2] if len(node.args) > 2 else None
                if isinstance(told, ast.Constant) and told.value not in found:
                    wrong.append(f"{module.name}:{node.lineno}: {told.value}")
    assert wrong == []


class Texts(HTMLParser):
    """Collects what a person reads on a page: texts, and attributes that are read aloud or shown."""

    READ = frozenset({"aria-label", "title", "placeholder", "alt"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("style", "script")
        self.found += [value for name, value in attributes if name in self.READ and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


#: What reads the same in every language.
SAME = ("SHA-256", "Portico", "HTTP-POST", "HTTP-Redirect", "UTC", "ms", "_portico", "PDF")


def list_templates() -> list[Path]:
    return sorted(path for folder in TEMPLATES for path in (ROOT / "templates" / folder).glob("*.html"))


@pytest.mark.parametrize("path", list_templates(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_says_anything_by_itself(path: Path) -> None:
    """Every text passes through `_()`, `said()` or `told()`."""
    environment = jinja2.Environment(autoescape=True)
    texts = Texts()
    tokens = environment.lex(path.read_text())
    texts.feed(
        "".join(value if kind == "data" else "¤" if kind == "variable_begin" else "" for _, kind, value in tokens)
    )
    left = []
    for text in texts.found:
        text = re.sub(r'[\w-]+="[^"]*"', "", text)  # attributes that a macro makes
        for same in SAME:
            text = text.replace(same, "")
        if any(char.isalpha() for char in text):
            left.append(text.strip())
    assert left == []


def test_the_scan_sees_a_forgotten_text() -> None:
    texts = Texts()
    texts.feed('<p aria-label="Close">Hello<script>quiet()</script></p>')
    assert texts.found == ["Close", "Hello"]


def test_the_rooms_that_are_read_exist() -> None:
    """A room that was moved would no longer be translated, and nobody would see it."""
    assert [room for room in ROOMS if not (ROOT / "app" / room).exists()] == []
    assert len(list_templates()) > 40


def test_an_adapter_of_anybodys_can_have_a_catalogue() -> None:
    """What the generic adapters say is not asked again; names of the provider's console are."""
    asked = {message.id for message in collect("portico_google") if message.id}
    assert "Google Workspace (SAML)" in asked
    assert "ACS URL" in asked, "Google's own name for it"
    assert not {"Nobody has come back from Google.", "The tab was closed."} & asked
