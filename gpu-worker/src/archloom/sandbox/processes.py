"""Looking at a zygote's processes from outside the jail, through the worker's own /proc.

Guarantee: `end_descendants` returns True only when the zygote has no other process left than itself.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Load:
    processes: int
    threads: int
    """The most that one of the processes has."""


def descendants(pid: int) -> list[int]:
    """All living processes below `pid`. Orphans count: the zygote adopts them."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = _children(waiting.pop())
        found += children
        waiting += children
    return found


def load_below(pid: int) -> Load:
    below = descendants(pid)
    return Load(len(below), max((_threads(child) for child in below), default=0))


def end_descendants(pid: int, seconds: float) -> bool:
    """Kill everything below `pid`, again and again, since a dying family may still be growing."""
    deadline = time.monotonic() + seconds
    while living := [child for child in descendants(pid) if not _is_dead(child)]:
        if time.monotonic() > deadline:
            return False
        for child in living:
            _kill(child)
        time.sleep(0.002)
    return True


def address_space_bytes(pid: int) -> int:
    """Virtual size. Raises OSError when the process is gone."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * _PAGE_BYTES


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _threads(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208 - only the count matters
    except OSError:
        return 0


def _is_dead(pid: int) -> bool:
    """Gone, or a zombie that only waits to be collected."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] in ("Z", "X")


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
