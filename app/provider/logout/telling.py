"""What clients have of a person whose sessions ended: ended here, and there where the client has an address for it.

Auth0 takes no logout token from the provider of a connection; its Global Token Revocation endpoint does what one would.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

import structlog
from joserfc import jwt
from sqlalchemy import delete, insert, select, update

from app.access import RegisteredClient, find_client
from app.audit import Actor, EventName, record
from app.crypto import Algorithm, SigningKeys
from app.database import db, end_read, new_id, transaction
from app.provider.grants import revoke_grants_of
from app.provider.models import TokenRevocation
from app.signin.journey import EndedSession
from portico_sdk import HttpResponse, ProviderUnreachable

log = structlog.get_logger(__name__)

TOKEN_TYPE = "global-token-revocation+jwt"  # noqa: S105 a name
LIFETIME = timedelta(minutes=5)
GIVE_UP = timedelta(hours=24)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
BATCH = 50


class Requests(Protocol):
    """The guarded way out."""

    def request(self, method: str, url: str, *, headers: dict[str, str], data: bytes) -> HttpResponse:
        """Return the answer whatever its status. Raises ProviderUnreachable."""


def note_ended(sessions: Sequence[EndedSession], by_provider: bool, now: datetime) -> None:
    """Revoke what was given for these sessions; where their provider ended them, note which clients have to be told.

    Runs inside the transaction that ends the sessions.
    """
    with transaction() as session:
        for ended in sessions:
            revoke_grants_of(ended.client_id, ended.connection_id, ended.sub, now=now)
            client = find_client(ended.client_id) if by_provider else None
            if client is None or not client.active or client.global_token_revocation_url is None:
                continue
            session.execute(
                insert(TokenRevocation).values(
                    id=new_id("rev"),
                    client_id=ended.client_id,
                    organization_id=ended.organization_id,
                    sub=ended.sub,
                    created_at=now,
                    due_at=now,
                    tries=0,
                )
            )


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells clients, again and again for a day."""

    issuer: str
    keys: SigningKeys
    requests: Requests
    random: Callable[[int], bytes]

    def tell_due(self, now: datetime) -> int:
        """Tell every client that is due; returns how many were told."""
        told = 0
        for row_id, client_id, organization_id, sub, created_at, tries in _list_due(now):
            client = find_client(client_id)
            end_read()
            if client is None or not client.active or client.global_token_revocation_url is None:
                _forget(row_id)
                continue
            failure = self._tell(client, client.global_token_revocation_url, sub, now)
            event = EventName.CLIENT_TOLD if failure is None else EventName.CLIENT_NOT_TOLD
            if failure is not None and now - created_at < GIVE_UP:
                log.warning("client_not_told", client=client_id, tries=tries + 1, failure=failure)
                _put_off(row_id, tries, now)
                continue
            told += failure is None
            with transaction():
                _forget(row_id)
                record(
                    event,
                    actor=Actor("system", "tell-clients"),
                    now=now,
                    organization_id=organization_id,
                    target=client_id,
                    details={"sub": sub, "tries": tries + 1, "failure": failure or ""},
                )
        return told

    def _tell(self, client: RegisteredClient, url: str, sub: str, now: datetime) -> str | None:
        """Return None when the client took it, else what went wrong."""
        subject = {"format": "iss_sub", "iss": self.issuer, "sub": sub}
        headers = {
            "Authorization": f"Bearer {self._sign(client, url, now)}",
            "Content-Type": "application/json",
        }
        try:
            answer = self.requests.request("POST", url, headers=headers, data=json.dumps({"subject": subject}).encode())
        except ProviderUnreachable as error:
            return f"{error.code}: {error.detail}"[:200]
        return None if 200 <= answer.status < 300 else f"status {answer.status}"

    def _sign(self, client: RegisteredClient, url: str, now: datetime) -> str:
        """The token that proves who speaks: by the keys that sign ID tokens, good once and for five minutes."""
        key = self.keys.current(cast(Algorithm, client.id_token_signed_response_alg), now)
        issued_at = int(now.timestamp())
        claims = {
            "iss": self.issuer,
            "sub": client.id,
            "aud": url,
            "jti": self.random(16).hex(),
            "iat": issued_at,
            "exp": issued_at + int(LIFETIME.total_seconds()),
        }
        header = {"alg": key.alg, "kid": key.kid, "typ": TOKEN_TYPE}
        return jwt.encode(header, claims, key.key, algorithms=[key.alg])


def _list_due(now: datetime) -> Sequence[Any]:
    wanted = select(
        TokenRevocation.id,
        TokenRevocation.client_id,
        TokenRevocation.organization_id,
        TokenRevocation.sub,
        TokenRevocation.created_at,
        TokenRevocation.tries,
    )
    due = wanted.where(TokenRevocation.due_at <= now).order_by(TokenRevocation.due_at).limit(BATCH)
    return db.session.execute(due).all()


def _forget(row_id: str) -> None:
    with transaction() as session:
        session.execute(delete(TokenRevocation).where(TokenRevocation.id == row_id))


def _put_off(row_id: str, tries: int, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(tries, 10), LONGEST_PAUSE)
    with transaction() as session:
        session.execute(
            update(TokenRevocation)
            .where(TokenRevocation.id == row_id)
            .values(tries=TokenRevocation.tries + 1, due_at=now + pause)
        )
