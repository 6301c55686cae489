"""Mail: written with the event it tells about, kept sealed until it is sent, sent by a job that tries again.

Knows no organizations and no links: whoever writes says to whom and what. In development mail becomes files.
"""

from app.mail.addresses import parse_address
from app.mail.backends import init_mail
from app.mail.delivery import Delivered, count_late, deliver_due, send_mail
from app.mail.development import DevelopmentMail, list_development_mail, read_development_mail
from app.mail.letter import Head, Letter, Picture
from app.mail.outbox import Outbox, Readers

__all__ = [
    "Delivered",
    "DevelopmentMail",
    "Head",
    "Letter",
    "Outbox",
    "Picture",
    "Readers",
    "count_late",
    "deliver_due",
    "init_mail",
    "list_development_mail",
    "parse_address",
    "read_development_mail",
    "send_mail",
]
