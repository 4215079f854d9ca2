"""Real worker processes for tests, ended whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 120.0
RUN_SECONDS = 180.0


class WorkerProcess:
    def __init__(self, url: str, home: Path, lease_seconds: int, **environment: str) -> None:
        self.log = home / f"worker-{time.monotonic_ns()}.log"
        self._output = self.log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "archloom.runner"],
            env=os.environ
            | {
                "DATABASE_URL": url,
                "ARCHLOOM_HOME": str(home),
                "ARCHLOOM_LEASE_SECONDS": str(lease_seconds),
                "ARCHLOOM_PARENT_PID": str(os.getpid()),
            }
            | environment,
            stderr=self._output,
        )

    def kill(self) -> None:
        """As a crash would: nothing can be cleaned up."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> float:
        """Asks the worker to stop; returns how many seconds that took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return time.monotonic() - started

    def family(self) -> set[int]:
        """The process ids of everything below the worker."""
        return below(self.process.pid)

    def close(self) -> None:
        if self.process.poll() is None:
            self.terminate()
        self._output.close()


@contextmanager
def worker_process(
    url: str, home: Path, lease_seconds: int = 5, **environment: str
) -> Iterator[WorkerProcess]:
    """A worker with a lease short enough that a test can wait for its end."""
    worker = WorkerProcess(url, home, lease_seconds, **environment)
    try:
        yield worker
    except BaseException:
        print(worker.log.read_text())
        raise
    finally:
        worker.close()


def wait_until(holds: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.01)


def below(pid: int) -> set[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found, grew = {pid}, True
    while grew:
        more = {child for child, parent in parents.items() if parent in found} - found
        grew = bool(more)
        found |= more
    return found - {pid}


def is_running(pid: int) -> bool:
    """A zombie has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
