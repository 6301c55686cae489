"""Tables whose every change gives the configuration a new generation: in the database itself, so that no writer forgets.

The value is random and not a number: a restored backup never meets a generation that this process has seen.
"""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table

from app.database import Model
from app.triggers import add_triggers

_RENEW = (
    "INSERT INTO configuration_generation (id, value) VALUES (1, {random}) "
    "ON CONFLICT (id) DO UPDATE SET value = excluded.value"
)
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION portico_new_generation() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN {_RENEW.format(random="replace(gen_random_uuid()::text, '-', '')")}; RETURN NULL; END $$
""".strip()


def watch(*models: type[Model]) -> None:
    """Let every change of a row of these tables end what processes remember of the configuration.

    Does not: fit tables that sign-ins write to. Each change waits for the one before it, and all is read anew.
    """
    for model in models:
        table = cast(Table, model.__table__)
        add_triggers(table, {"sqlite": _sqlite(table.name), "postgresql": _postgresql(table.name)})


def _sqlite(name: str) -> tuple[str, ...]:
    renew = _RENEW.format(random="lower(hex(randomblob(16)))")
    return tuple(
        f"CREATE TRIGGER {name}_generation_{verb.lower()} AFTER {verb} ON {name} BEGIN {renew}; END"
        for verb in ("INSERT", "UPDATE", "DELETE")
    )


def _postgresql(name: str) -> tuple[str, ...]:
    # BEFORE: whoever changes several tables waits here, before it holds a row that another one waits for.
    verbs = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
    return (
        _FUNCTION,
        f"CREATE TRIGGER {name}_generation BEFORE {verbs} ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION portico_new_generation()",
    )
