"""Every page of a visit: its address, the name that a link of one step calls it by, and what answers.

A row without a name is the visit's own (its start, the code): every link opens those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.portal.pages import certificates, contacts, domains, guide, home, live, mapping, provider, roles, step, testing
from app.portal.turn import Page
from app.setup_links import Visit


@dataclass(frozen=True, slots=True)
class Route:
    """One row. `step` may hold `{step}`, which the address gives. `feature`: some of those must be in the link's."""

    path: str
    step: str
    features: tuple[str, ...]
    get: Page | None = None
    post: Page | None = None


_SSO = ("sso",)
_BOTH = ("sso", "certificates")
_DOMAINS = ("domains",)
_ANY = ("sso", "certificates", "domains")
_C = "/setup/<connection_id>"

ROUTES: tuple[Route, ...] = (
    Route("/setup/", "", _ANY, home.show),
    Route("/setup/thanks", "", _ANY, home.thank),
    Route("/setup/code", "", _ANY, contacts.show_code, contacts.verify_code),
    Route("/setup/code/send", "", _ANY, None, contacts.send_code),
    Route("/setup/provider", "provider", _SSO, provider.show, provider.choose),
    Route("/setup/domains", "domains", _DOMAINS, domains.show, domains.add),
    Route("/setup/domains/<domain>", "domains", _DOMAINS, domains.show_one),
    Route("/setup/domains/<domain>/check", "domains", _DOMAINS, None, domains.check),
    Route("/setup/domains/<domain>/remove", "domains", _DOMAINS, None, domains.remove),
    Route("/setup/contacts", "contacts", _ANY, contacts.show, contacts.add),
    Route("/setup/contacts/<contact_id>", "contacts", _ANY, contacts.show_one, contacts.change),
    Route("/setup/contacts/<contact_id>/remove", "contacts", _ANY, None, contacts.remove),
    Route("/setup/colleague", "colleague", _ANY, contacts.show_colleague, contacts.delegate),
    Route(f"{_C}/tasks", "tasks", _SSO, home.show_tasks),
    Route(f"{_C}/step-<step>", "step-{step}", _SSO, step.show, step.save),
    Route(f"{_C}/mapping", "mapping", _SSO, mapping.show, mapping.save),
    Route(f"{_C}/roles", "roles", _SSO, roles.show, roles.add),
    Route(f"{_C}/roles/done", "roles", _SSO, None, roles.done),
    Route(f"{_C}/roles/<rule_id>/remove", "roles", _SSO, None, roles.remove),
    Route(f"{_C}/roles/<rule_id>/up", "roles", _SSO, None, roles.prefer),
    Route(f"{_C}/test", "test", _BOTH, testing.show, testing.start),
    Route(f"{_C}/test/<test_id>", "test", _BOTH, testing.result),
    Route(f"{_C}/test/<test_id>/raw", "test", _BOTH, testing.raw),
    Route(f"{_C}/test/<test_id>/claims", "test", _BOTH, testing.claims),
    Route(f"{_C}/test/<test_id>/leave", "test", _BOTH, testing.leave),
    Route(f"{_C}/activate", "activate", _BOTH, live.show, live.activate),
    Route(f"{_C}/done", "activate", _BOTH, live.done),
    Route(f"{_C}/overview", "overview", _BOTH, live.overview),
    Route(f"{_C}/discard", "activate", _BOTH, None, live.discard),
    Route(f"{_C}/restore", "activate", _SSO, None, live.restore),
    Route(f"{_C}/sign-ins/<trace_id>", "overview", _SSO, live.sign_in),
    Route(f"{_C}/guide", "guide", _SSO, guide.show),
    Route(f"{_C}/guide.pdf", "guide", _SSO, guide.pdf),
    Route(f"{_C}/certificates", "certificates", _BOTH, certificates.show, certificates.add),
    Route(f"{_C}/certificates/read", "certificates", _BOTH, None, certificates.read_again),
    Route(f"{_C}/certificates/<sha256>/retire", "certificates", _BOTH, None, certificates.retire),
)

_PATHS = tuple((re.compile(re.sub(r"<[^>]+>", "([^/]+)", route.path)), route) for route in ROUTES if route.get)


def opens(visit: Visit, path: str) -> bool:
    """Whether the visit's link opens the page at this path: what it does not open is not offered either."""
    for pattern, route in _PATHS:
        if found := pattern.fullmatch(path.partition("?")[0]):
            step = route.step.format(step=found[found.lastindex or 0])
            return visit.may(*route.features) and (not step or visit.step in (None, step))
    return False
