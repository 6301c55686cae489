"""From what an operator said to the printed trust."""

from __future__ import annotations

from datetime import datetime

from app.audit import Actor
from app.auth0 import trust as trusts
from app.auth0.deciding import Typed, decide, find_customers
from app.auth0.printing import CLIENT_ID, CLIENT_SECRET, FORMATS, PrintedTrust
from app.auth0.steps.client import callback_uris, make_client
from app.auth0.trust import decisions_of
from app.auth0.wanted import WantedConnection
from app.cipher import Cipher
from app.database import transaction
from app.organizations import list_auth0_organizations


def print_trust(
    typed: Typed, form: str, issuer: str, cipher: Cipher, *, actor: Actor | None = None, now: datetime | None = None
) -> str:
    """Return the trust as text in one of `FORMATS`, with placeholders where nobody knows a value yet.

    Args:
        actor, now: make the client in Portico, and print a fresh secret of it: shown this once.

    Raises Invalid.
    """
    before = trusts.find_trust()
    row = trusts.make_row(decide(typed, before, issuer), before)
    bound = {auth0_id: customer for customer, auth0_id in list_auth0_organizations().items()}
    bound |= find_customers(typed.organizations or ())
    secret = None if row.auth_method == "private_key_jwt" else CLIENT_SECRET
    if actor is not None and now is not None:
        with transaction():
            trusts.store_decisions(decisions_of(row), None, cipher, actor=actor, now=now)
            row = trusts.get_trust()
            secret = make_client(row, actor=actor, now=now)
    wanted = WantedConnection(
        issuer, row.connection_name, row.client_id or CLIENT_ID, row.auth_method, row.claims_namespace, secret
    )
    organizations = {one: bound.get(one) for one in dict.fromkeys((*row.organizations, *bound))}
    printed = PrintedTrust(wanted, row.origin, callback_uris(row), tuple(row.applications), organizations)
    return FORMATS[form](printed)
