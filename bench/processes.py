"""CPU time and memory of process trees, read from /proc."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_KIB_PER_PAGE = os.sysconf("SC_PAGE_SIZE") // 1024


class Watched:
    """Process trees under names (`server`, `database`), each given by the process at its root."""

    def __init__(self, roots: Mapping[str, int]) -> None:
        self._roots = dict(roots)

    def cpu_s(self) -> dict[str, float]:
        """Return the CPU seconds that each tree has used, reaped children included. Resolution: 10 ms."""
        return {name: _cpu_s(tree(root)) for name, root in self._roots.items()}

    def memory_mib(self) -> dict[str, float]:
        """Return the memory of each tree, with pages that are shared counted once (PSS) where it can be read.

        Shared memory is left out: PostgreSQL keeps its cache of pages there, which fills up to a size of its own.
        """
        return {name: round(sum(map(_memory_kib, tree(root))) / 1024, 1) for name, root in self._roots.items()}


def tree(root: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (fields := _stat(int(name))):
            children.setdefault(int(fields[1]), []).append(int(name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting.extend(children.get(process, []))
    return found


def _stat(process: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat from the third on; None when the process is gone."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text[text.rindex(")") + 2 :].split()


def _cpu_s(processes: list[int]) -> float:
    found = (_stat(process) for process in processes)
    return sum(int(ticks) for fields in found if fields for ticks in fields[11:15]) / _TICKS_PER_S


def _memory_kib(process: int) -> int:
    with contextlib.suppress(OSError, KeyError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        kib = {line.split()[0]: int(line.split()[1]) for line in lines if line.startswith("Pss")}
        return kib["Pss:"] - kib["Pss_Shmem:"]
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _KIB_PER_PAGE
    return 0
