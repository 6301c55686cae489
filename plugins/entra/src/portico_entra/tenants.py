"""Whose tenant: the rules about Microsoft's names that data alone cannot say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from portico_oidc import read_boolean
from portico_sdk import FieldProblem

GUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

#: Issuer of a single tenant, version 2 or 1, in whichever cloud; its group is the tenant.
ISSUER: Final = rf"https?://[^/?#]+(?:/[^/?#]+)*?/({GUID})/(?:v2\.0)?"

#: Tenant of private Microsoft accounts.
CONSUMERS: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"

_SHARED: Final = re.compile(r"/(common|organizations|consumers|\{[^/]*\}|" + CONSUMERS + r")(?:/|$)", re.IGNORECASE)
_VERSION_1: Final = re.compile(rf"(https://login\.microsoftonline\.com/{GUID})/?")
_IDENTITY_PROVIDER: Final = "http://schemas.microsoft.com/identity/claims/identityprovider"
_TENANT_ID: Final = "http://schemas.microsoft.com/identity/claims/tenantid"

_SHARED_MESSAGE = (
    "This address is shared by all of Microsoft's customers. Put your Directory (tenant) ID in the place of “{part}”."
)
_FORM_MESSAGE = (
    "This must be https://login.microsoftonline.com/, your Directory (tenant) ID and /v2.0. The tenant's name in place of "
    "its ID does not do."
)


def check_issuer(settings: Mapping[str, Any]) -> Iterable[FieldProblem]:
    """Return the problem of an issuer that is not the one of a single tenant of work accounts."""
    issuer = settings.get("issuer")
    if not isinstance(issuer, str):
        return ()
    if shared := _SHARED.search(issuer):
        return (FieldProblem("issuer", "issuer-shared", _SHARED_MESSAGE.replace("{part}", shared[1])),)
    if version_1 := _VERSION_1.fullmatch(issuer):
        return (
            FieldProblem(
                "issuer", "issuer-version-1", f"Give the address of version 2 instead, {version_1[1]}/v2.0, as it is."
            ),
        )
    if not re.fullmatch(ISSUER, issuer):
        return (FieldProblem("issuer", "issuer-tenant", _FORM_MESSAGE),)
    return ()


def check_entity_id(settings: Mapping[str, Any]) -> Iterable[FieldProblem]:
    """Return the problem of an entity ID that is a template or everybody's."""
    entity_id = settings.get("idp_entity_id")
    if isinstance(entity_id, str) and (shared := _SHARED.search(entity_id)):
        return (FieldProblem("idp_entity_id", "issuer-shared", _SHARED_MESSAGE.replace("{part}", shared[1])),)
    return ()


def email_verified_by_attributes(issuer: str, attributes: Mapping[str, tuple[str, ...]]) -> bool | None:
    """Return False for a guest, whose address another organization wrote; else None: Entra verifies no address.

    Spec: Microsoft, migrate away from using email claims for authorization.
    """
    tenant = "".join(attributes.get(_TENANT_ID, ()))
    home = attributes.get(_IDENTITY_PROVIDER, ())
    return False if any(value != issuer and not _is_of(tenant, value) for value in home) else None


def email_verified_by_claims(claims: Mapping[str, Any]) -> bool | None:
    """Return what `xms_edov` says about the owner of the address's domain; without it False for a guest, else None.

    `email_verified` is not looked at: Entra sends none, and an administrator can make a claim of any name.
    """
    said = claims.get("xms_edov")
    said = {"1": True, "0": False}.get(str(int(said)) if isinstance(said, int) else str(said), read_boolean(said))
    if said is not None:
        return said
    home = claims.get("idp")
    return False if home is not None and not _is_of(str(claims.get("tid")), str(home)) else None


def _is_of(tenant: str, name: str) -> bool:
    return bool(tenant) and tenant.lower() in name.lower()
