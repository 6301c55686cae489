"""The part of Lucene's query syntax that `q` is used with: clauses, phrases, AND, OR, NOT, brackets, ranges of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.demo.standin.management.refusals import invalid_query

Matches = Callable[[Mapping[str, Any]], bool]
_TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])|(?P<word>AND\b|OR\b|NOT\b)"""
    r"""|(?P<field>[A-Za-z_][\w.]*):(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|\[(?P<range>[^\]]*)\]|\((?P<any>[^)]*)\)"""
    r"""|(?P<plain>[^\s()"\[\]]+)))"""
)


def parse_query(text: str) -> Matches:
    """Return what the query asks of a record. Raises ApiRefused for what is not understood."""
    tokens = _tokens(text)
    if not tokens:
        return lambda record: True
    parser = _Parser(tokens)
    matches = parser.either()
    if parser.position != len(tokens):
        raise invalid_query("Invalid search query on property q")
    return matches


def _tokens(text: str) -> list[re.Match[str]]:
    tokens, position = [], 0
    while text[position:].strip():
        token = _TOKEN.match(text, position)
        if token is None:
            raise invalid_query("Invalid search query on property q")
        tokens.append(token)
        position = token.end()
    return tokens


@dataclass(slots=True)
class _Parser:
    tokens: list[re.Match[str]]
    position: int = 0

    def either(self) -> Matches:
        options = [self.both()]
        while self._next_is("OR"):
            options.append(self.both())
        return lambda record: any(option(record) for option in options)

    def both(self) -> Matches:
        needed = [self.one()]
        while self._next_is("AND"):
            needed.append(self.one())
        return lambda record: all(need(record) for need in needed)

    def one(self) -> Matches:
        if self._next_is("NOT"):
            inner = self.one()
            return lambda record: not inner(record)
        if self._next_is("("):
            inner = self.either()
            if not self._next_is(")"):
                raise invalid_query("Invalid search query on property q")
            return inner
        if self.position >= len(self.tokens) or not self.tokens[self.position]["field"]:
            raise invalid_query("Invalid search query on property q")
        token = self.tokens[self.position]
        self.position += 1
        return _clause(token)

    def _next_is(self, text: str) -> bool:
        token = self.tokens[self.position] if self.position < len(self.tokens) else None
        found = token is not None and text in (token["bracket"], token["word"])
        self.position += found
        return found


def _clause(token: re.Match[str]) -> Matches:
    name = token["field"]
    if token["range"] is not None:
        return _range(name, token["range"])
    if token["any"] is not None:
        wanted = [part.strip().strip('"') for part in re.split(r"\s+OR\s+", token["any"])]
    elif token["phrase"] is not None:
        wanted = [re.sub(r"\\(.)", r"\1", token["phrase"])]
    else:
        wanted = [token["plain"]]
    patterns = [re.compile(_pattern(text), re.IGNORECASE) for text in wanted]
    return lambda record: any(
        pattern.fullmatch(str(value)) for value in values_at(record, name) for pattern in patterns
    )


def _pattern(text: str) -> str:
    return ".*".join(re.escape(part) for part in text.split("*"))


def _range(name: str, text: str) -> Matches:
    least, separator, most = text.partition(" TO ")
    if not separator:
        raise invalid_query("Invalid search query on property q")
    low, high = least.strip().strip('"'), most.strip().strip('"')

    def within(record: Mapping[str, Any]) -> bool:
        values = [str(value) for value in values_at(record, name)]
        return any((low == "*" or value >= low) and (high == "*" or value <= high) for value in values)

    return within


def values_at(record: object, path: str) -> list[Any]:
    """Return every value at a dotted path; lists on the way stand for each of their items."""
    name, _, rest = path.partition(".")
    if isinstance(record, list):
        return [value for item in record for value in values_at(item, path)]
    if not isinstance(record, Mapping) or name not in record:
        return []
    value = record[name]
    if rest:
        return values_at(value, rest)
    return list(value) if isinstance(value, list) else [value]
