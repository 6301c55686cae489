"""Alembic scripts, one line of history, and what runs them."""
