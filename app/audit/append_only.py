"""What makes a table know only INSERT, in the database itself, for whoever asks with the application's own role."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from app.triggers import add_triggers

Verb = Literal["UPDATE", "DELETE"]

_FUNCTION = """
CREATE OR REPLACE FUNCTION portico_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% of % is not allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
""".strip()


def forbid(table: Table, *verbs: Verb) -> None:
    """Make the database refuse `verbs` on every row of `table`, whatever creates the table."""
    add_triggers(table, {"sqlite": _sqlite(table, verbs), "postgresql": _postgresql(table.name, verbs)})


def _sqlite(table: Table, verbs: tuple[Verb, ...]) -> tuple[str, ...]:
    name = table.name
    refusals = [
        f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
        f"BEGIN SELECT RAISE(ABORT, '{verb} of {name} is not allowed'); END"
        for verb in verbs
    ]
    # INSERT OR REPLACE deletes the row in its way, and SQLite fires no DELETE trigger for it unless told to.
    taken = " OR ".join(
        "(" + " AND ".join(f"{column.name} = NEW.{column.name}" for column in constraint.columns) + ")"
        for constraint in sorted(table.constraints, key=lambda c: str(c.name))
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
    )
    refusals.append(
        f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} "  # noqa: S608  # the names are ours
        f"WHEN EXISTS (SELECT 1 FROM {name} WHERE {taken}) "
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {name} holds this row'); END"
    )
    return tuple(refusals)


def _postgresql(name: str, verbs: tuple[Verb, ...]) -> tuple[str, ...]:
    return (
        _FUNCTION,
        f"CREATE TRIGGER {name}_append_only BEFORE {' OR '.join(verbs)} ON {name} "
        "FOR EACH ROW EXECUTE FUNCTION portico_append_only()",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION portico_append_only()",
    )
