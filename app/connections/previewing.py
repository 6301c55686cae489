"""What a change of settings would come to, without making it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.connections.changing import spec_of
from app.connections.configuration import change_configuration, check_customer_may
from app.connections.describing import describe_settings
from app.connections.drafts import configuration_of_draft, find_draft
from app.connections.storing import get_row
from app.connections.surroundings import Surroundings


def preview_settings(
    around: Surroundings, connection_id: str, patch: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Return the settings of what is being worked on as they would be with a customer's `patch` laid over them.

    In the shape of `describe_connection`, so without secrets. Stores nothing.

    Raises:
        NotFound; Conflict: the adapter is not loaded; Invalid: as a customer's change of these settings does.
    """
    row = get_row(connection_id)
    spec = spec_of(around, row)
    check_customer_may(spec, patch)
    present, _ = configuration_of_draft(around, row, find_draft(connection_id))
    return describe_settings(spec, change_configuration(spec, present.all, patch, now).public)
