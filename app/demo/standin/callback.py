"""What arrives at /login/callback, before anything is fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.demo.standin.failures import LoginFailed
from app.demo.standin.snapshot import Snapshot

_ONCE = ("state", "iss", "error", "code", "id_token", "token", "response")


def check_callback(snapshot: Snapshot, values: Mapping[str, Sequence[str]], expected_state: str) -> str:
    """Return the code. Raises LoginFailed with the engine's message, also for an error from upstream.

    Args:
        values: every parameter with all its values.
    Spec: RFC 6749 4.1.2, RFC 9207 2.4.
    """
    given = {name: _once(name, values.get(name, ())) for name in _ONCE}
    if given["response"] is not None:
        raise LoginFailed(
            '"parameters" contains a JARM response, use validateJwtAuthResponse() instead of validateAuthResponse()'
        )
    _check_state(given["state"], expected_state)
    _check_iss(snapshot, given["iss"])
    if given["error"]:
        description = next(iter(values.get("error_description", ())), None)
        message = f"{given['error']} ({description})" if description else given["error"]
        raise LoginFailed(message, oauth_error=given["error"], description=description)
    if given["id_token"] is not None or given["token"] is not None:
        raise LoginFailed("implicit and hybrid flows are not supported")
    if not given["code"]:
        raise LoginFailed("code missing from response")
    return given["code"]


def _once(name: str, sent: Sequence[str]) -> str | None:
    if len(sent) > 1:
        raise LoginFailed(f'"{name}" parameter must be provided only once')
    return sent[0] if sent else None


def _check_state(state: str | None, expected: str) -> None:
    if not state:
        raise LoginFailed("state missing from the response")
    if state != expected:
        raise LoginFailed(f"state mismatch, expected {expected}, got: {state}")


def _check_iss(snapshot: Snapshot, iss: str | None) -> None:
    if iss is None and snapshot.iss_parameter_required:
        raise LoginFailed("iss missing from the response")
    if iss is not None and iss != snapshot.issuer:
        raise LoginFailed(f"iss mismatch, expected {snapshot.issuer}, got: {iss}")
