"""Names that the specifications fix: namespaces, bindings, formats and the algorithms that are allowed.

An algorithm that is not in these tables does not exist for the adapter; there is no setting that adds one.
"""

from __future__ import annotations

from typing import Final

SAMLP: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
MD: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
XENC11: Final = "http://www.w3.org/2009/xmlenc11#"
EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"

POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"

BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
STATUS_SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"

ENVELOPED: Final = DS + "enveloped-signature"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

#: Signature algorithms a provider may use. No SHA-1, no MD5, no HMAC (its key would be our public certificate), no DSA.
SIGNATURE_METHODS: Final = frozenset(
    f"http://www.w3.org/2001/04/xmldsig-more#{name}"
    for name in ("rsa-sha256", "rsa-sha384", "rsa-sha512", "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512")
)

#: Digest algorithms, each with the length of its value in bytes.
DIGEST_METHODS: Final = {
    XENC + "sha256": 32,
    "http://www.w3.org/2001/04/xmldsig-more#sha384": 48,
    XENC + "sha512": 64,
}

#: Exclusive canonicalization, the only one that a Reference may name (SAML core 5.4.4). A message with comments is
#: refused before, so that the form with comments gives the same bytes.
REFERENCE_C14N: Final = frozenset({EXCLUSIVE_C14N, EXCLUSIVE_C14N + "WithComments"})

#: SignedInfo may also use inclusive Canonical XML 1.0: its content is pinned element by element, so the method cannot
#: change what was signed, and old .NET providers write it.
SIGNED_INFO_C14N: Final = REFERENCE_C14N | {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
}

#: Content encryption: algorithm to (mode, key length in bytes). Triple DES is what pysaml2 and SATOSA write and cannot
#: change; it only hides the assertion on its way, and who made the assertion is proven by its signature.
CONTENT_ENCRYPTION: Final = {
    XENC + "tripledes-cbc": ("3des", 24),
    XENC + "aes128-cbc": ("cbc", 16),
    XENC + "aes192-cbc": ("cbc", 24),
    XENC + "aes256-cbc": ("cbc", 32),
    XENC11 + "aes128-gcm": ("gcm", 16),
    XENC11 + "aes192-gcm": ("gcm", 24),
    XENC11 + "aes256-gcm": ("gcm", 32),
}

#: Key transport: RSA-OAEP only. `rsa-1_5` is an oracle by construction and is refused.
OAEP_MGF1P: Final = XENC + "rsa-oaep-mgf1p"
OAEP: Final = XENC11 + "rsa-oaep"
ENCRYPTED_KEY_TYPE: Final = XENC + "EncryptedKey"
