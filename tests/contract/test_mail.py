"""Item 10: mail is stored with its event, sealed, sent with retries; in development it becomes files."""

from __future__ import annotations

import re
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from app.cipher import Cipher
from app.database import db, transaction
from app.errors import Invalid, NotFound
from app.mail import (
    Head,
    Letter,
    Outbox,
    Picture,
    deliver_due,
    init_mail,
    list_development_mail,
    parse_address,
    read_development_mail,
)
from app.mail.models import OutgoingMail
from app.mail.outbox import Mail
from app.settings import Settings
from tests.support.clock import SettableClock

LETTER = Letter(
    subject="Grüße & <b>more</b>",
    paragraphs=("First <script>alert(1)</script>.", "Second."),
    facts=(("Who", "Mira & Co"),),
    action=("Open it", "https://sso.portico.example/setup/abc?x=1&y=2"),
    code="123456",
    closing=("Bye.",),
)

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def outbox(cipher: Cipher) -> Outbox:
    return Outbox(cipher)


def write(outbox: Outbox, now: datetime, to: str = "mira@halden.example", letter: Letter = LETTER) -> None:
    with transaction():
        outbox.add(to, letter, now=now)


def waiting() -> int:
    return db.session.query(OutgoingMail).count()


class Post:
    """Takes mails, or fails as told."""

    def __init__(self) -> None:
        self.taken: list[Mail] = []
        self.error: Exception | None = None

    def __call__(self, mail: Mail, mail_id: str) -> None:
        assert not db.session().info.get("writing"), "mail is sent outside of transactions"
        if self.error is not None:
            raise self.error
        self.taken.append(mail)


def test_a_mail_is_kept_or_lost_with_its_event(outbox: Outbox, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        outbox.add("mira@halden.example", LETTER, now=now)

    def fail() -> None:
        with transaction():
            outbox.add("mira@halden.example", LETTER, now=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert waiting() == 0


def test_a_dump_gives_no_address_no_link_and_no_code_away(outbox: Outbox, now: datetime) -> None:
    write(outbox, now)
    stored = str(vars(db.session.query(OutgoingMail).one()))
    assert all(secret not in stored for secret in ("mira", "123456", "setup/abc", "Second"))


def test_what_was_sent_is_gone(outbox: Outbox, now: datetime) -> None:
    post = Post()
    write(outbox, now)
    assert deliver_due(outbox, now, send=post).sent == 1
    assert [mail.to for mail in post.taken] == ["mira@halden.example"]
    assert waiting() == 0
    assert deliver_due(outbox, now, send=post).sent == 0


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), smtplib.SMTPResponseException(451, b"later"), TimeoutError()]
)
def test_what_cannot_be_sent_is_tried_again_ever_later_for_three_days(
    outbox: Outbox, clock: SettableClock, error: Exception
) -> None:
    post = Post()
    post.error = error
    write(outbox, clock())
    waits = []
    for _ in range(100):
        row = db.session.query(OutgoingMail).populate_existing().one_or_none()
        if row is None:
            break
        waits.append(row.next_at - clock())
        clock.set(row.next_at)
        last = deliver_due(outbox, clock(), send=post)
    assert waits == sorted(waits)
    assert max(waits) == timedelta(hours=4)
    assert (last.given_up, bool(last.failure)) == (1, True)


def test_one_that_fails_holds_up_no_other(outbox: Outbox, now: datetime) -> None:
    post = Post()

    def send(mail: Mail, mail_id: str) -> None:
        if mail.to.startswith("bad"):
            raise smtplib.SMTPRecipientsRefused({})
        post(mail, mail_id)

    for name in ("bad", "good"):
        write(outbox, now, f"{name}@halden.example")
    delivered = deliver_due(outbox, now, send=send)
    assert (delivered.sent, delivered.postponed) == (1, 1)


def test_a_mail_whose_key_is_gone_holds_up_no_other(outbox: Outbox, now: datetime) -> None:
    write(Outbox(Cipher([Fernet.generate_key().decode()])), now)
    write(outbox, now)
    delivered = deliver_due(outbox, now, send=Post())
    assert (delivered.sent, delivered.postponed, delivered.failure) == (1, 1, "CannotDecrypt")


def test_both_forms_say_the_same_and_escape(outbox: Outbox, now: datetime) -> None:
    post = Post()
    write(outbox, now)
    deliver_due(outbox, now, send=post)
    (mail,) = post.taken
    assert mail.subject == "Grüße & <b>more</b>"
    for said in ("First <script>alert(1)</script>.", "Who: Mira & Co", "123456", "/setup/abc?x=1&y=2", "Bye."):
        assert said in mail.text
    assert "<script>" not in mail.html
    assert "Mira &amp; Co" in mail.html
    assert 'href="https://sso.portico.example/setup/abc?x=1&amp;y=2"' in mail.html
    assert "http://" not in mail.html.replace("http-equiv", "")
    assert "<img" not in mail.html
    assert "<link" not in mail.html


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: thief@evil.example", "Hello\nX: y", "Hello\x00\u2028"])
def test_a_subject_is_one_line(outbox: Outbox, now: datetime, subject: str) -> None:
    post = Post()
    write(outbox, now, letter=Letter(subject, ("x",)))
    deliver_due(outbox, now, send=post)
    assert post.taken[0].subject.isprintable()


