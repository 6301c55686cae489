"""Single logout, both ways: asking the provider to sign somebody out, and hearing that it did.

Every message of ours is signed, and none of the provider's counts unless a certificate of the connection signed it.

Spec: SAML core 3.7, SAML profiles 4.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from lxml import etree

from portico_saml.logout_checks import (
    Expected,
    check_in_response_to,
    check_message,
    read_name,
    read_session_indexes,
    read_status,
    valid_until,
)
from portico_saml.logout_message import read_logout_message
from portico_saml.names import SAML, SAMLP, STATUS_SUCCESS
from portico_saml.policy import Policy, entity_id
from portico_saml.sending import Message, send, signing_key
from portico_saml.times import format_time
from portico_saml.trace import Trace
from portico_sdk import AdapterContext, BeginResult, Callback, FormPost, LogoutDemand, Redirect

_REASON = "urn:oasis:names:tc:SAML:2.0:logout:user"
_MAX_RELAY_STATE = 1024


def offers_logout(context: AdapterContext) -> bool:
    """Whether this connection's provider is asked to sign people out."""
    return bool(context.settings.get("slo_url")) and context.settings.get("sign_out_at_provider") is not False


def begin_logout(context: AdapterContext, handle: str, state: Mapping[str, str]) -> BeginResult | None:
    """Return our signed LogoutRequest; None when the provider has no address for it. Raises SignInRefused."""
    if not offers_logout(context) or not state.get("name_id"):
        return None
    request_id = "_" + context.random(20).hex()
    document = _message(context, "LogoutRequest", request_id)
    document.set("Reason", _REASON)
    document.set("NotOnOrAfter", format_time(context.now + timedelta(minutes=5)))
    given = {
        "Format": state.get("format"),
        "NameQualifier": state.get("name_qualifier"),
        "SPNameQualifier": state.get("sp_name_qualifier"),
    }
    # byte for byte what the provider wrote: AD FS compares Format and qualifiers too
    attributes = {name: value for name, value in given.items() if value}
    etree.SubElement(document, f"{{{SAML}}}NameID", attributes).text = state["name_id"]
    if state.get("session_index"):
        etree.SubElement(document, f"{{{SAMLP}}}SessionIndex").text = state["session_index"]
    return BeginResult(_send(context, document, "SAMLRequest", handle), {"request_id": request_id})


def complete_logout(context: AdapterContext, policy: Policy, callback: Callback) -> str:
    """Return "" when the provider confirmed, else its status. Raises SignInRefused: not its answer to our request."""
    trace = Trace(context.record)
    root = read_logout_message(context, callback, "SAMLResponse", trace)
    expected = _expected(context, policy, (callback.state or {}).get("request_id"))
    check_message(root, expected, trace)
    trace.step("in-response-to", lambda: check_in_response_to(root, expected))
    return trace.step("status", lambda: read_status(root))


def receive_logout(context: AdapterContext, policy: Policy, callback: Callback) -> LogoutDemand:
    """Return whom the provider signed out. Raises SignInRefused."""
    trace = Trace(context.record)
    root = read_logout_message(context, callback, "SAMLRequest", trace)
    expected = _expected(context, policy, None)
    check_message(root, expected, trace)
    name = trace.step("subject", lambda: read_name(root))
    relay_state = (callback.single("RelayState") or "")[:_MAX_RELAY_STATE]
    return LogoutDemand(
        name=name,
        session_indexes=read_session_indexes(root),
        replay_id=f"{policy.idp_entity_id} logout {root.get('ID')}",
        replay_until=valid_until(root, expected),
        answer={"request_id": root.get("ID", ""), "relay_state": relay_state},
    )


def answer_logout(context: AdapterContext, demand: LogoutDemand) -> Redirect | FormPost | None:
    """Return our signed LogoutResponse; None when the provider has no address for it."""
    if not context.settings.get("slo_url"):
        return None
    document = _message(context, "LogoutResponse", "_" + context.random(20).hex())
    document.set("InResponseTo", demand.answer["request_id"])
    status = etree.SubElement(document, f"{{{SAMLP}}}Status")
    etree.SubElement(status, f"{{{SAMLP}}}StatusCode", {"Value": STATUS_SUCCESS})
    return _send(context, document, "SAMLResponse", demand.answer["relay_state"])


def _expected(context: AdapterContext, policy: Policy, request_id: str | None) -> Expected:
    slo_url = context.service_provider.slo_url
    return Expected(policy.idp_entity_id, slo_url, policy.skew, context.now, request_id)


def _message(context: AdapterContext, kind: str, message_id: str) -> etree._Element:
    attributes = {
        "ID": message_id,
        "Version": "2.0",
        "IssueInstant": format_time(context.now),
        "Destination": context.settings["slo_url"],
    }
    root = etree.Element(f"{{{SAMLP}}}{kind}", attributes, nsmap={"samlp": SAMLP, "saml": SAML})
    etree.SubElement(root, f"{{{SAML}}}Issuer").text = entity_id(context)
    return root


def _send(context: AdapterContext, document: etree._Element, message: Message, relay_state: str) -> Redirect | FormPost:
    url, binding = context.settings["slo_url"], context.settings.get("slo_binding") or "redirect"
    context.http.check_browser_url(url)
    return send(document, message, url, binding, relay_state, signing_key(context))
