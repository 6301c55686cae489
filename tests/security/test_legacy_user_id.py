"""Old users keep their identity, safely: every sentence of issue 6, item 6, as a test. Those about the linking Action
are in `tests/unit/auth0/importing/test_link_action.py`.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import pytest
from flask import Flask

from app.adapters import Registry
from app.audit import Actor
from app.auth0.importing.existing import parse_existing
from app.auth0.importing.legacy import CLAIM, find_imported, find_legacy_claims
from app.auth0.importing.models import ImportedConnection
from app.auth0.importing.moves import change_move
from app.auth0.importing.plan import ImportOptions, make_plan
from app.auth0.importing.report import Row
from app.auth0.importing.running import run_import
from app.auth0.importing.suspending import confirm_legacy_ids, hear_settings_changed
from app.auth0.importing.user_ids import record_user_ids
from app.cipher import Cipher
from app.claims import Attribute, add_attribute
from app.connections import Connection, Connections
from app.database import db
from app.errors import Forbidden, Invalid
from app.notices import list_notices
from app.organizations import Domain, add_domain, move_domain
from app.provider.claims import build_claims
from app.signin.journey import FinishedSignIn
from portico_sdk import Http
from tests.support.certificates import make_certified
from tests.support.customers import BASE_URL, CUSTOMER, OPERATOR, events
from tests.support.finished import finished_sign_in

pytestmark = pytest.mark.usefixtures("app_context")

METADATA = Actor("system", "metadata")
OLD, NEW = make_certified("old"), make_certified("new")
SAML = {
    "id": "con_1", "name": "halden", "strategy": "samlp",
    "options": {
        "signInEndpoint": "https://idp.halden.example/sso", "signingCert": OLD.certificate_pem,
        "metadataUrl": "https://idp.halden.example/metadata",
    },
}  # fmt: skip
GOOGLE = {
    "id": "con_2", "name": "nordwind", "strategy": "google-apps",
    "options": {"client_id": "g", "client_secret": "s", "tenant_domain": "nordwind-air.com"},
}  # fmt: skip
ENTRA = {
    "id": "con_3", "name": "kontor", "strategy": "waad",
    "options": {
        "client_id": "e", "client_secret": "s", "tenantId": "11111111-2222-3333-4444-555555555555",
        "userid_attribute": "oid",
    },
}  # fmt: skip
XML = f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.halden.example/">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">
<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{
    "".join(OLD.certificate_pem.split("-----")[2].split())
}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.halden.example/sso"/>
</IDPSSODescriptor></EntityDescriptor>"""


@dataclass
class World:
    """A tenant whose connections were imported and whose organizations are in their dual run."""

    connections: Connections
    now: datetime
    rows: dict[str, Row] = field(default_factory=dict)

    def bring(self, raw: dict[str, Any], to: str | None = "dual-run", **options: Any) -> Row:
        """Import one connection, activate it, and take its organization to a state."""
        chosen = ImportOptions("acme.eu.auth0.com", **options)
        planned = make_plan([parse_existing(raw)], chosen, self.registry, lambda _url: XML.encode(), now=self.now)
        [row] = run_import(planned, chosen, self.connections, actor=OPERATOR, now=self.now)
        assert row.outcome == "created", row.notes
        self.rows[raw["name"]] = row
        self.connections.activate(str(row.connection_id), skip_test=True, actor=OPERATOR, now=self.now)
        if to:
            self.move(row, to)
        return row

    @property
    def registry(self) -> Registry:
        return self.connections._around.registry

    def move(self, row: Row, to: str) -> None:
        change_move(str(row.organization_id), cast(Any, to), actor=OPERATOR, now=self.now)

    def told(self, row: Row, **said: Any) -> str | None:
        """Return the claim of a person of whom the provider says this."""
        return find_legacy_claims(self.finish(row, **said)).get(CLAIM)

    def finish(self, row: Row, **said: Any) -> FinishedSignIn:
        values = {name: value if isinstance(value, tuple) else (value,) for name, value in said.items()}
        made = finished_sign_in(self.now, attributes=values)
        return dataclasses.replace(made, organization_id=str(row.organization_id), connection_id=str(row.connection_id))

    def change(self, row: Row, actor: Actor = OPERATOR, **settings: Any) -> None:
        self.connections.change(str(row.connection_id), {"settings": settings}, actor=actor, now=self.now)

    def record(self, row: Row, *users: dict[str, Any]) -> Any:
        return record_user_ids(str(row.import_id), users, actor=OPERATOR, now=self.now)

    def confirm(self, row: Row) -> None:
        confirm_legacy_ids(str(row.import_id), actor=OPERATOR, now=self.now)


