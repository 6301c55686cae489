"""What operators should look at: one open notice for each trouble, however often it happens. Knows ids, and no rooms."""

from app.notices.models import Notice
from app.notices.notices import NoticeKind, add_notice, clear_notices, get_notice, list_notices, resolve_notice

__all__ = ["Notice", "NoticeKind", "add_notice", "clear_notices", "get_notice", "list_notices", "resolve_notice"]
