"""Checks of the optional capabilities, each where the spec declares it."""

from __future__ import annotations

import re
from dataclasses import astuple
from typing import Any

import pytest

from portico_sdk.errors import MetadataError, PasteError
from portico_sdk.explaining import SYMPTOMS, Explanation, Failure
from portico_sdk.metadata import ParsedMetadata
from portico_sdk.pasting import Pasted
from portico_sdk.recognizing import Clue
from portico_sdk.testing.setup import Setup

_MARK = "zq7f3-said-by-a-stranger"
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DOCUMENTS = {
    "nothing": b"",
    "a web page": b"<!doctype html><html><body>Sign in</body></html>",
    "other XML": b"<x xmlns='urn:x'><y/></x>",
    "half a document": b"<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'",
    "an entity bomb": b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
    "bytes": bytes(range(256)),
    "JSON": b'{"issuer": "https://idp.example"}',
}


class CapabilityChecks(Setup):
    """Explaining, recognizing, reading and writing metadata."""

    def _has(self, capability: str) -> Any:
        if capability not in self.spec.capabilities:
            pytest.skip(f"{self.spec.key} does not declare {capability}")
        return self.spec.adapter

    def test_explanations_are_constant_texts(self) -> None:
        """`explain` never raises, and never shows an administrator what a stranger wrote."""
        adapter = self._has("explain")
        for code in (*SYMPTOMS, "", "no-such-code", "provider-error", "saml-status", "x" * 10_000):
            for detail in ("", _MARK, f"{_MARK} AADSTS50105: {_MARK} MSIS7070 \x00\ud800", _MARK * 5000):
                said = adapter.explain(Failure(code, detail, expected=_MARK, received=_MARK))
                assert said is None or type(said) is Explanation, "explain gives an Explanation or None"
                if said is not None:
                    self._check_explanation(said)

    def _check_explanation(self, said: Explanation) -> None:
        assert _CODE.fullmatch(said.code), f"the code {said.code!r} is not kebab-case"
        assert said.title.strip(), f"{said.code} has no title"
        shown = [text for part in astuple(said)[:-1] for text in (part if isinstance(part, tuple) else (part,))]
        assert not any(_MARK in text for text in shown), f"{said.code} repeats what was received"

    def test_in_doubt_nothing_is_recognized(self) -> None:
        """A wrong guess sends a customer down another vendor's set-up."""
        adapter = self._has("recognize")
        for text in ("", "https://", "https://example.com", "https://example.com/okta.com", "x" * 100_000, "\x00\n"):
            for clue in (Clue(text=text), Clue(entity_id=text), Clue(endpoints=(text,) * 3)):
                assert adapter.recognize(clue) is False, f"recognizes {text[:40]!r}"

    def test_the_providers_own_addresses_are_recognized(self) -> None:
        """Those that the test names."""
        adapter = self._has("recognize")
        for text in self.recognizes:
            assert adapter.recognize(Clue(text=text)) is True, f"does not recognize {text!r}"
            assert adapter.recognize(Clue(text=f"https://evil.example/{text}")) is False, f"recognizes {text!r} inside"

    def test_what_was_pasted_is_read_or_refused(self) -> None:
        """Whatever is on a clipboard: attributes of texts, or PasteError whose words repeat none of it."""
        adapter = self._has("read_pasted")
        texts = [document.decode("latin-1") for document in _DOCUMENTS.values()]
        for text in (*texts, _MARK, f"<a>{_MARK}</a>", f'{{"x": "{_MARK}"', f"{_MARK}.{_MARK}.{_MARK}", "x" * 100_000):
            refused, pasted = _paste(adapter, text)
            if refused is not None:
                assert refused.code, "the error has no code"
                assert refused.detail, "the error has no detail"
                assert _MARK not in refused.detail, "the error repeats what was pasted"
                continue
            assert type(pasted) is Pasted, "read_pasted gives a Pasted"
            for name, values in pasted.unverified_attributes.items():
                assert isinstance(values, tuple), f"{name[:40]!r} is no tuple"
                assert all(isinstance(value, str) for value in (name, *values)), f"{name[:40]!r} holds other things"

    @pytest.mark.parametrize("what", _DOCUMENTS)
    def test_what_is_no_metadata_is_refused(self, what: str) -> None:
        """With MetadataError, whose detail says what it is instead."""
        adapter = self._has("metadata_import")
        try:
            adapter.parse_metadata(_DOCUMENTS[what], self.make_provider("one").now)
        except MetadataError as error:
            refused = error
        except Exception as error:
            raise AssertionError(f"{what}: only MetadataError may be raised, not {type(error).__name__}") from error
        else:
            raise AssertionError(f"{what} passes for metadata")
        assert refused.code, "the error has no code"
        assert refused.detail, "the error has no detail"

    def test_metadata_gives_settings_that_work(self) -> None:
        """What a document says is what a connection stores."""
        adapter = self._has("metadata_import")
        if not self.metadata:
            pytest.skip(f"{type(self).__name__}.metadata names no document")
        now = self.make_provider("one").now
        parsed = adapter.parse_metadata(self.metadata, now)
        assert type(parsed) is ParsedMetadata, "parse_metadata gives a ParsedMetadata"
        assert parsed.entities, "a document without an identity provider is refused with MetadataError"
        for entity in parsed.entities:
            assert entity.entity_id, "an entity has an entity ID"
            adapter.validate(entity.settings, now)

    def test_our_metadata_says_who_we_are_and_keeps_the_key(self) -> None:
        """It is public."""
        adapter = self._has("metadata_export")
        sign_in = self.sign_in()
        document = adapter.service_provider_metadata(sign_in.context())
        ours = sign_in.provider.service_provider
        assert isinstance(document, bytes), "service_provider_metadata gives bytes"
        for value in (ours.entity_id, ours.acs_url):
            assert value.encode() in document, f"our metadata lacks {value}"
        for pair in ours.keys:
            line = pair.private_key_pem.strip().splitlines()[1]
            assert line.encode() not in document, "our metadata shows a private key"


def _paste(adapter: Any, text: str) -> tuple[PasteError | None, Any]:
    try:
        return None, adapter.read_pasted(text)
    except PasteError as error:
        return error, None
    except Exception as error:
        raise AssertionError(f"only PasteError may be raised, not {type(error).__name__}") from error
