"""The Web Browser SSO profile: the checks of a verified assertion in their order; the first that fails refuses.

Values are compared byte for byte, without folding case, trimming or prefixes. A value that is absent fails its check.
Spec: SAML core 2 and 3, SAML profiles 4.1.4.2 and 4.1.4.3.
"""

from __future__ import annotations

from collections.abc import Callable

from portico_saml.check_addressee import (
    check_audience,
    check_conditions,
    check_destination,
    check_in_response_to,
    check_recipient,
)
from portico_saml.check_message import check_encryption, check_issuer, check_signature_policy, check_version
from portico_saml.check_person import check_attributes, check_subject
from portico_saml.check_validity import check_authn_statement, check_freshness, check_lifetime, check_times
from portico_saml.evidence import Evidence
from portico_saml.trace import Compared

Check = Callable[[Evidence], Compared]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("version", check_version),
    ("signature-policy", check_signature_policy),
    ("encryption", check_encryption),
    ("issuer", check_issuer),
    ("destination", check_destination),
    ("recipient", check_recipient),
    ("in-response-to", check_in_response_to),
    ("conditions", check_conditions),
    ("audience", check_audience),
    ("times", check_times),
    ("lifetime", check_lifetime),
    ("authn-statement", check_authn_statement),
    ("freshness", check_freshness),
    ("subject", check_subject),
    ("attributes", check_attributes),
)
