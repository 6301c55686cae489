"""Asking an adapter: whatever it raises is a refusal with a reason, never an error page and never a login."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog

from app.cipher import CannotDecrypt
from app.connections import LiveConnection
from app.database import end_read
from app.errors import SignInFailed
from portico_sdk import AdapterError

T = TypeVar("T")

log = structlog.get_logger(__name__)


def ask_adapter(live: LiveConnection, step: str, ask: Callable[[], T]) -> T:
    """Return what the adapter answers. The database is given back before: an adapter may ask other servers.

    Raises:
        SignInFailed: with the adapter's own code; `connection-unreadable` when our own keys do not open; else
            `adapter-failed`, for anything that it should not raise.
    """
    end_read()
    try:
        return ask()
    except AdapterError as error:
        raise SignInFailed(error.detail, code=error.code, hint=error.hint) from error
    except CannotDecrypt as error:
        raise SignInFailed(error.detail, code="connection-unreadable", hint="Run portico doctor.") from error
    except Exception as error:
        log.exception("adapter_failed", adapter=live.spec.key, connection=live.id, step=step)
        raise SignInFailed(f"{live.spec.key} raised {type(error).__name__}", code="adapter-failed") from error
