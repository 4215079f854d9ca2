"""The five functions of leased work: claim, heartbeat, hold, finish, reap."""

from archloom.contract.generated import AttemptEnding, DesiredState, JobKind
from archloom.store.database import Database, Transaction
from archloom.store.effects import HOLD, RUN_FAIL, after_attempt, finish, lock_cycle
from archloom.store.queries import query
from archloom.store.rows import Job, LeaseState
from archloom.store.text import storable

CLAIM = query("job_claim")
HEARTBEAT = query("job_heartbeat")
REAP = query("job_reap")
LAST_TRY = query("job_last_try")

LOST = "the worker stopped answering"


class Jobs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, worker: int, kinds: tuple[JobKind, ...], lease_seconds: float) -> Job | None:
        """Leases the most urgent queued job of these kinds, or None.

        A claim whose answer was lost leaves a lease nobody works under; it ends by itself.
        """
        return self._database.transaction(
            lambda tx: tx.find(Job, CLAIM, worker=worker, kinds=list(kinds), lease_seconds=lease_seconds)
        )

    def heartbeat(self, worker: int, tokens: list[int], lease_seconds: float) -> dict[int, DesiredState]:
        """Extends the leases and says what is desired of each; a token that is missing is lost."""
        states = self._database.transaction(
            lambda tx: tx.rows(
                LeaseState, HEARTBEAT, worker=worker, tokens=tokens, lease_seconds=lease_seconds
            )
        )
        return {state.lease_token: state.desired for state in states}

    def release(self, job: Job) -> None:
        """Gives the job back unharmed; the try is not counted. Raises LeaseLost."""
        self._end(job, "released", "")

    def cancel(self, job: Job) -> None:
        """Ends the job because its run is being cancelled. Raises LeaseLost."""
        self._end(job, "cancelled", "")

    def fail(self, job: Job, error: str) -> None:
        """One try failed through no fault of a candidate: waits and tries again, or gives up. Raises
        LeaseLost."""
        self._end(job, "failed", error)

    def fail_run(self, job: Job, error: str) -> None:
        """Ends the run, because no further try at this job can go better. Raises LeaseLost."""

        def give_up(tx: Transaction) -> None:
            tx.run(HOLD, job=job.id, token=job.token)
            lock_cycle(tx, job)
            tx.run(RUN_FAIL, run=job.run_id, error=storable(error))
            finish(tx, job, "cancelled", error)

        self._database.transaction(give_up)

    def fail_finally(self, job: Job, error: str) -> None:
        """Ends what a person asked for, a task or a re-run, because no further try can go better. Raises
        LeaseLost."""

        def give_up(tx: Transaction) -> None:
            tx.run(HOLD, job=job.id, token=job.token)
            tx.run(LAST_TRY, job=job.id)
            after_attempt(tx, job, finish(tx, job, "failed", error), error)

        self._database.transaction(give_up)

    def reap(self, lease_seconds: float, lock_grace_seconds: float) -> list[Job]:
        """Takes back work of workers that are gone; returns it as it is afterwards."""

        def take_back(tx: Transaction) -> list[Job]:
            jobs = tx.rows(Job, REAP, lease_seconds=lease_seconds, lock_grace_seconds=lock_grace_seconds)
            for job in jobs:
                after_attempt(tx, job, job.state, LOST)
            return jobs

        return self._database.transaction(take_back)

    def _end(self, job: Job, ending: AttemptEnding, error: str) -> None:
        def end(tx: Transaction) -> None:
            state = finish(tx, job, ending, error or None)
            after_attempt(tx, job, state, error)

        self._database.transaction(end)
