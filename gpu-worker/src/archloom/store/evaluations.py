"""Evaluation's effects: one training of one candidate, and what the candidate's row takes from it."""

from dataclasses import asdict, dataclass

from archloom.contract.generated import (
    CandidateEndedEvent,
    CandidateEvaluatingEvent,
    EvaluationEndedEvent,
    EvaluationStartedEvent,
    Outcome,
    ProtectionLevel,
)
from archloom.store.database import Database, Transaction
from archloom.store.effects import (
    CHECK_EVALUATED,
    END_CANDIDATE,
    TASK,
    append_event,
    effect,
    last_effect,
    lock_cycle,
)
from archloom.store.queries import query
from archloom.store.rows import EvaluationTask, Job
from archloom.store.text import storable

START = query("evaluation_start")
START_CANDIDATE = query("evaluation_start_candidate")
END = query("evaluation_end")


@dataclass(frozen=True)
class EvaluationFigures:
    """What is stored of one evaluation. Accuracies are fractions and present exactly when the outcome is
    `ok`."""

    outcome: Outcome
    error_type: str | None
    error_message: str | None
    error_line: int | None
    parsed: bool
    built: bool
    accuracy: float | None
    selection_total: int | None
    report_accuracy: float | None
    report_total: int | None
    parameters: int | None
    multiply_adds: int | None
    batches_delivered: int | None
    train_seconds: float | None
    train_cpu_seconds: float | None
    wall_seconds: float
    peak_memory_bytes: int | None
    output: str
    fingerprint: str | None
    """Of the traced graph, in the words of the program's own process."""
    device: str


class Evaluations:
    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, job: Job, worker: int, protection_level: ProtectionLevel) -> EvaluationTask:
        """Marks the evaluation as running and returns what there is to do. Raises LeaseLost."""

        def begin(tx: Transaction) -> EvaluationTask:
            task = tx.get(EvaluationTask, TASK, evaluation=job.evaluation_id)
            tx.run(START, evaluation=task.id, worker=worker, protection_level=protection_level)
            if task.ordinal == 1:
                tx.run(START_CANDIDATE, candidate=task.candidate_id)
                started = CandidateEvaluatingEvent(cycle=task.cycle, index=task.index)
            else:
                started = EvaluationStartedEvent(cycle=task.cycle, index=task.index, ordinal=task.ordinal)
            append_event(tx, task.run_id, started)
            return task

        return effect(self._database, job, begin)

    def end(self, job: Job, task: EvaluationTask, figures: EvaluationFigures) -> None:
        """Stores the figures. The first evaluation also decides its candidate's, and perhaps completes the
        cycle.

        Raises LeaseLost.
        """
        values = {
            name: storable(value) if isinstance(value, str) else value
            for name, value in asdict(figures).items()
        }

        def store(tx: Transaction) -> None:
            lock_cycle(tx, job)
            tx.run(END, evaluation=task.id, **values)
            outcome, accuracy = figures.outcome, figures.accuracy
            if task.ordinal > 1:
                rerun = EvaluationEndedEvent(
                    cycle=task.cycle,
                    index=task.index,
                    ordinal=task.ordinal,
                    outcome=outcome,
                    accuracy=accuracy,
                )
                append_event(tx, task.run_id, rerun)
                return
            tx.run(END_CANDIDATE, evaluation=task.id)
            ended = CandidateEndedEvent(
                cycle=task.cycle, index=task.index, outcome=outcome, accuracy=accuracy
            )
            append_event(tx, task.run_id, ended)
            tx.run(CHECK_EVALUATED, run=task.run_id, cycle=task.cycle)

        last_effect(self._database, job, store)
