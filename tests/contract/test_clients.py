"""Clients and their secrets in the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from app.access import (
    Client,
    ClientSecret,
    NewClient,
    add_client,
    add_client_secret,
    change_client,
    delete_client,
    find_client,
    get_client,
    list_client_secrets,
    list_clients,
    revoke_client_secret,
    verify_client_secret,
)
from app.audit import Actor, EventFilter, list_events
from app.database import db
from app.errors import Conflict, Invalid, NotFound
from tests.support.clock import SettableClock

OPERATOR = Actor("cli", "test")
URI = "https://tenant.example/login/callback"

pytestmark = pytest.mark.usefixtures("app_context")


def make(now: datetime, **more: Any) -> tuple[Client, str]:
    new = NewClient(**{"name": "Auth0", "redirect_uris": [URI], "post_logout_redirect_uris": [], **more})
    client, secret = add_client(new, actor=OPERATOR, now=now)
    return client, secret or ""


def names(target: str) -> list[str]:
    return [event.name for event in list_events(EventFilter(target=target), limit=50, after=None).items][::-1]


def test_a_client_is_stored_as_it_was_said(now: datetime) -> None:
    """Redirect URIs are kept byte for byte; None means every organization, an empty list none."""
    client, _ = make(now, redirect_uris=[URI, "https://TENANT.example/Cb?a=1&b=%20"], allowed_organizations=[])
    db.session.remove()
    found = find_client(client.id)
    assert found is not None
    assert found.redirect_uris == (URI, "https://TENANT.example/Cb?a=1&b=%20")
    assert found.allowed_organizations == ()
    assert found.active
    every = find_client(make(now)[0].id)
    assert every is not None
    assert every.allowed_organizations is None


def test_an_unknown_client_is_none_or_not_found() -> None:
    """find_ gives None, get_ raises, whatever was sent."""
    for nobody in ("cli-nobody", "", "a\0b", "x" * 5000):
        assert find_client(nobody) is None
    with pytest.raises(NotFound):
        get_client("cli-nobody")


def test_secrets_are_stored_hashed_only(now: datetime) -> None:
    """O7, M11: a dump of the table gives no secret."""
    client, secret = make(now)
    (row,) = list_client_secrets(client.id)
    assert secret.startswith("portico_secret_")
    stored = {column.name: getattr(row, column.name) for column in ClientSecret.__table__.columns}
    assert secret not in str(stored)
    assert row.hint == secret[-4:]


def test_only_the_clients_own_live_secret_is_accepted(now: datetime) -> None:
    """O7: wrong, empty, another client's, the hash itself."""
    client, secret = make(now)
    other, others_secret = make(now)
    assert verify_client_secret(client.id, secret, now=now)
    (row,) = list_client_secrets(client.id)
    for wrong in ("", secret[:-1], secret + "x", secret.lower(), others_secret, row.secret_hash, "\0", "ä"):
        assert not verify_client_secret(client.id, wrong, now=now)
    assert not verify_client_secret(other.id, secret, now=now)
    for nobody in ("cli-nobody", "", "\0"):
        assert not verify_client_secret(nobody, secret, now=now)


def test_several_secrets_live_at_once_so_that_one_can_be_replaced(now: datetime) -> None:
    """Item 7: rotation without a gap; a revoked secret is useless at once."""
    client, first = make(now)
    row, second = add_client_secret(client.id, actor=OPERATOR, now=now)
    assert verify_client_secret(client.id, first, now=now)
    assert verify_client_secret(client.id, second, now=now)
    old = next(one for one in list_client_secrets(client.id) if one.id != row.id)
    revoke_client_secret(client.id, old.id, actor=OPERATOR, now=now)
    revoke_client_secret(client.id, old.id, actor=OPERATOR, now=now)
    assert not verify_client_secret(client.id, first, now=now)
    assert verify_client_secret(client.id, second, now=now)
    assert names(client.id) == [
        "client.created",
        "client.secret_added",
        "client.secret_added",
        "client.secret_revoked",
    ]


def test_another_clients_secret_cannot_be_revoked(now: datetime) -> None:
    """T9: the secret is looked for below its client."""
    client, _ = make(now)
    other, secret = make(now)
    (row,) = list_client_secrets(other.id)
    with pytest.raises(NotFound):
        revoke_client_secret(client.id, row.id, actor=OPERATOR, now=now)
    assert verify_client_secret(other.id, secret, now=now)


def test_secrets_are_bounded_and_for_those_that_use_them(now: datetime) -> None:
    """Ten live ones at most; a client with its own key has none."""
    client, _ = make(now)
    for _ in range(9):
        add_client_secret(client.id, actor=OPERATOR, now=now)
    with pytest.raises(Conflict):
        add_client_secret(client.id, actor=OPERATOR, now=now)
    keyed, none = make(now, token_endpoint_auth_method="private_key_jwt", jwks_uri="https://a.example/jwks")
    assert none == ""
    with pytest.raises(Conflict):
        add_client_secret(keyed.id, actor=OPERATOR, now=now)
    with pytest.raises(NotFound):
        add_client_secret("cli-nobody", actor=OPERATOR, now=now)


