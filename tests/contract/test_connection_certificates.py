"""Item 6 and rows A4, A6, R8: certificates side by side, our keys with successors, metadata that is watched, warnings."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from app.cipher import Cipher
from app.connections import Connections, note_certificates_used
from app.database import db, transaction
from app.errors import Conflict, Invalid, NotFound
from app.mail import Outbox
from app.mail.models import OutgoingMail
from app.mail.outbox import Mail
from app.notices import list_notices
from app.organizations import DnsAnswer, NewContact, add_contact
from app.setup_links import ExpiryWarnings, SetupLinks
from portico_sdk import (
    AdapterSpec,
    CertificateInfo,
    Document,
    Http,
    MetadataEntity,
    MetadataError,
    ParsedMetadata,
    ProviderUnreachable,
    SettingField,
)
from tests.support.clock import SettableClock
from tests.support.columns import SETTINGS, StandIn, spec_of
from tests.support.customers import BASE_URL, CUSTOMER, OPERATOR, Customers, connections_of, events

pytestmark = pytest.mark.usefixtures("app_context")
ENTITY = "https://idp.example/"


@dataclass(frozen=True)
class Certificate:
    pem: str
    sha256: str
    ends: datetime


_KEY = ec.generate_private_key(ec.SECP256R1())


def certificate(name: str, begins: datetime, days: float) -> Certificate:
    """Return a certificate that ends `days` after `begins`."""
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    ends = begins + timedelta(days=days)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(_KEY.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(begins, ends) - timedelta(days=400))
        .not_valid_after(ends)
        .sign(_KEY, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM).decode()
    return Certificate(pem, made.fingerprint(hashes.SHA256()).hex(), ends)


class Publishing(StandIn):
    """A stand-in whose metadata is a list of lines: the entity ID, the sign-on URL, then names of certificates."""

    def __init__(self) -> None:
        super().__init__((*SETTINGS, SettingField("metadata_url", "url", "Metadata", editable_by="customer")))
        self.known: dict[str, Certificate] = {}

    def parse_metadata(self, document: bytes, now: datetime) -> ParsedMetadata:
        if not document.startswith(b"https://"):
            raise MetadataError("metadata-other-xml", "This is not metadata.")
        entity_id, sso_url, *names = document.decode().split()
        infos = tuple(
            CertificateInfo(one.pem, name, one.sha256, one.ends - timedelta(days=900), one.ends)
            for name in names
            for one in [self.known[name]]
        )
        settings: Mapping[str, Any] = {"idp_entity_id": entity_id, "certificates": [info.pem for info in infos]}
        endpoints = (("SingleSignOnService", "redirect", sso_url),)
        return ParsedMetadata((MetadataEntity(entity_id, settings, infos, endpoints),))


@dataclass
class Web:
    """What the provider's metadata address answers; None: nothing."""

    body: bytes | None = None
    stale: bool = False
    asked: list[str] = field(default_factory=list)

    def document(self, url: str, *, max_age_s: int = 3600, newer_than: datetime | None = None) -> Document:
        assert not db.session().info.get("writing"), "documents are fetched outside of transactions"
        self.asked.append(url)
        if self.body is None:
            raise ProviderUnreachable("outbound-dns", "no such host")
        return Document(self.body, datetime(2026, 1, 1).astimezone(), self.stale)


@dataclass
class Stage:
    connections: Connections
    customers: Customers
    adapter: Publishing
    web: Web
    clock: SettableClock
    links: SetupLinks
    warnings: ExpiryWarnings
    mails: Callable[[], list[Mail]]

    def connect(self, *certificates: Certificate, **settings: Any) -> str:
        """Return an active connection of an organization of its own."""
        said = {
            "idp_entity_id": ENTITY,
            "sso_url": "https://idp.example/sso",
            "certificates": [one.pem for one in certificates],
            **settings,
        }
        return self.customers.active(self.customers.organization("Halden"), settings=said).id

    def listed(self, id_: str) -> dict[str, Any]:
        return {one.sha256: one for one in self.connections.list_certificates(id_, self.clock())}

    def use(self, id_: str, *used: Certificate) -> None:
        with transaction():
            note_certificates_used(id_, [one.sha256 for one in used], now=self.clock())

    def trusted(self, id_: str) -> list[str]:
        stored: list[str] = self.connections.get(id_).settings["certificates"]
        return stored


