"""Connections are read alike from the Management API, a deploy CLI export and a Terraform state, all of it hostile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from app.auth0.errors import Auth0ScopesMissing
from app.auth0.importing.existing import ExistingConnection, parse_existing
from app.auth0.importing.options import Options
from app.auth0.importing.readers import read_deploy_cli, read_tenant, read_terraform_state
from app.auth0.importing.readers.documents import MAX_BYTES
from app.errors import Invalid
from tests.support.auth0_export import as_deploy_cli, as_terraform

RAW: list[dict[str, Any]] = [
    {
        "id": "con_1", "name": "halden", "strategy": "samlp", "display_name": "Halden Freight",
        "options": {"signInEndpoint": "https://idp.halden.example/sso", "signingCert": "MIIB", "signSAMLRequest": True,
                    "fieldsMap": {"email": ["mail"]}, "metadataUrl": "https://idp.halden.example/metadata"},
    },
    {
        "id": "con_2", "name": "nordwind", "strategy": "oidc",
        "options": {"issuer": "https://nordwind.example", "client_id": "n", "client_secret": "s", "scope": "openid email"},
    },
    {
        "id": "con_3", "name": "kontor", "strategy": "waad",
        "options": {"client_id": "e", "tenantId": "t", "userid_attribute": "oid", "domain_aliases": ["kontor.example"]},
    },
]  # fmt: skip
NAMES = ("signInEndpoint", "signingCert", "issuer", "client_id", "client_secret", "metadataUrl", "tenantId")


def facts(connections: tuple[ExistingConnection, ...]) -> list[dict[str, Any]]:
    """What the strategies ask of a connection, in one form."""
    return [
        {
            "name": one.name,
            "strategy": one.strategy,
            "signs": one.options.flag("signSAMLRequest"),
            "scopes": " ".join(one.options.texts("scope")).split(),
            "aliases": one.options.texts("domain_aliases"),
            "email": one.options.part("fieldsMap").texts("email"),
            "user_id": one.options.text("userid_attribute", "user_id_attribute"),
            **{name: one.options.text(name) for name in NAMES},
        }
        for one in sorted(connections, key=lambda one: one.name)
    ]


def test_three_sources_give_one_shape() -> None:
    """Names, nesting and JSON in text are the Management API's in the end, whoever wrote them down."""
    asked = tuple(parse_existing(raw) for raw in RAW)
    folder = read_deploy_cli(as_deploy_cli(RAW))
    written = yaml.safe_dump({"connections": [{k: v for k, v in raw.items() if k != "id"} for raw in RAW]})
    assert facts(asked) == facts(folder) == facts(read_deploy_cli({"tenant.yaml": written.encode()}))
    assert facts(asked) == facts(read_terraform_state(as_terraform(RAW)))
    assert {one.source_id for one in asked} == {one.source_id for one in read_terraform_state(as_terraform(RAW))}
    assert {one.source_id for one in folder} == {None}


def test_terraform_keeps_blocks_and_renames() -> None:
    """Nested blocks are lists of one object there; some names are spelt otherwise."""
    options = {
        "signing_key": [{"key": "K", "cert": "C"}], "idp_initiated": [{"enabled": True, "client_id": "x"}],
        "disable_sign_out": True, "decryption_key": [{"key": "D", "cert": "E"}], "sign_out_endpoint": "https://x/slo",
        "attribute_map": [{"mapping_mode": "use_map", "attributes": '{"email": "${context.tokenset.mail}"}'}],
        "user_id_attribute": "uid", "waad_common_endpoint": True, "ping_federate_base_url": "https://ping.example",
    }  # fmt: skip
    state = {"version": 4, "resources": [{"mode": "managed", "type": "auth0_connection", "instances": [
        {"attributes": {"name": "a", "strategy": "samlp", "options": [options]}}]}]}  # fmt: skip
    [one] = read_terraform_state(json.dumps(state).encode())
    assert one.options.part("signing_key").text("key") == "K"
    assert one.options.part("decryptionKey").text("cert") == "E"
    assert one.options.part("idpinitiated").flag("enabled")
    assert one.options.flag("disableSignout")
    assert one.options.flag("useCommonEndpoint")
    assert one.options.text("signOutEndpoint") == "https://x/slo"
    assert one.options.text("pingFederateBaseUrl") == "https://ping.example"
    assert one.options.part("attribute_map").part("attributes").text("email") == "${context.tokenset.mail}"


@pytest.mark.parametrize(
    "hidden", ["##CLIENT_SECRET##", "@@CLIENT_SECRET@@", "*****", "  ##A1##  ", "_VALUE_NOT_SHOWN_"]
)
def test_placeholders_are_no_values(hidden: str) -> None:
    """A deploy CLI export may hold names in the place of secrets: they count as absent, and that is known."""
    options = Options({"client_secret": hidden})
    assert options.text("client_secret") == ""
    assert options.is_hidden("client_secret")


