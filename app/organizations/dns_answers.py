"""What a question to DNS can come back with. Outcomes differ by what a person has to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["found", "not-found", "wrong-value", "doubled-zone", "servfail", "timeout", "no-zone"]

#: The record is certainly not there, as opposed to: nobody could tell.
MISSING: frozenset[Outcome] = frozenset({"not-found", "wrong-value", "doubled-zone", "no-zone"})


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """The answer about one TXT record.

    Args:
        outcome: `found`; `not-found`; `wrong-value` (other values stand there); `doubled-zone` (the panel appended the
            domain once more); `servfail` (a server answered that it cannot); `timeout` (none answered); `no-zone` (nobody
            is in charge of the domain: it does not exist, or is not delegated).
        name: where the record was looked for, or in a doubled zone found.
        server: which name server said so; empty when none did.
        values: what stands there, at most five, each cut to 200 characters. Unverified text.
    """

    outcome: Outcome
    name: str
    server: str = ""
    values: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the answer as it is stored with a domain."""
        return {"outcome": self.outcome, "name": self.name, "server": self.server, "values": list(self.values)}


#: Asks for the TXT record at `name` below `domain`, which should hold `value`: (domain, name, value). Never raises.
AskDns = Callable[[str, str, str], DnsAnswer]


def is_value(text: str, wanted: str) -> bool:
    """Whether a record holds the value, whatever white space or quotation marks a panel put around or into it."""
    return "".join(text.split()).strip("\"'") == wanted
