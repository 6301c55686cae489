"""The interface's acceptance list: every requirement of the portal is named by a test in Chromium."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from app.settings import ROOT

#: 35 is the directory's, 36 to 39 are the console's.
REQUIREMENTS = [*range(1, 35), 40]
_NAMED = re.compile(r"Requirements? ((?:\d+(?:, | and |))+)")


def _docstrings() -> Iterator[str]:
    for path in sorted((ROOT / "tests" / "browser").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield ast.get_docstring(node) or ""


@pytest.fixture(scope="module")
def named() -> set[int]:
    """Every number that the docstring of a test begins with."""
    found = (_NAMED.match(text) for text in _docstrings())
    return {int(number) for match in found if match for number in re.findall(r"\d+", match[1])}


@pytest.mark.parametrize("number", REQUIREMENTS)
def test_a_requirement_has_a_browser_test(named: set[int], number: int) -> None:
    """Its docstring begins with the number: `Requirement 12: ...`."""
    assert number in named
