"""A Terraform state in JSON (version 4): what the provider `auth0` wrote down of each `auth0_connection`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.auth0.importing.existing import MAX_CONNECTIONS, ExistingConnection, parse_existing
from app.auth0.importing.readers.documents import read_document
from app.errors import Invalid, Problem

_TYPES = {"auth0_connection": None, "auth0_connection_okta": "okta"}

#: Names that the provider spells otherwise than by putting underscores into the Management API's.
_NAMES = {
    "adfs_server": "adfs_server",
    "api_enable_users": "api_enable_users",
    "disable_sign_out": "disableSignout",
    "fed_metadata_xml": "fedMetadataXml",
    "idp_initiated": "idpinitiated",
    "metadata_url": "metadataUrl",
    "metadata_xml": "metadataXml",
    "ping_federate_base_url": "pingFederateBaseUrl",
    "scopes": "scope",
    "sign_saml_request": "signSAMLRequest",
    "tenant_id": "tenantId",
    "waad_common_endpoint": "useCommonEndpoint",
}
_CAMEL = frozenset(
    {
        "assertion_decryption_key", "binding_method", "decryption_key", "destination_url", "digest_algorithm", "entity_id",
        "fields_map", "protocol_binding", "recipient_url", "request_template", "sign_in_endpoint", "sign_out_endpoint",
        "signature_algorithm", "signing_cert",
    }
)  # fmt: skip
_JSON = frozenset({"fields_map", "upstream_params"})
_BLOCKS = frozenset({"attribute_map", "connection_settings", "decryption_key", "idp_initiated", "signing_key"})


def read_terraform_state(content: bytes, name: str = "terraform.tfstate") -> tuple[ExistingConnection, ...]:
    """Return the connections of the state. Raises Invalid: it is no state, or has none, or one cannot be read."""
    state = read_document(name, content)
    resources = state.get("resources") if isinstance(state, Mapping) else None
    if not isinstance(resources, list):
        raise Invalid(Problem(name[:200], "import-document", "It is no Terraform state of version 4."))
    found: dict[str, ExistingConnection] = {}
    for raw in _instances(resources):
        one = parse_existing(raw, name)
        found[one.name] = one
    if not found or len(found) > MAX_CONNECTIONS:
        message = f"There are {len(found)} connections in it: expected are resources auth0_connection."
        raise Invalid(Problem(name[:200], "import-document", message))
    return tuple(found.values())


def _instances(resources: list[Any]) -> Iterator[dict[str, Any]]:
    for resource in resources:
        if not isinstance(resource, Mapping) or resource.get("type") not in _TYPES or resource.get("mode") != "managed":
            continue
        instances = resource.get("instances")
        for instance in instances if isinstance(instances, list) else ():
            attributes = instance.get("attributes") if isinstance(instance, Mapping) else None
            if isinstance(attributes, Mapping):
                yield _connection(attributes, _TYPES[str(resource["type"])])


def _connection(attributes: Mapping[str, Any], strategy: str | None) -> dict[str, Any]:
    written = attributes if strategy else _block(attributes.get("options"))
    return {
        "id": attributes.get("id"),
        "name": attributes.get("name"),
        "strategy": strategy or attributes.get("strategy"),
        "display_name": attributes.get("display_name"),
        "metadata": attributes.get("metadata"),
        "options": {_NAMES.get(name) or _camel(name): _value(name, value) for name, value in written.items()},
    }


def _value(name: str, value: Any) -> Any:
    if name in _BLOCKS:
        block = dict(_block(value))
        if name == "attribute_map":
            block["attributes"] = _parsed(block.get("attributes"))
        return block
    return _parsed(value) if name in _JSON else value


def _block(value: Any) -> Mapping[str, Any]:
    """A nested block is a list of one object."""
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, Mapping) else {}


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value else value
    except (ValueError, RecursionError):
        return None


def _camel(name: str) -> str:
    if name not in _CAMEL:
        return name
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
