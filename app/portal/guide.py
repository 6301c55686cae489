"""The whole setup as one document in one language, with this customer's values: what is printed, offline, beside a console.

Holds no secret: only our own side, which the provider's console shows as well, and names of what to bring back. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.organizations import Domain
from app.portal.setup import Setup
from app.portal.wizard import WizardPage
from app.translations import Words, say

Said = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Section:
    """One step.

    Args:
        values: our values to paste there, (the provider's name of the field, the exact value).
        choices: what to choose there, (its name of the field, its name of the value).
        snippets: texts to paste there, (what it is, the text).
        asks: what to bring back.
        path: of the step's own page in the portal; empty where there is none.
        done: said to be done already.
    """

    title: str
    body: str = ""
    values: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    snippets: tuple[tuple[str, str], ...] = ()
    asks: tuple[str, ...] = ()
    path: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """The document, in its order. `notes`: small print below the title."""

    title: str
    subtitle: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


def make_guide(
    setup: Setup, organization: str, domains: Sequence[Domain], words: Words, *, now: datetime, link_ends: datetime
) -> Guide:
    """Return the guide in the language of `words`."""
    distribution = setup.described["distribution"]

    def said(text: str) -> str:
        return say(text, words.language, distribution)

    sections = [_step(page, said, setup.root) for page in setup.pages]
    sections += [_domain(domain, words) for domain in domains if domain.status == "pending" and not domain.vouched]
    sections.append(_mapping(setup, words))
    sections.append(
        Section(
            words("Test a sign-in"),
            words("You sign in at your provider as yourself. We check what comes back. Nobody is signed in by this."),
            path=f"{setup.root}/test",
        )
    )
    sections.append(
        Section(
            words("Turn on single sign-on"),
            words("Nothing changes for your people until then. It takes effect at their next sign-in."),
            path=f"{setup.root}/activate",
            done=setup.active,
        )
    )
    notes = (
        words("Made on %(day)s. The setup link works until %(end)s.", day=words.day(now), end=words.day(link_ends)),
        words("It holds no secrets. Menus and fields are named as your provider names them in English."),
    )
    title = words("Set up single sign-on for %(organization)s", organization=organization)
    return Guide(title, setup.spec.label, notes, tuple(sections))


def _step(page: WizardPage, said: Said, root: str) -> Section:
    step = page.step
    return Section(
        title=said(step.title),
        body=said(step.body),
        values=tuple((one.label, one.value) for one in page.copies),
        choices=tuple((said(label), said(name)) for label, name in step.choices),
        snippets=tuple((said(label), text) for label, text in step.snippets),
        asks=tuple(said(one.field.label) for one in page.asked),
        path=f"{root}/{page.name}",
        done=page.done,
    )


def _domain(domain: Domain, words: Words) -> Section:
    return Section(
        words("Verify the domain %(domain)s", domain=domain.domain),
        words("Make this TXT record in your DNS. Some panels add the domain themselves: enter only the first part."),
        values=((words("Host"), domain.txt_name), (words("Value"), domain.txt_value)),
        path=f"/setup/domains/{domain.domain}",
    )


def _mapping(setup: Setup, words: Words) -> Section:
    return Section(
        words("Check what we read from a sign-in"),
        words("It is filled in for your provider. Change a name only where yours sends another one."),
        path=f"{setup.root}/mapping",
        done=any(task.name == "mapping" and task.status == "completed" for task in setup.tasks),
    )
