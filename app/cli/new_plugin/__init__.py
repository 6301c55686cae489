"""`portico plugins new`: a distribution whose tests pass at once, made of the templates beside this file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from app.adapters import RESERVED_KEYS
from app.errors import Conflict, Invalid, Problem
from portico_sdk import CONTRACT_VERSION

TEMPLATES = Path(__file__).parent / "templates"
_SUFFIX = ".template"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def write_plugin(name: str, protocol: str, below: Path) -> list[Path]:
    """Write `portico-adapter-NAME` below a folder and return its files.

    Args:
        name: lower-case kebab, at most 30 characters: `acme`.
        protocol: `saml` or `oidc`.

    Raises:
        Invalid: no usable name, or its key is a first-party adapter's.
        Conflict: the folder is there already; nothing is written then.
    """
    key = f"{name}-{protocol}"
    if not _NAME.fullmatch(name) or len(name) > 30:
        raise Invalid(Problem("name", "name-syntax", "A name is lower-case kebab of at most 30 characters: acme-corp."))
    if key in RESERVED_KEYS:
        raise Invalid(Problem("name", "key-reserved", f"The key {key} is reserved for {RESERVED_KEYS[key]}."))
    folder = below / f"portico-adapter-{name}"
    if folder.exists():
        raise Conflict(f"{folder} is there", code="folder-exists", hint=f"{folder} is there already.")
    values = {
        "name": name,
        "key": key,
        "protocol": protocol,
        "label": name.replace("-", " ").title(),
        "distribution": folder.name,
        "package": folder.name.replace("-", "_"),
        "class_name": "".join(part.capitalize() for part in name.split("-")),
        "contract": CONTRACT_VERSION,
    }
    return [_write(folder / path, text) for path, text in render(protocol, values)]


def render(protocol: str, values: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each file. `PACKAGE` in a path stands for the package's name."""
    for source in ("shared", protocol):
        for path in sorted((TEMPLATES / source).rglob(f"*{_SUFFIX}")):
            relative = path.relative_to(TEMPLATES / source).as_posix().removesuffix(_SUFFIX)
            yield relative.replace("PACKAGE", values["package"]), Template(path.read_text()).substitute(values)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
