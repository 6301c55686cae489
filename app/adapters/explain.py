"""Why a sign-in failed, in its adapter's words; what a plug-in answers is held to the contract's shape."""

from __future__ import annotations

from typing import cast

import structlog

from app.adapters.patience import Anything
from portico_sdk import AdapterSpec, Explaining, Explanation, Failure

log = structlog.get_logger(__name__)


def explain(spec: AdapterSpec, failure: Failure) -> Explanation | None:
    """Return the adapter's explanation; None when it has none, or fails when asked."""
    if "explain" not in spec.capabilities:
        return None
    try:
        found = cast(Explaining, spec.adapter).explain(failure)
    except Anything as error:
        log.warning("explain_failed", adapter=spec.key, error=type(error).__name__)
        return None
    return found if type(found) is Explanation else None
