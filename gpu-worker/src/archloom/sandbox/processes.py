"""Looking at a zygote's processes from outside the jail, through the worker's own /proc.

Guarantee: `end_descendants` returns True only when the zygote has no other process left than itself.
"""

from __future__ import annotations

import contextlib
import os
import re
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


def living_below(pid: int) -> set[int]:
    """All living processes below `pid`. Orphans count: the zygote adopts them."""
    return {child for child in _below(pid) if not is_dead(child)}


def load_below(pid: int) -> Load:
    below = living_below(pid)
    return Load(len(below), max((_threads(child) for child in below), default=0))


def end_descendants(pid: int, seconds: float) -> bool:
    """Kill everything below `pid`, again and again, since a dying family may still be growing."""
    deadline = time.monotonic() + seconds
    while living := living_below(pid):
        if time.monotonic() > deadline:
            return False
        for child in living:
            _kill(child)
        time.sleep(0.002)
    return True


def is_dead(pid: int) -> bool:
    """Gone, or a zombie that only waits to be collected."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] in ("Z", "X")


def wait_until_dead(pid: int, seconds: float) -> bool:
    """Whether the process has ended, waiting for that up to so long."""
    deadline = time.monotonic() + seconds
    while not is_dead(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


def address_space_bytes(pid: int) -> int:
    """Virtual size. Raises OSError when the process is gone."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * _PAGE_BYTES


def resident_bytes_below(pid: int) -> int:
    """Memory that the processes below `pid` have of their own: what each holds beyond what `pid` does."""
    own = _anonymous_bytes(pid)
    return sum(max(0, _anonymous_bytes(child) - own) for child in living_below(pid))


def _anonymous_bytes(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"^RssAnon:\s*(\d+) kB$", status, re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0


def _below(pid: int) -> set[int]:
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        children = _children(waiting.pop())
        found |= children
        waiting += children
    return found


def _children(pid: int) -> set[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return {int(child) for task in tasks for child in (task / "children").read_text().split()}
    except OSError:
        return set()


def _threads(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208 - only the count matters
    except OSError:
        return 0


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
