"""The Actions that Portico installs in a tenant, as they are shipped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

TRIGGER = "post-login"
RUNTIME = "node22"

_VERSION = re.compile(r"^// Portico: [a-z ]+\. Version (\d+)\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ShippedAction:
    """An Action as it is shipped: what a tenant has to run, byte for byte."""

    name: str
    code: str

    @property
    def version(self) -> int:
        """The version that its first line says."""
        return read_version(self.code) or 0


def read_version(code: str) -> int | None:
    """Return the version that an Action's code says of itself, None where it says none."""
    found = _VERSION.search(code)
    return int(found[1]) if found else None


def read_login_action() -> ShippedAction:
    """Return the Action that keeps customers apart."""
    return ShippedAction("Portico login", files(__name__).joinpath("login.js").read_text())


def same_code(one: str, other: str) -> bool:
    """Whether two texts are the same code: line ends and blanks at an end of line apart, which editors change."""
    return _lines(one) == _lines(other)


def _lines(code: str) -> list[str]:
    return [line.rstrip() for line in code.strip().splitlines()]
