"""Every error code that the source names, with what it says of it: read from the code, so that none is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["request", "value", "sign-in"]

_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OF_REQUESTS = {"NotFound", "Conflict", "Invalid", "BadRequest", "Forbidden", "Unauthorized", "TooManyRequests",
                "Unavailable", "PorticoError"}  # fmt: skip
_OF_VALUES = {"Problem", "FieldProblem", "_invalid", "MetadataError"}


@dataclass(frozen=True, slots=True, order=True)
class ErrorCode:
    """One code: where it appears, and its meaning in the words of the source (placeholders as …)."""

    kind: Kind
    code: str
    meaning: str


def find_error_codes(folders: list[Path]) -> list[ErrorCode]:
    """Return every code once, by kind and name; of several meanings the first that is not empty."""
    found: dict[tuple[Kind, str], ErrorCode] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*.py") if "testing" not in path.parts):
        for code in _codes_in(ast.parse(path.read_text())):
            known = found.get((code.kind, code.code))
            if known is None or not known.meaning:
                found[code.kind, code.code] = code
    return sorted(found.values())


def _codes_in(tree: ast.Module) -> Iterator[ErrorCode]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _codes_of_class(node)
        elif isinstance(node, ast.Call):
            yield from _codes_of_call(node)
        elif isinstance(node, ast.AnnAssign) and _name(node.target) == "REASONS" and isinstance(node.value, ast.Dict):
            yield from _codes_of_table(node.value)


def _codes_of_class(node: ast.ClassDef) -> Iterator[ErrorCode]:
    bases = {_name(base) for base in node.bases}
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))) if _CODE.fullmatch(
                code
            ):
                doc = (ast.get_docstring(node) or "").split("\n")[0] or _public_of(node)
                of_sign_in = node.name == "SignInFailed" or any("SignIn" in base for base in bases)
                yield ErrorCode("sign-in" if of_sign_in else "request", code, doc)
            case ast.Assign(
                value=ast.Tuple(elts=[ast.Constant(value=str(code)), ast.Constant(value=str(meaning))])
            ) if node.name.endswith("Reason") and _CODE.fullmatch(code):
                yield ErrorCode("sign-in", code, meaning)


def _codes_of_table(table: ast.Dict) -> Iterator[ErrorCode]:
    for key, value in zip(table.keys, table.values, strict=True):
        if key is not None and _CODE.fullmatch(_text(key)):
            yield ErrorCode("sign-in", _text(key), _text(value))


def _public_of(node: ast.ClassDef) -> str:
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="public")], value=ast.Constant(value=str(sentence))):
                return sentence
    return ""


def _codes_of_call(node: ast.Call) -> Iterator[ErrorCode]:
    name = _name(node.func)
    texts = [_text(argument) for argument in node.args]
    named = {keyword.arg: _text(keyword.value) for keyword in node.keywords if keyword.arg}
    if name in _OF_VALUES:
        place = 0 if name in ("_invalid", "MetadataError") else 1
        if len(texts) > place and _CODE.fullmatch(texts[place]):
            yield ErrorCode("value", texts[place], texts[place + 1] if len(texts) > place + 1 else "")
    elif _CODE.fullmatch(named.get("code", "")):
        meaning = named.get("hint") or (texts[0] if texts else "")
        yield ErrorCode("request" if name in _OF_REQUESTS else "sign-in", named["code"], meaning)
    elif name.endswith(("Refused", "Unreachable")) and len(texts) > 1 and _CODE.fullmatch(texts[0]):
        yield ErrorCode("sign-in", texts[0], named.get("hint") or texts[1])


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""
