"""Where `portico auth0 import` reads from: the tenant itself, or a file or folder that somebody exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from app.cli.output import say

if TYPE_CHECKING:
    from app.auth0.importing.existing import ExistingConnection
    from app.auth0.tenant import Tenant
    from app.gateway import Gateway

_MAX_FILES = 20_000


def read_connections(
    gateway: Gateway, *, tenant: str, deploy_cli: str | None, terraform: str | None, credentials: tuple[str, str]
) -> tuple[ExistingConnection, ...]:
    """Return the connections of one source; without a file it is the tenant itself.

    Raises ClickException: several sources, or a file cannot be read; Invalid, Auth0Failed.
    """
    from app.auth0.importing.readers import read_deploy_cli, read_tenant, read_terraform_state

    if deploy_cli and terraform:
        raise click.UsageError("Name one source: --deploy-cli or --terraform.")
    if deploy_cli:
        return read_deploy_cli(_read_folder(Path(deploy_cli)))
    if terraform:
        return read_terraform_state(_read(Path(terraform)), terraform)
    return read_tenant(open_source(gateway, tenant, credentials), say)


def open_source(gateway: Gateway, domain: str, credentials: tuple[str, str]) -> Tenant:
    """Return the tenant's Management API, by the credentials given, else those of the trust with that same tenant."""
    from app.auth0.auth0 import Unhurried
    from app.auth0.errors import Auth0CredentialsRefused
    from app.auth0.origin import parse_origin
    from app.auth0.pace import Pace
    from app.auth0.tenant import Credentials, Tenant
    from app.auth0.trust import find_trust, open_credentials

    trust, given = find_trust(), gateway.auth0.given
    named = [one.origin for one in (given, trust) if one is not None and urlsplit(one.origin).netloc == domain]
    origin = named[0] if named else parse_origin(domain, "tenant")
    known = Credentials(*credentials) if all(credentials) else None
    if known is None and given is not None and given.origin == origin:
        known = given.credentials
    if known is None and trust is not None and trust.origin == origin:
        known = open_credentials(trust, gateway.cipher)
    if known is None:
        hint = "Give --client-id and --client-secret of a machine-to-machine application, or an export."
        raise Auth0CredentialsRefused("no credentials", code="auth0-no-credentials", hint=hint)
    pace = Pace(gateway.clock, tell=lambda seconds: say(f"Auth0's rate limit: waiting {seconds:.0f} s."))
    return Tenant(origin, known, Unhurried(gateway.auth0.requests), pace)


def read_users(
    gateway: Gateway, name: str, tenant: str, file: str | None, credentials: tuple[str, str]
) -> Iterator[Any]:
    """Yield the users of a connection: of an export with one JSON object a line, else of the tenant's search (1,000)."""
    from app.auth0.importing.user_ids import read_export

    if file:
        with Path(file).open("rb") as lines:
            yield from read_export(lines)
        return
    found = open_source(gateway, tenant, credentials)
    found.check_scopes(("read:users",))
    query: Mapping[str, str] = {"q": f'identities.connection:"{name}"', "search_engine": "v3"}
    yield from found.list_numbered("/users", "users", query)


def _read_folder(folder: Path) -> dict[str, bytes]:
    if folder.is_file():
        return {folder.name: _read(folder)}
    paths = [path for pattern in ("connections/*.json", "tenant.y*ml") for path in sorted(folder.glob(pattern))]
    if len(paths) > _MAX_FILES:
        raise click.ClickException(f"There are more than {_MAX_FILES} files in it.")
    return {path.relative_to(folder).as_posix(): _read(path) for path in paths}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.ClickException(str(error)) from None
