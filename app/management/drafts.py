"""Drafts beside active connections, certificates of providers, our own keys, and metadata that is watched."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from app.connections import ConnectionCertificate, ServiceProviderKey
from app.errors import Invalid, NotFound, Problem
from app.management.connections import READ, WRITE, ActivationIn, ConnectionOut, Settings
from app.management.operation import Call, Operation
from app.management.shapes import ABSENT, Page, Paging, Patch, Shape, Time, Word

Certificate = Annotated[str, Field(min_length=1, max_length=20_000)]


class DraftPatch(Patch):
    settings: Settings = ABSENT
    """Laid over the draft, or over the connection where there is none."""
    claim_rules: Settings = ABSENT
    """Replaces all rules."""


class DraftOut(ConnectionOut):
    draft: bool
    """False: there is none, and this is the connection."""
    outdated: bool
    """The connection was changed since: save the draft again."""
    changed: list[str]
    """Names of the settings in which it differs."""
    certificates_only: bool


class CertificatesIn(Shape):
    certificates: Annotated[list[Certificate], Field(min_length=1, max_length=20)]
    """PEM, bare base64 or DER in base64."""


class ConnectionCertificateOut(Shape):
    pem: str
    subject: str
    sha256: str
    not_before: Time | None
    not_after: Time | None
    days_left: int | None
    first_used_at: Time | None
    """When a sign-in was proven by it for the first time."""
    last_used_at: Time | None
    stands: Literal["active", "draft", "both"]
    can_retire: bool
    why_not: str


class KeyOut(Shape):
    sha256: str
    certificate_pem: str
    not_before: Time
    not_after: Time
    role: Literal["current", "next", "previous"]
    """`current` signs, `next` is published for it, `previous` still decrypts."""


class WatchOut(Shape):
    url: str
    next_at: Time | None
    read_at: Time | None
    failed_since: Time | None
    failure: str
    differs: list[str]
    """Settings that the document says otherwise; nothing was changed."""


class SecretExpiryIn(Shape):
    secret: Word
    """Name of the setting."""
    last_day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None
    """The last day on which the provider honours it, such as 2027-01-20; null: not known."""


def _show(call: Call[Any], connection_id: str) -> DraftOut:
    return DraftOut.model_validate(call.rooms.connections.describe_draft(connection_id))


def get(call: Call[Shape], connection_id: str) -> DraftOut:
    return _show(call, connection_id)


def change(call: Call[DraftPatch], connection_id: str) -> DraftOut:
    call.rooms.connections.change_draft(connection_id, call.takes.given, actor=call.actor, now=call.now)
    return _show(call, connection_id)


def activate(call: Call[ActivationIn], connection_id: str) -> ConnectionOut:
    rooms = call.rooms
    skip_test = call.takes.skip_test
    row = rooms.connections.activate_draft(connection_id, skip_test=skip_test, actor=call.actor, now=call.now)
    return ConnectionOut.model_validate(rooms.connections.describe(row))


def discard(call: Call[Shape], connection_id: str) -> None:
    call.rooms.connections.discard_draft(connection_id, actor=call.actor, now=call.now)


def _certificate(one: ConnectionCertificate) -> ConnectionCertificateOut:
    return ConnectionCertificateOut.model_validate(
        {name: getattr(one, name) for name in ConnectionCertificateOut.model_fields}
    )


def list_certificates(call: Call[Paging], connection_id: str) -> Page[ConnectionCertificateOut]:
    found = call.rooms.connections.list_certificates(connection_id, call.now)
    return Page(items=[_certificate(one) for one in found], next=None)


def add_certificates(call: Call[CertificatesIn], connection_id: str) -> DraftOut:
    written = call.takes.certificates
    call.rooms.connections.add_certificates(connection_id, written, actor=call.actor, now=call.now)
    return _show(call, connection_id)


def retire_certificate(call: Call[Shape], connection_id: str, sha256: str) -> None:
    call.rooms.connections.retire_certificate(connection_id, sha256, actor=call.actor, now=call.now)


def _key(one: ServiceProviderKey) -> KeyOut:
    return KeyOut.model_validate({name: getattr(one, name) for name in KeyOut.model_fields})


def _keys(call: Call[Any], connection_id: str) -> Page[KeyOut]:
    return Page(items=[_key(one) for one in call.rooms.connections.list_keys(connection_id)], next=None)


def list_keys(call: Call[Paging], connection_id: str) -> Page[KeyOut]:
    return _keys(call, connection_id)


def publish_key(call: Call[Shape], connection_id: str) -> Page[KeyOut]:
    call.rooms.connections.publish_next_key(connection_id, actor=call.actor, now=call.now)
    return _keys(call, connection_id)


def use_key(call: Call[Shape], connection_id: str) -> Page[KeyOut]:
    call.rooms.connections.use_next_key(connection_id, actor=call.actor, now=call.now)
    return _keys(call, connection_id)


def remove_key(call: Call[Shape], connection_id: str) -> Page[KeyOut]:
    call.rooms.connections.remove_previous_key(connection_id, actor=call.actor, now=call.now)
    return _keys(call, connection_id)


def _watch(call: Call[Any], connection_id: str) -> WatchOut:
    found = call.rooms.connections.find_watch(connection_id)
    if found is None:
        raise NotFound(f"{connection_id} names no metadata URL")
    facts = {name: getattr(found, name) for name in WatchOut.model_fields}
    return WatchOut.model_validate({**facts, "differs": list(found.differs)})


def get_watch(call: Call[Shape], connection_id: str) -> WatchOut:
    return _watch(call, connection_id)


def read_metadata(call: Call[Shape], connection_id: str) -> WatchOut:
    _watch(call, connection_id)
    call.rooms.connections.read_metadata(connection_id, now=call.now)
    return _watch(call, connection_id)


def note_expiry(call: Call[SecretExpiryIn], connection_id: str) -> ConnectionOut:
    said, connections = call.takes, call.rooms.connections
    try:
        day = None if said.last_day is None else date.fromisoformat(said.last_day)
    except ValueError:
        raise Invalid(Problem("last_day", "date", "There is no such day.")) from None
    row = connections.set_secret_expiry(connection_id, said.secret, day, actor=call.actor, now=call.now)
    return ConnectionOut.model_validate(connections.describe(row))


ONE = "/connections/{connection_id}"
DRAFT, CERTIFICATES, KEYS = ONE + "/draft", ONE + "/certificates", ONE + "/keys"

OPERATIONS = (
    Operation(("connection", "get-draft"), "GET", DRAFT, READ,
              "Show the draft beside an active connection, or the connection where there is none", get, gives=DraftOut),
    Operation(("connection", "update-draft"), "PATCH", DRAFT, WRITE,
              "Change the draft beside an active connection; nobody signs in through it", change, DraftPatch, DraftOut,
              example="con-… --settings sso_url=https://idp.example.com/sso"),
    Operation(("connection", "activate-draft"), "POST", DRAFT + "/activate", WRITE,
              "Put the draft in the place of the active configuration", activate, ActivationIn, ConnectionOut,
              example="con-… --skip-test"),
    Operation(("connection", "discard-draft"), "DELETE", DRAFT, WRITE, "Throw the draft away", discard, status=204),
    Operation(("connection", "list-certificates"), "GET", CERTIFICATES, READ,
              "List the provider's certificates, with their dates and when sign-ins used them", list_certificates,
              Paging, Page[ConnectionCertificateOut]),
    Operation(("connection", "add-certificates"), "POST", CERTIFICATES, WRITE,
              "Add certificates beside the present ones; of an active connection to its draft", add_certificates,
              CertificatesIn, DraftOut, example="con-… --certificates @new.pem"),
    Operation(("connection", "retire-certificate"), "DELETE", CERTIFICATES + "/{sha256}", WRITE,
              "Trust a certificate no more, once sign-ins go by another one", retire_certificate, status=204,
              example="con-… 3f2a…"),
    Operation(("connection", "list-keys"), "GET", KEYS, READ, "List our own keys of a SAML connection", list_keys,
              Paging, Page[KeyOut]),
    Operation(("connection", "publish-key"), "POST", KEYS, WRITE,
              "Publish a successor of our key; it does not sign yet", publish_key, gives=Page[KeyOut], status=201),
    Operation(("connection", "use-key"), "POST", KEYS + "/use-next", WRITE, "Let the published successor sign",
              use_key, gives=Page[KeyOut]),
    Operation(("connection", "remove-key"), "POST", KEYS + "/remove-second", WRITE,
              "Forget the second key: the one before, or a successor that was not put to use", remove_key,
              gives=Page[KeyOut]),
    Operation(("connection", "get-metadata"), "GET", ONE + "/metadata", READ,
              "Show how reading the provider's metadata goes", get_watch, gives=WatchOut),
    Operation(("connection", "read-metadata"), "POST", ONE + "/metadata/read", WRITE,
              "Read the provider's metadata at once; new certificates are added, nothing else is changed",
              read_metadata, gives=WatchOut),
    Operation(("connection", "note-secret-expiry"), "POST", ONE + "/secret-expiry", WRITE,
              "Note until when the provider honours a secret", note_expiry, SecretExpiryIn, ConnectionOut,
              example="con-… --secret client_secret --last-day 2027-01-20"),
)  # fmt: skip
