"""The link's own page: what it says before anybody is let in, and when it does not open any more."""

from __future__ import annotations

from app.organizations import get_organization
from app.portal.turn import Portal, Shown
from app.setup_links import LinkUnusable


def show_door(portal: Portal, token: str) -> Shown:
    """Show whose setup it is, with a button: mail scanners only look. Raises NotFound."""
    try:
        link = portal.links.find(token, portal.clock())
    except LinkUnusable as error:
        return show_closed(error)
    name, brand = get_organization(link.organization_id).name, portal.brands.of(link.organization_id)
    return Shown("portal/door.html", {"token": token, "link": link, "organization_name": name, "brand": brand})


def show_closed(error: LinkUnusable) -> Shown:
    """Say which of the three it is and who sent it, and offer to ask for a new one.

    Names no organization and nobody of it: a link that was passed on came from a colleague, whoever that is.
    """
    link = error.link
    kind = link.created_by.partition(":")[0]
    by = "colleague" if link.parent_id else "person" if kind == "operator" and link.sender else "team"
    values = {"state": error.code.removeprefix("link-"), "sender": link.sender, "sent_by": by, "link": link}
    return Shown("portal/closed.html", values, status=410)


def ask_for_new(portal: Portal, token: str) -> Shown:
    """Tell the operators. Raises NotFound, Conflict `link-open`."""
    portal.links.ask_for_new(token, now=portal.clock())
    return Shown("portal/asked.html", {})
