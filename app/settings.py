"""Settings, read once from the environment. Each `PORTICO_NAME` may also be given as `PORTICO_NAME_FILE`."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from app.translations import Language

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PORTICO_"


def is_loopback_host(host: str) -> bool:
    """Whether a host name can only mean this machine (RFC 6761 6.3 for `localhost` and names below it)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class FileSource(PydanticBaseSettingsSource):
    """Reads `PORTICO_NAME_FILE`: the setting is the file's content without surrounding white space."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        return (Path(path).read_text().strip() if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {}
        for name, field in self.settings_cls.model_fields.items():
            value, key, _ = self.get_field_value(field, name)
            if value is not None:
                found[key] = value
        return found


class Settings(BaseSettings):
    """Every setting of an installation. Unknown or contradictory values stop the start, never the first login."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    env: Literal["development", "production"] = Field(
        "development",
        description="`development` refuses to start unless base URL and bind address are loopback; `production` "
        "refuses an http base URL, missing encryption keys, and a SQLite file that another host uses.",
    )
    base_url: str = Field(
        "http://127.0.0.1:8000",
        description="The issuer and the base of every URL that we publish. Never derived from the Host header.",
    )
    database_url: str = Field(
        "",
        description="`sqlite:///FILE` or `postgresql://...`. Default: SQLite in the instance folder.",
    )
    encryption_keys: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        repr=False,
        description="Keys for secrets at rest, comma-separated, newest first (each 32 bytes in URL-safe base64). In "
        "development one is made in the instance folder at first start.",
    )
    adapters: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Further adapter distributions that may load beside the first-party ones, comma-separated.",
    )
    trusted_proxy_hops: int = Field(
        0, ge=0, le=5, description="How many proxies in front are ours; that many X-Forwarded-For entries are believed."
    )
    outbound_allow: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Exact origins (`https://adfs.corp:443`), comma-separated, that may be fetched, or named as an "
        "IdP's browser endpoint, although private. `http://` only on loopback and in development.",
    )
    brand_name: str = Field(
        "Portico",
        min_length=1,
        max_length=60,
        description="What the setup portal, sign-in pages and mails call themselves: your product's name.",
    )
    brand_color: str = Field(
        "",
        pattern=r"^(#[0-9a-fA-F]{6})?$",
        description="One colour (`#0b5c66`) for the portal's buttons and links; made readable in both themes.",
    )
    brand_logo: str = Field(
        "",
        description="Path of a PNG, JPEG or WebP, at most 512 KiB: your logo, at the top of the portal and of sign-in "
        "pages. An organization may have its own: `portico branding set`.",
    )
    brand_support_email: str = Field("", description="Where the portal sends people who are stuck.")
    brand_introduction: str = Field(
        "",
        max_length=1000,
        description="Plain text on the first page of a setup link, in the place of ours; blank lines part paragraphs.",
    )
    instance_path: Path = Field(ROOT / "instance", description="The folder that holds what this installation keeps.")
    signing_key_days: int = Field(
        90,
        ge=7,
        le=400,
        description="How many days a signing key of the provider signs. The next one is published 24 hours before it takes "
        "over, the last one stays published for 7 days after.",
    )
    trace_retention_days: int = Field(30, ge=1, le=400, description="How long traces of sign-ins are kept.")
    mail_url: str = Field(
        "",
        repr=False,
        description="`smtps://USER:PASSWORD@HOST:465`, or `smtp://HOST:587` with STARTTLS (without it only to this "
        "machine). Default: in development mail is written into files below the instance folder; production needs it.",
    )
    mail_from: str = Field("", description="Sender of all mail. Default: `portico@` and the host of the base URL.")
    language: Language = Field(
        "en", description="Language of mails to customers' people who chose none: `en` or `de`. Operators get English."
    )
    auth0_domain: str = Field(
        "",
        pattern=r"^$|^(https?://)?[A-Za-z0-9.-]+(:[0-9]+)?/?$",
        description="The Auth0 tenant's own domain (`acme.eu.auth0.com`), for `portico auth0 connect`.",
    )
    auth0_client_id: str = Field(
        "", description="Client id of the machine-to-machine application by which the tenant is set up and watched."
    )
    auth0_client_secret: str = Field(
        "",
        repr=False,
        description="Its secret, which is sent to that domain alone. With both, none that is stored is used; "
        "`portico auth0 connect` stores them encrypted.",
    )
    metrics_key: str = Field(
        "",
        repr=False,
        pattern=r"^([\x21-\x7e]{20,200})?$",
        description="Who brings it as `Authorization: Bearer KEY` may read `/metrics`; 20 characters or more, no blanks. "
        "Without it `/metrics` is closed in production; in development it answers to this machine alone.",
    )
    dns_servers: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="`host:port`, comma-separated: asked for the TXT records of customers' domains instead of each "
        "domain's authoritative servers.",
    )

    @field_validator("encryption_keys", "adapters", "outbound_allow", "dns_servers", mode="before")
    @classmethod
    def split_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("base_url")
    @classmethod
    def check_base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an absolute http or https URL")
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
            raise ValueError("must be an origin: no path, query, fragment or user")
        if value != value.lower():
            raise ValueError("must be lower case: it is compared byte for byte for ever")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("mail_url")
    @classmethod
    def check_mail_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/")):
            raise ValueError("must be smtp://HOST:PORT or smtps://HOST:PORT")
        if parts.username and parts.scheme == "smtp" and is_loopback_host(parts.hostname or ""):
            raise ValueError("a password is sent by TLS only: smtps://, or a mail server elsewhere with STARTTLS")
        return value

    @field_validator("dns_servers")
    @classmethod
    def check_dns_servers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for server in value:
            parts = urlsplit(f"//{server}")
            if not parts.hostname or not parts.port or parts.path:
                raise ValueError(f"{server!r} is not a host and port such as 192.0.2.53:53")
        return value

    @model_validator(mode="after")
    def check_environment(self) -> Settings:
        parts = urlsplit(self.base_url)
        if self.env == "production":
            if parts.scheme != "https":
                raise ValueError("production needs an https base_url")
            if not self.encryption_keys:
                raise ValueError("production needs encryption_keys")
        elif not is_loopback_host(parts.hostname or ""):
            raise ValueError("development needs a loopback base_url; set env=production for anything else")
        for origin in self.outbound_allow:
            self._check_allowed_origin(origin)
        if (self.auth0_client_id or self.auth0_client_secret) and not self.auth0_domain:
            raise ValueError("auth0_client_id needs auth0_domain: its secret is sent to no other tenant")
        return self

    def _check_allowed_origin(self, origin: str) -> None:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
            raise ValueError(f"outbound_allow: {origin!r} is not an origin such as https://adfs.corp:443")
        if parts.scheme == "http" and (self.env == "production" or not is_loopback_host(parts.hostname)):
            raise ValueError(f"outbound_allow: {origin!r}: http is for loopback in development only")

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https: decides cookie names and attributes."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """The database URL with its default filled in."""
        return self.database_url or f"sqlite:///{self.instance_path / 'portico.sqlite3'}"

    @property
    def mail_sender(self) -> str:
        """Who all mail is from."""
        return self.mail_from or f"portico@{urlsplit(self.base_url).hostname}"

    @property
    def name_servers(self) -> tuple[tuple[str, int], ...]:
        """The DNS servers to ask, as (address, port)."""
        parts = [urlsplit(f"//{server}") for server in self.dns_servers]
        return tuple((part.hostname or "", part.port or 53) for part in parts)

    @property
    def development(self) -> bool:
        return self.env == "development"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, FileSource(settings_cls)
