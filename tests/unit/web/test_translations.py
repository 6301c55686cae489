"""Catalogues are complete, and whatever is wrong with one is found (issue 5, item 9)."""

from __future__ import annotations

from importlib.metadata import distributions
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.adapters.first_party import FIRST_PARTY
from app.cli.translations.catalogues import find_faults, path_of, read, update, write
from app.cli.translations.sources import collect, list_packages
from app.translations import LANGUAGES

TRANSLATED = [language for language in LANGUAGES if language != "en"]


def template(*ids: str | tuple[str, str]) -> Catalog:
    made = Catalog()
    for id_ in ids:
        made.add(id_)
    return made


def catalogue(**texts: str) -> Catalog:
    made = Catalog(locale="de")
    for id_, text in texts.items():
        made.add(id_.replace("_", " "), text)
    return made


def test_the_gateway_and_every_adapter_of_ours_have_catalogues() -> None:
    """Item 9 names the shell, generic, Okta and Entra; the others have one too."""
    installed = {one.name.replace("-", "_") for one in distributions() if one.name in FIRST_PARTY}
    assert {"portico_saml", "portico_oidc", "portico_okta", "portico_entra"} <= installed
    assert {"app", *installed} == list_packages().keys()


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("package", list_packages())
def test_every_message_is_translated(package: str, language: str) -> None:
    """Item 9: a test fails on a missing message; `make translations` says the same."""
    path = path_of(list_packages()[package], language)
    assert list(find_faults(path, read(path, language), collect(package))) == []


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("package", list_packages())
def test_a_catalogue_is_written_as_it_is_read(package: str, language: str, tmp_path: Path) -> None:
    """`make translations` changes nothing in what is complete: no dates, no line numbers, no order of its own."""
    path = path_of(list_packages()[package], language)
    write(tmp_path / "messages.po", update(read(path, language), collect(package)))
    assert (tmp_path / "messages.po").read_bytes() == path.read_bytes()
    assert (tmp_path / "messages.mo").read_bytes() == path.with_suffix(".mo").read_bytes()


@pytest.mark.parametrize(
    ("there", "wanted", "fault"),
    [
        (catalogue(), template("Add"), "not in the catalogue"),
        (catalogue(Add=""), template("Add"), "not translated"),
        (catalogue(Add="Hinzufügen", Old="Alt"), template("Add"), "said nowhere any more"),
        (catalogue(Add="Hinzufügen."), template("Add"), "ends otherwise"),
        (catalogue(Add=" Hinzufügen"), template("Add"), "ends otherwise"),
    ],
)
def test_a_catalogue_that_lacks_something_is_found_out(
    there: Catalog, wanted: Catalog, fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "messages.po"
    write(path, there)
    assert [one.partition(":")[0] for one in find_faults(path, there, wanted)] == [fault] or fault in next(
        iter(find_faults(path, there, wanted))
    )


@pytest.mark.parametrize("text", ["%(naam)s fehlt", "fehlt", "%(name)s und %(other)s fehlen", "%(name)d fehlt"])
def test_a_translation_has_exactly_the_places_of_its_text(text: str, tmp_path: Path) -> None:
    """A misspelt place would be a 500 on the page that says it."""
    there = Catalog(locale="de")
    there.add("%(name)s is missing", text)
    write(tmp_path / "messages.po", there)
    faults = list(find_faults(tmp_path / "messages.po", there, template("%(name)s is missing")))
    assert faults == ["other places for values than the English text: '%(name)s is missing'"]


def test_a_plural_needs_every_form(tmp_path: Path) -> None:
    ids = ("%(num)s day", "%(num)s days")
    there = Catalog(locale="de")
    there.add(ids, ("%(num)s Tag", ""))
    write(tmp_path / "messages.po", there)
    assert list(find_faults(tmp_path / "messages.po", there, template(ids))) == ["not translated: '%(num)s day'"]


def test_a_guess_counts_as_nothing(tmp_path: Path) -> None:
    """Fuzzy: made by a tool from a similar sentence. Programs do not read it, and the check says so."""
    there = Catalog(locale="de")
    there.add("Add", "Hinzufügen", flags=["fuzzy"])
    write(tmp_path / "messages.po", there)
    faults = list(find_faults(tmp_path / "messages.po", read(tmp_path / "messages.po", "de"), template("Add")))
    assert faults == ["fuzzy: 'Add'"]


def test_a_compiled_catalogue_that_is_old_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "messages.po"
    write(path, catalogue(Add="Zufügen"))
    path.write_text(path.read_text().replace("Zufügen", "Hinzufügen"))
    assert list(find_faults(path, read(path, "de"), template("Add"))) == ["messages.mo is older than messages.po"]
    path.with_suffix(".mo").unlink()
    assert list(find_faults(path, read(path, "de"), template("Add"))) == ["messages.mo is older than messages.po"]


def test_updating_keeps_what_is_translated_and_guesses_nothing() -> None:
    updated = update(catalogue(Add="Hinzufügen", Old="Alt"), template("Add", "Add it"))
    assert {message.id: message.string for message in updated if message.id} == {"Add": "Hinzufügen", "Add it": ""}
