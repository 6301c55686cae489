"""One connection's setup as the pages see it: its wizard, its tasks, and where the visitor stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import NotFound
from app.portal.tasks import Facts, Task, list_tasks
from app.portal.turn import Turn
from app.portal.wizard import WizardPage, list_pages
from portico_sdk import AdapterSpec


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything about one connection that several pages show. `described` is the draft where there is one."""

    id: str
    spec: AdapterSpec
    described: dict[str, Any]
    pages: tuple[WizardPage, ...]
    tasks: tuple[Task, ...]

    @property
    def vendor(self) -> str:
        """What people call the provider: "Okta", or "your provider" in the words of the page that has none."""
        return "" if self.spec.key in ("saml", "oidc") else self.spec.label.partition(" (")[0]

    @property
    def root(self) -> str:
        """The path below which its pages are."""
        return f"/setup/{self.id}"

    @property
    def active(self) -> bool:
        return bool(self.described["status"] == "active")

    def page(self, name: str) -> WizardPage:
        """Return a page of the wizard. Raises NotFound."""
        found = next((page for page in self.pages if page.name == name), None)
        if found is None:
            raise NotFound(f"{self.spec.key} has no page {name[:60]!r}")
        return found

    def after(self, name: str) -> str:
        """Return the path of the page behind a task: the next one that is not done, else the task list."""
        names = [task.name for task in self.tasks]
        rest = self.tasks[names.index(name) + 1 :] if name in names else ()
        return next((task.path for task in rest if task.status == "incomplete"), f"{self.root}/tasks")


def load_setup(turn: Turn, connection_id: str) -> Setup:
    """Return the setup of a connection that the link opens. Raises NotFound."""
    spec = turn.spec(connection_id)
    described = turn.desk.describe(connection_id)
    done = turn.desk.done(connection_id)
    settings = _with_pems(described["settings"])
    pages = list_pages(spec, settings, frozenset(described["secrets"]), described["service_provider"], done)
    drafted = bool(described.get("draft"))
    active = described["status"] == "active"
    facts = Facts(
        may_sso=turn.desk.may("sso"),
        may_domains=turn.desk.may("domains"),
        provider=spec.key,
        root=f"/setup/{connection_id}",
        domains=[domain.status for domain in turn.desk.domains()],
        mapped="mapping" in done,
        tested=bool(described["tested"]) or (active and not drafted),
        active=active,
        drafted=drafted,
        roles="roles" in done if turn.desk.roles.choices() else None,
    )
    return Setup(connection_id, spec, described, pages, list_tasks(facts, pages))


def list_first_tasks(turn: Turn) -> tuple[Task, ...]:
    """Return the tasks of an organization that has no connection yet."""
    domains = [domain.status for domain in turn.desk.domains()]
    may_sso, may_domains = turn.desk.may("sso"), turn.desk.may("domains")
    return list_tasks(Facts(may_sso, may_domains, "", "", domains, False, False, False, False), ())


def newest_setup(turn: Turn) -> Setup | None:
    """Return the setup that the visit is about: the link's own connection, else the one begun last."""
    rows: Sequence[Any] = turn.desk.connections()
    newest = max(rows, key=lambda row: (row.status == "draft", row.created_at), default=None)
    return None if newest is None else load_setup(turn, newest.id)


def _with_pems(settings: dict[str, Any]) -> dict[str, Any]:
    """Certificates as PEM again; the API shows them with what people compare."""
    return {
        name: [one["pem"] if isinstance(one, dict) else one for one in value] if isinstance(value, list) else value
        for name, value in settings.items()
    }
