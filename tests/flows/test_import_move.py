"""A customer moves from a connection of its own in the tenant to the one trust: whole, with the tenant's users and Actions
(issue 6, items 5 and 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from app.auth0.auth0 import Unhurried
from app.auth0.importing.deploying import NAME, deploy_link_action
from app.auth0.importing.link_action import render_link_action
from app.auth0.importing.listing import list_imports
from app.auth0.importing.plan import ImportOptions, make_plan
from app.auth0.importing.readers import NEEDED_SCOPES, read_tenant
from app.auth0.importing.readers.management_api import ORGANIZATION_SCOPES
from app.auth0.importing.running import run_import
from app.auth0.pace import Pace
from app.auth0.steps.action import ACTION_SCOPES
from app.auth0.tenant import Tenant
from app.errors import Invalid
from tests.support.auth0_export import _saml
from tests.support.auth0_logins import Chain, chain, running_chain  # noqa: F401 -- fixtures
from tests.support.auth0_trust import OPERATOR
from tests.support.certificates import make_certified
from tests.support.vendors import Vendor

pytestmark = pytest.mark.peer("node")
VENDOR = "okta-saml"


def old_id(name: str) -> str:
    return f"samlp|halden|{name}@{VENDOR}.example"


@dataclass
class Customer:
    """The customer, imported, with two people who had accounts in the tenant."""

    chain: Chain
    vendor: Vendor
    organization: str

    def move(self, to: str) -> None:
        self.chain.trust.api.post(f"/organizations/{self.organization}/move", to=to)
        self.link()

    def link(self) -> None:
        """Deploy the Action as the command writes it now, behind the login Action."""
        trust, scopes = self.chain.trust, ("read:users", "update:users", "read:organizations")
        with trust.app.app_context():
            code, _ = render_link_action()
            first = trust.tenant.ask("GET", "/actions/actions", actionName=NAME)["actions"] == []
            source = trust.auth0.open_tenant(credentials=trust.credentials(*ACTION_SCOPES))
            if first:
                with pytest.raises(Invalid):
                    deploy_link_action(source, code, None)
            deploy_link_action(source, code, trust.credentials(*scopes) if first else None)
            assert not deploy_link_action(source, code, None), "a second time there is nothing to do"
        bindings = trust.tenant.ask("GET", "/actions/triggers/post-login/bindings")["bindings"]
        assert [one["action"]["name"] for one in bindings] == ["Portico login", NAME, "Theirs"]

    def sub(self, name: str = "ada") -> str:
        """Sign in through Auth0 and Portico; return whom the application sees."""
        end = self.chain.sign_in(self.vendor, name, acr_values=f"urn:portico:organization:{self.organization}")
        return str(self.chain.claims(end)["sub"])

    def connections(self, user_id: str) -> list[str]:
        found = self.chain.trust.tenant.ask("GET", f"/users/{user_id}")
        return [identity["connection"] for identity in found["identities"]]


@pytest.fixture
def customer(chain: Chain) -> Customer:  # noqa: F811 -- a fixture
    """Read from the tenant, import, do the one thing that the report asks, activate."""
    trust, vendors, tenant = chain.trust, chain.vendors, chain.trust.tenant
    options = {**_saml(vendors, VENDOR, "halden", 1, make_certified("acme")), "entityId": "urn:auth0:acme:halden"}
    tenant.add_connection("samlp", "halden", options)
    tenant.add_connection("auth0", "Username-Password-Authentication", {})
    for name in ("ada", "grace"):
        tenant.add_user(old_id(name), "halden", email=f"{name}@{VENDOR}.example")
    trust.connect(applications=[chain.application.client_id])
    add_their_action(chain)
    with trust.app.app_context():
        gateway = trust.app.extensions["portico"]
        credentials = trust.credentials(*NEEDED_SCOPES, *ORGANIZATION_SCOPES)
        source = Tenant(tenant.origin, credentials, Unhurried(gateway.auth0.requests), Pace(trust.clock))
        found = read_tenant(source)
        assert [one.name for one in found if one.is_customers] == ["halden"], "Portico's own connection is nobody's"
        chosen = ImportOptions(urlsplit(tenant.origin).netloc)
        planned = make_plan(found, chosen, gateway.registry, gateway.rooms.fetch, now=trust.clock())
        [row] = run_import(planned, chosen, gateway.connections, actor=OPERATOR, now=trust.clock())
    assert row.verdict == "one-thing"
    ours = row.service_provider
    assert f"by {ours['acs_url']}" in row.must_change
    vendors.simulator.extensions["idps"][VENDOR].register(
        {"entity_id": "urn:auth0:acme:halden", "acs_urls": [ours["acs_url"]]}
    )
    vendors.api.activate(row.connection_id or "")
    return Customer(
        chain, Vendor(VENDOR, "saml", f"{VENDOR}.example", {"id": row.connection_id}), row.organization_id or ""
    )


def add_their_action(chain: Chain) -> None:  # noqa: F811 -- a fixture
    """The operator's own Action after the login, which has to stay where it is."""
    tenant, trigger = chain.trust.tenant, [{"id": "post-login", "version": "v3"}]
    body = {"name": "Theirs", "supported_triggers": trigger, "code": "exports.onExecutePostLogin = async () => {};"}
    path = f"/actions/actions/{tenant.ask('POST', '/actions/actions', body)['id']}"
    while tenant.ask("GET", path)["status"] != "built":
        pass
    tenant.ask("POST", f"{path}/deploy", {})
    names = ("Portico login", "Theirs")
    refs = [{"ref": {"type": "action_name", "value": name}, "display_name": name} for name in names]
    tenant.ask("PATCH", "/actions/triggers/post-login/bindings", {"bindings": refs})


def test_an_organization_moves_and_its_people_keep_their_accounts(customer: Customer) -> None:
    """Before the dual run somebody is new, in it everybody gets the old account, once, and after it nobody any more."""
    customer.link()
    early = customer.sub()
    assert early.startswith("oidc|portico|usr-"), "the drafts wait: nothing is told, nobody is linked"
    customer.move("dual-run")
    assert customer.sub() == old_id("ada"), "who came too early is linked too"
    assert customer.connections(old_id("ada")) == ["halden", "portico"]
    assert customer.sub() == old_id("ada"), "and stays, though it links once"
    assert customer.connections(old_id("ada")) == ["halden", "portico"]
    customer.move("moved")
    assert customer.sub() == old_id("ada"), "who was linked stays linked"
    assert customer.sub("grace").startswith("oidc|portico|usr-")
    assert customer.connections(old_id("grace")) == ["halden"]
    customer.move("back")
    customer.move("dual-run")
    assert customer.sub("grace") == old_id("grace")
    check_record(customer)


def check_record(customer: Customer) -> None:
    """Each step is an event of its own; the list says where everybody is, and where one can go."""
    api = customer.chain.trust.api
    events = api.get("/audit-events", organization_id=customer.organization, name="organization.moved")["items"]
    states = [(event["before"]["state"], event["after"]["state"]) for event in events]
    assert ("imported", "dual-run") in states
    assert ("moved", "back") in states
    [listed] = api.get("/auth0/moves")["items"]
    assert listed["connections"] == ["halden"]
    assert listed["state"] == "dual-run"
    assert listed["can_go_to"] == ["moved", "back"]
    assert api.get("/auth0/moves", state="moved")["items"] == []
    with customer.chain.trust.app.app_context():
        assert len(list_imports(limit=10)) == 1