@pytest.mark.parametrize(
    "written",
    ["", "x", "@b.example", "a@", "a@b", "a b@c.example", "a@b.example,c@d.example", "a@b.example\nBcc: x@y.example",
     "Mira <a@b.example>", "a@[127.0.0.1]", '"a b"@c.example', "a..b@c.example", "a@b..example", "a@-b.example",
     "a" * 65 + "@b.example", "a@b.example;c@d.example", "a@b@c.example"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        parse_address(written)


@pytest.mark.parametrize(
    ("written", "stored"),
    [(" Mira@Halden.Example ", "Mira@halden.example"), ("m+x@bücher.example", "m+x@xn--bcher-kva.example")],
)
def test_an_address_has_its_domain_as_a_label(written: str, stored: str) -> None:
    assert parse_address(written) == stored


# The ways out


def deliver(app: Flask, settings: Settings, outbox: Outbox, now: datetime) -> None:
    init_mail(app, settings)
    deliver_due(outbox, now)


def test_in_development_mail_becomes_files_that_a_page_shows(
    app: Flask, outbox: Outbox, clock: SettableClock, tmp_path: Path
) -> None:
    settings = Settings(instance_path=tmp_path)
    write(outbox, clock(), "first@halden.example")
    write(outbox, clock.advance(minutes=1), "second@halden.example")
    deliver(app, settings, outbox, clock())
    shown = list_development_mail(tmp_path)
    assert [mail.to for mail in shown] == ["second@halden.example", "first@halden.example"]
    assert shown[0].subject == LETTER.subject
    assert "123456" in shown[0].text
    assert shown[0].html.startswith("<!doctype html>")
    assert read_development_mail(tmp_path, shown[0].name) == shown[0]
    assert oct((tmp_path / "mail" / f"{shown[0].name}.eml").stat().st_mode & 0o777) == "0o600"
    for name in ("../portico", "x", "", shown[0].name + "/..", "." + shown[0].name):
        with pytest.raises(NotFound):
            read_development_mail(tmp_path, name)


def test_a_logo_is_in_the_mail_that_shows_it(app: Flask, cipher: Cipher, now: datetime, tmp_path: Path) -> None:
    """RFC 2387 and 2392: the HTML names an inline part of the mail, nothing is loaded, and the text is whole."""
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    head = Head('Led"ger', logo=Picture(png, 400, 100, wide=True))
    outbox = Outbox(cipher, lambda _: head)
    write(outbox, now)
    deliver(app, Settings(instance_path=tmp_path), outbox, now)
    (file,) = (tmp_path / "mail").glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message.get_content_type() == "multipart/related"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png",
    ]  # fmt: skip
    (picture,) = (part for part in message.walk() if part.get_content_type() == "image/png")
    assert picture.get_content() == png
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<logo@portico>", "inline")
    (shown,) = list_development_mail(tmp_path)
    assert 'src="cid:logo@portico" width="160" height="40" alt="Led&#34;ger"' in shown.html
    assert re.findall(r"src=\"(?!cid:)|url\(", shown.html) == []
    assert shown.text.endswith('-- \nLed"ger')
    assert "123456" in shown.text


def test_in_production_without_a_mail_server_mail_waits_and_nothing_is_written(
    app: Flask, outbox: Outbox, now: datetime, tmp_path: Path
) -> None:
    settings = Settings(
        env="production",
        base_url="https://sso.portico.example",
        encryption_keys=(Fernet.generate_key().decode(),),
        instance_path=tmp_path,
    )
    write(outbox, now)
    deliver(app, settings, outbox, now)
    assert waiting() == 1
    assert list(tmp_path.iterdir()) == []


class _Smtp(socketserver.StreamRequestHandler):
    """Enough of SMTP to take one mail in clear (RFC 5321)."""

    def handle(self) -> None:
        server: SmtpServer = self.server  # type: ignore[assignment]
        self.wfile.write(b"220 here\r\n")
        lines: list[bytes] | None = None
        for line in self.rfile:
            if lines is not None:
                if line == b".\r\n":
                    server.taken.append(b"".join(lines).decode())
                    lines = None
                    self.wfile.write(b"250 taken\r\n")
                else:
                    lines.append(line)
                continue
            server.said.append(line.decode().strip())
            match line[:4].upper():
                case b"EHLO":
                    self.wfile.write(b"250-here\r\n250 8BITMIME\r\n")
                case b"DATA":
                    lines = []
                    self.wfile.write(b"354 go\r\n")
                case b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                case _:
                    self.wfile.write(b"250 ok\r\n")


class SmtpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.taken: list[str] = []
        self.said: list[str] = []


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


def test_mail_is_sent_by_smtp(app: Flask, outbox: Outbox, now: datetime, smtp: SmtpServer, tmp_path: Path) -> None:
    url = f"smtp://127.0.0.1:{smtp.server_address[1]}"
    write(outbox, now)
    deliver(app, Settings(mail_url=url, mail_from="sso@saas.example", instance_path=tmp_path), outbox, now)
    assert waiting() == 0
    (message,) = smtp.taken
    assert "From: sso@saas.example" in message
    assert "To: mira@halden.example" in message
    assert "Auto-Submitted: auto-generated" in message
    assert "multipart/alternative" in message


def test_another_host_is_spoken_to_by_tls_only(
    app: Flask, outbox: Outbox, now: datetime, smtp: SmtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that offers no STARTTLS gets neither a password nor an address nor the mail."""
    monkeypatch.setattr("app.mail.backends.is_loopback_host", lambda host: False)
    url = f"smtp://127.0.0.1:{smtp.server_address[1]}"
    write(outbox, now)
    deliver(app, Settings(mail_url=url, instance_path=tmp_path), outbox, now)
    assert waiting() == 1
    assert smtp.taken == []
    assert all("MAIL" not in said.upper() for said in smtp.said)


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://h/path", "smtp://u:p@127.0.0.1:25", "x"])
def test_a_mail_url_that_cannot_work_stops_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        Settings(mail_url=url)
