"""Bringing what a person typed into the one form that the rest of the adapter relies on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from portico_oidc.settings import DISCOVERY_PATH
from portico_sdk import FieldProblem, SettingField, SettingsError

_MAX_TEXT = 2000
_MAX_ITEMS = 50
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749 3.3 scope-token
_URL = re.compile(r"[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+")


class _Wrong(Exception):
    """One value cannot be used: (code, sentence)."""


def canonical(
    fields: tuple[SettingField, ...], settings: Mapping[str, Any], lower_case: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return every field in its canonical form, defaults filled in, None where absent.

    Args:
        lower_case: names of settings whose texts are kept in lower case.

    Raises SettingsError naming every field at fault, unknown names included.
    """
    problems = [
        FieldProblem(name, "setting-unknown", "There is no such setting.")
        for name in settings.keys() - {field.name for field in fields}
    ]
    result: dict[str, Any] = {}
    for field in fields:
        try:
            value = _read(field, settings.get(field.name))
        except _Wrong as wrong:
            problems.append(FieldProblem(field.name, wrong.args[0], wrong.args[1]))
            continue
        result[field.name] = field.default if value is None else _lower(value) if field.name in lower_case else value
    if problems:
        raise SettingsError(*sorted(problems, key=lambda problem: problem.field))
    for field in fields:
        if field.kind == "list" and result[field.name] is not None:
            result[field.name] = list(result[field.name])
    return result


def _lower(value: Any) -> Any:
    return [item.lower() for item in value] if isinstance(value, list) else value.lower()


def check_complete(fields: tuple[SettingField, ...], settings: Mapping[str, Any]) -> None:
    """Raise SettingsError naming every required field that is absent."""
    missing = [field for field in fields if field.required and not settings.get(field.name)]
    if missing:
        raise SettingsError(*(FieldProblem(f.name, "setting-missing", f"{f.label} is needed.") for f in missing))


def _read(field: SettingField, value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _READERS[field.kind](field, value)


def _text(field: SettingField, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT or not _PRINTABLE.fullmatch(value.strip()):
        raise _Wrong("text-invalid", "This must be a text of printable ASCII characters.")
    return value.strip()


def _url(field: SettingField, value: Any) -> str:
    text = _text(field, value)
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        usable = bool(host) and not parts.fragment and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        usable = False
    if "{" in text or "}" in text:
        raise _Wrong("url-template", "This still contains a placeholder; put your own tenant's value there.")
    if not usable or not _URL.fullmatch(text) or not (parts.scheme == "https" or _is_local(parts.scheme, host)):
        raise _Wrong("url-invalid", "This must be an absolute https address.")
    if field.name == "issuer":
        text = text.removesuffix(DISCOVERY_PATH)
        if urlsplit(text).query:
            raise _Wrong("url-invalid", "An issuer has no query.")
    return text


def _is_local(scheme: str, host: str) -> bool:
    """Whether plain http cannot leave this machine; the outbound guard still decides whether it is used."""
    return scheme == "http" and (host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost"))


def _choice(field: SettingField, value: Any) -> str:
    if value not in field.choices:
        raise _Wrong("choice-unknown", f"This must be one of: {', '.join(field.choices)}.")
    return str(value)


def _boolean(field: SettingField, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("boolean-invalid", "This must be true or false.")
    return value


def _integer(field: SettingField, value: Any) -> int:
    low = field.minimum if field.minimum is not None else value
    high = field.maximum if field.maximum is not None else value
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise _Wrong("integer-invalid", f"This must be a whole number from {field.minimum} to {field.maximum}.")
    return value


def _list(field: SettingField, value: Any) -> list[str] | None:
    items = value.split() if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or len(items) > _MAX_ITEMS:
        raise _Wrong("list-invalid", "This must be a list of words.")
    if not all(isinstance(item, str) and len(item) < _MAX_TEXT and _TOKEN.fullmatch(item) for item in items):
        raise _Wrong("list-invalid", "This must be a list of words without blanks, quotes and backslashes.")
    if field.choices and not set(items) <= set(field.choices):
        raise _Wrong("choice-unknown", f"Each must be one of: {', '.join(field.choices)}.")
    if field.name == "scopes":
        items = ["openid", *items]
    return list(dict.fromkeys(items)) or None


_READERS: Mapping[str, Callable[[SettingField, Any], Any]] = {
    "text": _text,
    "secret": _text,
    "url": _url,
    "choice": _choice,
    "boolean": _boolean,
    "integer": _integer,
    "list": _list,
}