def test_a_disabled_client_has_no_valid_secret(now: datetime) -> None:
    """T8: disabling refuses at once; enabling brings it back."""
    client, secret = make(now)
    change_client(client.id, {"status": "disabled"}, actor=OPERATOR, now=now)
    assert not verify_client_secret(client.id, secret, now=now)
    change_client(client.id, {"status": "active"}, actor=OPERATOR, now=now)
    assert verify_client_secret(client.id, secret, now=now)


def test_a_client_that_went_over_to_its_key_has_no_valid_secret(now: datetime) -> None:
    """A client uses the one method it is registered for."""
    client, secret = make(now)
    changes: Any = {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://a.example/jwks"}
    change_client(client.id, changes, actor=OPERATOR, now=now)
    assert not verify_client_secret(client.id, secret, now=now)


def test_the_use_of_a_secret_is_noted_at_most_once_a_minute(clock: SettableClock) -> None:
    """A login writes nothing only to say that the secret is in use."""
    client, secret = make(clock())
    first = clock()
    assert verify_client_secret(client.id, secret, now=first)
    verify_client_secret(client.id, secret, now=clock.advance(59))
    db.session.expire_all()
    assert list_client_secrets(client.id)[0].last_used_at == first
    later = clock.advance(2)
    verify_client_secret(client.id, secret, now=later)
    db.session.expire_all()
    assert list_client_secrets(client.id)[0].last_used_at == later


def test_a_change_says_before_and_after_and_shows_no_secret(now: datetime) -> None:
    """Item 10, for clients."""
    client, secret = make(now)
    change_client(client.id, {"name": "Prod", "require_pkce": False}, actor=OPERATOR, now=now)
    page = list_events(EventFilter(target=client.id), limit=50, after=None)
    assert page.items[0].before == {"name": "Auth0", "require_pkce": True}
    assert page.items[0].after == {"name": "Prod", "require_pkce": False}
    assert secret not in str(page.items)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"redirect_uris": []}, "redirect_uris"),
        ({"redirect_uris": ["http://example.com/"]}, "redirect_uris[0]"),
        ({"post_logout_redirect_uris": ["nothing"]}, "post_logout_redirect_uris[0]"),
        ({"token_endpoint_auth_method": "none"}, "token_endpoint_auth_method"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "jwks_uri"),
        ({"jwks_uri": "https://a.example/jwks"}, "jwks_uri"),
        ({"jwks_uri": "http://a.example/jwks", "token_endpoint_auth_method": "private_key_jwt"}, "jwks_uri"),
        ({"initiate_login_uri": "http://a.example/"}, "initiate_login_uri"),
        ({"id_token_signed_response_alg": "none"}, "id_token_signed_response_alg"),
        ({"id_token_signed_response_alg": "HS256"}, "id_token_signed_response_alg"),
        ({"require_pkce": "no"}, "require_pkce"),
        ({"access_token_lifetime_s": 59}, "access_token_lifetime_s"),
        ({"access_token_lifetime_s": 3_601}, "access_token_lifetime_s"),
        ({"id_token_lifetime_s": 601}, "id_token_lifetime_s"),
        ({"id_token_lifetime_s": True}, "id_token_lifetime_s"),
        ({"allowed_organizations": "org-x"}, "allowed_organizations"),
        ({"allowed_organizations": ["*"]}, "allowed_organizations[0]"),
        ({"allowed_organizations": ["org-" + "a" * 26] * 2}, "allowed_organizations"),
    ],
    ids=str,
)
def test_values_that_cannot_be_used_are_refused(values: dict[str, Any], field: str, now: datetime) -> None:
    """At creation and at change, with the field named; nothing is stored."""
    with pytest.raises(Invalid) as refused:
        make(now, **values)
    assert field in [problem.field for problem in refused.value.problems]
    assert list_clients(limit=10) == []
    client, _ = make(now)
    with pytest.raises(Invalid):
        change_client(client.id, values, actor=OPERATOR, now=now)  # type: ignore[arg-type]


def test_a_deleted_client_is_gone_with_its_secrets(now: datetime) -> None:
    """T8: nothing of it is accepted."""
    client, secret = make(now)
    delete_client(client.id, actor=OPERATOR, now=now)
    assert find_client(client.id) is None
    assert list_client_secrets(client.id) == []
    assert not verify_client_secret(client.id, secret, now=now)
    assert names(client.id)[-1] == "client.deleted"


def test_lists_go_on_behind_a_cursor(now: datetime) -> None:
    """Paging by id neither repeats nor skips."""
    ids = sorted(make(now)[0].id for _ in range(3))
    assert [row.id for row in list_clients(limit=2)] == ids[:2]
    assert [row.id for row in list_clients(limit=2, after=ids[1])] == ids[2:]
