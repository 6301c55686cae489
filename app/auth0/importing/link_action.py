"""The linking Action with the dual runs of this moment in it: what is not in it is not linked."""

from __future__ import annotations

import json
from importlib.resources import files

from app.auth0.importing.listing import list_in_dual_run

_TABLE = "const DUAL_RUN = {};"


def read_link_action() -> str:
    """Return the Action as it is shipped: it links nobody."""
    return files("app.auth0.actions").joinpath("link.js").read_text()


def render_link_action() -> tuple[str, int]:
    """Return the Action that links for the connections in their dual run now, and how many those are."""
    table = {
        row.connection_id: {"connection": row.name, "organization": row.organization_id} for row in list_in_dual_run()
    }
    shipped = read_link_action()
    if shipped.count(_TABLE) != 1:
        raise AssertionError("the shipped Action has no place for its table")
    written = json.dumps(table, indent=2, ensure_ascii=True, sort_keys=True)
    return shipped.replace(_TABLE, f"const DUAL_RUN = {written};"), len(table)
