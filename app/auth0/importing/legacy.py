"""`portico_legacy_user_id`: the id that a person had in the tenant, told during the dual run, or not at all.

The organization is in its dual run, and every check holds, each time a token is made. What cannot be answered is a no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import bindparam, select

from app.auth0.importing.models import ImportedConnection, ImportedUserId, Move
from app.auth0.importing.prefixes import names_connection
from app.auth0.importing.trust import certificates_of, trust_of
from app.connections import Connection
from app.database import db
from app.memory import remember
from app.organizations import find_domain_owner
from app.signin.journey import FinishedSignIn

CLAIM: Final = "portico_legacy_user_id"

#: Auth0's own rule for user ids is no white space; longer ones than this it never made.
_VALUE: Final = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]{1,512}")


# Built once, of tables and not of classes: every sign-in of an imported connection asks it.
_IMPORTS, _MOVES = ImportedConnection.__table__.c, Move.__table__.c
_IN_DUAL_RUN = (
    select(_IMPORTS.id)
    .join(Move.__table__, _MOVES.organization_id == _IMPORTS.organization_id)
    .where(
        _IMPORTS.connection_id == bindparam("connection"),
        _IMPORTS.organization_id == bindparam("organization"),
        _MOVES.state == "dual-run",
    )
)


@dataclass(frozen=True, slots=True)
class _Question:
    """A sign-in, and what was imported of its connection."""

    finished: FinishedSignIn
    imported: ImportedConnection
    value: str  # after the prefix

    @property
    def user_id(self) -> str:
        return f"{self.imported.legacy_prefix}{self.value}"


def find_legacy_claims(finished: FinishedSignIn) -> Mapping[str, str]:
    """Return the claim with the person's id in the tenant, or nothing. Changes nothing."""
    if not _is_imported(finished.connection_id):
        return {}
    imported = _find_in_dual_run(finished)
    if imported is None:
        return {}
    value = read_value(imported, finished)
    if value is None:
        return {}
    question = _Question(finished, imported, value)
    return {CLAIM: question.user_id} if all(check(question) for check in _CHECKS) else {}


def _is_imported(connection_id: str) -> bool:
    """Hardly any is, and each of their sign-ins asks; so the answer is remembered, and a no as well."""
    (known,) = remember("imported", connection_id, lambda: (find_imported(connection_id) is not None,))
    return known


def _find_in_dual_run(finished: FinishedSignIn) -> ImportedConnection | None:
    """What was imported as this connection, while both ways are open: before nobody needs the id, after nobody may link."""
    asked = {"connection": finished.connection_id, "organization": finished.organization_id}
    found = db.session.execute(_IN_DUAL_RUN, asked).one_or_none()
    return None if found is None else db.session.get(ImportedConnection, found.id, populate_existing=True)


def find_imported(connection_id: str) -> ImportedConnection | None:
    """Return what was imported as this connection, or None."""
    query = select(ImportedConnection).where(ImportedConnection.connection_id == connection_id)
    return db.session.scalars(query).one_or_none()


def read_value(imported: ImportedConnection, finished: FinishedSignIn) -> str | None:
    """Return the one value that the provider sent under the imported source; None for none, several, or no id's form."""
    if not imported.legacy_prefix or not imported.legacy_source:
        return None
    values = finished.identity.attributes.get(imported.legacy_source, ())
    if len(values) != 1 or imported.legacy_source in finished.identity.incomplete:
        return None
    return values[0] if _VALUE.fullmatch(values[0]) else None


def hash_user_id(tenant: str, user_id: str) -> str:
    """Return the form in which an id of the tenant is kept."""
    return sha256(f"{tenant}\n{user_id}".encode()).hexdigest()


def _check_not_suspended(question: _Question) -> bool:
    """Whose word the connection takes is what an operator vouched for: no change was seen, and none is there."""
    connection = db.session.get(Connection, question.imported.connection_id)
    if connection is None or question.imported.suspended_at is not None:
        return False
    known = set(question.imported.trusted_certificates)
    return trust_of(connection) == question.imported.trusted and known.issuperset(certificates_of(connection.settings))


def _check_recorded(question: _Question) -> bool:
    """An id that does not name its connection counts only when the import recorded it for this one."""
    if names_connection(str(question.imported.legacy_prefix)):
        return True
    key = question.imported.id, hash_user_id(question.imported.tenant, question.user_id)
    return db.session.get(ImportedUserId, key) is not None


def _check_email_domain(question: _Question) -> bool:
    """Where such an id is an e-mail address, its domain is verified for this organization too."""
    if names_connection(str(question.imported.legacy_prefix)) or "@" not in question.value:
        return True
    owner = find_domain_owner(question.value.rpartition("@")[2])
    mine = owner is not None and owner.organization_id == question.finished.organization_id
    return owner is not None and mine and owner.status == "verified"


_CHECKS: Final[tuple[Callable[[_Question], bool], ...]] = (
    _check_not_suspended,
    _check_recorded,
    _check_email_domain,
)
