"""Expressions of operators: JMESPath without what lets a short text make a long one.

An expression sees one object, the attributes by name, each a list of texts. What may be written is judged here, before
anything is stored; what an expression may use up while it runs is metered in `evaluation`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jmespath.exceptions import JMESPathError
from jmespath.parser import Parser

from app.claims.functions import FUNCTIONS, count_arguments

MAX_EXPRESSION = 256
MAX_NODES = 64
MAX_PIPES = 3

Node = Mapping[str, Any]

_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\`|[^`])*`""")

#: Flattening and objects are left out on purpose; a list of expressions stands only among a function's arguments.
_ALLOWED = frozenset(
    re.findall(
        r"\w+",
        "field subexpression index index_expression slice projection value_projection filter_projection identity current "
        "literal comparator or_expression and_expression not_expression function_expression expref pipe multi_select_list",
    )
)
_PASS_ON = frozenset({"subexpression", "pipe", "index_expression"})  # the right side sees what the left side gives
_ELEMENTWISE = frozenset({"projection", "value_projection", "filter_projection"})


class ExpressionRefused(Exception):
    """The text is no expression within the bounds; its own text says why, for the operator who wrote it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression within the bounds. Equal to another with the same text.

    Args:
        reads: names of the attributes that it looks at.
        reads_all: whether it looks at all of them, whatever their names.
    """

    text: str
    tree: Node = field(repr=False, compare=False)
    reads: frozenset[str] = field(repr=False, compare=False)
    reads_all: bool = field(repr=False, compare=False)


def parse_expression(text: str) -> Expression:
    """Return the expression that `text` says. Raises ExpressionRefused."""
    if not 0 < len(text) <= MAX_EXPRESSION or not text.isprintable():
        raise ExpressionRefused(f"An expression has 1 to {MAX_EXPRESSION} characters on one line.")
    _check_literals(text)
    try:
        tree: Node = Parser().parse(text).parsed
    except RecursionError:
        raise ExpressionRefused("The expression is nested too deeply.") from None
    except (JMESPathError, ValueError) as error:
        raise ExpressionRefused(f"Not a JMESPath expression: {str(error).splitlines()[0][:150]}") from None
    nodes = list(_walk(tree, 0))
    for wrong in _wrongs(nodes):
        raise ExpressionRefused(wrong)
    reads: set[str] = set()
    reads_all = _read(tree, reads, at_root=True)
    return Expression(text, tree, frozenset(reads), reads_all)


def _check_literals(text: str) -> None:
    """Refuse literals that are no JSON: the library would guess what they mean, and warn."""
    for quoted in _QUOTED.findall(text):
        if quoted.startswith("`"):
            try:
                json.loads(quoted[1:-1].replace("\\`", "`"))
            except (ValueError, RecursionError):
                raise ExpressionRefused("What stands between backticks is JSON; a text goes between ' and '.") from None


def _walk(node: Node, depth: int) -> Iterator[Node]:
    if depth > MAX_NODES:
        raise ExpressionRefused(f"An expression has at most {MAX_NODES} parts.")
    yield node
    for child in node.get("children", ()):
        if isinstance(child, Mapping):  # a slice holds plain numbers
            yield from _walk(child, depth + 1)


def _wrongs(nodes: list[Node]) -> Iterator[str]:
    if len(nodes) > MAX_NODES:
        yield f"An expression has at most {MAX_NODES} parts; this one has {len(nodes)}."
    if sum(node["type"] == "pipe" for node in nodes) > MAX_PIPES:
        yield f"An expression has at most {MAX_PIPES} pipes."
    for node in nodes:
        if node["type"] not in _ALLOWED:
            yield f"{_WORDS.get(node['type'], node['type'])} cannot be used."
        if node["type"] == "function_expression":
            yield from _function_wrongs(node)
    as_arguments = {id(child) for node in nodes if node["type"] == "function_expression" for child in node["children"]}
    if any(node["type"] == "multi_select_list" and id(node) not in as_arguments for node in nodes):
        yield "A list of expressions stands only among the arguments of a function."


_WORDS = {"flatten": "Flattening with []", "multi_select_dict": "An object {…}", "key_val_pair": "An object {…}"}


def _function_wrongs(node: Node) -> Iterator[str]:
    name, given = str(node["value"]), len(node["children"])
    if name not in FUNCTIONS:
        yield f"There is no function {name[:40]}; there are {', '.join(sorted(FUNCTIONS))}."
    else:
        least, most = count_arguments(name)
        if given < least or (most is not None and given > most):
            yield f"{name} takes {least}{' or more' if most is None else ''} arguments."


def _read(node: Node, reads: set[str], *, at_root: bool) -> bool:
    """Collect the attributes that `node` looks at; return whether it looks at the whole object of them."""
    kind, children = node["type"], [child for child in node.get("children", ()) if isinstance(child, Mapping)]
    if kind == "field":
        if at_root:
            reads.add(node["value"])
        return False
    if kind == "current":
        return at_root
    if kind in _PASS_ON:
        left = children[0]
        stays = at_root and left["type"] in ("current", "identity")
        seen = False if stays else _read(left, reads, at_root=at_root)
        return any([seen, *(_read(child, reads, at_root=stays) for child in children[1:])])
    if kind in _ELEMENTWISE:
        whole = kind == "value_projection" and children[0]["type"] in ("identity", "current") and at_root
        seen = _read(children[0], reads, at_root=at_root)
        return any([whole, seen, *(_read(child, reads, at_root=False) for child in children[1:])])
    inner = at_root and kind != "expref"
    seen_by_each = [_read(child, reads, at_root=inner) for child in children]  # each, also behind one that reads all
    return any(seen_by_each)