HOSTILE: dict[str, dict[str, bytes]] = {
    "nothing": {},
    "no connections": {"clients/app.json": b"{}"},
    "broken json": {"connections/a.json": b"{"},
    "not utf-8": {"connections/a.json": b"\xff\xfe\xff"},
    "a list": {"connections/a.json": b"[]"},
    "deep json": {"connections/a.json": b"[" * 200_000},
    "no name": {"connections/a.json": b'{"strategy": "samlp"}'},
    "name that is a path": {"connections/a.json": b'{"name": "../../etc", "strategy": "samlp"}'},
    "name with a bar": {"connections/a.json": b'{"name": "a|b", "strategy": "samlp"}'},
    "twice": {f"connections/{n}.json": b'{"name": "a", "strategy": "samlp"}' for n in "ab"},
    "large": {"connections/a.json": b" " * (MAX_BYTES + 1)},
    "options of another kind": {"connections/a.json": b'{"name": "a", "strategy": "samlp", "options": [1]}'},
    "options without end": {
        "connections/a.json": json.dumps({"name": "a", "strategy": "samlp", "options": {"x": list(range(6000))}}).encode()
    },
    "options too deep": {
        "connections/a.json": b'{"name":"a","strategy":"samlp","options":{"x":' + b"[" * 20 + b"]" * 20 + b"}}"
    },
    "a NUL": {"connections/a.json": b'{"name": "a", "strategy": "samlp", "options": {"x": "\\u0000"}}'},
    "yaml that makes objects": {"tenant.yaml": b"connections: !!python/object/apply:os.system ['true']"},
    "yaml laughs": {"tenant.yaml": b"a: &a [x, x]\nb: &b [*a, *a]\nconnections: [*b, *b]"},
    "broken yaml": {"tenant.yaml": b"connections: ["},
    "yaml of another kind": {"tenant.yaml": b"- a\n- b"},
}  # fmt: skip


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_export_is_refused_as_a_whole(files: dict[str, bytes]) -> None:
    """Whatever is wrong is said; nothing of it is taken, run or walked without end."""
    with pytest.raises(Invalid):
        read_deploy_cli(files)


@pytest.mark.parametrize("state", [b"{}", b"[]", b"{", b'{"resources": 1}', b'{"resources": [1, {"type": "x"}]}'])
def test_what_is_no_state_is_refused(state: bytes) -> None:
    with pytest.raises(Invalid):
        read_terraform_state(state)


class FakeTenant:
    """A tenant that answers from lists."""

    def __init__(self, *scopes: str, **lists: list[dict[str, Any]]) -> None:
        self._scopes = frozenset(scopes)
        self._lists = lists
        self.asked: list[tuple[str, Any, int]] = []

    def scopes(self) -> frozenset[str]:
        return self._scopes

    def check_scopes(self, needed: Any) -> None:
        if missing := [scope for scope in needed if scope not in self._scopes]:
            raise Auth0ScopesMissing(missing)

    def list(self, path: str, key: str, query: Any = None, *, take: int = 50) -> Iterator[dict[str, Any]]:
        self.asked.append((path, query, take))
        return iter(self._lists[path.strip("/").replace("/", "_")])


def test_the_tenant_is_asked_for_enterprise_connections_only() -> None:
    """By checkpoint pages, with options, for every strategy that has a counterpart and for the agents."""
    tenant = FakeTenant("read:connections", "read:connections_options", connections=RAW)
    found = read_tenant(tenant)
    assert facts(found) == facts(tuple(parse_existing(raw) for raw in RAW))
    [(path, query, take)] = tenant.asked
    assert path == "/connections"
    assert {"samlp", "adfs", "waad", "okta", "oidc", "google-apps", "pingfederate", "ad"} <= set(query["strategy"])
    assert take <= 25, "options are large, and an answer has at most 1 MiB"


def test_without_the_scope_of_options_nothing_is_read() -> None:
    """Options would be left out in silence, and every customer would look as if everything had to be set up anew."""
    with pytest.raises(Auth0ScopesMissing, match="read:connections_options"):
        read_tenant(FakeTenant("read:connections", connections=RAW))


def test_organizations_are_read_where_the_credentials_may() -> None:
    scopes = ("read:connections", "read:connections_options", "read:organizations", "read:organization_connections")
    tenant = FakeTenant(
        *scopes,
        connections=RAW,
        organizations=[{"id": "org_1", "name": "halden", "display_name": "Halden Freight AS"}],
        organizations_org_1_enabled_connections=[{"connection_id": "con_1"}],
    )
    found = {one.name: [each.name for each in one.organizations] for one in read_tenant(tenant)}
    assert found == {"halden": ["Halden Freight AS"], "nordwind": [], "kontor": []}
