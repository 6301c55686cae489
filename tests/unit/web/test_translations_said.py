"""What rooms and adapters wrote in English is said in another language; what is no text of ours stays as it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from app.translations import Words, choose_language, say
from app.translations.catalogue import Form

SAML = "portico-saml"


def test_a_sentence_is_its_own_id() -> None:
    assert say("Choose a file.", "de") == "Wählen Sie eine Datei."
    assert say("Choose a file.", "en") == "Choose a file."


def test_what_nobody_translated_stays_english() -> None:
    assert say("Nobody ever wrote this.", "de") == "Nobody ever wrote this."
    assert say("", "de", SAML) == ""


def test_an_adapter_speaks_by_its_own_catalogue_then_by_the_generic_ones_then_by_ours() -> None:
    assert say("Okta made the same person twice.", "de", "portico-okta") == "Okta hat dieselbe Person zweimal angelegt."
    assert say("This is not XML.", "de", "portico-okta") == "Das ist kein XML."
    assert say("Choose a file.", "de", "portico-okta") == "Wählen Sie eine Datei."
    assert say("This is not XML.", "de", "portico-adapter-strange") == "Das ist kein XML."


def test_names_of_a_provider_stay_as_its_console_writes_them() -> None:
    """The generic adapter's field is named by us; Okta's is named by Okta, in English."""
    assert say("Issuer", "de", SAML) == "Aussteller"
    assert say("Issuer", "de", "portico-okta") == "Issuer"


def test_a_sentence_that_quotes_values_is_known_by_its_form() -> None:
    assert say("There are more than 20 certificates.", "de", SAML) == "Es sind mehr als 20 Zertifikate."
    assert say("Okta did not let the person in.", "de", "portico-okta") == "Okta hat die Person nicht eingelassen."


def test_values_that_are_texts_of_ours_are_said_too() -> None:
    """The label of a field stands in the sentence about it."""
    assert say("Single sign-on URL is missing.", "de", SAML) == "Single-Sign-on-URL fehlt."
    assert say("Signing Certificate was renewed.", "de", "portico-okta") == "Signing Certificate wurde erneuert."


def test_sentences_that_were_put_together_are_said_one_by_one() -> None:
    told = say("The answer is damaged. You can give us the metadata as a file instead.", "de")
    assert told == "Die Antwort ist beschädigt. Sie können uns die Metadaten stattdessen als Datei geben."
    half = "The answer is damaged. Nobody ever wrote this."
    assert say(half, "de") == half


@pytest.mark.parametrize(
    "value", ["<b>bold</b>", "%(name)s", "100 %s", "{label}", "Ärger\N{RIGHT-TO-LEFT OVERRIDE}", "'"]
)
def test_a_value_is_quoted_as_it_is(value: str) -> None:
    """Hostile values: nothing is formatted twice, nothing is escaped or unescaped here; pages escape."""
    assert say(f"{value} is missing.", "de") == f"{value} fehlt."


def test_a_long_text_is_not_searched_for_long() -> None:
    """What comes from outside may be long and look like many sentences at once."""
    began = time.monotonic()
    for text in (
        "a is missing. " * 2000,
        "It describes " + ", and not " * 90 + "x",
        "x" * 999,
        "," * 1000 + " is needed.",
    ):
        say(text, "de", SAML)
    assert time.monotonic() - began < 5


def test_a_form_reads_its_values_and_nothing_else() -> None:
    form = Form("100 %% of %(one)s and %(other)s, %(one)s again.")
    assert form.read("100 % of a and b, a again.") == {"one": "a", "other": "b"}
    assert form.read("100 % of a and b, c again.") is None
    assert form.read("100 %% of a and b, a again.") is None


def test_a_strangers_package_cannot_break_a_page() -> None:
    """A distribution that is not there, or is no package name, has no catalogue."""
    for distribution in ("portico-adapter-none", "", "..", "os", "a b", "x" * 300):
        assert say("Choose a file.", "de", distribution) == "Wählen Sie eine Datei."


def test_words_of_a_language() -> None:
    """Dates and plural forms come from Babel's data of the language."""
    german, english, then = Words("de"), Words(), datetime(2027, 3, 9, 14, 2, 5, tzinfo=UTC)
    assert german.day(then.date()) == "9. März 2027"
    assert english.day(then.date()) == "9 March 2027"
    assert german.moment(then).startswith("9. März 2027, 14:02")
    assert english.second(then) == "9 Mar 2027, 14:02:05 UTC"
    say_days = [german.many("%(num)s day", "%(num)s days", num) for num in (0, 1, 2)]
    assert say_days == ["0 Tage", "1 Tag", "2 Tage"]
    assert english.many("%(num)s day", "%(num)s days", 1) == "1 day"
    assert german.list(["a", "b", "c"]) == "a, b und c"
    assert english.list(["a", "b"]) == "a and b"
    assert german("Set up %(what)s for %(organization)s", what="x", organization="%s") == "x für %s einrichten"


def test_words_are_of_a_language_that_we_speak() -> None:
    with pytest.raises(ValueError, match="xx"):
        Words("xx")


@pytest.mark.parametrize(
    ("wishes", "chosen"),
    [
        (["de-CH", "en"], "de"),
        (["fr", "DE"], "de"),
        (["fr-FR", "es"], None),
        (["", "x" * 5000, "\0", "de\n"], "de"),
        ([], None),
    ],
)
def test_the_dearest_wish_that_can_be_granted_counts(wishes: list[str], chosen: str | None) -> None:
    """RFC 4647 3.4, lookup."""
    assert choose_language(wishes) == chosen
