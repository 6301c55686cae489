"""What one connection expects, read once from its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from portico_saml.reasons import Reason, refuse
from portico_saml.vendor_policy import NAME_ID, Attributes, SamlPolicy, SubjectSource, says_nothing
from portico_sdk import AdapterContext


@dataclass(frozen=True, slots=True)
class Policy:
    """The expectations of one connection. Empty sets accept nothing.

    Args:
        audiences: who we are, in the order of preference; compared byte for byte.
        acs_urls: where responses may be addressed to; compared byte for byte.
        subject_sources: what identifies a person, in order; see `SubjectSource`.
        scopes: for which the provider may speak; empty where nobody said.
        scoped_attributes, left_out, session_ends_with_assertion, email_verified: see `SamlPolicy`.
    """

    idp_entity_id: str
    audiences: tuple[str, ...]
    acs_urls: tuple[str, ...]
    signed: Literal["assertion", "response", "either", "both"]
    encryption: Literal["optional", "required"]
    skew: timedelta
    allow_idp_initiated: bool
    subject_sources: tuple[SubjectSource, ...] = (NAME_ID,)
    scopes: frozenset[str] = frozenset()
    scoped_attributes: frozenset[str] = frozenset()
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    session_ends_with_assertion: bool = False
    email_verified: Callable[[str, Attributes], bool | None] = says_nothing


def entity_id(context: AdapterContext) -> str:
    """Return the entity ID under which the identity provider knows us."""
    return str(context.settings["sp_entity_id"] or context.service_provider.entity_id)


def read_policy(context: AdapterContext, vendor: SamlPolicy) -> Policy:
    """Return the connection's policy. Raises Refusal when it has no identity provider to compare with."""
    settings = context.settings
    if not settings["idp_entity_id"]:
        refuse(Reason.CONFIGURATION, "the connection has no entity ID of its identity provider")
    audiences = (*_own_names(context, vendor), *(settings["accepted_audiences"] or ()))
    acs_urls = (context.service_provider.acs_url, *(settings["accepted_acs_urls"] or ()))
    if not all(audiences) or not all(acs_urls):
        refuse(Reason.CONFIGURATION, "we have no entity ID or no assertion consumer service URL of our own")
    return Policy(
        idp_entity_id=settings["idp_entity_id"],
        audiences=audiences,
        acs_urls=acs_urls,
        signed=settings["signed"] or "either",
        encryption=settings["encryption"] or "optional",
        skew=timedelta(seconds=180 if settings["clock_skew_s"] is None else min(settings["clock_skew_s"], 300)),
        allow_idp_initiated=settings["allow_idp_initiated"] is True,
        subject_sources=_subject_sources(settings.get("subject_attribute"), vendor),
        scopes=frozenset(settings.get("accepted_scopes") or ()),
        scoped_attributes=vendor.scoped_attributes,
        left_out=vendor.left_out,
        session_ends_with_assertion=vendor.session_ends_with_assertion,
        email_verified=vendor.email_verified,
    )


def _own_names(context: AdapterContext, vendor: SamlPolicy) -> tuple[str, ...]:
    own = entity_id(context)
    prefixes = () if "://" in own or own.startswith("urn:") else vendor.audience_prefixes
    return (own, *(prefix + own for prefix in prefixes))


def _subject_sources(attribute: str | None, vendor: SamlPolicy) -> tuple[SubjectSource, ...]:
    """An operator's choice of attribute stands alone: nothing else is fallen back to."""
    return (SubjectSource(attribute, (attribute,)),) if attribute else vendor.subject_sources
