"""Who plays in the demo: three invented customers, their people, their identity providers, and Auth0's side of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: The demo's one application, and its secret at the stand-in: both processes get them from the runner.
APPLICATION = "Ledgerline"
CONNECTION = "portico"


def _person(username: str, given_name: str, family_name: str, *groups: str, **more: Any) -> dict[str, Any]:
    person = {"username": username, "given_name": given_name, "family_name": family_name, "email": username}
    return person | {"groups": list(groups)} | more


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer.

    Args:
        id: of its simulated identity provider, and part of the Auth0 organization's id.
        profile: of the simulator.
        adapter: of the gateway.
        registration: what its administrator ticks beyond our addresses.
        connection: what the connection says beyond the provider's own details.
    """

    id: str
    name: str
    domain: str
    vendor: str
    protocol: str
    profile: str
    adapter: str
    persons: tuple[dict[str, Any], ...]
    registration: Mapping[str, Any] = field(default_factory=dict)
    connection: Mapping[str, Any] = field(default_factory=dict)

    @property
    def auth0_organization(self) -> str:
        """The id of the organization at Auth0."""
        return f"org_{self.id}"

    @property
    def first(self) -> str:
        """The name of the first person, to try with."""
        return f"{self.persons[0]['given_name']} {self.persons[0]['family_name']}"


HALDEN = Customer(
    id="halden",
    name="Halden Freight",
    domain="haldenfreight.example",
    vendor="Okta",
    protocol="SAML 2.0",
    profile="okta-saml",
    adapter="okta-saml",
    persons=(
        _person("tessa.brandt@haldenfreight.example", "Tessa", "Brandt", "Dispatch", "Administrators"),
        _person("jonas.weir@haldenfreight.example", "Jonas", "Weir", "Dispatch"),
        _person("mira.holt@haldenfreight.example", "Mira", "Holt", assigned=False),
    ),
)

BRIGHTWATER = Customer(
    id="brightwater",
    name="Brightwater Clinics",
    domain="brightwater.example",
    vendor="Microsoft Entra ID",
    protocol="OpenID Connect",
    profile="entra-oidc",
    adapter="entra-oidc",
    persons=(
        _person("amara.okafor@brightwater.example", "Amara", "Okafor", "Ward managers"),
        _person("elias.lind@brightwater.example", "Elias", "Lind", "Nurses", "Night shift"),
        _person(
            "noor.visser_partner.example#EXT#@brightwater.example",
            "Noor",
            "Visser",
            email="noor.visser@partner.example",
            guest=True,
        ),
    ),
    registration={"optional_claims": ["email", "given_name", "family_name", "groups", "auth_time"]},
    connection={"token_endpoint_auth_method": "client_secret_post"},
)

NORRLAND = Customer(
    id="norrland",
    name="Norrland Timber",
    domain="norrlandtimber.example",
    vendor="AD FS",
    protocol="SAML 2.0",
    profile="adfs-saml",
    adapter="adfs-saml",
    persons=(
        _person("sven.ekberg@norrlandtimber.example", "Sven", "Ekberg", "Sawmill", "Foremen"),
        _person("aino.lahti@norrlandtimber.example", "Aino", "Lahti", "Forestry"),
    ),
)

CUSTOMERS = (HALDEN, BRIGHTWATER, NORRLAND)
