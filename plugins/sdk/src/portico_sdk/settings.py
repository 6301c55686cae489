"""Settings of a connection as data: the one source for forms, validation, encryption, API schema and docs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

FieldKind = Literal["text", "url", "choice", "boolean", "integer", "list", "certificates", "secret"]


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting of an adapter.

    Args:
        name: snake_case, the specification's own term where there is one.
        label: what a form shows; the provider's own name of the field.
        kind: `text` and `secret` are str, `url` an absolute https URL, `choice` one of `choices`, `boolean` bool,
            `integer` int within `minimum..maximum`, `list` a list of str, `certificates` a list of PEM strings.
        required: a connection cannot be activated without it.
        secret: encrypted at rest, never shown again, masked in every log and answer.
        editable_by: `customer` lets the customer's administrator change it; `operator` does not.
        default: the value when none was given; None means absent.
        choices: values of a `choice`.
        minimum, maximum: bounds of an `integer`, both allowed.
        help: one or two sentences below the field.
        example: a value that looks like a real one.
    """

    name: str
    kind: FieldKind
    label: str
    required: bool = False
    secret: bool = False
    editable_by: Literal["operator", "customer"] = "operator"
    default: object = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    help: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One page of the customer's setup, in the order of the provider's own console.

    Args:
        id: kebab-case, unique within the adapter. The English texts are the ids of their translations.
        title: English, starts with a verb.
        body: English; the provider's own menu and field names stay as the provider writes them.
        copies: our values to paste there, as (name of the value, the provider's name of the field); names are
            `entity_id acs_url metadata_url slo_url certificate redirect_uri post_logout_redirect_uri
            backchannel_logout_uri`.
        asks: names of the SettingFields to fill on this page.
        choices: what to choose there, as (the provider's name of the field, its name of the value).
        snippets: texts to paste there as they are, as (what it is, the text): claim rules, commands, expressions.
    """

    id: str
    title: str
    body: str = ""
    copies: tuple[tuple[str, str], ...] = ()
    asks: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    snippets: tuple[tuple[str, str], ...] = ()


def change_fields(fields: Iterable[SettingField], changes: Mapping[str, Mapping[str, Any]]) -> tuple[SettingField, ...]:
    """Return the fields with some of their members replaced: how a vendor's profile words the settings it inherits.

    Args:
        changes: name of a field -> members of SettingField to replace, such as `{"label": "Identity Provider Issuer"}`.

    Raises:
        KeyError: there is no field of that name.
    """
    kept = {field.name: field for field in fields}
    for name, members in changes.items():
        kept[name] = replace(kept[name], **members)
    return tuple(kept.values())
