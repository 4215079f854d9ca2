"""A thread that claims jobs of some kinds and does them, one after the other."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from archloom.contract.generated import JobKind
from archloom.contract.ids import cycle_id, task_id
from archloom.contract.read import ContractViolation
from archloom.datasets.errors import DatasetUnavailable
from archloom.language.interface import ModelUnavailable
from archloom.recipes import UnknownRecipe
from archloom.runner.activity import Activity
from archloom.runner.leases import Leases
from archloom.runner.log import about, set_subject
from archloom.runner.wakeup import Wakeup
from archloom.stages.control import AttemptStopped, Control, RunCannotGoOn, TaskFailed
from archloom.store import Store
from archloom.store.errors import AdapterDamaged, CorpusMismatch, DatabaseUnavailable, LeaseLost
from archloom.store.rows import Job

log = logging.getLogger(__name__)

POLL_SECONDS: Final = 1.0
ERROR_CHARACTERS: Final = 2_000

# What no further try can change.
FINAL_ERRORS = (
    RunCannotGoOn,
    TaskFailed,
    ContractViolation,
    ModelUnavailable,
    CorpusMismatch,
    AdapterDamaged,
    DatasetUnavailable,
    UnknownRecipe,
)

_DOING: dict[JobKind, str] = {
    "generate": "writing",
    "evaluate": "evaluating",
    "select": "selecting",
    "finetune": "fine-tuning after",
    "check_corpus": "checking a corpus for",
    "import_corpus": "importing a corpus for",
    "export_networks": "packing networks for",
    "fetch_data": "fetching data for",
    "preview_prompt": "previewing a prompt for",
    "check_model": "checking a model for",
}


@dataclass(frozen=True)
class Shared:
    """What all claimers share."""

    worker: int
    lease_seconds: float
    leases: Leases
    wakeup: Wakeup
    activity: Activity
    stopping: threading.Event
    """Claim nothing more."""


Perform = Callable[[Job, Store, Control], None]


class Claimer(threading.Thread):
    """`perform` does a job or raises; see `archloom.stages`. `store` belongs to this thread from `start`
    on."""

    def __init__(
        self, name: str, kinds: tuple[JobKind, ...], shared: Shared, store: Store, perform: Perform
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._kinds = kinds
        self._shared = shared
        self._store = store
        self._perform = perform

    def prepare(self) -> bool:
        """What must be done before the first claim; False: there will be none."""
        return True

    def rest(self) -> None:
        """Called about every second while there is nothing to do."""

    def clean_up(self) -> None:
        """Called at the end, whatever happened."""

    def run(self) -> None:
        try:
            if self.prepare():
                while not self._shared.stopping.is_set():
                    self._claim_once()
        except DatabaseUnavailable as error:
            log.warning("%s", error)
        except Exception:
            log.exception("the thread %s failed", self.name)
            self._shared.stopping.set()
        finally:
            self.clean_up()
            self._store.close()

    def say(self, words: str) -> None:
        self._shared.activity.say(self.name, words)

    def announce(self, subject: str) -> None:
        """Names what the current attempt is about more exactly."""
        set_subject(subject)
        self.say(f"evaluating {subject}")

    def _claim_once(self) -> None:
        seen = self._shared.wakeup.signs
        job = self._store.jobs.claim(self._shared.worker, self._kinds, self._shared.lease_seconds)
        if job is None:
            self.say("idle")
            self.rest()
            self._shared.wakeup.wait(seen, POLL_SECONDS)
            return
        subject = cycle_id(job.run_id, job.cycle) if job.task_id is None else task_id(job.task_id)
        control = self._shared.leases.take(job)
        with about(subject):
            self.say(f"{_DOING[job.kind]} {subject}")
            try:
                self._attempt(job, control)
            except LeaseLost as lost:
                log.warning("%s; whoever holds it now goes on", lost)
            finally:
                self._shared.leases.drop(job)

    def _attempt(self, job: Job, control: Control) -> None:
        """Raises LeaseLost and DatabaseUnavailable; every other end is stored."""
        started = time.monotonic()
        try:
            self._perform(job, self._store, control)
            log.info("%s: done in %.1f s", job.kind, time.monotonic() - started)
        except AttemptStopped:
            self._give_back(job, control)
        except (LeaseLost, DatabaseUnavailable):
            raise
        except FINAL_ERRORS as error:
            log.error("%s: no further try can help: %s", job.kind, error)
            end = self._store.jobs.fail_finally if job.requested_by == "person" else self._store.jobs.fail_run
            end(job, str(error)[:ERROR_CHARACTERS])
        except Exception as error:
            log.exception("%s: this try failed", job.kind)
            self._store.jobs.fail(job, f"{type(error).__name__}: {error}"[-ERROR_CHARACTERS:])

    def _give_back(self, job: Job, control: Control) -> None:
        match control.reason:
            case "lost":
                raise LeaseLost(f"the lease of job {job.id} was taken away")
            case "cancel":
                log.info("%s: cancelled", job.kind)
                self._store.jobs.cancel(job)
            case reason:
                log.info("%s: given back (%s)", job.kind, reason or "no longer asked to stop")
                self._store.jobs.release(job)
