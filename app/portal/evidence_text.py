"""Evidence as text for people: a response laid out in lines, and where two values differ. Pure; nothing is parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TAG = re.compile(r"(<[^<>]*>)")  # linear, whatever comes
_LAID = re.compile(r">[ \t\r]*\n[ \t]*<")
_MAX = 100_000
_FEW = 3  # a line behind the declaration is no layout
_LEAST = 6  # characters that two values share before it helps to mark where they differ


def lay_out(raw: str) -> str:
    """Return a response with a line for each element that holds others; anything else as it is.

    Reads the text and knows no XML: what is shown proves nothing.
    """
    if not raw.lstrip().startswith("<") or len(_LAID.findall(raw)) > _FEW or len(raw) > _MAX:
        return raw
    lines: list[str] = []
    depth = 0
    parts = [part for part in _TAG.split(raw.strip()) if part]
    at = 0
    while at < len(parts):
        part = parts[at]
        if part.startswith("</"):
            depth = max(0, depth - 1)
            lines.append("  " * depth + part)
        elif _opens(part) and _is_leaf(parts, at):
            leaf = 3 if not parts[at + 1].startswith("<") else 2
            lines.append("  " * depth + "".join(parts[at : at + leaf]))
            at += leaf - 1
        else:
            lines.append("  " * depth + part.strip() if part.strip() else "")
            depth += _opens(part)
        at += 1
    return "\n".join(line for line in lines if line.strip())


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values: what they begin with alike, what only one of them has, and how they end alike."""

    head: str
    expected: str
    received: str
    tail: str


def differ(expected: str, received: str) -> Difference | None:
    """Return where two values differ; None when they are alike, or so different that marking would mark everything."""
    if not expected or not received or expected == received:
        return None
    head = _shared(expected, received)
    tail = _shared(expected[len(head) :][::-1], received[len(head) :][::-1])[::-1]
    if len(head) + len(tail) < _LEAST:
        return None
    end = -len(tail) if tail else None
    return Difference(head, expected[len(head) : end], received[len(head) : end], tail)


def _opens(part: str) -> bool:
    return part.startswith("<") and not part.startswith(("</", "<?", "<!")) and not part.endswith("/>")


def _is_leaf(parts: list[str], at: int) -> bool:
    """Whether the element that opens here holds text at most."""
    following = parts[at + 1 : at + 3]
    if not following or following[0].startswith("</"):
        return bool(following)
    return len(following) == 2 and following[1].startswith("</") and not following[0].startswith("<")


def _shared(one: str, other: str) -> str:
    """What both begin with."""
    pairs = zip(one, other, strict=False)
    return one[: next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))]
