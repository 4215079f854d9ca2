"""Which candidates of a cycle are winners, and which fill up. Pure; it never sees the report split."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from archloom.contract.generated import SelectionConfig, SelectionReason


@dataclass(frozen=True)
class Contender:
    """A valid candidate: its index in the cycle, its accuracy on the selection split, and whether it is
    novel."""

    index: int
    accuracy: float
    novel: bool


@dataclass(frozen=True)
class Choice:
    """The accuracy that a winner needed, and why each selected candidate was selected, by index."""

    threshold: float
    reasons: dict[int, SelectionReason]


def choose(contenders: Sequence[Contender], rule: SelectionConfig, novelty_filter: bool) -> Choice:
    """Winners reach the threshold and are novel. While there are fewer than `min_selected` winners, the best
    novel candidates at or above the floor fill up, the lower index first among equals.

    The threshold is the configured one, or that quantile of the cycle's valid accuracies where it is higher.
    Without the novelty filter near-duplicates count as well.
    """
    accuracies = [contender.accuracy for contender in contenders]
    threshold = rule.threshold
    if rule.quantile > 0 and accuracies:
        threshold = max(threshold, quantile(accuracies, rule.quantile))
    eligible = [contender for contender in contenders if contender.novel or not novelty_filter]
    reasons: dict[int, SelectionReason] = {
        contender.index: "winner" for contender in eligible if contender.accuracy >= threshold
    }
    best_first = sorted(eligible, key=lambda contender: (-contender.accuracy, contender.index))
    for contender in best_first:
        if len(reasons) >= rule.min_selected or contender.accuracy < rule.floor:
            break
        reasons.setdefault(contender.index, "fallback")
    return Choice(threshold, reasons)


def quantile(values: Sequence[float], share: float) -> float:
    """Linear interpolation between order statistics (Hyndman and Fan's type 7, numpy's default)."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    low = math.floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)