@pytest.fixture
def stage(app_context: Flask, cipher: Cipher, clock: SettableClock) -> Stage:
    adapter, web = Publishing(), Web()
    spec: AdapterSpec = spec_of(adapter=adapter, settings=adapter.fields, capabilities=frozenset({"metadata_import"}))
    connections = connections_of(
        cipher, spec, background_for=lambda _: cast(Http, web), operators=lambda: {"ops@saas.example": None}
    )
    outbox = Outbox(cipher)
    links = SetupLinks(
        connections,
        cipher,
        BASE_URL,
        ask_dns=lambda domain, name, value: DnsAnswer("not-found", name),
        operators=lambda: {"ops@saas.example": None},
        random=os.urandom,
    )
    warnings = ExpiryWarnings(connections, links, outbox, BASE_URL, lambda: {"ops@saas.example": None})

    def mails() -> list[Mail]:
        return [outbox.open(row) for row in db.session.query(OutgoingMail).order_by(OutgoingMail.created_at)]

    return Stage(connections, Customers(connections, clock()), adapter, web, clock, links, warnings, mails)


@pytest.fixture
def old(now: datetime) -> Certificate:
    return certificate("old", now, 20)


@pytest.fixture
def new(now: datetime) -> Certificate:
    return certificate("new", now, 900)


# Side by side


def test_a_new_certificate_stands_beside_the_old_one_and_is_tested_first(
    stage: Stage, old: Certificate, new: Certificate
) -> None:
    """Interface, requirement 34: add second beside the first, test against new, then retire old."""
    id_ = stage.connect(old)
    stage.connections.add_certificates(id_, new.pem, actor=CUSTOMER, now=stage.clock())
    assert stage.trusted(id_) == [old.pem], "what people sign in through is not changed by a draft"
    listed = stage.listed(id_)
    assert (listed[old.sha256].stands, listed[new.sha256].stands) == ("both", "draft")
    assert (listed[old.sha256].days_left, listed[new.sha256].days_left) == (20, 900)
    draft = stage.connections.find_draft(id_)
    assert draft is not None
    stage.connections.note_tested(id_, draft.revision, now=stage.clock())
    stage.connections.activate_draft(id_, actor=CUSTOMER, now=stage.clock())
    assert stage.trusted(id_) == [old.pem, new.pem]


def test_the_old_one_is_retired_only_after_a_sign_in_used_the_new_one(
    stage: Stage, old: Certificate, new: Certificate
) -> None:
    id_ = stage.connect(old, new)
    stage.use(id_, old)

    def retire(one: Certificate) -> None:
        stage.connections.retire_certificate(id_, one.sha256, actor=CUSTOMER, now=stage.clock())

    for one in (old, new):
        if one is new:
            continue
        with pytest.raises(Conflict) as told:
            retire(one)
        assert told.value.code == "certificate-unproven"
    stage.clock.advance(hours=2)
    stage.use(id_, new)
    assert stage.listed(id_)[old.sha256].can_retire
    assert not stage.listed(id_)[new.sha256].can_retire, "the newest sign-ins go by it"
    with pytest.raises(Conflict):
        retire(new)
    retire(old)
    assert stage.trusted(id_) == [new.pem]
    with pytest.raises(Conflict) as only:
        retire(new)
    assert only.value.code == "certificate-only"
    assert events(id_)[-1].name == "connection.changed"


def test_a_certificate_that_is_not_there_cannot_be_retired(stage: Stage, old: Certificate) -> None:
    with pytest.raises(NotFound):
        stage.connections.retire_certificate(stage.connect(old), "f" * 64, actor=CUSTOMER, now=stage.clock())