@pytest.fixture
def world(app: Flask, cipher: Cipher, now: datetime) -> World:
    registry = Registry.load(frozenset())
    connections = Connections(registry, cipher, BASE_URL, lambda _: cast(Http, None), os.urandom)
    connections.settings_changed.append(hear_settings_changed)
    return World(connections, now)


def user(connection: str, user_id: str, provider: str = "google-apps") -> dict[str, Any]:
    """A user as the tenant shows it."""
    identity = {"connection": connection, "provider": provider, "user_id": user_id}
    return {"user_id": f"{provider}|{user_id}", "identities": [identity]}


def google_person(world: World, row: Row) -> Callable[[], str | None]:
    return lambda: world.told(row, email="ada@nordwind-air.com", sub="1" * 21)


# Issue 6: portico_legacy_user_id: its prefix is fixed by the operator at import


def test_the_prefix_is_that_of_the_import(world: World) -> None:
    assert world.told(world.bring(SAML), NameID="ada") == "samlp|halden|ada"


@pytest.mark.parametrize("prefix", ["samlp|nordwind|", "auth0|", "samlp|halden", "", "samlp|halden|x|", "google-apps|"])
def test_the_operator_fixes_no_prefix_that_names_other_peoples_ids(world: World, prefix: str) -> None:
    """Only the strategy's form, alone or with this very connection's name."""
    chosen = ImportOptions("acme.eu.auth0.com", legacy_prefixes={"halden": prefix or "x"})
    planned = make_plan([parse_existing(SAML)], chosen, world.registry, lambda _url: b"", now=world.now)
    [row] = run_import(planned, chosen, world.connections, actor=OPERATOR, now=world.now)
    assert row.outcome == "failed"
    assert find_all() == []


def test_only_an_operator_imports(world: World) -> None:
    planned = make_plan(
        [parse_existing(SAML)], ImportOptions("t.example"), world.registry, lambda _: b"", now=world.now
    )
    with pytest.raises(Forbidden):
        run_import(planned, ImportOptions("t.example"), world.connections, actor=CUSTOMER, now=world.now)


@pytest.mark.databases("sqlite", "postgresql")
def test_two_tenants_with_a_connection_of_one_name_do_not_share_its_ids(world: World) -> None:
    """The second import is refused: its people would be told the ids of the first one's."""
    world.bring(SAML)
    other = ImportOptions("other.eu.auth0.com")
    planned = make_plan([parse_existing(SAML)], other, world.registry, lambda _: XML.encode(), now=world.now)
    [row] = run_import(planned, other, world.connections, actor=OPERATOR, now=world.now)
    assert row.outcome == "failed"
    assert "samlp|halden|" in row.notes[0]
    assert len(find_all()) == 1


# Issue 6: its value comes only from the imported subject source, which neither portal nor claim rules can change


def test_the_value_comes_only_from_the_imported_source(world: World) -> None:
    raw = {**SAML, "options": {**SAML["options"], "user_id_attribute": "employeeNumber"}}  # type: ignore[dict-item]
    row = world.bring(raw)
    assert world.told(row, NameID="boss", employeeNumber="7") == "samlp|halden|7"
    assert world.told(row, NameID="boss") is None


def test_claim_rules_do_not_change_the_value(world: World) -> None:
    """Whatever the rules make of the profile, of an attribute of that name too."""
    row = world.bring(SAML)
    rules = {"email": {"sources": ["other"]}, "preferred_username": {"sources": ["other"]}}
    world.connections.change(str(row.connection_id), {"claim_rules": rules}, actor=OPERATOR, now=world.now)
    assert world.told(row, NameID="ada", other="boss") == "samlp|halden|ada"
    with pytest.raises(Invalid):
        add_attribute(Attribute("legacy_user_id"), actor=OPERATOR, now=world.now)


def test_no_attribute_that_the_provider_sends_becomes_the_claim(world: World) -> None:
    """Not by the claim's own name either."""
    row = world.bring(SAML, to=None)
    finished = world.finish(row, NameID="ada", portico_legacy_user_id="samlp|other|boss", legacy_user_id="boss")
    assert CLAIM not in build_claims(finished, (find_legacy_claims,))


def test_the_portal_does_not_change_the_source(world: World) -> None:
    """The customer's actor reaches no setting that it comes from."""
    row = world.bring(SAML)
    for setting in ("subject_attribute", "sp_entity_id", "accepted_acs_urls", "requested_acs_url"):
        with pytest.raises(Invalid):
            world.connections.change_draft(
                str(row.connection_id), {"settings": {setting: "x"}}, actor=CUSTOMER, now=world.now
            )
    assert world.told(row, NameID="ada") == "samlp|halden|ada"


