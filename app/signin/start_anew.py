"""A sign-in that begins at the identity provider: a response that nobody here asked for.

It is checked, remembered against replay, and thrown away with the identity in it. The person goes to the application,
which begins an ordinary sign-in; the provider's session makes that silent. So a response that somebody else put into
this browser signs nobody in, and leads nowhere without a click.
"""

from __future__ import annotations

import re
from datetime import datetime

from app.audit import EventName
from app.connections import LiveConnection
from app.database import transaction
from app.errors import SignInFailed
from app.signin.allowed import Standing
from app.signin.asking import ask_adapter
from app.signin.journey import Completed, Journey
from app.signin.outcome import audit_sign_in
from app.signin.proofs import consume_proof
from app.signin.trace import Trace, add_trace, finish_trace
from portico_sdk import Callback, Redirect

PURPOSE = "idp_initiated"
_HANDLE = re.compile(r"[A-Za-z0-9_-]{43}")


def may_start_at_provider(live: LiveConnection) -> bool:
    """Whether this connection takes responses that nobody asked for. Off unless an operator said so."""
    return live.spec.protocol == "saml" and live.configuration.settings.get("allow_idp_initiated") is True


def is_handle(relay_state: str | None) -> bool:
    """Whether it has the form of what we send ourselves: then it belongs to a sign-in that began here, or to nothing."""
    return relay_state is not None and _HANDLE.fullmatch(relay_state) is not None


def start_anew(journey: Journey, live: LiveConnection, arrived: Callback, trace: Trace, now: datetime) -> Completed:
    """Return where the person may go on, once the response is checked and used up.

    Raises:
        SignInFailed: the response is not accepted, or the connection does not say for which application.
    """
    unasked = Callback(arrived.method, arrived.url, arrived.raw_query, arrived.unverified_params, None)
    context = live.context(now, trace.record)
    identity = ask_adapter(live, "complete", lambda: live.spec.adapter.complete(context, unasked))
    client_id = live.configuration.settings.get("idp_initiated_client_id")
    if not client_id or journey.find_start is None:
        hint = "Set the application to open when people start at the provider."
        raise SignInFailed("the connection names no application", code="idp-initiated-client", hint=hint)
    with transaction():
        consume_proof(live.id, identity, now=now)
        journey.allowed.verify(Standing(client_id, live.organization_id, live.id, None), now)
        url = journey.find_start(live, client_id, unasked.single("RelayState"))
        trace.add("thrown-away", client=client_id)
        add_trace(
            trace,
            now=now,
            purpose=PURPOSE,
            client_id=client_id,
            organization_id=live.organization_id,
            connection_id=live.id,
        )
        finish_trace(Trace(trace.id, "callback"), now=now, outcome="allowed")
        audit_sign_in(EventName.SIGN_IN_INITIATED, live, trace_id=trace.id, client_id=client_id, details={}, now=now)
    return Completed(Redirect(url), asks=True)
