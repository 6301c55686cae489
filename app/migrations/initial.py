"""Writes the first script from the models: `python -m app.migrations.initial`. From the first release on it is frozen."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import CreateTableOp, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, create_engine

from app.migrations.compare import options
from app.migrations.runner import SCRIPTS
from app.migrations.tables import load_tables
from app.triggers import triggers_of

_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)")
REVISION = "0001"
PATH = SCRIPTS / "versions" / f"{REVISION}_initial.py"
_HEAD = '''"""The first schema.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

'''


def write_initial(path: Path = PATH) -> None:
    """Write the script that makes every table, index and trigger of the models in an empty database."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_initial(load_tables()))


def render_initial(metadata: MetaData) -> str:
    """Return the text of that script, the same for the same models."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        # Batch mode is for changing tables; making them reads the same for both databases.
        settings = {**options("sqlite"), "render_as_batch": False, "target_metadata": metadata}
        context = MigrationContext.configure(connection, opts=settings)
        produced = produce_migrations(context, metadata)
        assert isinstance(produced.upgrade_ops, UpgradeOps)
        assert produced.downgrade_ops is not None
        for step in produced.upgrade_ops.ops:
            if isinstance(step, CreateTableOp):
                step.info = {}  # notes of the code to itself
        up = render_python_code(produced.upgrade_ops, render_item=settings["render_item"])
        down = render_python_code(produced.downgrade_ops, render_item=settings["render_item"])
    engine.dispose()
    return "\n".join(
        [
            _HEAD,
            *_triggers(metadata),
            "",
            "def upgrade() -> None:",
            _body(up),
            "    for statement in TRIGGERS[op.get_bind().dialect.name]:",
            "        op.execute(sa.DDL(statement.replace('%', '%%')))  # type: ignore[no-untyped-call]",
            "",
            "",
            "def downgrade() -> None:",
            _body(down),
            "    if op.get_bind().dialect.name == 'postgresql':",
            *(f"        op.execute('DROP FUNCTION IF EXISTS {name}()')" for name in _functions(metadata)),
            "",
        ]
    )


def _body(code: str) -> str:
    """Alembic indents all lines but the first, and says that it may be edited."""
    lines = [line for line in code.splitlines() if not line.strip().startswith("# ###")]
    return "\n".join(line if line.startswith(" ") or not line else f"    {line}" for line in lines)


def _functions(metadata: MetaData) -> list[str]:
    texts = [text for table in metadata.sorted_tables for text in triggers_of(table).get("postgresql", ())]
    return sorted({found[1] for text in texts if (found := _FUNCTION.match(text))})


def _triggers(metadata: MetaData) -> Iterable[str]:
    statements: dict[str, list[str]] = {"sqlite": [], "postgresql": []}
    for table in metadata.sorted_tables:
        for dialect, texts in triggers_of(table).items():
            statements[dialect] += [text for text in texts if text not in statements[dialect]]
    yield "TRIGGERS = {"
    for dialect, all_of_them in statements.items():
        yield f"    {dialect!r}: ("
        yield from (f"        {text!r}," for text in all_of_them)
        yield "    ),"
    yield "}"
    yield ""


if __name__ == "__main__":
    write_initial()
    print(f"wrote {PATH}", file=sys.stderr)
