"""Our request: an AuthnRequest by HTTP-Redirect or HTTP-POST, signed over the very bytes that are sent.

Spec: SAML core 3.4.1, SAML bindings 3.4.4.1 and 3.5.4.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from lxml import etree

from portico_saml.names import POST, SAML, SAMLP
from portico_saml.policy import entity_id
from portico_saml.reasons import Reason, refuse
from portico_saml.sending import send, signing_key, with_query
from portico_saml.times import format_time
from portico_sdk import AdapterContext, BeginRequest, BeginResult


def begin(context: AdapterContext, request: BeginRequest, login_hint_parameter: str | None) -> BeginResult:
    """Return where to send the browser, with a request that names our own fixed ACS URL and nothing from outside.

    Raises:
        SignInRefused: the connection has no usable single sign-on URL, or must sign without a key.
    """
    settings = context.settings
    url = settings["sso_url"]
    if not url:
        refuse(Reason.CONFIGURATION, "the connection has no single sign-on URL")
    context.http.check_browser_url(url)
    if login_hint_parameter and request.login_hint:
        url = with_query(url, f"{login_hint_parameter}={quote(request.login_hint[:320], safe='')}")
    request_id = "_" + context.random(20).hex()
    document = build_request(context, request, request_id, settings["sso_url"], context.now)
    key = signing_key(context) if settings["sign_requests"] else None
    state = {"request_id": request_id, "issued_at": format_time(context.now)}
    if document.get("ForceAuthn"):
        state["force_authn"] = "true"
    return BeginResult(send(document, "SAMLRequest", url, settings["sso_binding"], request.handle, key), state)


def must_authenticate(request: BeginRequest, now: datetime) -> bool:
    """Whether the person has to authenticate again: SAML has no `max_age`, so it is decided here.

    It is not demanded of a person of whom we know, by the provider's own word, an authentication that is recent enough.
    """
    if "login" in request.prompt:
        return True
    if request.max_age_s is None:
        return False
    at = request.authenticated_at
    return at is None or now - at > timedelta(seconds=request.max_age_s)


def build_request(
    context: AdapterContext, request: BeginRequest, request_id: str, destination: str, now: datetime
) -> etree._Element:
    """Return the AuthnRequest. NameIDPolicy and RequestedAuthnContext are there only when the connection names them."""
    settings = context.settings
    root = etree.Element(
        f"{{{SAMLP}}}AuthnRequest",
        {
            "ID": request_id,
            "Version": "2.0",
            "IssueInstant": format_time(now),
            "Destination": destination,
            "ProtocolBinding": POST,
            "AssertionConsumerServiceURL": settings.get("requested_acs_url") or context.service_provider.acs_url,
        },
        nsmap={"samlp": SAMLP, "saml": SAML},
    )
    if settings["force_authn"] or must_authenticate(request, now):
        root.set("ForceAuthn", "true")
    etree.SubElement(root, f"{{{SAML}}}Issuer").text = entity_id(context)
    if settings["name_id_format"]:
        policy = etree.SubElement(root, f"{{{SAMLP}}}NameIDPolicy", {"Format": settings["name_id_format"]})
        policy.set("AllowCreate", "true")
    if settings["authn_context"]:
        requested = etree.SubElement(root, f"{{{SAMLP}}}RequestedAuthnContext", {"Comparison": "exact"})
        for reference in settings["authn_context"]:
            etree.SubElement(requested, f"{{{SAML}}}AuthnContextClassRef").text = reference
    return root
