"""Reading back the mail of development, for the page that shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from app.errors import NotFound
from app.mail.backends import mail_folder

_NAME = re.compile(r"[0-9TZ]{15,16}-eml-[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class DevelopmentMail:
    """One mail that was written into a file."""

    name: str
    sent_at: datetime
    to: str
    subject: str
    text: str
    html: str


def list_development_mail(instance_path: Path, *, limit: int = 100) -> list[DevelopmentMail]:
    """Return the newest mails, newest first; none where mail is really sent."""
    names = sorted((path.stem for path in mail_folder(instance_path).glob("*.eml")), reverse=True)
    return [read_development_mail(instance_path, name) for name in names if _NAME.fullmatch(name)][:limit]


def read_development_mail(instance_path: Path, name: str) -> DevelopmentMail:
    """Return one mail. Raises NotFound, also for what is no name of one."""
    path = mail_folder(instance_path) / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound(f"no mail {name[:80]!r}")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return DevelopmentMail(
        name=name,
        sent_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        to=str(message["To"]),
        subject=str(message["Subject"]).strip(),  # a folded header begins with a blank
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())
