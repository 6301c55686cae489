"""The ids that people have in the tenant: who is recorded, from which exports."""

from __future__ import annotations

from typing import Any

import pytest

from app.auth0.importing import ImportedConnection
from app.auth0.importing.user_ids import MAX_LINE, list_ids, read_export
from app.errors import Invalid

ROW = ImportedConnection(name="nordwind", strategy="google-apps", legacy_prefix="google-apps|")


def identity(connection: Any = "nordwind", provider: Any = "google-apps", user_id: Any = "ada@nordwind.example") -> Any:
    return {"connection": connection, "provider": provider, "user_id": user_id}


def test_a_user_counts_by_the_identity_in_the_imported_connection() -> None:
    """Also where it is a secondary one; numbers are ids too."""
    user = {"user_id": "auth0|1", "identities": [identity("Users", "auth0", "1"), identity(user_id=117)]}
    assert list_ids(user, ROW) == ["google-apps|117"]


@pytest.mark.parametrize(
    "user",
    [
        {},
        {"user_id": "google-apps|ada@nordwind.example"},
        {"identities": "x"},
        {"identities": [1, None]},
        {"identities": [identity("other")]},
        {"identities": [identity(provider="google-oauth2")]},
        {"identities": [identity(user_id="")]},
        {"identities": [identity(user_id=None)]},
        {"identities": {"connection": "nordwind"}},
    ],
)
def test_nobody_else_is_recorded(user: Any) -> None:
    """An id alone does not say whose it is: the identity's connection does."""
    assert list_ids(user, ROW) == []


def test_an_export_has_one_object_a_line() -> None:
    assert list(read_export([b'{"user_id": "1"}\n', b"\n", b'{"user_id": "2"}'])) == [
        {"user_id": "1"},
        {"user_id": "2"},
    ]


@pytest.mark.parametrize("line", [b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'"' + b"a" * MAX_LINE + b'"'])
def test_a_line_that_is_no_object_is_named(line: bytes) -> None:
    with pytest.raises(Invalid, match="Line 2"):
        list(read_export([b"{}", line]))
