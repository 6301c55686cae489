"""English that was left on a page in another language."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from html.parser import HTMLParser

from babel.messages.pofile import read_po

from app.cli.translations.catalogues import path_of
from app.cli.translations.sources import list_packages
from app.translations.catalogue import Form

_SILENT = ("style", "script", "code", "pre", "svg", "option")


class _Texts(HTMLParser):
    """Collects texts as people read them; not what is code, nor the parts in another language."""

    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._language = language
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if self._silent or tag in _SILENT or named.get("lang", self._language) != self._language:
            if tag not in ("input", "link", "meta", "br", "path", "rect", "circle"):
                self._silent.append(tag)
            return
        self.found += [named[name] or "" for name in ("aria-label", "data-copied", "title") if named.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(" ".join(data.split()))


def find_leftovers(page: str, language: str, names: Collection[str] = ()) -> list[str]:
    """Return the English texts of our catalogues that stand on the page although they are translated.

    Args:
        names: what the provider's own console calls things; it stays as it is there.
    """
    texts = _Texts(language)
    texts.feed(page)
    ids, forms = _english(language)
    said = [text for text in texts.found if text not in names]
    return [text for text in said if text in ids or any(form.read(text) is not None for form in forms)]


@cache
def _english(language: str) -> tuple[frozenset[str], tuple[Form, ...]]:
    ids: set[str] = set()
    same: set[str] = set()
    for folder in list_packages().values():
        with path_of(folder, language).open("rb") as file:
            for message in read_po(file):
                pairs = zip(message.id, message.string, strict=True) if isinstance(message.id, tuple | list) else [
                    (message.id, message.string)
                ]  # fmt: skip
                for id_, text in pairs:
                    (same if id_ == text else ids).add(str(id_))
    ids -= same | {""}
    forms = tuple(Form(id_) for id_ in ids if "%(" in id_)
    return frozenset(ids), tuple(form for form in forms if form.letters >= 12)
