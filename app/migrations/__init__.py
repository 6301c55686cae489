"""Alembic scripts, one line of history, and what runs them.

Alembic is imported where it is used: a process that only serves does not pay for it.
"""

from app.migrations.runner import SchemaTooNew, is_at_head, upgrade

__all__ = ["SchemaTooNew", "is_at_head", "upgrade"]
