"""Connections: listed, looked at, added."""
