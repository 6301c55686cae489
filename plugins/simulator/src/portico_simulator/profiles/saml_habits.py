"""What a vendor's habits over SAML are made of: attributes, metadata, the form of documents, times, demands, encryption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from portico_simulator.profiles.spec import UNSPECIFIED

Binding = Literal["HTTP-POST", "HTTP-Redirect"]
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ReleasedAttribute:
    """A SAML attribute and the person's value in it (one of released.SOURCES).

    Args:
        joined: puts several values into one text with this between them.
        always: is there without a value when the person has none.
    """

    name: str
    source: str
    name_format: str | None = None
    joined: str = ""
    always: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """An endpoint in metadata. `binding` is a whole URN."""

    kind: str
    binding: str
    path: str


@dataclass(frozen=True, slots=True)
class MetadataHabits:
    """How the vendor writes metadata.

    Args:
        name_id_formats: listed, in this order.
        want_signed_requests: value of WantAuthnRequestsSigned; None leaves it out.
        encryption_key: where a key for encryption stands.
        key_use: whether keys say what they are for.
        key_name: whether KeyInfo names the key.
        roles: WS-Federation roles before the identity provider's.
        provider_role_too: describes a service provider beside.
        claim_types: offered by its WS-Federation role.
        lists_attributes: names the attributes it may send.
        signed, byte_order_mark, valid_until, scope, contact: what the document has.
        application_parameter: query parameter without which the tenant's key comes instead of the application's.
        more_services: endpoints beside those for sign-in and logout.
    """

    name_id_formats: tuple[str, ...] = (UNSPECIFIED,)
    want_signed_requests: str | None = "false"
    encryption_key: Literal["first", "last"] | None = None
    key_use: bool = True
    key_name: bool = False
    roles: tuple[str, ...] = ()
    provider_role_too: bool = False
    claim_types: tuple[str, ...] = ()
    lists_attributes: tuple[str, ...] = ()
    signed: bool = False
    byte_order_mark: bool = False
    valid_until: bool = False
    scope: bool = False
    contact: str = ""
    application_parameter: str = ""
    more_services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """How the vendor writes its responses.

    Args:
        prefixes: of the protocol's and the assertion's namespace; None is the default namespace.
        id_prefix, id_capitals: the form of IDs.
        issuer_format, consent, destination: attributes that are there or not.
        attributes_first: the attributes stand before the statement about authentication.
        authn_statement: is there.
        authority: names itself once more as the authority that authenticated.
        typed_values: values carry xsi:type.
        repeat_attributes: one Attribute for each value.
        key_value, subject_name: stand in KeyInfo beside the certificate.
    """

    prefixes: tuple[str | None, str | None] = ("samlp", "saml")
    id_prefix: str = "_"
    id_capitals: bool = False
    issuer_format: bool = False
    consent: bool = False
    destination: bool = True
    attributes_first: bool = False
    authn_statement: bool = True
    authority: bool = False
    typed_values: bool = True
    repeat_attributes: bool = False
    key_value: bool = False
    subject_name: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Validity, relative to now: of Conditions, of SubjectConfirmationData, of the session where it is bounded."""

    not_before: timedelta = -5 * _MINUTE
    not_on_or_after: timedelta = 5 * _MINUTE
    confirmation: timedelta = 5 * _MINUTE
    session: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Requests:
    """What the vendor holds against a request.

    Args:
        bindings: of the single sign-on service, in the order of metadata; each has the path of the service, or its own.
        paths: binding -> path, where they differ.
        acs_from_request: a registered AssertionConsumerServiceURL in the request is used; else the first registered.
        signed: demands a signature unless the application's registration says otherwise.
        lifetime: how old a signed request may be; None is any age.
        name_id_policy: a requested Format is ignored, must be the configured one, or is obeyed.
        name_id_choices: Format -> source, where it is obeyed; any other is an error.
        authn_context: the method asked for must be the one that was used.
        digit_ids: takes IDs that begin with a digit.
        loop_limit: answers to one session within a second before it sees a loop; None sees none.
    """

    bindings: tuple[Binding, ...] = ("HTTP-POST", "HTTP-Redirect")
    paths: Mapping[str, str] = field(default_factory=dict)
    acs_from_request: bool = True
    signed: bool = False
    lifetime: timedelta | None = None
    name_id_policy: Literal["ignore", "strict", "obey"] = "ignore"
    name_id_choices: Mapping[str, str] = field(default_factory=dict)
    authn_context: bool = False
    digit_ids: bool = True
    loop_limit: int | None = None


@dataclass(frozen=True, slots=True)
class EncryptionHabits:
    """When and how assertions are encrypted.

    Args:
        when: only on demand; as soon as the application's metadata has a key for it; or always, refusing without one.
        content: of the data.
        beside: the key stands beside the data, which points to it (RetrievalMethod).
    """

    when: Literal["demanded", "offered", "always"] = "demanded"
    content: Literal["aes256-cbc", "aes128-gcm"] = "aes256-cbc"
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Overage:
    """Beyond `limit` values the attribute is left out, and `attribute` with `value` (a template) stands there."""

    of: str
    limit: int
    attribute: str = ""
    value: str = ""
