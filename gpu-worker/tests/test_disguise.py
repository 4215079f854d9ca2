"""Disguised copies do not pass, different networks are not refused; both proved without the fingerprint.

The full measurement is `npm run bench -- novelty`; this is a sample of it, with a seed of its own.
"""

from __future__ import annotations

import ast
from itertools import islice
from pathlib import Path

import pytest
from jail_fixtures import GOOD, LEMUR

from archloom.corpus.draw import Draw
from archloom.corpus.grammar import draw_program
from archloom.disguise.bench import describe, judge_case
from archloom.disguise.cases import Case, Kind, draw_cases, read_networks
from archloom.disguise.disguise import CHANGES, disguise
from archloom.disguise.edits import edit
from archloom.disguise.proof import compare_networks
from archloom.recipes import get_recipe
from archloom.sandbox.slot import JailedSlot

SEED = 4711
DIGITS = get_recipe("digits")
BRANCHED = "def double(t):\n    return t * 2\n" + GOOD.replace(
    "return self.head(self.features(x))",
    """left = F.relu(x)
        right = torch.tanh(x)
        for step in range(2):
            x = x + step
        return self.head(self.features(left + double(right) * x))""",
)
PROGRAMS = [program for seed in range(900_000, 900_060) if (program := draw_program(seed)) is not None]


@pytest.mark.parametrize(("kind", "number"), [("disguise", 60), ("edit", 40), ("pair", 20)])
def test_a_copy_does_not_pass_and_another_network_is_not_refused(
    slot: JailedSlot, kind: Kind, number: int
) -> None:
    judged = [judge_case(slot, DIGITS, case, {}) for case in islice(draw_cases(kind, [], SEED), number)]
    counting = [one for one in judged if one.left_out is None]
    assert len(counting) > 0.7 * number
    wrong = [one.case for one in counting if one.novel["structural fingerprint"] == (kind == "disguise")]
    assert wrong == []
    assert not any(one.without_fingerprint for one in counting)
    assert f" of {len(counting)} " in describe(judged)


def test_nearly_every_disguise_is_proved_to_be_the_same_network(slot: JailedSlot) -> None:
    for number, program in enumerate((GOOD, LEMUR)):
        for seed in range(3):
            copy = disguise(program, 10 * number + seed)
            assert compare_networks(slot, DIGITS, program, copy.code) == ("same", ""), copy


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nn.ReLU(), nn.MaxPool2d(2)", "nn.GELU(), nn.MaxPool2d(2)"),
        ("nn.MaxPool2d(2)", "nn.AvgPool2d(2)"),
        ("nn.BatchNorm2d(16)", "nn.BatchNorm2d(16, momentum=0.9)"),
        ("nn.Conv2d(16, 32, 3, padding=1)", "nn.Conv2d(16, 32, 3, padding=1), nn.Dropout(0.1)"),
        ("nn.AdaptiveAvgPool2d(2)", "nn.AdaptiveMaxPool2d(2)"),
        ("nn.Conv2d(16, 32, 3, padding=1)", "nn.Conv2d(16, 32, 3, padding=1, bias=False)"),
        ("self.head(self.features(x))", "self.head(self.features(x.transpose(2, 3)))"),
    ],
)
def test_the_proof_sees_every_difference(slot: JailedSlot, old: str, new: str) -> None:
    """Also those that only training or evaluation shows."""
    assert compare_networks(slot, DIGITS, GOOD, GOOD.replace(old, new))[0] == "different"


@pytest.mark.parametrize("program", ["no program", "raise SystemExit", GOOD.replace("128, 10", "127, 10")])
def test_the_proof_says_nothing_of_programs_that_do_not_run(slot: JailedSlot, program: str) -> None:
    answer, reason = compare_networks(slot, DIGITS, GOOD, program)
    assert answer is None
    assert reason


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_can_be_made_and_leaves_a_program(name: str) -> None:
    for seed, program in enumerate([BRANCHED, LEMUR, *PROGRAMS] * 2):
        module = ast.parse(program)
        if CHANGES[name](module, Draw(seed)):
            compile(ast.unparse(ast.fix_missing_locations(module)), "changed", "exec")
            return
    pytest.fail("it was never made")


def test_a_disguise_is_the_same_for_the_same_seed() -> None:
    for seed, program in enumerate(PROGRAMS[:20]):
        assert disguise(program, seed) == disguise(program, seed)
        assert disguise(program, seed).code != program


def test_an_edit_is_the_same_for_the_same_seed_and_changes_the_program() -> None:
    for seed in range(40):
        edited = edit(PROGRAMS[seed % len(PROGRAMS)], seed)
        assert edited == edit(PROGRAMS[seed % len(PROGRAMS)], seed)
        assert edited.edited != edited.original


def test_cases_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    def take(seed: int) -> list[Case]:
        return list(islice(draw_cases("disguise", [GOOD], seed), 12))

    assert take(1) == take(1) != take(2)
    assert any(case.real for case in take(1))


@pytest.mark.parametrize("line", ["{", "[]", '{"code": "x"}', "7"])
def test_a_broken_line_of_networks_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "networks.jsonl"
    file.write_text('{"code": "a", "built": true}\n{"code": "b", "built": false}\n')
    assert read_networks(file) == ["a"]
    file.write_text(file.read_text() + line + "\n")
    with pytest.raises(ValueError, match="line 3"):
        read_networks(file)
