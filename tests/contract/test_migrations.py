"""Migrations: one line of history that ends in exactly what the models say, on both databases (item 9)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app.database import db
from app.migrations import SchemaTooNew, is_at_head, upgrade
from app.migrations.compare import options
from app.migrations.initial import PATH, render_initial
from app.migrations.runner import SCRIPTS, find_head, make_config
from app.migrations.tables import load_tables
from app.triggers import triggers_of
from tests.support.databases import running_app
from tests.support.together import together


@pytest.fixture
def empty_app(empty_database_url: str) -> Iterator[Flask]:
    """An application on a database without any table."""
    with running_app(empty_database_url) as app:
        yield app


def triggers() -> list[str]:
    """Names of the triggers of our own tables."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT DISTINCT trigger_name FROM information_schema.triggers"
        " UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[db.engine.dialect.name]
    with db.engine.connect() as connection:
        return sorted(connection.scalars(text(query)))


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The scripts with a second one of the test's own, which the test writes."""
    for name in ("env.py", "script.py.mako"):
        (tmp_path / name).write_text((SCRIPTS / name).read_text())
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / PATH.name).write_text(PATH.read_text())
    return tmp_path


def write_second(scripts: Path, body: str) -> None:
    (scripts / "versions" / "0002_test.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = '0002'\ndown_revision = '0001'\n"
        f"def upgrade():\n    {body}\n"
    )


def test_from_an_empty_database_the_migrations_make_what_the_models_say(empty_app: Flask) -> None:
    upgrade(empty_app)
    with empty_app.app_context(), db.engine.connect() as connection:
        settings = options(connection.dialect.name)
        context = MigrationContext.configure(connection, opts=settings)
        assert compare_metadata(context, load_tables()) == []


def test_the_migrations_make_the_triggers_that_the_models_make(empty_app: Flask) -> None:
    upgrade(empty_app)
    with empty_app.app_context():
        migrated = triggers()
        db.drop_all()
        assert triggers() == []
        db.create_all()
        assert triggers() == migrated != []


def test_m9_after_the_migrations_the_log_knows_only_insert(empty_app: Flask) -> None:
    upgrade(empty_app)
    guarded = [table for table in load_tables().sorted_tables if "is not allowed" in str(triggers_of(table))]
    assert {table.name for table in guarded} == {"audit_events", "audit_personal", "audit_seals"}
    with empty_app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit_events (id, occurred_at, name, actor_kind, actor_id, target, body)"
            " VALUES ('evt-1', '2026-01-01', 'client.created', 'cli', 'x', 'x', '{}')"
        )
    with empty_app.app_context():
        for statement in ("DELETE FROM audit_events", "UPDATE audit_events SET target = 'y'"):
            with pytest.raises(DBAPIError, match="not allowed"), db.engine.begin() as connection:
                connection.exec_driver_sql(statement)


def test_history_is_one_line(tmp_path: Path) -> None:
    """One head, one base, no branches: two engineers' migrations are put one after the other."""
    history = ScriptDirectory.from_config(make_config())
    assert len(history.get_heads()) == len(history.get_bases()) == 1
    assert all(not script.is_branch_point and not script.is_merge_point for script in history.walk_revisions())


@pytest.mark.skipif(find_head() != "0001", reason="the first schema is frozen once another script follows it")
def test_the_first_script_is_what_the_models_render_to() -> None:
    """`python -m app.migrations.initial` writes it anew."""
    assert PATH.read_text() == render_initial(load_tables())


def test_at_head_tells_an_empty_database_from_a_migrated_one(empty_app: Flask) -> None:
    assert not is_at_head(empty_app)
    upgrade(empty_app)
    assert is_at_head(empty_app)


def test_upgrading_what_is_at_head_changes_nothing(empty_app: Flask) -> None:
    upgrade(empty_app)
    upgrade(empty_app)
    assert is_at_head(empty_app)


def test_several_processes_that_upgrade_at_once_all_end_at_head(empty_app: Flask) -> None:
    together(empty_app, lambda _: upgrade(empty_app), 3)
    assert is_at_head(empty_app)


def test_a_database_from_a_newer_version_is_refused_with_a_hint_and_is_not_at_head(empty_app: Flask) -> None:
    upgrade(empty_app)
    with empty_app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not is_at_head(empty_app)
    with pytest.raises(SchemaTooNew) as caught:
        upgrade(empty_app)
    assert caught.value.hint


def test_a_script_that_fails_half_way_leaves_the_database_as_it_was(empty_app: Flask, scripts: Path) -> None:
    """Row A11: killed in the middle, the next run finishes."""
    upgrade(empty_app)
    write_second(scripts, "op.create_table('half', sa.Column('id', sa.Integer())); op.execute('SELECT no_such_column')")
    with pytest.raises(DBAPIError):
        upgrade(empty_app, scripts)
    assert is_at_head(empty_app)
    with empty_app.app_context():
        assert not inspect(db.engine).has_table("half")
    write_second(scripts, "op.create_table('half', sa.Column('id', sa.Integer()))")
    upgrade(empty_app, scripts)
    with empty_app.app_context():
        assert inspect(db.engine).has_table("half")


def test_a_column_can_be_changed_in_a_table_that_others_point_at(empty_app: Flask, scripts: Path) -> None:
    """On SQLite the table is rebuilt (batch mode), and the rows that point at it survive."""
    upgrade(empty_app)
    with empty_app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE parents (id INTEGER PRIMARY KEY, name VARCHAR(10))")
        connection.exec_driver_sql(
            "CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) ON DELETE CASCADE)"
        )
        connection.exec_driver_sql("INSERT INTO parents VALUES (1, 'a')")
        connection.exec_driver_sql("INSERT INTO children VALUES (1, 1)")
    write_second(
        scripts,
        "with op.batch_alter_table('parents') as b: b.alter_column('name', type_=sa.String(20), nullable=False)",
    )
    upgrade(empty_app, scripts)
    with empty_app.app_context():
        assert db.session().scalar(text("SELECT count(*) FROM children")) == 1
        if db.engine.dialect.name == "sqlite":
            assert db.session().scalar(text("PRAGMA foreign_keys")) == 1
