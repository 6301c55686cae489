"""SAML times: UTC, written with Z, nothing else (SAML core 1.3.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from portico_saml.reasons import Reason, refuse

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?Z", re.ASCII)


def parse_time(value: str | None, name: str) -> datetime:
    """Return the aware UTC time. Raises Refusal when `value` is absent, has another zone or is no time at all."""
    if value is None:
        refuse(Reason.TIME_FORMAT, f"{name} is missing", expected="a UTC time", received="nothing")
    if not _TIME.fullmatch(value):
        refuse(Reason.TIME_FORMAT, f"{name} is not a UTC time", expected="2026-01-31T12:00:00Z", received=value[:40])
    whole, _, fraction = value[:-1].partition(".")
    try:
        return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}").replace(tzinfo=UTC)
    except ValueError:
        refuse(Reason.TIME_FORMAT, f"{name} is not a time", expected="a UTC time", received=value[:40])


def format_time(at: datetime) -> str:
    """Return `at` as SAML writes it, in whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