def test_when_a_certificate_was_used_is_kept_by_the_hour(stage: Stage, old: Certificate) -> None:
    id_, first = stage.connect(old), stage.clock()
    stage.use(id_, old)
    stage.clock.advance(minutes=59)
    stage.use(id_, old)
    assert stage.listed(id_)[old.sha256].last_used_at == first
    stage.clock.advance(minutes=1)
    stage.use(id_, old)
    shown = stage.listed(id_)[old.sha256]
    assert (shown.first_used_at, shown.last_used_at) == (first, stage.clock())


def test_nothing_pasted_adds_nothing(stage: Stage, old: Certificate) -> None:
    with pytest.raises(Invalid):
        stage.connections.add_certificates(stage.connect(old), "  ", actor=CUSTOMER, now=stage.clock())


# Metadata


def publish(
    stage: Stage, *certificates: Certificate, entity: str = ENTITY, sso: str = "https://idp.example/sso"
) -> None:
    stage.adapter.known = {f"c{number}": one for number, one in enumerate(certificates)}
    stage.web.body = " ".join([entity, sso, *stage.adapter.known]).encode()


def watched(stage: Stage, *certificates: Certificate) -> str:
    return stage.connect(*certificates, metadata_url="https://idp.example/metadata")


def test_a_new_certificate_is_picked_up_within_an_hour_and_both_are_trusted(
    stage: Stage, old: Certificate, new: Certificate
) -> None:
    """A4."""
    id_ = watched(stage, old)
    publish(stage, old)
    assert stage.connections.watch_metadata(stage.clock()) == 1
    publish(stage, new)
    asked = len(stage.web.asked)
    for _ in range(60):
        stage.connections.watch_metadata(stage.clock.advance(minutes=1))
    assert stage.trusted(id_) == [old.pem, new.pem]
    assert len(stage.web.asked) - asked in (1, 2), "about every fifty minutes, by chance"
    changed = [event for event in events(id_) if event.name == "connection.changed"]
    assert [(event.actor_kind, event.actor_id) for event in changed] == [("system", "metadata")]
    assert any("settings were changed" in mail.subject for mail in stage.mails())


def test_reading_never_removes_a_certificate(stage: Stage, old: Certificate, new: Certificate) -> None:
    """R8: it may add keys."""
    id_ = watched(stage, old)
    publish(stage)
    stage.connections.read_metadata(id_, now=stage.clock())
    assert stage.trusted(id_) == [old.pem]
    publish(stage, new)
    stage.connections.read_metadata(id_, now=stage.clock())
    assert stage.trusted(id_) == [old.pem, new.pem]


def test_a_certificate_that_has_ended_is_not_added(stage: Stage, old: Certificate) -> None:
    id_ = watched(stage, old)
    publish(stage, old, certificate("ended", stage.clock(), -1))
    assert stage.connections.read_metadata(id_, now=stage.clock())
    assert stage.trusted(id_) == [old.pem]


def test_another_entity_changes_nothing(stage: Stage, old: Certificate, new: Certificate) -> None:
    """R8: auto-refresh never changes the entity ID, and takes nothing from another's document."""
    id_ = watched(stage, old)
    publish(stage, new, entity="https://evil.example/")
    assert not stage.connections.read_metadata(id_, now=stage.clock())
    row = stage.connections.get(id_)
    assert (row.version, row.settings["idp_entity_id"], stage.trusted(id_)) == (1, ENTITY, [old.pem])
    watch = stage.connections.find_watch(id_)
    assert watch is not None
    assert "https://evil.example/" in watch.failure


def test_another_address_is_shown_and_not_taken_over(stage: Stage, old: Certificate) -> None:
    id_ = watched(stage, old)
    publish(stage, old, sso="https://elsewhere.example/sso")
    assert stage.connections.read_metadata(id_, now=stage.clock())
    assert stage.connections.get(id_).settings["sso_url"] == "https://idp.example/sso"
    watch = stage.connections.find_watch(id_)
    assert watch is not None
    assert watch.differs == ("sso_url",)
    assert [notice.kind for notice in list_notices(limit=9)] == ["metadata-differs"]
    publish(stage, old)
    stage.connections.read_metadata(id_, now=stage.clock())
    assert list_notices(limit=9) == []


