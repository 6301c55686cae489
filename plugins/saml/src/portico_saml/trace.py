"""Every step of a sign-in leaves one line in the trace, the refused one last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from portico_saml.reasons import Refusal
from portico_sdk import CheckResult, SignInRefused

T = TypeVar("T")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """What a passed check expected and what it received, as an operator reads it."""

    expected: str = ""
    received: str = ""


class Trace:
    """Records results in the order in which the steps run."""

    def __init__(self, record: Callable[[CheckResult], None]) -> None:
        self._record = record

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Return what `work` returns, recorded as passed; record a refusal as failed and let it go on."""
        try:
            result = work()
        except SignInRefused as refusal:
            expected, received = "", refusal.detail
            if isinstance(refusal, Refusal):
                expected, received = refusal.expected, refusal.received or refusal.detail
            self._record(CheckResult(name, False, expected[:_LONGEST], received[:_LONGEST]))
            raise
        compared = result if isinstance(result, Compared) else Compared()
        self._record(CheckResult(name, True, compared.expected[:_LONGEST], compared.received[:_LONGEST]))
        return result
