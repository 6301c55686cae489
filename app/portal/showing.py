"""What templates of the portal say with: days, moments, fingerprints, names of checks and fields."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from babel.numbers import format_decimal

from app.portal.evidence_text import differ, lay_out
from app.translations import Words, marked

_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

#: What the checks of the first-party adapters and our own steps are called; a stranger's go by their own names.
CHECKS = {
    # SAML
    "message": marked("Response received"),
    "document": marked("Well-formed document"),
    "structure": marked("Structure of the response"),
    "status": marked("Status"),
    "version": marked("Version"),
    "issuer": marked("Issuer"),
    "destination": marked("Destination"),
    "solicited": marked("Sign-in was asked for"),
    "signature": marked("Signature"),
    "response-signature": marked("Signature of the response"),
    "assertion-signature": marked("Signature of the assertion"),
    "decryption": marked("Decryption"),
    "subject-confirmation": marked("Confirmation of the person"),
    "in-response-to": marked("Answer to our request"),
    "audience": marked("Audience"),
    "conditions": marked("Conditions"),
    "times": marked("Times"),
    "authn-statement": marked("Authentication of the person"),
    "library": marked("Second opinion of the SAML library"),
    "subject": marked("Subject"),
    "attributes": marked("Attributes"),
    "identity": marked("Identity"),
    # OpenID Connect
    "no-error": marked("No error of the provider"),
    "asked-for": marked("Sign-in was asked for"),
    "state": marked("Answer to our request"),
    "settings-unchanged": marked("Settings unchanged since"),
    "discovery": marked("Discovery document"),
    "iss-parameter": marked("Issuer of the answer"),
    "code": marked("Code"),
    "token": marked("Token request"),
    "header": marked("Header of the ID token"),
    "iss": marked("Issuer"),
    "aud": marked("Audience"),
    "azp": marked("Authorized party"),
    "exp": marked("Not expired"),
    "iat": marked("Time of issue"),
    "nbf": marked("Already valid"),
    "nonce": marked("Nonce"),
    "at-hash": marked("Hash of the access token"),
    "auth-time": marked("Time of authentication"),
    "sub": marked("Subject"),
    "matching-claims": marked("Claims match the settings"),
    "issuer-claims": marked("Claims of the issuer"),
    "userinfo": marked("Userinfo"),
    # our own
    "claims": marked("Required claims"),
    "profile": marked("Profile"),
    "routed": marked("Found the connection"),
    "request-checked": marked("Request of the application"),
    "session": marked("Session"),
    "session-refused": marked("Session refused"),
    "sent-to-provider": marked("Sent to the provider"),
    "provider-proved": marked("Proved by the provider"),
    "allowed": marked("Allowed"),
    "denied": marked("Refused"),
    "code-redeemed": marked("Code redeemed"),
}
#: What a step of a trace says, by name.
FACTS = {
    "expected": marked("Expected"),
    "received": marked("Received"),
    "detail": marked("Detail"),
    "code": marked("Code"),
    "hint": marked("Hint"),
    "email": marked("E-mail address"),
    "email_verified": marked("E-mail address verified"),
    "groups": marked("Groups"),
    "incomplete": marked("Left out"),
    "subject": marked("Subject"),
    "source": marked("Source"),
    "issuer": marked("Issuer"),
    "connection": marked("Connection"),
    "organization": marked("Organization"),
    "client": marked("Application"),
    "adapter": marked("Adapter"),
    "action": marked("Action"),
    "started": marked("Started"),
    "prompt": marked("Prompt"),
    "method": marked("Method"),
}
FIELDS = {
    "email": marked("E-mail address"),
    "name": marked("Full name"),
    "given_name": marked("First name"),
    "family_name": marked("Last name"),
    "preferred_username": marked("User name"),
    "groups": marked("Groups"),
    "roles": marked("Roles"),
}


def make_globals(language: Callable[[], str], clock: Callable[[], datetime]) -> dict[str, Any]:
    """Return the functions for templates."""

    def words() -> Words:
        return Words(language())

    def day(value: datetime | str) -> str:
        return words().day(_moment(value).date())

    def moment(value: datetime | str | None) -> str:
        return "–" if value is None else words().second(_moment(value))

    def days_left(until: datetime | str) -> int:
        return math.floor((_moment(until) - clock()).total_seconds() / 86_400)

    def check_name(name: str) -> str:
        return words()(CHECKS[name]) if name in CHECKS else name.replace("-", " ").capitalize()

    def field_name(name: str) -> str:
        return words()(FIELDS[name]) if name in FIELDS else name

    def fact_name(name: str) -> str:
        return words()(FACTS[name]) if name in FACTS else name.replace("_", " ").capitalize()

    def decimal(value: float, digits: int = 1) -> str:
        return format_decimal(round(value, digits), locale=language())

    return {
        "day": day,
        "moment": moment,
        "days_left": days_left,
        "differ": differ,
        "check_name": check_name,
        "field_name": field_name,
        "fact_name": fact_name,
        "decimal": decimal,
        "fingerprint": fingerprint,
        "is_object_id": is_object_id,
        "lay_out": lay_out,
        "near_matches": near_matches,
        "pretty": pretty,
        "short_name": short_name,
    }


def fingerprint(sha256: str) -> str:
    """Return it as consoles show it: pairs of capital hex digits with colons."""
    return ":".join(sha256[i : i + 2] for i in range(0, len(sha256), 2)).upper()


def short_name(name: str) -> str:
    """Return the last part of an attribute's name that is a URI; others whole."""
    tail = re.split(r"[/:]", name.rstrip("/"))[-1] if re.match(r"(?:https?|urn):", name) else name
    return tail or name


def is_object_id(value: str) -> bool:
    """Whether it is a GUID: what Entra sends of a group in the place of its name."""
    return _GUID.fullmatch(value) is not None


def near_matches(field: str, received: Mapping[str, Sequence[str]]) -> list[str]:
    """Return at most three names that arrived and look like the field, by their letters or by the form of the value."""
    words = {"email": ("mail", "upn"), "groups": ("group", "memberof"), "roles": ("role",)}.get(
        field, (field.replace("_", ""),)
    )
    named = [name for name in received if any(word in name.lower().replace("_", "") for word in words)]
    shaped = [
        name for name, values in received.items() if field == "email" and any(_is_address(one) for one in values[:5])
    ]
    return list(dict.fromkeys([*shaped, *named]))[:3]


def _is_address(value: str) -> bool:
    return _ADDRESS.fullmatch(value.strip()) is not None


def pretty(claims: Any) -> str:
    """Return JSON for people."""
    return json.dumps(claims, indent=2, ensure_ascii=False, default=str)


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