@pytest.mark.parametrize("body", [None, b"<html>", b"stale"])
def test_a_provider_that_is_down_changes_nothing_and_is_told_after_an_hour(
    stage: Stage, old: Certificate, body: bytes | None
) -> None:
    """A3: what is stored keeps working; an alert after an hour, gone by itself when it is over."""
    id_ = watched(stage, old)
    if body == b"stale":
        publish(stage, old)
        stage.web.stale = True
    else:
        stage.web.body = body
    for minute in range(0, 130, 10):
        stage.connections.watch_metadata(stage.clock.advance(minutes=10))
        if minute < 50:
            assert list_notices(limit=9) == []
    assert stage.connections.get(id_).version == 1
    assert [notice.kind for notice in list_notices(limit=9)] == ["metadata-failing"]
    stage.web.stale = False
    publish(stage, old)
    assert stage.connections.read_metadata(id_, now=stage.clock())
    assert list_notices(limit=9) == []


def test_only_active_connections_that_name_an_address_are_watched(stage: Stage, old: Certificate) -> None:
    publish(stage, old)
    stage.connect(old)
    id_ = watched(stage, old)
    stage.connections.deactivate(id_, actor=OPERATOR, now=stage.clock())
    assert stage.connections.watch_metadata(stage.clock.advance(days=1)) == 0
    assert stage.web.asked == []


def test_reading_keeps_up_the_draft_beside_it(stage: Stage, old: Certificate, new: Certificate) -> None:
    """A draft that was made before a roll-over must not take the new certificate away when it is activated."""
    id_ = watched(stage, old)
    patch = {"settings": {"sso_url": "https://idp.example/new"}}
    stage.connections.change_draft(id_, patch, actor=CUSTOMER, now=stage.clock())
    publish(stage, old, new)
    stage.connections.read_metadata(id_, now=stage.clock())
    shown = stage.connections.describe_draft(id_)
    assert (shown["outdated"], shown["changed"]) == (False, ["sso_url"])
    draft = stage.connections.find_draft(id_)
    assert draft is not None
    stage.connections.note_tested(id_, draft.revision, now=stage.clock())
    stage.connections.activate_draft(id_, actor=CUSTOMER, now=stage.clock())
    assert stage.trusted(id_) == [old.pem, new.pem]


# Our own keys


def test_our_successor_is_published_before_it_signs(stage: Stage, old: Certificate) -> None:
    id_ = stage.connect(old)

    def roles() -> list[str]:
        return [key.role for key in stage.connections.list_keys(id_)]

    def published() -> list[str]:
        return [pair.certificate_pem for pair in stage.connections.open(id_).service_provider.keys]

    (first,) = published()
    stage.connections.publish_next_key(id_, actor=OPERATOR, now=stage.clock())
    assert roles() == ["current", "next"]
    second = published()[1]
    assert published() == [first, second], "the present one still signs, in every process"
    with pytest.raises(Conflict) as told:
        stage.connections.publish_next_key(id_, actor=OPERATOR, now=stage.clock())
    assert told.value.code == "keys-under-way"
    stage.connections.use_next_key(id_, actor=OPERATOR, now=stage.clock())
    assert (roles(), published()) == (["current", "previous"], [second, first])
    with pytest.raises(Conflict):
        stage.connections.use_next_key(id_, actor=OPERATOR, now=stage.clock())
    stage.connections.remove_previous_key(id_, actor=OPERATOR, now=stage.clock())
    assert published() == [second]
    with pytest.raises(Conflict):
        stage.connections.remove_previous_key(id_, actor=OPERATOR, now=stage.clock())
    assert [event.name for event in events(id_)][-3:] == ["connection.keys_changed"] * 3


def test_a_change_of_our_keys_voids_no_test(stage: Stage, old: Certificate) -> None:
    id_ = stage.connect(old)
    stage.connections.note_tested(id_, "version-1", now=stage.clock())
    patch = {"settings": {"sso_url": "https://idp.example/new"}}
    stage.connections.change_draft(id_, patch, actor=CUSTOMER, now=stage.clock())
    stage.connections.publish_next_key(id_, actor=OPERATOR, now=stage.clock())
    assert stage.connections.describe(stage.connections.get(id_))["tested"]
    assert not stage.connections.describe_draft(id_)["outdated"]


