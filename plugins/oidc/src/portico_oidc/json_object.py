"""JSON from outside, as strict as its consumers assume."""

from __future__ import annotations

import json
from typing import Any, NoReturn


def parse_json_object(raw: bytes | str) -> dict[str, Any]:
    """Return the one JSON object in `raw`. Raises ValueError for anything else, NaN, Infinity and endless nesting."""
    try:
        value = json.loads(raw, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
