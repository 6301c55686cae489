"""Every scope that the Management API knows here."""

from __future__ import annotations

from app.demo.standin.management.routes import OPERATIONS

#: Those of the endpoints, and those that show or change more of a record.
ALL_SCOPES = tuple(
    sorted(
        {scope for operation in OPERATIONS for scope in operation.scopes}
        | {"read:connections_options", "update:connections_options"}
    )
)
