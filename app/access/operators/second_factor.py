"""The second factor: time-based codes (RFC 6238), each good once, and recovery codes for a lost phone."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime

import pyotp

from app.cipher import hash_token

STEP_S = 30
_AROUND = (-1, 0, 1)  # a phone's clock may be half a minute off (RFC 6238 5.2)
RECOVERY_CODES = 10


def make_totp_secret(random: Callable[[int], bytes]) -> str:
    """Return a fresh secret of 160 bits in base32, as authenticator apps take it (RFC 4226 4, R6)."""
    return base64.b32encode(random(20)).decode()


def totp_uri(secret: str, email: str, issuer: str) -> str:
    """Return what the QR code of the enrolment page says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def find_totp_step(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """Return the time step that the code belongs to, or None when it belongs to none that is near and unused.

    Args:
        after: the last step that was used; a code of it or of one before is refused.

    Does not note that it was used: the caller stores the step, in one statement that compares.
    """
    wanted = "".join(code.split()).encode(errors="replace")[:12]
    current = int(now.timestamp()) // STEP_S
    found = None
    for step in (current + offset for offset in _AROUND):
        right = hmac.compare_digest(pyotp.TOTP(secret).at(step * STEP_S).encode(), wanted)
        if right and step > after:
            found = step
    return found


def make_recovery_codes(operator_id: str, random: Callable[[int], bytes]) -> tuple[list[str], list[str]]:
    """Return ten codes of 100 bits for the person, and their hashes for the database."""
    codes = []
    for _ in range(RECOVERY_CODES):
        text = base64.b32encode(random(15)).decode()[:20].lower()
        codes.append("-".join(text[start : start + 5] for start in range(0, 20, 5)))
    return codes, [hash_recovery_code(operator_id, code) for code in codes]


def hash_recovery_code(operator_id: str, code: str) -> str:
    """Return the stored form of a recovery code, however it was typed."""
    plain = "".join(char for char in code.lower()[:60] if char.isalnum())
    return hash_token(f"recovery:{operator_id}:{plain}")


def find_recovery_code(operator_id: str, code: str, hashes: Sequence[str]) -> str | None:
    """Return the hash that a recovery code belongs to, or None; compares all of them."""
    wanted = hash_recovery_code(operator_id, code)
    found = None
    for stored in hashes:
        if hmac.compare_digest(stored, wanted):
            found = stored
    return found
