"""What a vendor holds against a request whose sender and return address are known.

Each check returns the cause of a refusal (`errors.PLAIN` lists them), or None.
"""

from __future__ import annotations

from datetime import datetime

from portico_simulator.idp import Idp
from portico_simulator.login import Session
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.name_id import choose_name_id
from portico_simulator.saml.names import BINDINGS
from portico_simulator.saml.received import Received
from portico_simulator.saml.request import AuthnRequest
from portico_simulator.saml.signature import NotSigned


def find_fault(idp: Idp[SamlProfile], asked: AuthnRequest, sent: Received) -> str | None:
    """Return the cause for which the vendor refuses the request before anybody signs in."""
    return (
        _check_binding(sent)
        or _check_id(idp, asked)
        or _check_signature(idp, asked, sent)
        or _check_age(idp, sent)
        or _check_name_id_policy(idp, asked)
    )


def find_person_fault(idp: Idp[SamlProfile], asked: AuthnRequest, session: Session) -> str | None:
    """Return the cause for which the vendor refuses this person."""
    if not session.person.assigned:
        return "not_assigned"
    used = session.person.method or idp.profile.authn_context
    if idp.profile.requests.authn_context and asked.authn_contexts and used not in asked.authn_contexts:
        return "authn_context"
    chosen = choose_name_id(idp, asked, session.person)
    return "name_id_empty" if chosen is not None and not chosen.value else None


def _check_binding(sent: Received) -> str | None:
    return "binding" if sent.root.get("ProtocolBinding", BINDINGS + "HTTP-POST") != BINDINGS + "HTTP-POST" else None


def _check_id(idp: Idp[SamlProfile], asked: AuthnRequest) -> str | None:
    begins_with_digit = (asked.id or "_")[0].isdigit()
    return "request_id" if begins_with_digit and not idp.profile.requests.digit_ids else None


def _is_signing_demanded(idp: Idp[SamlProfile], asked: AuthnRequest) -> bool:
    demanded = asked.application.require_signed_requests
    return idp.profile.requests.signed if demanded is None else demanded


def _check_signature(idp: Idp[SamlProfile], asked: AuthnRequest, sent: Received) -> str | None:
    demanded, certificate = _is_signing_demanded(idp, asked), asked.application.certificate
    if not demanded and not (certificate and sent.is_signed):
        return None
    if not certificate:
        return "signature"
    try:
        sent.verify(certificate)
    except NotSigned as fault:
        return fault.cause
    return None


def _check_age(idp: Idp[SamlProfile], sent: Received) -> str | None:
    lifetime = idp.profile.requests.lifetime
    if lifetime is None or not sent.is_signed:
        return None
    try:
        issued = datetime.fromisoformat(sent.root.get("IssueInstant", ""))
    except ValueError:
        return "malformed_request"
    return "stale_request" if abs(idp.clock() - issued) > lifetime else None


def _check_name_id_policy(idp: Idp[SamlProfile], asked: AuthnRequest) -> str | None:
    wanted, requests = asked.name_id_format, idp.profile.requests
    if wanted is None or requests.name_id_policy == "ignore":
        return None
    if requests.name_id_policy == "obey":
        return None if wanted in requests.name_id_choices else "name_id_policy"
    configured = idp.behaviour().name_id_format
    issued = idp.profile.name_id_format if configured is None else configured
    return None if wanted == issued else "name_id_policy"
