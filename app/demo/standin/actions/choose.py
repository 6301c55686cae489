"""Who runs Actions on this machine."""

from __future__ import annotations

import shutil

from app.demo.standin.actions.mirror import MirrorRunner
from app.demo.standin.actions.node import NodeRunner
from app.demo.standin.actions.outcome import RunsActions


def choose_runner(login_action: str) -> RunsActions:
    """Return a runner of real JavaScript; without Node.js one that knows Portico's login Action alone."""
    node = shutil.which("node")
    return NodeRunner(node) if node else MirrorRunner(login_action)
