"""Stage 2: one candidate is judged and trained for one epoch in the jail, as soon as its batch is written."""

from collections.abc import Callable

from archloom.contract.generated import ProtectionLevel
from archloom.contract.ids import candidate_id, evaluation_id
from archloom.executor.evaluate import Evaluation, evaluate_candidate
from archloom.recipes import get_recipe
from archloom.stages.control import AttemptStopped, Control
from archloom.stages.slots import SlotOfRecipe
from archloom.store import Store
from archloom.store.evaluations import EvaluationFigures
from archloom.store.rows import EvaluationTask, Job


def evaluate(
    job: Job,
    store: Store,
    slot: SlotOfRecipe,
    worker: int,
    protection_level: ProtectionLevel,
    control: Control,
    announce: Callable[[str], None],
) -> None:
    """`announce` is told which evaluation this is, once that is known."""
    task = store.evaluations.start(job, worker, protection_level)
    announce(_name(task))
    recipe = get_recipe(task.recipe)
    evaluation = evaluate_candidate(slot.open(recipe), recipe, task.code, task.seed, control.at_once)
    if evaluation.outcome == "cancelled":
        raise AttemptStopped
    store.evaluations.end(job, task, _to_figures(evaluation))


def _name(task: EvaluationTask) -> str:
    if task.ordinal == 1:
        return candidate_id(task.run_id, task.cycle, task.index)
    return evaluation_id(task.run_id, task.cycle, task.index, task.ordinal)


def _to_figures(evaluation: Evaluation) -> EvaluationFigures:
    verdict, error = evaluation.verdict, evaluation.error
    return EvaluationFigures(
        outcome=evaluation.outcome,
        error_type=error and error.type,
        error_message=error and error.message,
        error_line=error and error.line,
        parsed=verdict.parsed,
        built=verdict.built,
        accuracy=evaluation.accuracy,
        selection_total=evaluation.selection and evaluation.selection.total,
        report_accuracy=evaluation.report_accuracy,
        report_total=evaluation.report and evaluation.report.total,
        parameters=verdict.parameters,
        multiply_adds=verdict.multiply_adds,
        batches_delivered=verdict.batches_delivered,
        train_seconds=verdict.train_seconds,
        train_cpu_seconds=verdict.train_cpu_seconds,
        wall_seconds=verdict.wall_seconds,
        peak_memory_bytes=verdict.peak_memory_bytes,
        output=verdict.output,
        fingerprint=verdict.fingerprint,
        device=evaluation.device,
    )
