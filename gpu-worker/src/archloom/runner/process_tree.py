"""The worker as a tree of processes: what it uses, and that it ends with its parent. Linux only."""

import ctypes
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archloom.sandbox.processes import living_below

PR_SET_PDEATHSIG: Final = 1
_TICKS = os.sysconf("SC_CLK_TCK")


class ParentGone(Exception):
    """The parent ended before this process could ask to be told of it."""


def end_with_parent(parent: int) -> None:
    """SIGTERM to this process when its parent ends, however it ends. Raises ParentGone."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        raise ParentGone(f"the parent process {parent} is gone")


@dataclass(frozen=True)
class Usage:
    memory_bytes: int
    """Sum of proportional set sizes: pages that processes share count once."""
    cpu_share: float
    """Of the processor time of all cores that this process may use, since the last measurement; 0 to 1."""


class ProcessTree:
    """Measures this process and everything below it. Belongs to one thread."""

    def __init__(self, cores: int) -> None:
        self._cores = cores
        self._measured_at = time.monotonic()
        self._cpu_seconds: dict[int, float] = {}

    def measure(self) -> Usage:
        """Takes some ten milliseconds. Processes that end meanwhile, or may not be read, are left out."""
        now = time.monotonic()
        pids = [os.getpid(), *living_below(os.getpid())]
        before, self._cpu_seconds = self._cpu_seconds, {pid: _cpu_seconds(pid) for pid in pids}
        used = sum(seconds - before.get(pid, 0.0) for pid, seconds in self._cpu_seconds.items())
        elapsed, self._measured_at = now - self._measured_at, now
        share = used / (elapsed * self._cores) if elapsed > 0 else 0.0
        return Usage(sum(map(_pss_bytes, pids)), min(1.0, max(0.0, share)))


def _pss_bytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _cpu_seconds(pid: int) -> float:
    try:
        # The name may hold anything, brackets and spaces too; the numbers begin after its last bracket.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS
