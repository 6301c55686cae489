"""What each kind of notice is called, how urgent it is, and where it leads."""

from __future__ import annotations

from typing import Literal, NamedTuple

from app.notices import NoticeKind
from app.translations import marked

Level = Literal["bad", "warn", "wait"]


class NoticeWords(NamedTuple):
    """Title and label are message ids.

    Args:
        place: where below the thing's own page it leads; `names_it`: whether what it is about is listed there.
        about: the fact that says what it is about.
    """

    level: Level
    title: str
    label: str
    place: str = ""
    names_it: bool = False
    about: str = ""


WORDS = {
    NoticeKind.LINK_REQUESTED: NoticeWords(
        "wait", marked("Somebody asks for a new set-up link"), marked("Show link"), "setup-links", True, "contact"
    ),
    NoticeKind.METADATA_FAILING: NoticeWords(
        "warn", marked("Metadata cannot be read"), marked("Show metadata"), "#metadata"
    ),
    NoticeKind.METADATA_DIFFERS: NoticeWords(
        "bad", marked("Metadata names other addresses than we have"), marked("Compare metadata"), "#metadata"
    ),
    NoticeKind.CERTIFICATE_EXPIRING: NoticeWords(
        "warn", marked("A certificate ends soon"), marked("Show certificates"), "#certificates"
    ),
    NoticeKind.DOMAIN_LAPSED: NoticeWords(
        "bad", marked("A domain is not verified any more"), marked("Show domain"), "domains", True, "domain"
    ),
    NoticeKind.MAIL_FAILING: NoticeWords("bad", marked("The mail server takes nothing"), marked("Show what it says")),
    NoticeKind.AUTH0_DRIFT: NoticeWords(
        "bad", marked("The trust with Auth0 is not what it should be"), marked("Show what differs")
    ),
    NoticeKind.LEGACY_IDS_SUSPENDED: NoticeWords(
        "bad", marked("Old user ids are told no more: look at what was changed"), marked("Show settings")
    ),
    NoticeKind.AUTH0_FAILING: NoticeWords("warn", marked("Auth0 could not be asked"), marked("Show what it says")),
}
#: By the kind's own word: what pages are headed with.
TITLES = {kind.value: words.title for kind, words in WORDS.items()}
