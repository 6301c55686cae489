"""The tenant's own session: when it answers a request without upstream, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from app.demo.standin.authorize import ApplicationRequest, NotRedirectable
from app.demo.standin.profile import User
from app.demo.standin.settings import Tenant
from app.demo.standin.snapshot import Snapshot


def session_suffices(asked: ApplicationRequest, user: User, now: datetime) -> bool:
    """Tell whether the session is fresh enough for `prompt` and `max_age`, and within what upstream bounds it to."""
    if "login" in asked.prompt:
        return False
    if user.session_expires_at is not None and now.timestamp() >= user.session_expires_at:
        return False
    max_age = asked.values.get("max_age", "")
    if not (max_age.isascii() and max_age.isdigit()):
        return True
    return (now - user.authenticated_at).total_seconds() < int(max_age)


def logout_target(tenant: Tenant, snapshot: Snapshot, values: Mapping[str, str]) -> str:
    """Return where /v2/logout sends the browser; an empty text means nowhere.

    Only `federated` reaches upstream, and only where the snapshot has an end_session_endpoint. Raises NotRedirectable.
    """
    back = values.get("returnTo", "")
    application = tenant.find_application(values.get("client_id"))
    if application is None or (back and back not in application.logout_urls):
        raise NotRedirectable("The returnTo address is not one of the application's logout URLs.")
    end_session = snapshot.metadata.get("end_session_endpoint")
    if "federated" not in values or not end_session:
        return back
    sent = {"client_id": tenant.connection.client_id, "post_logout_redirect_uri": back}
    return f"{end_session}?{urlencode(sent)}"
