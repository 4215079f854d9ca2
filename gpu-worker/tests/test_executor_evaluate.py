"""Scores come from labels that stay outside, and only from them."""

from __future__ import annotations

import threading

import pytest
from jail_fixtures import GOOD, LEMUR

from archloom.executor import evaluate_candidate
from archloom.executor.evaluate import score_split
from archloom.recipes import Recipe
from archloom.sandbox.slot import JailedSlot

ANSWER = (
    "import os, json\nos.write(3, json.dumps({{'outcome': 'ok', 'predictions': {}}}).encode())\nos._exit(0)\n"
)


@pytest.mark.parametrize("program", [GOOD, LEMUR], ids=["plain", "lemur"])
def test_a_trained_network_is_scored_on_both_splits(
    slot: JailedSlot, quick_digits: Recipe, program: str
) -> None:
    evaluation = evaluate_candidate(slot, quick_digits, program, 0, threading.Event())
    assert evaluation.outcome == "ok"
    assert evaluation.selection is not None
    assert evaluation.report is not None
    assert (evaluation.selection.total, evaluation.report.total) == (250, 250)
    assert evaluation.accuracy == evaluation.selection.correct / 250
    assert evaluation.report_accuracy == evaluation.report.correct / 250
    assert evaluation.accuracy > 0.5, "far above chance, which is 0.1"
    assert evaluation.report_accuracy > 0.5


def test_one_class_for_all_gets_what_that_class_is_worth(slot: JailedSlot, quick_digits: Recipe) -> None:
    evaluation = evaluate_candidate(slot, quick_digits, ANSWER.format("[3] * 500"), 0, threading.Event())
    held_out = quick_digits.load().held_out
    assert evaluation.selection is not None
    assert evaluation.report is not None
    assert evaluation.selection.correct == (held_out["selection"].labels == 3).sum()
    assert evaluation.report.correct == (held_out["report"].labels == 3).sum()


def test_right_answers_get_all_points(slot: JailedSlot, quick_digits: Recipe) -> None:
    """Labels handed over by the test, to see that positions and splits meet."""
    data = quick_digits.load()
    answers = [0] * len(data.test_images)
    for split in data.held_out.values():
        for position, label in zip(split.positions.tolist(), split.labels.tolist(), strict=True):
            answers[position] = label
    evaluation = evaluate_candidate(slot, quick_digits, ANSWER.format(answers), 0, threading.Event())
    assert (evaluation.accuracy, evaluation.report_accuracy) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("x = = 1", "parse_error"),
        (ANSWER.format("[10] * 500"), "invalid_metric"),
        (ANSWER.format(7), "no_result"),
    ],
)
def test_without_valid_answers_there_is_no_score(
    slot: JailedSlot, quick_digits: Recipe, program: str, outcome: str
) -> None:
    evaluation = evaluate_candidate(slot, quick_digits, program, 0, threading.Event())
    assert evaluation.outcome == outcome
    assert evaluation.error is not None
    assert (evaluation.selection, evaluation.accuracy, evaluation.report_accuracy) == (None, None, None)


@pytest.mark.parametrize("predicted", [None, [], [0] * 249, [10] * 250, [-1] * 250])
def test_the_score_does_not_trust_the_verdict(quick_digits: Recipe, predicted: list[int] | None) -> None:
    assert score_split(predicted, quick_digits, "selection") is None
