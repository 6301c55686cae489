"""Actions in Node.js: one child process for each, which has the event and nothing else of this process."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.demo.standin.actions.outcome import ActionFailed, Outcome
from app.demo.standin.tenant.actions import Deployed

_HARNESS = Path(__file__).with_name("harness.js")
#: Auth0 gives the Actions of one login 20 seconds.
_TIMEOUT_S = 20


class NodeRunner:
    """Runs any Action.

    Args:
        node: path of the program.
        ca_file: PEM of an authority that `fetch` trusts beside the public ones.
    """

    def __init__(self, node: str, ca_file: Path | None = None) -> None:
        self._node = node
        self._environment = {"NODE_EXTRA_CA_CERTS": str(ca_file)} if ca_file else {}

    def run(self, action: Deployed, event: Mapping[str, Any]) -> Outcome:
        """Return what the Action decided. Raises ActionFailed."""
        asked = json.dumps({"code": action.code, "event": event, "secrets": dict(action.secrets)})
        try:
            done = subprocess.run(  # noqa: S603 -- the demo's own harness
                [self._node, str(_HARNESS)],
                input=asked.encode(),
                capture_output=True,
                timeout=_TIMEOUT_S,
                env=self._environment,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ActionFailed(type(error).__name__) from error
        try:
            answer = json.loads(done.stdout)
        except ValueError as error:
            raise ActionFailed(done.stderr.decode(errors="replace")[-500:].strip() or "no answer") from error
        if "failed" in answer:
            raise ActionFailed(str(answer["failed"])[:500])
        return Outcome(**answer["outcome"])
