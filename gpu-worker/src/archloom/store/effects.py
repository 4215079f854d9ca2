"""The frame of every effect: hold the lease, write, perhaps finish. And what a job's end means for its
subject."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from psycopg.types.json import Jsonb
from pydantic import BaseModel

from archloom.contract.generated import (
    AttemptEnding,
    CandidateEndedEvent,
    EvaluationEndedEvent,
    JobState,
    NoticeEvent,
)
from archloom.store.database import Database, Transaction
from archloom.store.queries import query
from archloom.store.rows import EvaluationTask, Job
from archloom.store.text import storable

HOLD = query("job_hold")
FINISH = query("job_finish")
APPEND_EVENT = query("append_event")
RUN_FAIL = query("run_fail")
LOCK_CYCLE = query("lock_cycle")
CHECK_EVALUATED = query("cycle_check_evaluated")
TASK = query("evaluation_task")
END_UNJUDGED = query("evaluation_end_unjudged")
END_CANDIDATE = query("evaluation_end_candidate")
REQUEUE = query("evaluation_requeue")
REQUEUE_CANDIDATE = query("evaluation_requeue_candidate")

Result = TypeVar("Result")

# What a failed job of the loop did not manage, for the sentence that a person reads.
_UNDONE = {
    "generate": "its programs could not be written",
    "select": "its winners could not be chosen",
    "finetune": "the model could not be fine-tuned after it",
}


def effect(database: Database, job: Job, work: Callable[[Transaction], Result]) -> Result:
    """One transaction of an attempt that goes on. Raises LeaseLost."""

    def held(tx: Transaction) -> Result:
        tx.run(HOLD, job=job.id, token=job.token)
        return work(tx)

    return database.transaction(held)


def last_effect(database: Database, job: Job, work: Callable[[Transaction], None]) -> None:
    """The transaction that ends an attempt as done. Raises LeaseLost, also when an earlier try had
    committed."""

    def held(tx: Transaction) -> None:
        tx.run(HOLD, job=job.id, token=job.token)
        work(tx)
        finish(tx, job, "done")

    database.transaction(held)


def finish(tx: Transaction, job: Job, ending: AttemptEnding, error: str | None = None) -> JobState:
    return tx.value(FINISH, job=job.id, token=job.token, ending=ending, error=error and storable(error))


def lock_cycle(tx: Transaction, job: Job) -> None:
    """Before anything that touches the run's row: leased job, cycle, run is the order of locks."""
    tx.run(LOCK_CYCLE, run=job.run_id, cycle=job.cycle)


def append_event(tx: Transaction, run: int, event: BaseModel) -> None:
    payload = event.model_dump()
    tx.run(APPEND_EVENT, run=run, type=payload.pop("type"), payload=Jsonb(payload))


def append_notices(tx: Transaction, run: int, messages: Sequence[str]) -> None:
    """Sentences for whoever watches the run."""
    for message in messages:
        append_event(tx, run, NoticeEvent(message=storable(message)))


def after_attempt(tx: Transaction, job: Job, state: JobState, error: str) -> None:
    """Follow an attempt that did not end as done: the job is queued again, failed for good, or cancelled."""
    if job.task_id is not None:
        return  # a task's row follows its job in the database
    if job.kind == "evaluate":
        if state == "queued":
            tx.run(REQUEUE, evaluation=job.evaluation_id)
            tx.run(REQUEUE_CANDIDATE, evaluation=job.evaluation_id)
        elif state == "failed":
            _end_unjudged(tx, job, error)
    elif state == "failed":
        tx.run(RUN_FAIL, run=job.run_id, error=storable(f"Cycle {job.cycle}: {_UNDONE[job.kind]}: {error}"))


def _end_unjudged(tx: Transaction, job: Job, error: str) -> None:
    lock_cycle(tx, job)
    task = tx.get(EvaluationTask, TASK, evaluation=job.evaluation_id)
    tx.run(END_UNJUDGED, evaluation=task.id, outcome="worker_lost", error=storable(error))
    if task.ordinal > 1:
        append_event(
            tx,
            task.run_id,
            EvaluationEndedEvent(
                cycle=task.cycle, index=task.index, ordinal=task.ordinal, outcome="worker_lost", accuracy=None
            ),
        )
        return
    tx.run(END_CANDIDATE, evaluation=task.id)
    append_event(
        tx,
        task.run_id,
        CandidateEndedEvent(cycle=task.cycle, index=task.index, outcome="worker_lost", accuracy=None),
    )
    tx.run(CHECK_EVALUATED, run=task.run_id, cycle=task.cycle)
