"""Tables: who may talk to us. Clients of the provider with their secrets, and keys of the management API."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import ID_LENGTH, UtcDateTime, db
from app.memory import watch


class Client(db.Model):
    """A relying party of the provider, such as one Auth0 tenant. `id` is its `client_id`."""

    __tablename__ = "clients"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    redirect_uris: Mapped[list[str]] = mapped_column(JSON)
    post_logout_redirect_uris: Mapped[list[str]] = mapped_column(JSON)
    post_logout_redirect_origins: Mapped[list[str]] = mapped_column(JSON)
    token_endpoint_auth_method: Mapped[str] = mapped_column(String(32))
    jwks_uri: Mapped[str | None] = mapped_column(Text)
    # None: every organization. An empty list: none.
    allowed_organizations: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    initiate_login_uri: Mapped[str | None] = mapped_column(Text)
    global_token_revocation_url: Mapped[str | None] = mapped_column(Text)
    require_pkce: Mapped[bool] = mapped_column(Boolean)
    id_token_signed_response_alg: Mapped[str] = mapped_column(String(8))
    access_token_lifetime_s: Mapped[int]
    id_token_lifetime_s: Mapped[int]
    status: Mapped[str] = mapped_column(String(16))  # active | disabled
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())


class ClientSecret(db.Model):
    """One of a client's secrets, hashed. Several may live at once, so that a secret can be replaced without a gap."""

    __tablename__ = "client_secrets"
    __table_args__ = (Index("ix_client_secrets_client_id", "client_id"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    client_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("clients.id", name="fk_client_secrets_client_id", ondelete="CASCADE")
    )
    secret_hash: Mapped[str] = mapped_column(String(64))
    hint: Mapped[str] = mapped_column(String(8))  # the last characters, to tell secrets apart
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class ApiKey(db.Model):
    """A key of the management API, hashed. Revoked keys stay, so that the audit log can name them."""

    __tablename__ = "api_keys"
    __table_args__ = (Index("uq_api_keys_key_hash", "key_hash", unique=True),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    key_hash: Mapped[str] = mapped_column(String(64))
    hint: Mapped[str] = mapped_column(String(8))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


watch(Client)
