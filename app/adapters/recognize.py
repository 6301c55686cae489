"""Whose address is this? Every adapter is asked; a hint for whoever sets a connection up, never a proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast

import structlog

from app.adapters.first_party import FIRST_PARTY
from app.adapters.loader import RegisteredAdapter
from app.adapters.patience import Anything
from portico_sdk import Clue, Recognizing

log = structlog.get_logger(__name__)

Protocol = Literal["saml", "oidc"]


def recognize(adapters: Iterable[RegisteredAdapter], clue: Clue, protocol: Protocol) -> str:
    """Return the key of the one adapter that knows this clue, or of the generic adapter, which is named like the protocol.

    Our own are asked first, so that another distribution never takes an address from them. Two that claim the same leave
    it to the generic one. An adapter that fails when asked is passed over.
    """
    claiming = [one for one in adapters if one.spec.protocol == protocol and _claims(one, clue)]
    for group in ([one for one in claiming if one.distribution in FIRST_PARTY], claiming):
        if len(group) == 1:
            return group[0].spec.key
        if group:
            break
    return protocol


def _claims(adapter: RegisteredAdapter, clue: Clue) -> bool:
    if "recognize" not in adapter.spec.capabilities:
        return False
    try:
        return cast(Recognizing, adapter.spec.adapter).recognize(clue) is True
    except Anything as error:
        log.warning("recognize_failed", adapter=adapter.spec.key, error=type(error).__name__)
        return False