@pytest.mark.parametrize(
    "value", [("ada", "boss"), "a b", "a\tb", "a\nb", "", "x" * 600, "a\u2028b", "a\x00b", ()], ids=repr
)
def test_what_is_no_one_id_is_no_id(world: World, value: Any) -> None:
    """Two values, white space, control characters, emptiness, excess: the claim is absent, never cut or mended."""
    assert world.told(world.bring(SAML), NameID=value) is None


# Issue 6: A change of issuer, metadata URL, certificate by hand or adapter suspends the claim until it is confirmed

CHANGES: dict[str, dict[str, Any]] = {
    "issuer": {"idp_entity_id": "https://idp.evil.example/"},
    "metadata URL": {"metadata_url": "https://idp.evil.example/metadata"},
    "certificate": {"certificates": [OLD.certificate_pem, NEW.certificate_pem]},
    "certificate exchanged": {"certificates": [NEW.certificate_pem]},
    "metadata pasted": {"metadata_xml": XML.replace("idp.halden", "idp.evil")},
    "subject": {"subject_attribute": "mail"},
    "audiences": {"accepted_audiences": ["urn:other"]},
}


@pytest.mark.parametrize("settings", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("actor", [OPERATOR, Actor("api_key", "key-1"), Actor("operator", "opr-1")])
def test_a_change_of_whose_word_counts_suspends_until_an_operator_confirms(
    world: World, settings: dict[str, Any], actor: Actor
) -> None:
    row = world.bring(SAML)
    world.change(row, actor, **settings)
    assert world.told(row, NameID="ada", mail="ada") is None
    names = [event.name for event in events(str(row.connection_id))]
    assert "connection.legacy_ids_suspended" in names
    world.confirm(row)
    assert world.told(row, NameID="ada", mail="ada") == "samlp|halden|ada"
    assert events(str(row.connection_id))[-1].name == "connection.legacy_ids_confirmed"


def test_operators_are_told_of_a_suspension_until_they_confirmed_it(world: World) -> None:
    """In the dual run a suspended claim makes new people of whoever signs in: somebody has to look soon."""
    row = world.bring(SAML)
    world.change(row, certificates=[NEW.certificate_pem])
    world.change(row, metadata_url="https://idp.evil.example/metadata")
    [notice] = list_notices(limit=10)
    assert (notice.kind, notice.target) == ("legacy-ids-suspended", row.connection_id)
    world.confirm(row)
    assert list(list_notices(limit=10)) == []


@pytest.mark.databases("sqlite", "postgresql")
def test_changing_back_does_not_resume(world: World) -> None:
    """Only an operator does, whatever the settings are by then."""
    row = world.bring(SAML)
    world.change(row, certificates=[NEW.certificate_pem])
    world.connections.restore(str(row.connection_id), actor=OPERATOR, now=world.now)
    assert world.told(row, NameID="ada") is None


def test_a_customers_draft_suspends_when_it_is_activated(world: World) -> None:
    """The setup portal's way to change an active connection."""
    row = world.bring(SAML)
    id_ = str(row.connection_id)
    world.connections.change_draft(
        id_, {"settings": {"certificates": [NEW.certificate_pem]}}, actor=CUSTOMER, now=world.now
    )
    assert world.told(row, NameID="ada") == "samlp|halden|ada", "nobody signs in by a draft"
    world.connections.activate_draft(id_, skip_test=True, actor=OPERATOR, now=world.now)
    assert world.told(row, NameID="ada") is None


def test_the_customer_does_not_confirm(world: World) -> None:
    row = world.bring(SAML)
    world.change(row, certificates=[NEW.certificate_pem])
    for actor in (CUSTOMER, METADATA, Actor("person", "usr-1")):
        with pytest.raises(Forbidden):
            confirm_legacy_ids(str(row.import_id), actor=actor, now=world.now)


def test_a_certificate_from_the_vouched_metadata_does_not_suspend(world: World) -> None:
    """An ordinary renewal must not make new people of everybody: `by hand` is what suspends."""
    row = world.bring(SAML)
    world.change(row, METADATA, certificates=[OLD.certificate_pem, NEW.certificate_pem])
    assert world.told(row, NameID="ada") == "samlp|halden|ada"


def test_metadata_resumes_nothing(world: World) -> None:
    """What was suspended by hand stays so when the provider publishes a certificate."""
    row = world.bring(SAML)
    world.change(row, metadata_url="https://idp.evil.example/metadata")
    world.change(row, METADATA, certificates=[OLD.certificate_pem, NEW.certificate_pem])
    assert world.told(row, NameID="ada") is None


def test_another_adapter_suspends(world: World) -> None:
    """Nothing changes the adapter of a connection; if something did, the claim would stop."""
    row = world.bring(SAML)
    stored = db.session.get(Connection, row.connection_id)
    assert stored is not None
    stored.distribution = "portico-adapter-other"
    db.session.commit()
    assert world.told(row, NameID="ada") is None


def test_a_change_that_nobody_told_of_suspends_too(world: World) -> None:
    """The absence of the subscription is no way around it: whose word it is is compared at every sign-in."""
    row = world.bring(SAML)
    world.connections.settings_changed.clear()
    world.change(row, certificates=[NEW.certificate_pem])
    assert world.told(row, NameID="ada") is None


@pytest.mark.parametrize("settings", [{"clock_skew_s": 60}, {"sso_url": "https://idp.halden.example/2"}])
def test_harmless_changes_do_not_suspend(world: World, settings: dict[str, Any]) -> None:
    row = world.bring(SAML)
    world.change(row, **settings)
    assert world.told(row, NameID="ada") == "samlp|halden|ada"


def test_an_issuer_that_was_unknown_at_import_is_confirmed_too(world: World) -> None:
    """Whoever fills it in: an operator looks at it before old ids are told."""
    options = {"signInEndpoint": "https://idp.halden.example/sso", "signingCert": OLD.certificate_pem}
    chosen = ImportOptions("acme.eu.auth0.com")
    raw = {**SAML, "options": options}
    planned = make_plan([parse_existing(raw)], chosen, world.registry, lambda _url: b"", now=world.now)
    [row] = run_import(planned, chosen, world.connections, actor=OPERATOR, now=world.now)
    world.change(row, CUSTOMER, idp_entity_id="https://idp.halden.example/")
    world.connections.activate(str(row.connection_id), skip_test=True, actor=OPERATOR, now=world.now)
    world.move(row, "dual-run")
    assert world.told(row, NameID="ada") is None
    world.confirm(row)
    assert world.told(row, NameID="ada") == "samlp|halden|ada"


# Issue 6: An old id without a connection name in it is given only if the import recorded that id for this connection


@pytest.mark.databases("sqlite", "postgresql")
def test_an_id_without_a_connections_name_needs_its_record(world: World) -> None:
    row = world.bring(ENTRA)
    person: dict[str, Any] = {"oid": "aaaaaaaa-0000-0000-0000-000000000001", "tid": "t", "sub": "s"}
    assert world.told(row, **person) is None
    world.record(row, user("kontor", person["oid"], "waad"))
    assert world.told(row, **person) == f"waad|{person['oid']}"
    assert world.told(row, **{**person, "oid": "aaaaaaaa-0000-0000-0000-000000000002"}) is None


def test_the_record_of_another_connection_does_not_count(world: World) -> None:
    """Two customers at one vendor: neither can name the other's people."""
    kontor, other = world.bring(ENTRA), world.bring({**ENTRA, "id": "con_4", "name": "other"})
    world.record(kontor, user("kontor", "oid-1", "waad"), user("other", "oid-2", "waad"))
    assert world.told(other, oid="oid-1") is None
    assert world.told(kontor, oid="oid-2") is None, "it is a user of the other connection"


@pytest.mark.databases("sqlite", "postgresql")
def test_an_id_is_recorded_for_one_organization_only(world: World) -> None:
    """A user of two organizations is a user of neither: the second record is refused."""
    kontor, other = world.bring(ENTRA), world.bring({**ENTRA, "id": "con_4", "name": "other"})
    assert world.record(kontor, user("kontor", "oid-1", "waad")).added == 1
    done = world.record(other, user("other", "oid-1", "waad"))
    assert (done.added, done.refused) == (0, 1)
    assert world.told(other, oid="oid-1") is None


def test_a_prefix_without_a_name_needs_records_for_saml_too(world: World) -> None:
    """If an operator chose the bare prefix, ids are anybody's until they are recorded."""
    row = world.bring(SAML, legacy_prefixes={"halden": "samlp|"})
    assert world.told(row, NameID="other|boss") is None
    world.record(row, user("halden", "halden|ada", "samlp"))
    assert world.told(row, NameID="halden|ada") == "samlp|halden|ada"


def test_only_an_operator_records_ids(world: World) -> None:
    row = world.bring(ENTRA)
    with pytest.raises(Forbidden):
        record_user_ids(str(row.import_id), [user("kontor", "x", "waad")], actor=CUSTOMER, now=world.now)


def test_ids_are_kept_as_hashes(world: World) -> None:
    """Nobody learns the tenant's users, many of whose ids are addresses, from a copy of the table."""
    row = world.bring(GOOGLE)
    world.record(row, user("nordwind", "ada@nordwind-air.com"))
    kept = db.session.execute(db.text("SELECT * FROM auth0_imported_user_ids")).all()
    assert len(kept) == 1
    assert "ada" not in str(kept)


# Issue 6: where it is an e-mail, its domain must also be verified for this organization


@pytest.mark.databases("sqlite", "postgresql")
def test_an_email_id_needs_its_domain_verified_here(world: World) -> None:
    row = world.bring(GOOGLE)
    told = google_person(world, row)
    world.record(row, user("nordwind", "ada@nordwind-air.com"))
    assert told() is None, "nobody verified the domain"
    add_domain(str(row.organization_id), "nordwind-air.com", vouched=False, actor=OPERATOR, now=world.now)
    assert told() is None, "it waits for its record"
    add_domain(str(row.organization_id), "nordwind-air.com", vouched=True, actor=OPERATOR, now=world.now)
    assert told() == "google-apps|ada@nordwind-air.com"


def test_an_email_id_of_another_organizations_domain_is_not_told(world: World) -> None:
    row, other = world.bring(GOOGLE), world.bring(SAML)
    world.record(row, user("nordwind", "ada@nordwind-air.com"))
    add_domain(str(row.organization_id), "nordwind-air.com", vouched=True, actor=OPERATOR, now=world.now)
    move_domain("nordwind-air.com", str(other.organization_id), actor=OPERATOR, now=world.now)
    assert google_person(world, row)() is None


def test_a_lapsed_domain_is_not_verified(world: World) -> None:
    row = world.bring(GOOGLE)
    world.record(row, user("nordwind", "ada@nordwind-air.com"))
    domain = add_domain(str(row.organization_id), "nordwind-air.com", vouched=True, actor=OPERATOR, now=world.now)
    stored = db.session.get(Domain, domain.id)
    assert stored is not None
    stored.status = "lapsed"
    db.session.commit()
    assert google_person(world, row)() is None


@pytest.mark.parametrize("email", ["ada@evil.example", "ada@sub.nordwind-air.com", "ada@nordwind-air.com@evil.example"])
def test_a_recorded_email_of_an_unverified_domain_is_not_told(world: World, email: str) -> None:
    """Verified means the exact domain behind the last @."""
    row = world.bring(GOOGLE)
    add_domain(str(row.organization_id), "nordwind-air.com", vouched=True, actor=OPERATOR, now=world.now)
    world.record(row, user("nordwind", email))
    assert world.told(row, email=email, sub="1") is None


# Issue 6: only during the dual run


@pytest.mark.parametrize("ways", [(), ("dual-run", "moved"), ("dual-run", "back"), ("dual-run", "moved", "back")])
def test_outside_of_the_dual_run_nothing_is_told(world: World, ways: tuple[str, ...]) -> None:
    row = world.bring(SAML, to=None)
    for state in ways:
        world.move(row, state)
    assert world.told(row, NameID="ada") is None


def test_a_way_back_into_the_dual_run_tells_again(world: World) -> None:
    row = world.bring(SAML)
    for state in ("moved", "dual-run"):
        world.move(row, state)
    assert world.told(row, NameID="ada") == "samlp|halden|ada"


def test_a_connection_that_was_not_imported_tells_nothing(world: World) -> None:
    """Beside an imported one of the same organization, with the same provider."""
    row = world.bring(SAML)
    finished = dataclasses.replace(world.finish(row, NameID="ada"), connection_id="con-other")
    assert find_legacy_claims(finished) == {}
    elsewhere = dataclasses.replace(world.finish(row, NameID="ada"), organization_id="org-other")
    assert find_legacy_claims(elsewhere) == {}


def find_all() -> list[ImportedConnection]:
    return list(db.session.scalars(db.select(ImportedConnection)))


@pytest.mark.databases("sqlite", "postgresql")
def test_the_import_goes_with_its_connection(world: World) -> None:
    """A deleted connection leaves no old ids behind for one that comes later."""
    row = world.bring(ENTRA)
    world.record(row, user("kontor", "oid-1", "waad"))
    world.connections.delete(str(row.connection_id), actor=OPERATOR, now=world.now)
    assert find_imported(str(row.connection_id)) is None
    assert db.session.execute(db.text("SELECT * FROM auth0_imported_user_ids")).all() == []
