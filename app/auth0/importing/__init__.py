"""The way in for tenants that have a connection for each customer: read, judged, made drafts, moved over one by one."""

from app.auth0.importing.models import ImportedConnection, Move

__all__ = ["ImportedConnection", "Move"]
