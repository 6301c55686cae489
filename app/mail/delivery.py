"""Sending what waits: soon, again after a failure, and not for ever."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.mime.image import MIMEImage
from typing import Any

import structlog
from flask_mailman import EmailMultiAlternatives
from sqlalchemy import delete, func, or_, select, update

from app.database import db, end_read, transaction
from app.errors import PorticoError
from app.mail.letter import LOGO_ID
from app.mail.models import OutgoingMail
from app.mail.outbox import Mail, Outbox

log = structlog.get_logger(__name__)

BATCH = 100
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(days=3)

#: Sends one mail; the id names it for ever. Raises OSError or SMTPException.
Send = Callable[[Mail, str], None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run did. `given_up` counts mails that were tried for three days and dropped, `failure` says why."""

    sent: int
    postponed: int
    given_up: int
    failure: str = ""


def send_mail(mail: Mail, mail_id: str) -> None:
    """Hand one mail to the configured way out. Inside an application context. Raises OSError, SMTPException."""
    message: Any = EmailMultiAlternatives(  # type: ignore[no-untyped-call]
        mail.subject,
        mail.text,
        to=[mail.to],
        headers={"X-Portico-Id": mail_id, "Message-ID": f"<{mail_id}@portico>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.html, "text/html")
    if mail.logo:
        message.mixed_subtype = "related"  # RFC 2387: the picture is part of what is shown, not a file to open
        message.attach(_inline(mail.logo))
    message.send()


def _inline(png: bytes) -> MIMEImage:
    picture = MIMEImage(png, "png")
    picture.add_header("Content-ID", f"<{LOGO_ID}>")
    picture.add_header("Content-Disposition", "inline", filename="logo.png")
    return picture


def deliver_due(outbox: Outbox, now: datetime, *, send: Send = send_mail) -> Delivered:
    """Send what is due, at most a hundred mails; each leaves the outbox once it was taken over.

    At least once: a process killed between the two sends it again.
    """
    due = select(OutgoingMail).where(OutgoingMail.next_at <= now).order_by(OutgoingMail.next_at).limit(BATCH)
    sent = postponed = given_up = 0
    failure = ""
    for row in list(db.session.scalars(due)):
        reason = _try(outbox, row, now, send)
        if reason is None:
            _delete(row.id)
            sent += 1
            continue
        failure = reason
        log.warning("mail_not_sent", mail=row.id, attempts=row.attempts + 1, reason=reason)
        if now - row.created_at >= GIVE_UP_AFTER:
            _delete(row.id)
            given_up += 1
        else:
            _postpone(row, reason, now)
            postponed += 1
    return Delivered(sent, postponed, given_up, failure)


def count_late(now: datetime) -> int:
    """Return how many mails wait after a failure, or longer than an hour."""
    late = or_(OutgoingMail.attempts > 0, OutgoingMail.created_at < now - timedelta(hours=1))
    return int(db.session.scalar(select(func.count()).select_from(OutgoingMail).where(late)) or 0)


def _try(outbox: Outbox, row: OutgoingMail, now: datetime, send: Send) -> str | None:
    """Return why it could not be sent, or None. The reason never holds the address or the content."""
    try:
        mail = outbox.open(row)
        end_read()
        send(mail, f"{row.created_at:%Y%m%dT%H%M%S}-{row.id}")
    except smtplib.SMTPResponseException as error:
        return f"the mail server answered {error.smtp_code}"
    except (OSError, smtplib.SMTPException, PorticoError) as error:
        return type(error).__name__
    except ValueError as error:  # a header or address that the message cannot carry
        return f"unsendable: {type(error).__name__}"
    return None


def _postpone(row: OutgoingMail, reason: str, now: datetime) -> None:
    wait = min(FIRST_RETRY * 2**row.attempts, LONGEST_RETRY)
    values = {"attempts": row.attempts + 1, "next_at": now + wait, "failure": reason[:500]}
    with transaction() as session:
        session.execute(update(OutgoingMail).where(OutgoingMail.id == row.id).values(**values))


def _delete(mail_id: str) -> None:
    with transaction() as session:
        session.execute(delete(OutgoingMail).where(OutgoingMail.id == mail_id))
