"""The periodic work of the gateway, all of it on one screen."""

from __future__ import annotations

import platform
from datetime import datetime, timedelta

from app import audit, crypto, jobs
from app.access import operators
from app.api import delete_expired_answers
from app.auth0.watching import keep_in_step, keep_verifying
from app.gateway import Gateway
from app.jobs import Periodic
from app.mail import deliver_due
from app.notices import NoticeKind, add_notice, clear_notices
from app.organizations import check_due_domains, tell_lapsed
from app.outbound import delete_unused_documents
from app.provider.grants import delete_expired_grants
from app.setup_links.codes import delete_old_visits
from app.signin.pending import delete_expired_pending
from app.signin.proofs import delete_expired_proofs
from app.signin.sessions import delete_old_sessions
from app.signin.testing import delete_old_tests
from app.signin.trace import delete_old_traces


def list_periodics(gateway: Gateway) -> tuple[Periodic, ...]:
    """Return every job: what it is called, how often it runs, what it does."""
    days = gateway.settings.trace_retention_days
    key_term = timedelta(days=gateway.settings.signing_key_days)
    return (
        Periodic("seal-audit", 2, audit.seal, term_s=30),
        Periodic("seal-audit-late", 3600, audit.seal_everything, term_s=600),
        Periodic("delete-pending", 300, delete_expired_pending),
        Periodic("delete-proofs", 300, delete_expired_proofs),
        Periodic("delete-grants", 300, delete_expired_grants),
        Periodic("delete-sessions", 600, delete_old_sessions),
        Periodic("tell-clients", 5, gateway.telling.tell_due, term_s=600),
        Periodic("delete-traces", 3600, lambda now: delete_old_traces(now, keep_days=days)),
        Periodic("delete-tests", 3600, lambda now: delete_old_tests(now, keep_days=days)),
        Periodic("delete-answers", 3600, delete_expired_answers),
        Periodic("delete-documents", 86_400, delete_unused_documents),
        Periodic("rotate-keys", 3600, lambda now: gateway.keys.rotate_due(now, every=key_term)),
        Periodic("remove-keys", 3600, crypto.remove_expired),
        Periodic("send-mail", 5, lambda now: send_mail(gateway, now), term_s=600),
        Periodic(
            "check-domains",
            60,
            lambda now: check_due_domains(gateway.ask_dns, tell_lapsed(gateway.outbox, gateway.operators), now=now),
            term_s=1800,
        ),
        Periodic("auth0-in-step", 60, lambda now: keep_in_step(gateway.auth0, now), term_s=600),
        Periodic("auth0-verify", 3600, lambda now: keep_verifying(gateway.auth0, now), term_s=600),
        Periodic("watch-metadata", 60, gateway.connections.watch_metadata, term_s=1800),
        Periodic("warn-of-expiry", 3600, gateway.expiry_warnings.run, term_s=1800),
        Periodic("delete-visits", 86_400, delete_old_visits),
        Periodic("delete-operator-sessions", 3600, operators.delete_old_sessions),
        Periodic("delete-sign-in-tries", 3600, operators.delete_old_tries),
        Periodic("beat", jobs.BEAT_EVERY_S, lambda now: jobs.beat(platform.node(), now), everywhere=True),
    )


def list_leased(gateway: Gateway) -> tuple[str, ...]:
    """Return the names of the jobs that some process has to run: those that have a lease."""
    return tuple(periodic.name for periodic in list_periodics(gateway) if not periodic.everywhere)


def send_mail(gateway: Gateway, now: datetime) -> None:
    """Send what is due; operators see when the mail server takes nothing."""
    delivered = deliver_due(gateway.outbox, now)
    if delivered.sent:
        clear_notices(NoticeKind.MAIL_FAILING, "mail", now=now)
    elif delivered.postponed or delivered.given_up:
        facts = {"failure": delivered.failure, "given_up": delivered.given_up}
        add_notice(NoticeKind.MAIL_FAILING, organization_id=None, target="mail", facts=facts, now=now)
