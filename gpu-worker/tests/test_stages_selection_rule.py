"""Winners and fallback, as a pure function."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archloom.contract.generated import SelectionConfig
from archloom.stages.selection_rule import Contender, choose, quantile


def rule(
    threshold: float = 0.4, share: float = 0.0, min_selected: int = 0, floor: float = 0.0
) -> SelectionConfig:
    return SelectionConfig(threshold=threshold, quantile=share, min_selected=min_selected, floor=floor)


def contenders(*accuracies: float, novel: bool = True) -> list[Contender]:
    return [Contender(index, accuracy, novel) for index, accuracy in enumerate(accuracies)]


def test_a_winner_reaches_the_threshold() -> None:
    choice = choose(contenders(0.39, 0.4, 0.41), rule(), novelty_filter=True)
    assert choice.reasons == {1: "winner", 2: "winner"}


def test_the_quantile_raises_the_threshold_and_never_lowers_it() -> None:
    accuracies = contenders(0.1, 0.5, 0.7, 0.9)
    assert choose(accuracies, rule(share=0.5), True).threshold == pytest.approx(0.6)
    assert choose(accuracies, rule(share=0.1), True).threshold == 0.4


def test_a_cycle_without_valid_candidates_selects_nothing() -> None:
    choice = choose([], rule(share=0.65, min_selected=12), True)
    assert (choice.threshold, choice.reasons) == (0.4, {})


def test_a_copy_never_wins_nor_fills_up() -> None:
    pool = [Contender(0, 0.9, novel=False), Contender(1, 0.3, novel=True)]
    assert choose(pool, rule(min_selected=2), True).reasons == {1: "fallback"}


def test_without_the_filter_a_copy_wins() -> None:
    pool = [Contender(0, 0.9, novel=False)]
    assert choose(pool, rule(), novelty_filter=False).reasons == {0: "winner"}


def test_the_best_fill_up_to_the_minimum_with_the_lower_index_first_among_equals() -> None:
    choice = choose(contenders(0.3, 0.2, 0.3, 0.3, 0.8), rule(min_selected=3), True)
    assert choice.reasons == {4: "winner", 0: "fallback", 2: "fallback"}


def test_nothing_below_the_floor_fills_up() -> None:
    assert choose(contenders(0.19, 0.2), rule(min_selected=2, floor=0.2), True).reasons == {1: "fallback"}


def test_winners_beyond_the_minimum_all_stay() -> None:
    assert len(choose(contenders(0.5, 0.6, 0.7), rule(min_selected=1), True).reasons) == 3


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60),
    st.floats(0, 1),
)
def test_the_quantile_is_numpys(values: list[float], share: float) -> None:
    assert math.isclose(quantile(values, share), float(np.quantile(values, share)), abs_tol=1e-12)
