"""How mail leaves: by SMTP with a verified certificate, or in development into files that a page shows."""

from __future__ import annotations

import smtplib
import ssl
from email.generator import BytesGenerator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from flask_mailman import DNS_NAME, EmailMessage, Mail
from flask_mailman.backends.base import BaseEmailBackend
from flask_mailman.backends.smtp import EmailBackend

from app.settings import Settings, is_loopback_host

TIMEOUT_S = 20


class VerifiedSmtp(EmailBackend):
    """SMTP that speaks TLS with a verified certificate from the first password or address on.

    Without TLS only this machine is spoken to. The extension's own STARTTLS does not verify, hence this class.
    """

    def open(self) -> bool:
        """Connect unless connected already; returns whether it did. Raises OSError and SMTPException."""
        if self.connection:
            return False
        context = ssl.create_default_context()
        secure = {"context": context} if self.use_ssl else {}
        connection = self.connection_class(
            self.host, self.port, local_hostname=str(DNS_NAME), timeout=TIMEOUT_S, **secure
        )
        try:
            if self.use_tls:
                connection.starttls(context=context)
            if self.username and self.password:
                connection.login(self.username, self.password)
        except (OSError, smtplib.SMTPException):
            connection.close()
            raise
        self.connection = connection
        return True


class FilesOfDevelopment(BaseEmailBackend):
    """Writes each mail into a file of its own below the instance folder."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        """Write the files; their names sort by the time of writing."""
        folder = Path(self.mailman.file_path)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in messages:
            content = BytesIO()
            BytesGenerator(content).flatten(message.message())  # type: ignore[no-untyped-call]
            name = message.extra_headers["X-Portico-Id"]
            fresh = folder / f".{name}"
            fresh.touch(mode=0o600)
            fresh.write_bytes(content.getvalue())
            fresh.rename(folder / f"{name}.eml")
        return len(messages)


class NoWayOut(BaseEmailBackend):
    """In production without the setting `mail_url`: everything waits, and fails where operators see it."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        """Raise OSError."""
        raise OSError("mail_url is not set")


def init_mail(app: Flask, settings: Settings) -> None:
    """Give the application its way to send mail: the setting `mail_url`, or files where it is empty."""
    app.config.update(_configuration(settings))
    Mail(app)  # type: ignore[no-untyped-call]


def mail_folder(instance_path: Path) -> Path:
    """Return the folder of development mail."""
    return instance_path / "mail"


def _configuration(settings: Settings) -> dict[str, Any]:
    said: dict[str, Any] = {
        "MAIL_DEFAULT_SENDER": settings.mail_sender,
        "MAIL_FILE_PATH": str(mail_folder(settings.instance_path)),
        "MAIL_BACKEND": FilesOfDevelopment,
    }
    if not settings.mail_url:
        return said if settings.development else said | {"MAIL_BACKEND": NoWayOut}
    parts = urlsplit(settings.mail_url)
    secure = parts.scheme == "smtps"
    return said | {
        "MAIL_BACKEND": VerifiedSmtp,
        "MAIL_SERVER": parts.hostname,
        "MAIL_PORT": parts.port or (465 if secure else 587),
        "MAIL_USERNAME": unquote(parts.username or ""),
        "MAIL_PASSWORD": unquote(parts.password or ""),
        "MAIL_USE_SSL": secure,
        "MAIL_USE_TLS": not secure and not is_loopback_host(parts.hostname or ""),
        "MAIL_TIMEOUT": TIMEOUT_S,
    }
