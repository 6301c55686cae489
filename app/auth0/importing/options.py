"""The options of a connection, asked for by name and kind: what is of another kind is as absent as what is not there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: What the deploy CLI writes in the place of a value that is filled in elsewhere, and what stands for a hidden secret.
_PLACEHOLDER = re.compile(r"##[A-Za-z0-9_]+##|@@[A-Za-z0-9_]+@@|\*{3,}|_VALUE_NOT_SHOWN_")


class Options:
    """Read access. Several names of one call are spellings of the same option: the first that is there counts."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "", [], {})

    def text(self, *names: str) -> str:
        """Return the text without blanks around it; empty when it is absent or only a placeholder."""
        for name in names:
            value = self._values.get(name)
            if isinstance(value, str) and value.strip() and not _PLACEHOLDER.fullmatch(value.strip()):
                return value.strip()
        return ""

    def flag(self, *names: str) -> bool:
        """Return whether it is true."""
        return any(self._values.get(name) is True for name in names)

    def texts(self, *names: str) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        for name in names:
            value = self._values.get(name)
            items = [value] if isinstance(value, str) else value
            if isinstance(items, list) and items:
                return tuple(item.strip() for item in items if isinstance(item, str) and item.strip())
        return ()

    def part(self, name: str) -> Options:
        """Return the object of that name; an empty one where there is none."""
        value = self._values.get(name)
        return Options(value if isinstance(value, Mapping) else {})

    def names(self) -> tuple[str, ...]:
        """Return the names of what is there."""
        return tuple(self._values)

    def is_hidden(self, name: str) -> bool:
        """Return whether the export says that there is a value, and not which."""
        value = self._values.get(name)
        return isinstance(value, str) and _PLACEHOLDER.fullmatch(value.strip()) is not None
