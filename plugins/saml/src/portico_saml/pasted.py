"""What a pasted response says, for trying claim rules on. Nothing is verified here, and nobody signs in by it.

It is read by the parser and by the function that read a sign-in's attributes, so that a preview is no other reading.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from lxml import etree

from portico_saml.document import MAX_MESSAGE_BYTES, parse_message
from portico_saml.evidence import saml
from portico_saml.identity import read_attributes
from portico_saml.message import decode_base64
from portico_saml.names import MD, SAML, SAMLP
from portico_saml.reasons import Reason, Refusal
from portico_saml.vendor_policy import SamlPolicy
from portico_sdk import Pasted, PasteError

#: What it is instead, by the name of its root element.
_OTHERS: Final = {
    f"{{{SAMLP}}}AuthnRequest": "This is our request to your provider. Paste the response that came back.",
    f"{{{SAMLP}}}LogoutRequest": "This is a message about signing out. Paste the response to a sign-in.",
    f"{{{SAMLP}}}LogoutResponse": "This is a message about signing out. Paste the response to a sign-in.",
    f"{{{MD}}}EntityDescriptor": "This is metadata. Paste the response to a sign-in.",
    f"{{{MD}}}EntitiesDescriptor": "This is metadata. Paste the response to a sign-in.",
}
_ENCRYPTED: Final = (
    "The assertion is encrypted for us, and is decrypted in a sign-in only. Run a test sign-in instead, or paste the "
    "assertion as your provider shows it before encryption."
)
_WHY: Final[dict[str, str]] = {
    Reason.SIZE: "This is larger than any honest response.",
    Reason.DOCTYPE: "This XML has a document type, which no SAML message has.",
    Reason.ENCODING: "This is neither XML nor Base64. Paste the whole value of SAMLResponse, or the XML.",
}
_BROKEN: Final = "This is not a whole XML document without comments. Copy all of it, from the first < to the last >."


def read_pasted(text: str, policy: SamlPolicy) -> Pasted:
    """Return the attributes in a Response or Assertion: XML, base64, or a form's `SAMLResponse=`. Raises PasteError."""
    try:
        assertion = _find_assertion(parse_message(_decode(text.strip())))
        attributes = read_attributes(assertion)
    except Refusal as refusal:
        raise PasteError("pasted-saml", _WHY.get(refusal.code, _BROKEN)) from refusal
    incomplete = (name for link, names in policy.left_out.items() if link in attributes for name in names)
    return Pasted(attributes, frozenset(incomplete))


def _decode(text: str) -> bytes:
    if not text:
        raise PasteError("pasted-nothing", "Nothing was pasted.")
    if len(text) > 2 * MAX_MESSAGE_BYTES:
        raise PasteError("pasted-saml", _WHY[Reason.SIZE])
    if text.startswith("<"):
        return text.encode("utf-8", "replace")
    if text.startswith(("{", "eyJ")):
        raise PasteError("pasted-token", "This is a token or JSON of OpenID Connect. This connection speaks SAML.")
    if "SAMLResponse=" in text:  # copied from the browser's list of requests
        text = text.partition("SAMLResponse=")[2].partition("&")[0]
    return decode_base64(unquote(text) if "%" in text else text, reason=Reason.ENCODING)


def _find_assertion(root: etree._Element) -> etree._Element:
    if root.tag == f"{{{SAML}}}Assertion":
        return root
    if root.tag != f"{{{SAMLP}}}Response":
        raise PasteError("pasted-other", _OTHERS.get(str(root.tag), "This XML is no SAML response."))
    found = saml(root, "Assertion")
    if len(found) == 1:
        return found[0]
    if saml(root, "EncryptedAssertion"):
        raise PasteError("pasted-encrypted", _ENCRYPTED)
    if found:
        raise PasteError("pasted-several", "This response holds several assertions. We accept one.")
    raise PasteError("pasted-empty", "This response holds no assertion: your provider answered with an error.")
