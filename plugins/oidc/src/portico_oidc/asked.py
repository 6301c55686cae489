"""What was asked at the beginning of a sign-in, as the gateway keeps it for this browser until the answer comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portico_oidc.reasons import CheckFailed


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that the answer has to fit.

    Args:
        handle: the `state` parameter.
        issuer: of the provider that was asked, so that a connection changed meanwhile is noticed.
        asked_at: to the second.
        max_age_s: the oldest acceptable authentication at `asked_at`; None when any will do.
        reauthenticate: the person was to authenticate again.
    """

    handle: str
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    issuer: str
    client_id: str
    redirect_uri: str
    asked_at: datetime
    max_age_s: int | None = None
    reauthenticate: bool = False

    def to_state(self) -> dict[str, str]:
        """Return the mapping of strings that the gateway stores."""
        return {
            "handle": self.handle,
            "nonce": self.nonce,
            "code_verifier": self.code_verifier,
            "issuer": self.issuer,
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "asked_at": str(int(self.asked_at.timestamp())),
            "max_age_s": "" if self.max_age_s is None else str(self.max_age_s),
            "reauthenticate": "yes" if self.reauthenticate else "",
        }


def parse_state(state: Mapping[str, str] | None) -> Asked:
    """Return what `begin` stored. Raises CheckFailed: nothing was asked, or not by this version of the adapter."""
    if state is None:
        raise CheckFailed("state-missing", detail="nobody asked the provider for this answer")
    try:
        return Asked(
            handle=state["handle"],
            nonce=state["nonce"],
            code_verifier=state["code_verifier"],
            issuer=state["issuer"],
            client_id=state["client_id"],
            redirect_uri=state["redirect_uri"],
            asked_at=datetime.fromtimestamp(int(state["asked_at"]), UTC),
            max_age_s=int(state["max_age_s"]) if state["max_age_s"] else None,
            reauthenticate=bool(state["reauthenticate"]),
        )
    except (KeyError, ValueError) as error:
        raise CheckFailed("state-missing", detail="what was kept about the request is incomplete") from error
