"""The address that a customer's provider has known from before: `https://<old host>/login/callback?connection=NAME`."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import select

from app.auth0.importing.models import ImportedConnection
from app.connections import Connection
from app.database import db

PATH = "/login/callback"
_MAX_QUERY = 400


def find_connection_at(host: str, raw_query: str) -> str | None:
    """Return the imported connection that lists exactly this address among its accepted ACS URLs, or None.

    Args:
        host: as the request names it; it selects and proves nothing: the response must be addressed to a listed URL.
        raw_query: byte for byte as sent.
    """
    names = [value for name, value in parse_qsl(raw_query[:_MAX_QUERY], keep_blank_values=True) if name == "connection"]
    if len(raw_query) > _MAX_QUERY or len(names) != 1 or "\0" in names[0]:
        return None
    query = (
        select(Connection.id, Connection.settings)
        .join(ImportedConnection, ImportedConnection.connection_id == Connection.id)
        .where(ImportedConnection.name == names[0])
    )
    for row in db.session.execute(query):
        if any(_is_at(url, host, raw_query) for url in row.settings.get("accepted_acs_urls") or ()):
            return str(row.id)
    return None


def _is_at(url: str, host: str, raw_query: str) -> bool:
    parts = urlsplit(url)
    return parts.netloc.lower() == host.lower().removesuffix(":443") and parts.path == PATH and parts.query == raw_query
