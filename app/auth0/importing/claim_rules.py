"""From Auth0's mappings to claim rules: `fieldsMap` of SAML, `attribute_map` of OpenID Connect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.auth0.importing.options import Options

#: The claim under which Auth0 shows what SAML calls the NameID.
NAME_IDENTIFIER = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"
NAME_ID = "NameID"

#: Auth0's field -> ours. What identifies a person is no field of the profile.
_FIELDS = {
    "email": "email",
    "name": "name",
    "given_name": "given_name",
    "family_name": "family_name",
    "username": "preferred_username",
    "preferred_username": "preferred_username",
    "upn": "preferred_username",
    "groups": "groups",
    "roles": "roles",
}
_IDENTIFIES = frozenset({"user_id", "id", "sub"})
#: Auth0 verifies nothing by these, and the gateway decides them itself.
_OURS = frozenset({"email_verified", "nickname", "picture"})
_REFERENCE = re.compile(r"\$\{context\.(?:tokenset|userinfo)\.([A-Za-z0-9_.:/-]{1,400})\}")

MAX_SOURCES = 30
Rules = dict[str, dict[str, Any]]


def read_fields_map(options: Options, attributes: frozenset[str]) -> tuple[Rules, list[str]]:
    """Return claim rules of a SAML connection's `fieldsMap`, and a sentence on each field that has no counterpart.

    Args:
        attributes: names of further attributes of the profile.
    """
    mapping = options.part("fieldsMap")
    written = {name: mapping.texts(name) for name in mapping.names()}
    return _rules({name: tuple(to_source(one) for one in sources) for name, sources in written.items()}, attributes)


def read_attribute_map(options: Options, attributes: frozenset[str]) -> tuple[Rules, list[str]]:
    """Return claim rules of an OpenID Connect connection's `attribute_map`; only `use_map` says anything of its own."""
    mapping = options.part("attribute_map")
    if mapping.text("mapping_mode") != "use_map":
        return {}, []
    expressed = mapping.part("attributes")
    written: dict[str, tuple[str, ...]] = {}
    lost = []
    for name in expressed.names():
        text = expressed.text(name)
        reference = _REFERENCE.fullmatch(text)
        if reference:
            written[name] = (reference[1],)
        elif text and name not in _OURS:
            lost.append(f"The mapping of {name[:60]} is put together from several values: write it as a claim rule.")
    rules, unknown = _rules(written, attributes)
    return rules, [*lost, *unknown]


def find_id_sources(options: Options) -> tuple[str, ...]:
    """Return the attributes by which Auth0 knows people of a SAML connection, in their order."""
    named = options.texts("user_id_attribute") or options.part("fieldsMap").texts("user_id")
    return tuple(dict.fromkeys(to_source(name) for name in named)) or (NAME_ID,)


def to_source(name: str) -> str:
    """Return the name that a claim rule gives to one of Auth0's SAML attributes."""
    return NAME_ID if name in (NAME_IDENTIFIER, "nameidentifier") else name


def _rules(written: Mapping[str, tuple[str, ...]], attributes: frozenset[str]) -> tuple[Rules, list[str]]:
    rules: Rules = {}
    lost = []
    for name, sources in written.items():
        field = _FIELDS.get(name) or (name if name in attributes else None)
        if name in _IDENTIFIES or name in _OURS or not sources:
            continue
        if field is None:
            lost.append(f"{name[:60]} is no attribute of the profile here: add one of that name, then map it.")
        else:
            kept = [source for source in sources if source.isprintable() and len(source) <= 500][:MAX_SOURCES]
            already = rules.get(field, {}).get("sources", [])
            rules[field] = {"sources": list(dict.fromkeys([*already, *kept])), "transforms": _transforms(field)}
    return {field: rule for field, rule in rules.items() if rule["sources"]}, lost


def _transforms(field: str) -> list[dict[str, str]]:
    trim = {"kind": "trim"}
    return [trim, {"kind": "lower"}] if field == "email" else [trim]
