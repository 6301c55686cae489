"""The source of the project as its architecture tests read it."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.settings import ROOT

PLUGINS = ROOT / "plugins"


@dataclass(frozen=True)
class Import:
    """One import statement's module, absolute; `typing_only` when it stands under `if TYPE_CHECKING`."""

    module: str
    names: tuple[str, ...]
    typing_only: bool

    @property
    def top(self) -> str:
        """The distribution's top package."""
        return self.module.split(".")[0]


@dataclass(frozen=True)
class Module:
    """One file of source."""

    path: Path

    @property
    def name(self) -> str:
        """Path below the repository, for messages."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        """The file's text."""
        return self.path.read_text()

    @property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return _parse(self.path)

    def imports(self) -> Iterator[Import]:
        """Every import, wherever in the file it stands."""
        yield from _imports(self.tree, typing_only=False)


@functools.cache
def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def _imports(node: ast.AST, *, typing_only: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, (), typing_only)
        elif isinstance(child, ast.ImportFrom):
            yield Import("." * child.level + (child.module or ""), tuple(a.name for a in child.names), typing_only)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for inner in child.body:
                yield from _imports(ast.Module([inner], []), typing_only=True)
            for inner in child.orelse:
                yield from _imports(ast.Module([inner], []), typing_only=typing_only)
        else:
            yield from _imports(child, typing_only=typing_only)


def modules(*folders: Path) -> list[Module]:
    """Every module below the folders, the frozen scripts of migrations left out."""
    return [
        Module(path)
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if "versions" not in path.relative_to(ROOT).parts
    ]


def gateway() -> list[Module]:
    """The modules of the gateway."""
    return modules(ROOT / "app")


def plugins() -> list[Module]:
    """The modules of all plug-ins and the SDK, their tests left out."""
    return modules(*sorted(PLUGINS.glob("*/src")))
