"""The task list: what a setup consists of, what is done, and what comes next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.portal.wizard import WizardPage
from app.translations import marked

Status = Literal["completed", "incomplete", "blocked", "problem"]
Part = Literal["prepare", "connect", "live"]


@dataclass(frozen=True, slots=True)
class Task:
    """One row.

    Args:
        name: of the page, as links of one step call it.
        title: English, a message id; of the adapter for `adapter` rows.
        hint: why it cannot start, or what it is about; a key of the template.
    """

    name: str
    part: Part
    title: str
    path: str
    status: Status
    hint: str = ""
    adapter: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about the tasks that every wizard has."""

    may_sso: bool
    may_domains: bool
    provider: str
    root: str
    domains: Sequence[str]
    mapped: bool
    tested: bool
    active: bool
    drafted: bool
    roles: bool | None = None  # None: they are the operators' alone


def list_tasks(facts: Facts, pages: Sequence[WizardPage]) -> tuple[Task, ...]:
    """Return every task that the link opens, in order."""
    tasks: list[Task] = []
    if facts.may_sso:
        status: Status = "completed" if facts.provider else "incomplete"
        tasks.append(Task("provider", "prepare", marked("Choose your identity provider"), "/setup/provider", status))
    if facts.may_domains:
        tasks.append(Task("domains", "prepare", marked("Verify your e-mail domain"), "/setup/domains", _domains(facts)))
    if not facts.may_sso or not facts.provider:
        return tuple(tasks)
    tasks += [
        Task(
            p.name, "connect", p.step.title, f"{facts.root}/{p.name}", "completed" if p.done else "incomplete", "", True
        )
        for p in pages
    ]
    mapped: Status = "completed" if facts.mapped or facts.active else "incomplete"
    tasks.append(
        Task("mapping", "connect", marked("Check what we read from a sign-in"), f"{facts.root}/mapping", mapped)
    )
    if facts.roles is not None:
        given: Status = "completed" if facts.roles else "incomplete"
        tasks.append(Task("roles", "connect", marked("Give roles by group"), f"{facts.root}/roles", given))
    return (*tasks, *_going_live(facts, pages))


def next_task(tasks: Sequence[Task]) -> Task | None:
    """Return the first task to do; what has a problem waits for others (DNS) and does not hold the rest up."""
    open_ones = [task for task in tasks if task.status == "incomplete"]
    return next(iter(open_ones), None)


def _domains(facts: Facts) -> Status:
    if not facts.domains:
        return "incomplete"
    return "completed" if "pending" not in facts.domains else "problem"


def _going_live(facts: Facts, pages: Sequence[WizardPage]) -> tuple[Task, Task]:
    waiting = [page for page in pages if page.kind != "console" and any(a.required and not a.given for a in page.asked)]
    tested: Status = "blocked" if waiting else "completed" if facts.tested else "incomplete"
    on: Status = "completed" if facts.active and not facts.drafted else "incomplete" if facts.tested else "blocked"
    why_not = "test" if on == "blocked" else ""
    return (
        Task("test", "live", marked("Test a sign-in"), f"{facts.root}/test", tested, "values" if waiting else ""),
        Task("activate", "live", marked("Turn on single sign-on"), f"{facts.root}/activate", on, why_not),
    )