# Warnings


def warned(stage: Stage) -> list[tuple[str, str]]:
    return [
        (mail.to, mail.subject) for mail in stage.mails() if "certificate" in mail.subject or "secret" in mail.subject
    ]


def test_warnings_go_out_at_60_30_14_7_1_days_and_at_the_end_once_each(stage: Stage, now: datetime) -> None:
    """Interface, requirement 33 and A6: to the contacts and the operators, naming exactly which certificate."""
    one = certificate("idp.halden.example", now, 90)
    id_ = stage.connect(one)
    organization = stage.connections.get(id_).organization_id
    add_contact(organization, NewContact("Mira", "mira@halden.example"), actor=OPERATOR, now=now)
    add_contact(organization, NewContact("Per", "per@halden.example", ["domains"]), actor=OPERATOR, now=now)
    days_left = []
    for day in range(100):
        before = len(warned(stage))
        for _ in range(2):
            stage.warnings.run(stage.clock.set(now + timedelta(days=day, minutes=1)))
        fresh = warned(stage)[before:]
        if fresh:
            days_left.append(90 - day)
            assert sorted(to for to, _ in fresh) == ["mira@halden.example", "ops@saas.example"]
    assert days_left == [60, 30, 14, 7, 1, 0]
    mail = next(mail for mail in stage.mails() if mail.to.startswith("mira") and "certificate" in mail.subject)
    assert f"SHA-256: {one.sha256}" in mail.text
    assert "CN=idp.halden.example" in mail.text
    assert [notice.kind for notice in list_notices(limit=9)] == ["certificate-expiring"]


def test_the_link_in_a_warning_opens_just_the_renewal(stage: Stage, now: datetime) -> None:
    id_ = stage.connect(certificate("idp", now, 10))
    organization = stage.connections.get(id_).organization_id
    add_contact(organization, NewContact("Mira", "mira@halden.example"), actor=OPERATOR, now=now)
    stage.warnings.run(now)
    mail = next(mail for mail in stage.mails() if mail.to.startswith("mira") and "certificate" in mail.subject)
    token = mail.text.split("/setup/", 1)[1].split()[0]
    visit, _ = stage.links.exchange(token, now=now)
    assert (visit.features, visit.connection_id) == (frozenset({"certificates"}), id_)
    assert visit.contact == "mira@halden.example"


def test_late_starters_are_warned_once_and_not_for_every_stage_that_passed(stage: Stage, now: datetime) -> None:
    stage.connect(certificate("idp", now, 3))
    assert stage.warnings.run(now) == 1
    assert stage.warnings.run(now) == 0


def test_no_warning_of_a_certificate_that_sign_ins_have_left(stage: Stage, old: Certificate, new: Certificate) -> None:
    id_ = stage.connect(old, new)
    stage.use(id_, old)
    stage.clock.advance(hours=2)
    stage.use(id_, new)
    assert stage.warnings.run(stage.clock()) == 0


def test_a_secret_is_warned_of_too(stage: Stage, new: Certificate, now: datetime) -> None:
    id_ = stage.connect(new, client_secret="s3cret")
    organization = stage.connections.get(id_).organization_id
    add_contact(organization, NewContact("Mira", "mira@halden.example"), actor=OPERATOR, now=now)
    day = (now + timedelta(days=6)).date()
    stage.connections.set_secret_expiry(id_, "client_secret", day, actor=CUSTOMER, now=now)
    assert stage.warnings.run(now) == 1
    assert stage.warnings.run(now) == 0
    assert ("mira@halden.example", "The client secret of Acme ends in 6 days") in warned(stage)


def test_drafts_and_disabled_connections_are_not_warned_of(stage: Stage, now: datetime) -> None:
    id_ = stage.connect(certificate("idp", now, 3))
    stage.connections.deactivate(id_, actor=OPERATOR, now=now)
    assert stage.warnings.run(now) == 0
