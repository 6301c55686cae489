"""Passwords of operators: argon2id, long enough, and none that everybody tries first."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Invalid, Problem

MIN_LENGTH, MAX_LENGTH = 12, 200
# OWASP's second choice of parameters: a flood of tries must not take the memory that sign-ins need
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# fmt: off
_PARTS = frozenset({
    "password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "welcome", "welcome1", "letmein", "qwerty",
    "qwertyuiop", "qwertz", "asdfgh", "zxcvbn", "1q2w3e4r", "iloveyou", "monkey", "dragon", "football", "baseball",
    "sunshine", "princess", "admin", "administrator", "changeme", "change", "secret", "master", "superman", "batman",
    "trustno1", "login", "abc123", "abcdef", "hello", "access", "shadow", "test", "guest", "default", "company",
    "portico", "auth0", "operator", "summer", "winter", "spring", "autumn", "sommer", "correcthorsebatterystaple",
})
# fmt: on


def check_password(password: str, *, email: str) -> None:
    """Raise Invalid unless a person may choose this password.

    Args:
        email: of whose account; its local part is guessed first.

    Spec: NIST SP 800-63B 3.1.1.2: length, and a list of what is tried first; no rules about kinds of characters.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise _refused("password-length", f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters.")
    plain = password.casefold()
    left = "".join(char for char in plain if char.isalpha())
    own = email.split("@")[0].casefold()
    guessed = _PARTS | ({own} if len(own) >= 4 else set())
    for part in sorted(guessed, key=len, reverse=True):
        plain = plain.replace(part, "")
    if len(plain) < 6 or len(set(password)) < 5 or _is_run(password) or left in guessed:
        raise _refused("password-common", "This is one of the passwords that are tried first. Choose another one.")


def hash_password(password: str) -> str:
    """Return what is stored of a password. Takes tens of milliseconds: outside of transactions."""
    return _HASHER.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; as slow for nobody (None) as for somebody."""
    try:
        return _HASHER.verify(stored or _nobodys(), password[: MAX_LENGTH + 1]) and stored is not None
    except (VerificationError, InvalidHashError, UnicodeError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


def _is_run(password: str) -> bool:
    """Whether each character follows from the one before, as in 123456789012 or lkjihgfedcba."""
    steps = [ord(second) - ord(first) for first, second in pairwise(password)]
    return sum(step in (-1, 0, 1) for step in steps) > len(steps) * 0.7


def _refused(code: str, message: str) -> Invalid:
    return Invalid(Problem("password", code, message))
