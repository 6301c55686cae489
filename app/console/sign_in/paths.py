"""Where a sign-in may lead: pages of the console and nowhere else."""

from __future__ import annotations

import re

HOME = "/console/"
_OURS = re.compile(r"/console/[A-Za-z0-9/._-]*(\?[A-Za-z0-9=&._%+@:-]*)?")


def check_next(unverified_path: str) -> str:
    """Return the path when it is one of the console's, else the overview's: never another origin (CWE-601)."""
    fine = _OURS.fullmatch(unverified_path) and "//" not in unverified_path and len(unverified_path) < 1000
    return unverified_path if fine and ".." not in unverified_path else HOME
