"""Asking an issuer who it says it is, before it is stored: a slash too many would refuse every sign-in.

The adapter compares the same two names at each sign-in; here somebody who can correct it is still on the page.

Spec: OpenID Connect Discovery 1.0, sections 4 and 4.3.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.errors import Problem
from app.portal.unreachable import tell
from app.translations import marked
from portico_sdk import AdapterSpec, ProviderUnreachable, SettingsError

PATH = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_MAX_SHOWN = 200


def check_issuer(
    spec: AdapterSpec,
    typed: Mapping[str, Any],
    stored: Mapping[str, Any],
    fetch: Callable[[str], bytes],
    now: datetime,
) -> tuple[Problem, ...]:
    """Return what is wrong with an issuer that was typed: it cannot be asked, or it calls itself otherwise.

    Args:
        typed: settings of this page; without an issuer there is nothing to ask.
        stored: settings of the connection; operators may have set its endpoints, then nothing is discovered.
        fetch: raises ProviderUnreachable.
    """
    if spec.protocol != "oidc" or not typed.get("issuer") or all(stored.get(name) for name in _ENDPOINTS):
        return ()
    try:
        issuer = str(spec.adapter.validate({"issuer": typed["issuer"]}, now)["issuer"])
    except SettingsError:
        return ()  # storing it says what is wrong with its form
    try:
        published = _issuer_of(fetch(issuer.rstrip("/") + PATH))
    except ProviderUnreachable as error:
        return (tell(Problem("issuer", error.code, error.detail), file=False),)
    if published is None:
        said = marked("With %(path)s behind it, this address shows no discovery document.") % {"path": PATH}
        return (Problem("issuer", "discovery-malformed", said),)
    if published != issuer:
        said = marked("Your provider calls itself %(issuer)s. Give exactly that.") % {"issuer": published}
        return (Problem("issuer", "issuer-mismatch", said),)
    return ()


def _issuer_of(document: bytes) -> str | None:
    try:
        said = json.loads(document)
    except (ValueError, RecursionError):
        return None
    issuer = said.get("issuer") if isinstance(said, dict) else None
    usable = isinstance(issuer, str) and issuer.isprintable() and 0 < len(issuer) <= _MAX_SHOWN
    return issuer if usable else None
