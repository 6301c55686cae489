"""A pasted response, token or list of claims, read by the connection's own adapter. Unverified, and never stored."""

from __future__ import annotations

import structlog

from app.connections import Connection
from app.errors import Invalid, Problem
from app.management.operation import Rooms
from app.signin.received import Received
from portico_sdk import Pasted, PasteError, PasteReading

MAX_PASTED = 1_400_000
MAX_ATTRIBUTES = 500
MAX_VALUES = 2000

log = structlog.get_logger(__name__)


def read_pasted(rooms: Rooms, row: Connection, text: str, field: str = "document") -> Received:
    """Return what the text says, as a sign-in through this connection would read it.

    Raises:
        Invalid: naming `field`, with what it is instead; its words repeat none of the text.
    """
    found = rooms.registry.find(row.adapter)
    adapter = found.spec.adapter if found is not None and found.distribution == row.distribution else None
    if adapter is None or not isinstance(adapter, PasteReading):
        raise Invalid(Problem(field, "pasted-unread", "This provider's responses cannot be read without a sign-in."))
    if len(text) > MAX_PASTED:
        raise Invalid(Problem(field, "pasted-too-large", "This is larger than any honest response."))
    try:
        pasted = adapter.read_pasted(text)
    except PasteError as error:
        raise Invalid(Problem(field, error.code, error.detail)) from error
    except Exception as error:  # somebody else's code on somebody else's text
        log.warning("paste_failed", adapter=row.adapter, error=type(error).__name__)
        raise Invalid(Problem(field, "pasted-unread", "This cannot be read.")) from error
    return _bounded(pasted, field)


def _bounded(pasted: Pasted, field: str) -> Received:
    attributes = pasted.unverified_attributes
    if len(attributes) > MAX_ATTRIBUTES or any(len(values) > MAX_VALUES for values in attributes.values()):
        raise Invalid(Problem(field, "pasted-too-large", "This is larger than any honest response."))
    return Received(dict(attributes), pasted.incomplete)
