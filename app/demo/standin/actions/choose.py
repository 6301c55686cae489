"""Who runs Actions on this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.demo.standin.actions.mirror import MirrorRunner
from app.demo.standin.actions.node import NodeRunner
from app.demo.standin.actions.outcome import RunsActions


def choose_runner(login_action: str, ca_file: Path | None = None) -> RunsActions:
    """Return a runner of real JavaScript; without Node.js one that knows Portico's login Action alone.

    Args:
        ca_file: PEM of an authority that Actions trust beside the public ones.
    """
    node = shutil.which("node")
    return NodeRunner(node, ca_file) if node else MirrorRunner(login_action)
