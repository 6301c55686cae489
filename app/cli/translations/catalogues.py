"""Catalogues on disk: kept in step with what is said, compiled, and judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

_PLACE = re.compile(r"%\(\w+\)[a-z]|%%")
_HEADER = "# Written by `make translations`; the translations themselves are by hand."
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # dates would make a file new although nothing in it is


def path_of(folder: Path, language: str) -> Path:
    """Return where a package's catalogue of a language is."""
    return folder / language / "LC_MESSAGES" / "messages.po"


def read(path: Path, language: str) -> Catalog:
    """Return the catalogue; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(catalogue: Catalog, template: Catalog) -> Catalog:
    """Return the catalogue with exactly the messages of the template; what is translated stays, nothing is guessed."""
    fresh = Catalog(locale=catalogue.locale, project="Portico", header_comment=_HEADER, charset="utf-8", fuzzy=False)
    fresh.creation_date = fresh.revision_date = _EPOCH
    for message in template:
        if message.id:
            known = catalogue.get(message.id)
            text = known.string if known is not None and known.id == message.id else ""
            flags = {"fuzzy"} if known is not None and known.fuzzy else set()
            fresh.add(message.id, text, locations=message.locations, flags=flags)
    return fresh


def write(path: Path, catalogue: Catalog) -> None:
    """Write the catalogue and, beside it, what programs read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalogue, width=120, include_lineno=False)
    path.write_bytes(written.getvalue())
    path.with_suffix(".mo").write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue as programs read it: the same bytes for the same translations."""
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def find_faults(path: Path, catalogue: Catalog, template: Catalog) -> Iterator[str]:
    """Yield what is wrong with a catalogue, one sentence each: `make translations` and a translator mend it."""
    wanted = {message.id for message in template if message.id}
    there = {message.id for message in catalogue if message.id}
    yield from (f"not in the catalogue: {_name(id_)}" for id_ in sorted(wanted - there, key=str))
    yield from (f"said nowhere any more: {_name(id_)}" for id_ in sorted(there - wanted, key=str))
    for message in catalogue:
        if message.id:
            yield from (f"{fault}: {_name(message.id)}" for fault in _faults_of(message, catalogue.num_plurals))
    compiled_path = path.with_suffix(".mo")
    if not compiled_path.exists() or compiled_path.read_bytes() != compiled(catalogue):
        yield "messages.mo is older than messages.po"


def _faults_of(message: Message, plurals: int) -> Iterator[str]:
    ids = [str(id_) for id_ in (message.id if isinstance(message.id, tuple | list) else (message.id,))]
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    texts = [str(text) for text in strings if text]
    if len(texts) != (plurals if len(ids) > 1 else 1):
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    for number, text in enumerate(texts):
        id_ = ids[min(number, len(ids) - 1)]
        if _places(text) != _places(id_):
            yield "other places for values than the English text"
        if _end(text) != _end(id_) or text.strip() != text:
            yield "ends otherwise than the English text"


def _end(text: str) -> str:
    return text[-1] if text[-1] in ".?:!…" else ""


def _places(text: str) -> list[str]:
    return sorted(set(_PLACE.findall(text)))


def _name(id_: object) -> str:
    return repr(id_[0] if isinstance(id_, tuple) else id_)
