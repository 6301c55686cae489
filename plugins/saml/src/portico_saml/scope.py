"""Scoped values, `user@scope`: a provider may speak only for the scopes that its metadata lists.

Spec: Shibboleth metadata extension `shibmd:Scope`; SAML subject identifier attributes profile 3.1.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from portico_saml.policy import Policy
from portico_saml.reasons import Reason, refuse
from portico_saml.vendor_policy import Attributes, SubjectSource

_SCOPE = "{urn:mace:shibboleth:metadata:1.0}Scope"
_MOST = 50


def keep_in_scope(attributes: Attributes, policy: Policy) -> Attributes:
    """Return the attributes without scoped values of other scopes; all of them where the connection has no scopes."""
    if not policy.scopes:
        return attributes
    return {
        name: values if name not in policy.scoped_attributes else tuple(v for v in values if _scope(v) in policy.scopes)
        for name, values in attributes.items()
    }


def check_scope(source: SubjectSource, sent: Attributes, kept: Attributes, policy: Policy) -> None:
    """Raise Refusal when what identifies the person has a scope that is not the provider's own."""
    for name in source.attributes:
        if sent.get(name) != kept.get(name):
            expected, received = " or ".join(sorted(policy.scopes)), ", ".join(sent[name])[:200]
            refuse(Reason.SCOPE, f"{name} is of another scope", expected=expected, received=received)


def read_scopes(role: etree._Element) -> list[str]:
    """Return the scopes that metadata lists for a provider; those that are regular expressions are left out."""
    return list(dict.fromkeys(_scopes(role)))[:_MOST]


def _scopes(role: etree._Element) -> Iterator[str]:
    parent = role.getparent()
    for element in (role, *(() if parent is None else (parent,))):
        for scope in element.findall(f"{{*}}Extensions/{_SCOPE}"):
            text = (scope.text or "").strip()
            if text and text.isprintable() and len(text) <= 255 and scope.get("regexp", "false") in ("false", "0"):
                yield text


def _scope(value: str) -> str:
    return value.rpartition("@")[2] if "@" in value else ""
