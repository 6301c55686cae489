"""What becomes of one existing connection: what its customer must do, the draft, and what to look at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from app.auth0.importing.certificates import Certificate
from portico_sdk import Clue, KeyPair, MetadataEntity

Verdict = Literal["nothing", "one-thing", "new-setup", "not-migratable"]

#: Stands in sentences for an address that only the draft has.
ACS_URL, METADATA_URL, REDIRECT_URI = "{acs_url}", "{metadata_url}", "{redirect_uri}"


@dataclass(frozen=True, slots=True)
class LegacyIds:
    """How the tenant's ids of this connection's people are made.

    Args:
        prefix: such as `samlp|acme|`; without the connection's name (`waad|`) an id proves no connection.
        source: the attribute or claim whose one value follows it.
    """

    prefix: str
    source: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A judgement, with a draft where there is one.

    Args:
        must_change: what the customer does, as one sentence for them; may hold ACS_URL, METADATA_URL, REDIRECT_URI.
        adapter: None where there is no draft.
        settings: of the draft, secrets included.
        signing_key, decryption_key: of our own side, carried over.
        carries, lost: what the draft takes over, and what it does not and why. Sentences for operators.
        confirm: what an operator has to look at before it is activated.
    """

    verdict: Verdict
    must_change: str
    adapter: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    claim_rules: Mapping[str, Any] = field(default_factory=dict)
    signing_key: KeyPair | None = field(default=None, repr=False)
    decryption_key: KeyPair | None = field(default=None, repr=False)
    carries: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    legacy: LegacyIds | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document that a provider publishes, read. `failure` says why there is no entity."""

    entity: MetadataEntity | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What judging needs beside the connection.

    Args:
        tenant: the name in `urn:auth0:<tenant>:<connection>`.
        tenant_host: where customers' providers post to unless they use a custom domain.
        custom_domains: hosts of the tenant that will lead to Portico.
        idp_initiated_client_id: the client that people who start at their provider are sent to; empty: none.
        own_registrations: names of connections whose registration at the provider is the operator's own.
        attributes: names of further attributes of the profile.
        recognize: key of the adapter that knows the addresses.
        read_metadata: SAML metadata at a URL, or in a text.
        read_issuer: the issuer in the discovery document at a URL; empty where it cannot be had.
    """

    tenant: str
    tenant_host: str
    custom_domains: tuple[str, ...]
    idp_initiated_client_id: str
    own_registrations: frozenset[str]
    attributes: frozenset[str]
    now: datetime
    recognize: Callable[[Clue, Literal["saml", "oidc"]], str]
    read_metadata: Callable[[str], Fetched]
    read_issuer: Callable[[str], str]
