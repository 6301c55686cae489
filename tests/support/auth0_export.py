"""A tenant's export with thirty mixed connections, whose customers' providers are simulated and know the old values.

Each item is what the Management API answers; `as_deploy_cli` and `as_terraform` write the same in the other forms.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.certificates import Certified, make_certified
from tests.support.vendors import Vendors

TENANT, CUSTOM_DOMAIN = "acme.eu.auth0.com", "login.acme.example"

#: strategy -> simulated vendors, one for each connection
MIX: Mapping[str, tuple[str, ...]] = {
    "samlp": (
        *("okta-saml",) * 3, *("entra-saml",) * 2, *("google-saml",) * 2, *("onelogin-saml",) * 2, *("ping-saml",) * 2,
        *("jumpcloud-saml",) * 2, *("keycloak-saml",) * 2, *("generic-saml",) * 4,
    ),
    "pingfederate": ("pingfederate-saml",) * 2,
    "adfs": ("adfs-saml",) * 2,
    "waad": ("entra-oidc",) * 2,
    "okta": ("okta-oidc",) * 2,
    "oidc": ("generic-oidc", "keycloak-oidc"),
    "google-apps": ("google-oidc",),
}  # fmt: skip


@dataclass(frozen=True)
class Existing:
    """One connection of the tenant and the simulated provider behind it."""

    vendor: str
    raw: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.raw["name"])

    @property
    def is_saml(self) -> bool:
        return self.raw["strategy"] in ("samlp", "pingfederate")


def old_acs(name: str, host: str = CUSTOM_DOMAIN) -> str:
    """Where the customer's provider has posted to until today."""
    return f"https://{host}/login/callback?connection={name}"


def make_export(vendors: Vendors) -> list[Existing]:
    """Return the thirty connections; every provider has the tenant registered, as it is known there today."""
    key = make_certified("acme.eu.auth0.com")
    return list(_each(vendors, key))


def _each(vendors: Vendors, key: Certified) -> Iterator[Existing]:
    for strategy, keys in MIX.items():
        for number, vendor in enumerate(keys, 1):
            name = f"{strategy}-{vendor.removesuffix('-saml').removesuffix('-oidc')}-{number}"
            options = _options(vendors, strategy, vendor, name, number, key)
            options["domain_aliases"] = [f"{name}.customer-domain.com"]
            raw = {"id": f"con_{strategy}{number}{vendor}"[:40].replace("-", ""), "name": name, "strategy": strategy}
            yield Existing(vendor, {**raw, "display_name": f"Customer {name}", "options": options})


def _options(vendors: Vendors, strategy: str, vendor: str, name: str, number: int, key: Certified) -> dict[str, Any]:
    if strategy in ("samlp", "pingfederate"):
        return _saml(vendors, vendor, name, number, key)
    if strategy == "adfs":
        return {"fedMetadataXml": _metadata(vendors, vendor), "adfs_server": "", "signInEndpoint": ""}
    return _oidc(vendors, strategy, vendor)


def _saml(vendors: Vendors, vendor: str, name: str, number: int, key: Certified) -> dict[str, Any]:
    [entity] = vendors.api.post("/metadata/parse", xml=_metadata(vendors, vendor))["entities"]
    settings = entity["settings"]
    known = {"entity_id": f"urn:auth0:acme:{name}", "acs_urls": [old_acs(name)]}
    signed = vendor == "keycloak-saml"
    if signed:
        known["certificate"] = key.certificate_pem
    vendors.simulator.extensions["idps"][vendor].register(known)
    options: dict[str, Any] = {
        "signInEndpoint": settings["sso_url"],
        "signingCert": base64.b64encode(settings["certificates"][0].encode()).decode(),
        "protocolBinding": _binding(settings.get("sso_binding")),
        "signSAMLRequest": signed,
        "signatureAlgorithm": "rsa-sha256",
        "digestAlgorithm": "sha256",
        "fieldsMap": {"email": ["email", "mail", f"{_CLAIMS}/emailaddress"]} if number == 2 else {},
        "tenant_domain": f"{name}.customer-domain.com",
    }
    if number == 1:  # the others leave their issuer to be confirmed
        options["metadataUrl"] = vendors.describe(vendor)["metadata_url"]
    if signed:
        options["signing_key"] = {"key": key.key_pem, "cert": key.certificate_pem}
    return options


_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"


def _binding(ours: str | None) -> str:
    return f"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-{'POST' if ours == 'post' else 'Redirect'}"


def _metadata(vendors: Vendors, vendor: str) -> str:
    return vendors.fetch(vendors.describe(vendor)["metadata_url"]).decode("utf-8-sig")


def _oidc(vendors: Vendors, strategy: str, vendor: str) -> dict[str, Any]:
    idp, told = vendors.simulator.extensions["idps"][vendor], vendors.describe(vendor)
    more = {"optional_claims": ["email", "given_name", "family_name"]} if vendor == "entra-oidc" else {}
    made = idp.register({"redirect_uris": [f"https://{TENANT}/login/callback"], **more})
    options: dict[str, Any] = {"client_id": made.client_id, "client_secret": made.client_secret, "type": "back_channel"}
    if strategy == "waad":
        tenant = told["issuer"].rstrip("/").split("/")[-2]
        return {
            **options,
            "tenantId": tenant,
            "identity_api": "microsoft-identity-platform-v2.0",
            "userid_attribute": "oid",
        }
    if strategy == "google-apps":
        return {**options, "tenant_domain": "google-oidc.example", "domain": "google-oidc.example"}
    return {
        **options,
        "issuer": told["issuer"],
        "discovery_url": told["discovery_url"],
        "scope": "openid profile email",
    }


def as_deploy_cli(raws: list[dict[str, Any]]) -> dict[str, bytes]:
    """Return the same as files of the deploy CLI, which writes no ids."""
    return {
        f"connections/{raw['name']}.json": json.dumps({k: v for k, v in raw.items() if k != "id"}).encode()
        for raw in raws
    }


def as_terraform(raws: list[dict[str, Any]]) -> bytes:
    """Return the same as a Terraform state."""
    resources = [
        {
            "mode": "managed",
            "type": "auth0_connection",
            "name": raw["name"].replace("-", "_"),
            "instances": [{"attributes": {**raw, "options": [_snake(raw["options"])]}}],
        }
        for raw in raws
    ]
    return json.dumps({"version": 4, "resources": resources}).encode()


_SNAKE = {
    "signInEndpoint": "sign_in_endpoint", "signingCert": "signing_cert", "protocolBinding": "protocol_binding",
    "signSAMLRequest": "sign_saml_request", "signatureAlgorithm": "signature_algorithm",
    "digestAlgorithm": "digest_algorithm", "fieldsMap": "fields_map", "metadataUrl": "metadata_url",
    "fedMetadataXml": "fed_metadata_xml", "userid_attribute": "user_id_attribute", "tenantId": "tenant_id",
}  # fmt: skip


def _snake(options: dict[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for name, value in options.items():
        if name == "fieldsMap":
            value = json.dumps(value)
        elif name == "scope":
            name, value = "scopes", value.split()
        elif isinstance(value, dict):
            value = [value]
        written[_SNAKE.get(name, name)] = value
    return written
