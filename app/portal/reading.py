"""Metadata as the portal reads it: by address or from a file, with one preview, and the reason where it cannot be read."""

from __future__ import annotations

import base64
import binascii
import zlib
from datetime import datetime
from typing import Any, Protocol

from pydantic import ValidationError

from app.audit import Actor
from app.errors import Invalid, Problem
from app.management.metadata import EntityOut, MetadataIn, MetadataOut, parse
from app.management.operation import Call, Rooms
from app.portal.unreachable import tell

MAX_FILE = 1_000_000


class ReadMetadata(Protocol):
    """Reads a document. Raises Invalid."""

    def __call__(self, *, url: str = "", xml: str = "") -> MetadataOut: ...


def read_metadata(
    rooms: Rooms, adapter: str, actor: Actor, now: datetime, *, url: str = "", xml: str = ""
) -> MetadataOut:
    """Return what the document says. Raises Invalid naming `metadata_url` or `file`, with the reason in words."""
    field = "metadata_url" if url else "file"
    try:
        wanted = MetadataIn(url=url, adapter=adapter) if url else MetadataIn(xml=xml, adapter=adapter)
        return parse(Call(rooms, actor, now, wanted))
    except ValidationError as error:
        message = "Give the whole address, beginning with https://." if url else "This file is empty or too large."
        raise Invalid(Problem(field, "metadata-address" if url else "metadata-size", message)) from error
    except Invalid as error:
        problems = (Problem(field, p.code, p.message) for p in error.problems)
        raise Invalid(*(tell(p, file=True) if url else p for p in problems)) from error


def choose_entity(found: MetadataOut, entity_id: str) -> EntityOut | None:
    """Return the identity provider that was chosen, or the only one."""
    if len(found.entities) == 1:
        return found.entities[0]
    return next((entity for entity in found.entities if entity.entity_id == entity_id), None)


def settings_of(entity: EntityOut, url: str, editable: frozenset[str]) -> dict[str, Any]:
    """Return what saving it stores: only what a customer may change."""
    settings = {name: value for name, value in entity.settings.items() if name in editable and value is not None}
    return {**settings, "metadata_url": url or None}


def carry(document: bytes) -> str:
    """Return an uploaded document as text for a hidden field, so that the preview can be saved without uploading anew.

    Compressed: base64 alone would make the page heavier than the document.
    """
    return base64.b64encode(zlib.compress(document, 9)).decode()


def carried(text: str) -> str:
    """Return the document of such a field; empty when it is none, or larger than a file may be."""
    try:
        unpacking = zlib.decompressobj()
        document = unpacking.decompress(base64.b64decode(text, validate=True), MAX_FILE + 1)
    except (binascii.Error, ValueError, zlib.error):
        return ""
    return decode(document) if unpacking.eof and len(document) <= MAX_FILE else ""


def decode(document: bytes) -> str:
    """Return a document's text, whatever Windows put before it."""
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            return document.decode(encoding)
        except UnicodeDecodeError:
            continue
    return document.decode("latin-1")
