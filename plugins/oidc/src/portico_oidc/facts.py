"""What the checks of a sign-in look at, in three stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portico_oidc.asked import Asked
from portico_oidc.discovery import Provider
from portico_oidc.policy import OidcPolicy
from portico_sdk import Callback


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brought back, before anybody is asked."""

    callback: Callback
    settings: Mapping[str, Any] = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The same, beside what the provider publishes about itself."""

    callback: Callback
    provider: Provider


@dataclass(frozen=True, slots=True)
class Signed:
    """The claims behind a valid signature, and everything they have to fit."""

    claims: Mapping[str, Any] = field(repr=False)
    alg: str
    access_token: str = field(repr=False)
    asked: Asked
    now: datetime
    skew: timedelta
    settings: Mapping[str, Any] = field(repr=False)
    policy: OidcPolicy
