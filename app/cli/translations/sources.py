"""Whose texts go into which catalogue: the gateway's own, and one for each distribution that has a folder for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from babel.messages.catalog import Catalog
from jinja2.ext import babel_extract

from app.cli.translations.sentences import find_sentences
from app.cli.translations.specs import find_declared, find_names
from app.settings import ROOT
from app.translations.catalogue import Form
from app.translations.saying import GENERIC

SHELL = "app"
#: Pages and mails for customers, for people who sign in and for operators. The demo speaks English.
TEMPLATES = ("console", "portal", "components", "errors", "logout", "signin", "emails")
#: Rooms whose sentences a customer or an operator may read: problems of forms, refusals, what was found.
ROOMS = (
    "errors.py",
    "access",
    "claims",
    "connections",
    "console",
    "mail/addresses.py",
    "management/drafts.py",
    "management/metadata.py",
    "management/organizations.py",
    "management/pasted.py",
    "management/shapes.py",
    "organizations",
    "outbound",
    "portal",
    "provider/errors.py",
    "setup_links",
    "signin",
    "web/csrf.py",
    "web/errors.py",
)
#: What only programs and authors read, and what the console has no page for.
ELSEWHERE = frozenset(
    {
        "testing",
        "reasons.py",
        "library_functions.py",
        "expressions.py",
        "functions.py",
        "attributes.py",
        "opening.py",
        "moves.py",
    }
)
_KEYWORDS = ("_", "gettext", "ngettext")


def list_packages() -> dict[str, Path]:
    """Return the packages that have catalogues, with the folder of each: the gateway's, then generic adapters first."""
    folders = sorted(ROOT.glob("plugins/*/src/*/translations"), key=lambda folder: folder.parent.name not in GENERIC)
    return {SHELL: ROOT / "app" / "translations"} | {folder.parent.name: folder for folder in folders}


def find_package(package: str) -> Path:
    """Return the folder for the catalogues of an adapter's package that is installed, whoever wrote it."""
    return Path(str(resources.files(package))) / "translations"


def collect(package: str) -> Catalog:
    """Return every message of a package, without translations, in the order of its files."""
    template = Catalog(project="Portico", charset="utf-8")
    found = _shell() if package == SHELL else _distribution(package, find_package(package).parent)
    known = _inherited(package)
    forms = [Form(id_) for id_ in known if "%(" in id_]
    for (one, several), places in sorted(_by_message(found).items(), key=lambda item: (min(item[1]), item[0][0])):
        if one not in known and not any(form.read(one) for form in forms):
            locations = [(place, 0) for place in sorted(set(places))]
            template.add((one, several) if several else one, locations=locations)
    return template


def _shell() -> Iterator[tuple[str, str | None, str]]:
    for folder in TEMPLATES:
        for path in sorted((ROOT / "templates" / folder).glob("*.*")):
            yield from _template(path)
    for room in ROOMS:
        path = ROOT / "app" / room
        yield from _python([path] if path.is_file() else path.rglob("*.py"))


def _distribution(package: str, folder: Path) -> Iterator[tuple[str, str | None, str]]:
    yield from _python(folder.rglob("*.py"))
    place = _place(folder)
    yield from ((text, None, place) for text in find_declared(package) if text)


def _python(paths: Iterable[Path]) -> Iterator[tuple[str, str | None, str]]:
    for path in sorted(paths):
        if ELSEWHERE.isdisjoint(path.parts):
            yield from ((one, several, _place(path)) for one, several in find_sentences(path))


def _template(path: Path) -> Iterator[tuple[str, str | None, str]]:
    place = _place(path)
    with path.open("rb") as file:
        for _, function, said, _ in babel_extract(file, _KEYWORDS, (), {"silent": "false"}):
            texts = [said] if isinstance(said, str) else [part for part in said or () if part]
            if texts:
                yield texts[0], texts[1] if function == "ngettext" else None, place


def _place(path: Path) -> str:
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(path.name)).as_posix()


def _inherited(package: str) -> frozenset[str]:
    """What the generic adapters say already: vendor profiles inherit most of their sentences, but not names of theirs."""
    if package == SHELL or package in GENERIC:
        return frozenset()
    said = {str(message.id) for generic in GENERIC for message in collect(generic) if message.id}
    return frozenset(said - set(find_names(package)))


def _by_message(
    found: Iterable[tuple[str, str | None, str]],
) -> dict[tuple[str, str], list[str]]:
    places: dict[tuple[str, str], list[str]] = {}
    for one, several, place in found:
        places.setdefault((one, several or ""), []).append(place)
    return places
