"""The thread that keeps what the worker holds: its lock, its leases, and the order of the whole queue.

It also passes on what is desired of each run within a moment of its change, takes back work of workers that
are gone, and reports what this worker is doing. Its own leases are extended before anything is reaped, so
that a worker which comes back from an outage does not take its own work away.
"""

import logging
import threading
import time
from typing import Final

from archloom.runner.activity import Activity
from archloom.runner.leases import Leases
from archloom.runner.process_tree import ProcessTree, Usage
from archloom.runner.settings import Settings, available_cores
from archloom.runner.wakeup import Wakeup
from archloom.store import Store
from archloom.store.errors import DatabaseUnavailable
from archloom.store.standing_line import StandingLine

log = logging.getLogger(__name__)

LOCK_GRACE_SECONDS: Final = 3.0
TICK_SECONDS: Final = 1.0
SIGN_SECONDS: Final = 0.1  # between heartbeats that signs ask for
MEASURE_SECONDS: Final = 5.0


class Keeper(threading.Thread):
    def __init__(
        self,
        settings: Settings,
        worker: int,
        store: Store,
        leases: Leases,
        wakeup: Wakeup,
        activity: Activity,
        closing: threading.Event,
    ) -> None:
        super().__init__(name="keeper", daemon=True)
        self._settings = settings
        self._worker = worker
        self._store = store
        self._line = StandingLine(settings.database_url, worker)
        self._leases = leases
        self._wakeup = wakeup
        self._activity = activity
        self._closing = closing
        self._ended = threading.Event()

    def end(self) -> None:
        """Lets the thread mark the worker as stopped and finish."""
        self._ended.set()

    def run(self) -> None:
        try:
            self._keep()
            self._store.workers.stop(self._worker)
        except DatabaseUnavailable as error:
            log.warning("%s", error)
        except Exception:
            # Without a keeper the leases run out; the launcher starts another worker.
            log.exception("the keeper failed")
            self._closing.set()
        finally:
            self._line.close()
            self._store.close()

    def _keep(self) -> None:
        beat = _Every(self._settings.heartbeat_seconds)
        reap, report, measure = _Every(TICK_SECONDS), _Every(TICK_SECONDS), _Every(MEASURE_SECONDS)
        tree, usage = ProcessTree(available_cores()), None
        told: tuple[dict[str, str], Usage | None] | None = None
        has_sign = False
        while not self._ended.is_set():
            if self._line.wait(SIGN_SECONDS if has_sign else TICK_SECONDS):
                self._wakeup.ring()
                has_sign = True
            if (has_sign and beat.age >= SIGN_SECONDS) or beat.is_due():
                self._beat()
                beat.restart()
                has_sign = False
            # A worker that is cut off itself cannot tell whether others are.
            if reap.is_due() and self._line.is_held:
                self._reap()
                reap.restart()
            if measure.is_due():
                usage = tree.measure()
                measure.restart()
            if report.is_due():
                telling = (self._activity.now(), usage)
                if telling != told:
                    self._report(*telling)
                    told = telling
                report.restart()

    def _beat(self) -> None:
        tokens = self._leases.tokens()
        desired = self._store.jobs.heartbeat(self._worker, tokens, self._settings.lease_seconds)
        self._leases.heard(tokens, desired)

    def _reap(self) -> None:
        for job in self._store.jobs.reap(self._settings.lease_seconds, LOCK_GRACE_SECONDS):
            log.warning("job %s (%s) was taken back and is %s", job.id, job.kind, job.state)

    def _report(self, activity: dict[str, str], usage: Usage | None) -> None:
        self._store.workers.report(
            self._worker, activity, usage and usage.memory_bytes, usage and usage.cpu_share
        )


class _Every:
    """A period that starts anew when `restart` is called; due at once in the beginning."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._started = -float("inf")

    @property
    def age(self) -> float:
        return time.monotonic() - self._started

    def is_due(self) -> bool:
        return self.age >= self._seconds

    def restart(self) -> None:
        self._started = time.monotonic()
