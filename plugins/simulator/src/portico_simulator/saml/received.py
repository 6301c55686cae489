"""A message that a browser brought, by either binding: read, not yet believed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from lxml import etree

from portico_simulator.errors import stop
from portico_simulator.idp import Idp
from portico_simulator.pages import ShownToPerson
from portico_simulator.profiles import SamlProfile
from portico_simulator.saml.names import DS
from portico_simulator.saml.request import Unreadable, decode_post, inflate_redirect, parse_message
from portico_simulator.saml.signature import verify_enveloped, verify_query


@dataclass(frozen=True, slots=True)
class Received:
    """A request of an application. `raw_query` is there when it came by Redirect."""

    root: etree._Element
    raw_query: str | None
    relay_state: str | None

    @property
    def name(self) -> str:
        """Which message it is."""
        return str(etree.QName(self.root).localname)

    @property
    def is_signed(self) -> bool:
        """Whether there is a signature, good or bad."""
        if self.raw_query is not None:
            return "Signature=" in self.raw_query
        return self.root.find(f"{{{DS}}}Signature") is not None

    def verify(self, certificate: str) -> None:
        """Accept the message only if the certificate's key signed it. Raises NotSigned."""
        if self.raw_query is not None:
            verify_query(self.raw_query, certificate)
        else:
            verify_enveloped(self.root, certificate)


def receive(idp: Idp[SamlProfile]) -> Received:
    """Return the message of the current HTTP request. Raises ShownToPerson."""
    redirected = request.method == "GET"
    if redirected and "HTTP-Redirect" not in idp.profile.requests.bindings and "SAMLRequest" in request.args:
        stop(idp, "redirected")
    values = request.args if redirected else request.form
    for name in ("SAMLRequest", "RelayState", "Signature", "SigAlg"):
        if len(values.getlist(name)) > 1:
            raise ShownToPerson(f"{name} was sent more than once.")
    encoded = values.get("SAMLRequest")
    if not encoded:
        stop(idp, "no_request")
    try:
        root = parse_message(inflate_redirect(encoded) if redirected else decode_post(encoded))
    except Unreadable:
        stop(idp, "malformed_request")
    return Received(root, request.query_string.decode("ascii") if redirected else None, values.get("RelayState"))
