"""Connections: looked at, added, and their settings changed by the adapter's own fields."""
