"""As much of HCL as the printed trust is written in: blocks, strings, lists, maps, heredocs, references, jsonencode."""

from __future__ import annotations

import json
import re
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:\#[^\n]*\n\s*)*(?:(?P<heredoc><<-(?P<mark>\w+)\n(?P<text>.*?)\n\s*(?P=mark)\n)|(?P<string>"(?:[^"\\]|\\.)*")"""
    r"""|(?P<number>-?\d+)|(?P<name>[A-Za-z_][\w.-]*(?:\[\d+\][\w.-]*)*)|(?P<sign>[=(){}\[\],:]))""",
    re.DOTALL,
)


def parse_terraform(text: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the resources by type and name; references are their own text, `$${` is `${` again."""
    reader = _Reader(text + "\n")
    found = {}
    while (kind := reader.next()) is not None:
        labels = []
        while (token := reader.next()) != "{":
            labels.append(token)
        body = reader.block()
        if kind == "resource":
            found[str(labels[0]), str(labels[1])] = body
    return found


class _Text(str):
    """A quoted text, unlike a name."""


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def next(self) -> Any:
        """Return the next token, None at the end."""
        match = _TOKEN.match(self._text, self._place)
        if match is None:
            assert not re.sub(r"#[^\n]*", "", self._text[self._place :]).strip(), self._text[self._place :][:200]
            return None
        self._place = match.end()
        if match["heredoc"] is not None:
            return _Text(_unescape(match["text"]) + "\n")
        if match["string"] is not None:
            return _Text(_unescape(json.loads(match["string"])))
        if match["number"] is not None:
            return int(match["number"])
        return match["name"] or match["sign"]

    def peek(self) -> Any:
        """Return the next token and leave it there."""
        place = self._place
        token = self.next()
        self._place = place
        return token

    def block(self) -> dict[str, Any]:
        """Return what follows up to the closing brace."""
        found: dict[str, Any] = {}
        while (name := self.next()) != "}":
            sign = self.next()
            assert sign in ("=", "{"), (name, sign)
            found[str(name)] = self.value() if sign == "=" else self.block()
            if self.peek() == ",":
                self.next()
        return found

    def value(self) -> Any:
        """Return one value."""
        token = self.next()
        if token == "[" and not isinstance(token, _Text):
            items = []
            while self.peek() != "]":
                items.append(self.value())
                if self.peek() == ",":
                    self.next()
            self.next()
            return items
        if token == "{" and not isinstance(token, _Text):
            return self.block()
        if token == "jsonencode":
            assert self.next() == "("
            inside = self.value()
            assert self.next() == ")"
            return inside
        if isinstance(token, _Text):
            return str(token)
        return {"true": True, "false": False, "null": None}.get(token, token)


def _unescape(text: str) -> str:
    return text.replace("$${", "${").replace("%%{", "%{")
