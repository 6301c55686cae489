"""Files that somebody brings: parsed within bounds, JSON and YAML alike. Nothing in them is ever acted upon."""

from __future__ import annotations

import json
from typing import Any

import yaml
from yaml.events import AliasEvent
from yaml.nodes import Node

from app.errors import Invalid, Problem

MAX_BYTES = 20 * 1024 * 1024


class _PlainLoader(yaml.SafeLoader):
    """Makes plain values only, and follows no alias: a few lines of them would be gigabytes when walked."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(AliasEvent):  # type: ignore[no-untyped-call]
            raise yaml.YAMLError("an alias")
        node: Node | None = super().compose_node(parent, index)  # type: ignore[no-untyped-call]
        return node


def read_document(name: str, content: bytes) -> Any:
    """Return what the file holds; its ending says in which language. Raises Invalid."""
    if len(content) > MAX_BYTES:
        raise _unreadable(name, f"It is larger than {MAX_BYTES // 1024 // 1024} MiB.")
    if name.endswith((".yaml", ".yml")):
        return _read_yaml(name, content)
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _unreadable(name, "It is not JSON in UTF-8.") from None


def _read_yaml(name: str, content: bytes) -> Any:
    try:
        return yaml.load(content.decode("utf-8-sig"), Loader=_PlainLoader)  # noqa: S506 a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _unreadable(name, "It is not YAML in UTF-8, or it uses aliases, which an export does not need.") from None


def _unreadable(name: str, message: str) -> Invalid:
    return Invalid(Problem(name[:200], "import-document", message))
