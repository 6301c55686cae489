"""Finds the sentences for people in Python sources: by their form, wherever they stand.

A sentence for people begins with a capital letter (or a value) and ends as sentences do; what is for logs and traces
does not (a habit of this code that a test holds). Where an f-string carries values, the message id names each of them:
`f"{label} is missing."` is `%(label)s is missing.`
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

#: (message id, plural id or None)
Found = tuple[str, str | None]

_SENTENCE = re.compile(r"(?:[A-Z%„“\"]|https?\b)[^\n]*\s[^\n]*[.?!:]", re.DOTALL)
_PLACE = re.compile(r"\{([a-z_]+)\}")  # of str.format and the like
_MARKS = frozenset({"marked", "words"})


def find_sentences(path: Path) -> Iterator[Found]:
    """Yield every sentence of a module, and whatever is marked: `marked("…")`, `words("…")`, `words.many("…", "…")`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _marked(node)
        if isinstance(node, ast.JoinedStr):
            told |= {id(part) for part in ast.walk(node)}
            text = message_id(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            text = _PLACE.sub(r"%(\1)s", node.value)
        else:
            continue
        if _SENTENCE.fullmatch(text) and len(text) < 1000:
            yield text, None


def message_id(node: ast.JoinedStr) -> str:
    """Return the id of a sentence with values: each by the last name in its expression, numbered where that repeats."""
    parts: list[str] = []
    names: dict[str, str] = {}
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value).replace("%", "%%"))
            continue
        expression = ast.unparse(part)
        name = _name(part)
        if names.get(name, expression) != expression:
            name = f"{name}{sum(one.rstrip('0123456789') == name for one in names) + 1}"
        names[name] = expression
        parts.append(f"%({name})s")
    return "".join(parts)


def _name(part: ast.expr) -> str:
    value = part.value if isinstance(part, ast.FormattedValue) else part
    if isinstance(value, ast.Call) and value.args:  # `", ".join(choices)`, `len(parts)`: named for what it is about
        value = value.args[0]
    found = [node for node in ast.walk(value) if isinstance(node, ast.Name | ast.Attribute)]
    first = found[0] if found else None
    name = first.attr if isinstance(first, ast.Attribute) else first.id if isinstance(first, ast.Name) else "value"
    return name.strip("_").lower()


def _marked(node: ast.Call) -> Iterator[Found]:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _MARKS:
            yield from ((text, None) for text in _texts(node.args[:1]))
        case ast.Attribute(value=ast.Name(id="words") | ast.Attribute(attr="words"), attr="many"):
            one, several = _texts(node.args[:2])
            yield one, several


def _texts(nodes: list[ast.expr]) -> list[str]:
    found = []
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            found.append(message_id(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found
