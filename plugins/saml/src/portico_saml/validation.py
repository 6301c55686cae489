"""From what people typed to settings in their one canonical form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from portico_saml.certificates import CertificateProblem, read_certificates
from portico_saml.metadata import parse_metadata
from portico_saml.urls import is_our_own, url_problem
from portico_sdk import FieldProblem, MetadataError, SettingField, SettingsError

_MAX_TEXT = 1024
_MAX_LIST = 50
_METADATA_XML = "metadata_xml"
_OWN_VALUE = "This is our own address. Values go both ways; here, paste the one of the identity provider."


def validate(raw: Mapping[str, Any], fields: Sequence[SettingField], now: datetime) -> dict[str, Any]:
    """Return the settings in canonical form: every field present, defaults filled in, None where absent.

    `metadata_xml` is read into the other names; what is given explicitly beside it wins.

    Raises:
        SettingsError: naming every field at fault. Its messages never repeat a pasted key.
    """
    known = {field.name for field in fields} | {_METADATA_XML}
    problems = [FieldProblem(name, "unknown", "There is no such setting.") for name in sorted(set(raw) - known)]
    given = {name: value for name, value in raw.items() if value not in (None, "", [], ())}
    if _METADATA_XML in given:
        given = _from_metadata(given, now, problems) | given
    settings: dict[str, Any] = {}
    for field in fields:
        if field.name not in given:
            settings[field.name] = field.default
            continue
        try:
            settings[field.name] = _READERS[field.kind](given[field.name], field)
        except CertificateProblem as problem:
            problems.append(FieldProblem(field.name, problem.code, problem.message))
        except _Wrong as wrong:
            problems.append(FieldProblem(field.name, wrong.code, wrong.message))
    problems += _own_values(settings) + _requested_acs_url(settings)
    if problems:
        raise SettingsError(*problems)
    return settings


def check_ready(settings: Mapping[str, Any]) -> None:
    """Raise SettingsError unless a sign-in could work: a provider to compare with, to send to and to verify with."""
    problems = [
        FieldProblem(name, "required", message)
        for name, message in (
            ("idp_entity_id", "The issuer of the identity provider is missing."),
            ("sso_url", "The single sign-on URL of the identity provider is missing."),
            ("certificates", "Without a certificate no sign-in can be verified."),
        )
        if not settings.get(name)
    ]
    if problems:
        raise SettingsError(*problems)


class _Wrong(ValueError):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def _from_metadata(given: Mapping[str, Any], now: datetime, problems: list[FieldProblem]) -> dict[str, Any]:
    xml = given[_METADATA_XML]
    if not isinstance(xml, str | bytes):
        problems.append(FieldProblem(_METADATA_XML, "type", "Give the document as text."))
        return {}
    try:
        entities = parse_metadata(xml.encode() if isinstance(xml, str) else xml, now).entities
    except MetadataError as error:
        problems.append(FieldProblem(_METADATA_XML, error.code, error.detail))
        return {}
    chosen = [entity for entity in entities if entity.entity_id == given.get("idp_entity_id")] or list(entities)
    if len(chosen) != 1:
        message = f"The document describes {len(chosen)} identity providers. Say which one by its entity ID."
        problems.append(FieldProblem(_METADATA_XML, "metadata-several", message))
        return {}
    return dict(chosen[0].settings)


def _own_values(settings: Mapping[str, Any]) -> list[FieldProblem]:
    return [
        FieldProblem(name, "own-value", _OWN_VALUE)
        for name in ("idp_entity_id", "sso_url", "slo_url", "metadata_url")
        if isinstance(settings.get(name), str) and is_our_own(settings[name])
    ]


def _requested_acs_url(settings: Mapping[str, Any]) -> list[FieldProblem]:
    """An answer to an address that is not accepted would always be refused."""
    asked, accepted = settings.get("requested_acs_url"), settings.get("accepted_acs_urls") or ()
    if asked is None or asked in accepted:
        return []
    message = "Ask only for an ACS URL that is accepted: list it under the further ACS URLs too."
    return [FieldProblem("requested_acs_url", "not-accepted", message)]


def _read_text(value: Any, field: SettingField) -> str:
    if not isinstance(value, str):
        raise _Wrong("type", "Give a text.")
    text = value.strip()
    if not text or len(text) > _MAX_TEXT or not text.isprintable():
        raise _Wrong("text", f"Give a text of at most {_MAX_TEXT} printable characters.")
    if "PRIVATE KEY" in text.upper():
        raise _Wrong("private-key", "This is a private key. We threw it away and did not log it.")
    return text


def _read_url(value: Any, field: SettingField) -> str:
    if not isinstance(value, str):
        raise _Wrong("type", "Give a text.")
    if problem := url_problem(value.strip()):
        raise _Wrong("url", problem)
    return value.strip()


def _read_choice(value: Any, field: SettingField) -> str:
    if value not in field.choices:
        raise _Wrong("choice", f"Choose one of {', '.join(field.choices)}.")
    return str(value)


def _read_boolean(value: Any, field: SettingField) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("type", "Give true or false.")
    return value


def _read_integer(value: Any, field: SettingField) -> int:
    low, high = field.minimum or 0, field.maximum or 0
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _Wrong("range", f"Give a whole number from {low} to {high}.")
    return value


def _read_list(value: Any, field: SettingField) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > _MAX_LIST:
        raise _Wrong("type", f"Give a list of at most {_MAX_LIST} texts.")
    read = _read_url if field.name.endswith("_urls") else _read_text
    return list(dict.fromkeys(read(item, field) for item in value))


def _read_certificates(value: Any, field: SettingField) -> list[str]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise _Wrong("type", "Give a list of certificates.")
    return [info.pem for info in read_certificates(items)]


_READERS: Mapping[str, Callable[[Any, SettingField], Any]] = {
    "text": _read_text,
    "secret": _read_text,
    "url": _read_url,
    "choice": _read_choice,
    "boolean": _read_boolean,
    "integer": _read_integer,
    "list": _read_list,
    "certificates": _read_certificates,
}
