"""The periodic work of the gateway, all of it on one screen."""

from __future__ import annotations

import platform
from datetime import timedelta

from app import audit, crypto, jobs
from app.api import delete_expired_answers
from app.gateway import Gateway
from app.jobs import Periodic
from app.outbound import delete_unused_documents
from app.provider.grants import delete_expired_grants
from app.signin.pending import delete_expired_pending
from app.signin.proofs import delete_expired_proofs
from app.signin.sessions import delete_old_sessions
from app.signin.trace import delete_old_traces


def list_periodics(gateway: Gateway) -> tuple[Periodic, ...]:
    """Return every job: what it is called, how often it runs, what it does."""
    days = gateway.settings.trace_retention_days
    key_term = timedelta(days=gateway.settings.signing_key_days)
    return (
        Periodic("seal-audit", 2, audit.seal),
        Periodic("seal-audit-late", 3600, audit.seal_everything, term_s=600),
        Periodic("delete-pending", 300, delete_expired_pending),
        Periodic("delete-proofs", 300, delete_expired_proofs),
        Periodic("delete-grants", 300, delete_expired_grants),
        Periodic("delete-sessions", 600, delete_old_sessions),
        Periodic("tell-clients", 5, gateway.telling.tell_due, term_s=600),
        Periodic("delete-traces", 3600, lambda now: delete_old_traces(now, keep_days=days), term_s=300),
        Periodic("delete-answers", 3600, delete_expired_answers),
        Periodic("delete-documents", 86_400, delete_unused_documents),
        Periodic("rotate-keys", 3600, lambda now: gateway.keys.rotate_due(now, every=key_term)),
        Periodic("remove-keys", 3600, crypto.remove_expired),
        Periodic("beat", jobs.BEAT_EVERY_S, lambda now: jobs.beat(platform.node(), now), everywhere=True),
    )
