"""What the values of an organization may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import Invalid, Problem

#: Every key of a policy with its default. The defaults are the strict ones.
POLICY_DEFAULTS: Mapping[str, bool | int | None] = {"allow_unverified_email": False, "max_session_s": None}

#: Seconds that a session may last at most after the identity provider answered, where the policy says so.
MAX_SESSION_S = range(300, 30 * 86_400 + 1)

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_AUTH0_ORGANIZATION = re.compile(r"org_[A-Za-z0-9]{1,60}")
_CHANGEABLE = frozenset({"name", "slug", "external_id", "auth0_organization_id", "status", "policy"})


def check_new(name: object, slug: object, external_id: object, auth0_organization_id: object, policy: object) -> None:
    """Raise Invalid unless all values can be used."""
    values = {
        "name": name,
        "slug": slug,
        "external_id": external_id,
        "auth0_organization_id": auth0_organization_id,
        "policy": policy,
    }
    _raise([problem for field, value in values.items() for problem in _problems(field, value)])


def check_changes(changes: Mapping[str, Any]) -> None:
    """Raise Invalid unless all changes are known and can be used."""
    _raise([problem for field, value in changes.items() for problem in _problems(field, value)])


def policy_of(policy: Mapping[str, Any]) -> dict[str, bool | int | None]:
    """Return the whole policy, absent keys at their strict defaults."""
    return {key: policy.get(key, default) for key, default in POLICY_DEFAULTS.items()}


def is_printable(value: object, maximum: int) -> bool:
    """Whether it is text of 1 to `maximum` characters without control characters, and not blank."""
    return isinstance(value, str) and bool(value.strip()) and len(value) <= maximum and not _CONTROL.search(value)


def _problems(field: str, value: Any) -> Iterator[Problem]:
    if field not in _CHANGEABLE:
        yield Problem(field, "unknown-field", "There is no such field.")
    elif field == "name" and not is_printable(value, 200):
        yield Problem(field, "name-syntax", "A name has 1 to 200 characters on one line.")
    elif field == "slug" and value is not None:
        yield from _slug_problems(value)
    elif field == "external_id" and value is not None and not is_printable(value, 255):
        yield Problem(field, "external-id-syntax", "An external id has 1 to 255 characters on one line.")
    elif field == "auth0_organization_id" and value is not None:
        if not isinstance(value, str) or not _AUTH0_ORGANIZATION.fullmatch(value):
            yield Problem(field, "auth0-organization-syntax", "Give the id of an Auth0 organization, such as org_….")
    elif field == "status" and value not in ("active", "disabled"):
        yield Problem(field, "status-unknown", "The status is active or disabled.")
    elif field == "policy":
        yield from _policy_problems(value)


def _slug_problems(value: Any) -> Iterator[Problem]:
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        yield Problem("slug", "slug-syntax", "A slug has 1 to 63 characters of a-z, 0-9 and inner hyphens.")
    elif value.startswith("org-"):
        yield Problem("slug", "slug-reserved", "A slug may not begin with org-, as ids do.")


def _policy_problems(value: Any) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem("policy", "policy-syntax", "A policy is an object.")
        return
    for key, setting in value.items():
        if key not in POLICY_DEFAULTS:
            yield Problem(f"policy.{key}", "unknown-field", "There is no such policy.")
        elif key == "max_session_s":
            if setting is not None and (type(setting) is not int or setting not in MAX_SESSION_S):
                message = f"Give {MAX_SESSION_S[0]} to {MAX_SESSION_S[-1]} seconds, or null for no bound."
                yield Problem(f"policy.{key}", "policy-seconds", message)
        elif not isinstance(setting, bool):
            yield Problem(f"policy.{key}", "policy-boolean", "This policy is true or false.")


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(*problems)
