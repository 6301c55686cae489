"""Which domains the connection answers to in Auth0: those that lead somewhere, at most a thousand. Pure.

Beyond that, applications send `connection=` and Portico's own e-mail page routes. Never a second connection: its people
would get other ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

#: Of one connection; Auth0's limit.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class AliasPlan:
    """What has to happen to `domain_aliases`.

    Args:
        final: the whole list that has to be written.
        foreign: there, and put there by somebody else; removed only where that was said.
        beyond: domains that do not fit any more.
    """

    final: tuple[str, ...]
    add: tuple[str, ...]
    remove: tuple[str, ...]
    foreign: tuple[str, ...]
    beyond: tuple[str, ...]

    @property
    def in_step(self) -> bool:
        """Whether nothing has to be written."""
        return not self.add and not self.remove


def plan_aliases(
    wanted: Sequence[str], stored: Sequence[str], ours: Collection[str], *, remove_foreign: bool = False
) -> AliasPlan:
    """Return the plan. Whoever has a place keeps it, so that a thousand-and-first domain moves nobody.

    Args:
        wanted: the domains that lead somewhere, in the order in which they get a place.
        stored: `domain_aliases` as they are.
        ours: those of them that Portico put there.
    """
    wanted_set, known = set(wanted), set(ours)
    there = {alias.lower() for alias in stored}
    foreign = tuple(alias for alias in stored if alias.lower() not in wanted_set and alias.lower() not in known)
    gone = tuple(alias for alias in stored if alias.lower() not in wanted_set and alias.lower() in known)
    remove = (*gone, *foreign) if remove_foreign else gone
    kept = tuple(alias for alias in stored if alias not in remove)
    fresh = tuple(domain for domain in dict.fromkeys(wanted) if domain not in there)
    room = max(MOST - len(kept), 0)
    return AliasPlan(
        final=(*kept, *fresh[:room]),
        add=fresh[:room],
        remove=remove,
        foreign=foreign,
        beyond=fresh[room:],
    )
