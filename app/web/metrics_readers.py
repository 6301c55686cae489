"""Who may read `/metrics`: whoever brings the key; without one nobody but a program on a developer's own machine.

Production always has a proxy in front, and behind a proxy every stranger may look like this machine. So there the address
of the caller opens nothing: no key, no figures.
"""

from __future__ import annotations

import hmac
from typing import ClassVar

from flask import Request

from app.errors import Forbidden, Unauthorized
from app.settings import is_loopback_host

#: What proxies add. `X-Forwarded-…` in any form counts too.
_FORWARDED = ("Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip")


class NotForReaders(Unauthorized):
    """No key, or another one: the same answer."""

    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": 'Bearer realm="metrics"'}


def check_reader(request: Request, *, key: str, development: bool) -> None:
    """Return when the request may read the figures.

    Raises:
        NotForReaders: there is a key, and this is not it.
        Forbidden: there is none, and this is no direct request of a program on a developer's machine.
    """
    if key:
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        right = hmac.compare_digest(sent.encode(errors="replace"), key.encode())
        if scheme.lower() != "bearer" or not right:
            raise NotForReaders("not the key for metrics")
    elif not development or not _is_direct(request):
        raise Forbidden("there is no key for metrics: PORTICO_METRICS_KEY makes one")


def _is_direct(request: Request) -> bool:
    """Whether the connection comes from this machine and nobody says to have passed it on."""
    seen = request.environ.get("werkzeug.proxy_fix.orig", {})  # as it was before a proxy's word was believed
    peer = seen.get("REMOTE_ADDR") or request.environ.get("REMOTE_ADDR") or ""
    names = [name.title() for name, _ in request.headers]
    passed_on = any(name in _FORWARDED or name.startswith("X-Forwarded") for name in names)
    return is_loopback_host(peer) and not passed_on
