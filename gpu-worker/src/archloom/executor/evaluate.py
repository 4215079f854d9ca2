"""One evaluation: have the program judged in a slot, then score its class indices against labels the jail
never had.

This is the only place that knows both what a program answered and what is right.
"""

from __future__ import annotations

import operator
import threading
from dataclasses import dataclass, replace

from archloom.recipes import Recipe
from archloom.recipes.protocol import DeviceKind
from archloom.sandbox import CandidateError, Outcome, Slot, Verdict

SELECTION = "selection"
REPORT = "report"


@dataclass(frozen=True)
class SplitScore:
    """Right answers on one test split."""

    correct: int
    total: int

    @property
    def accuracy(self) -> float:
        """Fraction, 0 to 1."""
        return self.correct / self.total


@dataclass(frozen=True)
class Evaluation:
    """A verdict with its scores, which exist exactly when the outcome is `ok`."""

    verdict: Verdict
    selection: SplitScore | None
    report: SplitScore | None
    """Shown beside; nothing may be selected on it."""
    device: DeviceKind
    """What the program was trained on."""

    @property
    def outcome(self) -> Outcome:
        return self.verdict.outcome

    @property
    def error(self) -> CandidateError | None:
        return self.verdict.error

    @property
    def accuracy(self) -> float | None:
        """On the selection split, 0 to 1."""
        return None if self.selection is None else self.selection.accuracy

    @property
    def report_accuracy(self) -> float | None:
        return None if self.report is None else self.report.accuracy


def evaluate_candidate(
    slot: Slot, recipe: Recipe, code: str, seed: int, cancel: threading.Event
) -> Evaluation:
    """Train the program once and score it. Raises SandboxError only; what the program does is in the
    outcome."""
    verdict = slot.evaluate(code, seed, cancel)
    unscored = Evaluation(verdict, None, None, slot.device)
    if verdict.outcome != "ok" or verdict.predictions is None:
        return unscored
    selection = score_split(verdict.predictions.get(SELECTION), recipe, SELECTION)
    report = score_split(verdict.predictions.get(REPORT), recipe, REPORT)
    if selection is None or report is None:
        return replace(unscored, verdict=replace(verdict, outcome="invalid_metric", predictions=None))
    return replace(unscored, selection=selection, report=report)


def score_split(predicted: list[int] | None, recipe: Recipe, split: str) -> SplitScore | None:
    """Right answers on a split; None unless there is exactly one existing class per image."""
    labels: list[int] = recipe.load().held_out[split].labels.tolist()
    if predicted is None:
        return None
    in_range = all(0 <= index < recipe.classes for index in predicted)
    if len(predicted) != len(labels) or not in_range:
        return None
    return SplitScore(sum(map(operator.eq, predicted, labels)), len(labels))
