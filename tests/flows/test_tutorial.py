"""The tutorial works as it stands there, and what it makes is the example that is shipped beside it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.settings import ROOT

TUTORIAL = ROOT / "docs" / "tutorials" / "adapter-in-fifteen-minutes.md"
EXAMPLE = ROOT / "examples" / "portico-adapter-acme"
_BLOCK = re.compile(r"<!-- (run|write|contains)(?:: (\S+))? -->\n```\w+\n(.*?)```\n", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One marked block: a command to run, a file to write, or part of a file that is there."""

    kind: str
    path: str
    text: str


def blocks() -> list[Block]:
    return [Block(kind, path or "", text) for kind, path, text in _BLOCK.findall(TUTORIAL.read_text())]


def run(line: str, folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PORTICO_", "PYTEST_"))}
    words = shlex.split(line)
    assert words[0] == "portico"
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words[1:]],
        cwd=folder, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def files_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_block_of_the_tutorial_works_in_its_order(tmp_path: Path) -> None:
    """Issue 3: the code blocks of "an adapter in fifteen minutes" are run."""
    made = tmp_path / EXAMPLE.name
    seen = []
    for block in blocks():
        seen.append(block.kind)
        if block.kind == "run":
            for line in block.text.strip().splitlines():
                run(line, tmp_path)
        elif block.kind == "write":
            (made / block.path).write_text(block.text)
        else:
            assert block.text in (made / block.path).read_text()
    assert seen.count("run") == 3
    assert files_of(made) == files_of(EXAMPLE), "examples/portico-adapter-acme is what the tutorial makes"


def test_every_python_block_of_the_tutorial_is_one_of_those() -> None:
    """None is only for show."""
    assert TUTORIAL.read_text().count("```python") == sum(block.kind == "write" for block in blocks())
