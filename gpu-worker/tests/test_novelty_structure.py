"""Which tests decide, what an index of structures finds, and that the shipped fingerprints are real."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from jail_fixtures import GOOD, LEMUR

from archloom.corpus.grammar import corpus_sha256, generate_corpus
from archloom.novelty.fingerprint_programs import FingerprintingStopped, fingerprint_programs
from archloom.novelty.starter_fingerprints import Origin, load_fingerprints, save_fingerprints
from archloom.novelty.structure import Decision, NoveltyTests, StructureIndex, decide, shape_key
from archloom.recipes import get_recipe
from archloom.sandbox import SlotClosed
from archloom.sandbox.slot import JailedSlot

ONE, OTHER = "1" * 32, "2" * 32


def test_the_earliest_program_of_a_structure_is_found() -> None:
    index = StructureIndex()
    for key, fingerprint in [("a", ONE), ("b", None), ("c", OTHER), ("d", ONE)]:
        index.add(key, fingerprint)
    assert (index.find(ONE), index.find(OTHER), index.find("3" * 32), index.find(None)) == (
        "a",
        "c",
        None,
        None,
    )
    assert len(index) == 2


@pytest.mark.parametrize(
    ("jaccard", "match", "tests", "expected"),
    [
        (None, False, "text_and_structure", Decision(True, None)),
        (0.849, True, "text", Decision(True, None)),
        (0.85, False, "text", Decision(False, "text")),
        (0.99, False, "structure", Decision(True, None)),
        (0.2, True, "structure", Decision(False, "structure")),
        (0.2, True, "text_and_structure", Decision(False, "structure")),
        (0.9, False, "text_and_structure", Decision(False, "text")),
        (0.9, True, "text_and_structure", Decision(False, "text_and_structure")),
        # Without a fingerprint the text decides, whatever the tests.
        (0.9, None, "structure", Decision(False, "text")),
        (0.2, None, "structure", Decision(True, None)),
        (0.9, None, "text_and_structure", Decision(False, "text")),
        (None, None, "structure", Decision(True, None)),
    ],
)
def test_a_program_is_novel_unless_a_deciding_test_refuses_it(
    jaccard: float | None, match: bool | None, tests: NoveltyTests, expected: Decision
) -> None:
    assert decide(jaccard, match, tests, 0.85) == expected


def test_a_shape_key_names_images_and_classes() -> None:
    assert shape_key((1, 16, 16), 10) == "1x16x16-10"
    assert shape_key((3, 32, 32), 100) == "3x32x32-100"


def test_many_programs_are_fingerprinted_in_their_order(slot: JailedSlot) -> None:
    progress: list[int] = []
    found = fingerprint_programs([slot], [GOOD, "no program", LEMUR, GOOD], progress.append)
    assert found[1] is None
    assert None not in (found[0], found[2])
    assert found[0] == found[3] != found[2]
    assert progress[-1] == 4


def test_fingerprinting_stops_when_asked(slot: JailedSlot) -> None:
    with pytest.raises(FingerprintingStopped):
        fingerprint_programs([slot], ["while True: pass"] * 50, should_stop=lambda: True)


def test_a_failing_sandbox_is_no_missing_fingerprint() -> None:
    class Closed:
        def evaluate(self, *_: object, **__: object) -> None:
            raise SlotClosed("the slot has been closed")

        def close(self) -> None: ...

    with pytest.raises(SlotClosed):
        fingerprint_programs([Closed()], [GOOD])  # pyright: ignore[reportArgumentType] - it only fails


def test_the_shipped_fingerprints_are_those_of_the_starter_corpus(slot: JailedSlot) -> None:
    recipe, programs = get_recipe("digits"), generate_corpus()
    key = shape_key(recipe.in_shape, recipe.classes)
    shipped = load_fingerprints(key, corpus_sha256(programs), len(programs))
    assert shipped is not None, "run python -m archloom.novelty.fingerprint_corpus"
    places = random.Random(4).sample(range(len(programs)), 40)
    assert fingerprint_programs([slot], [programs[place] for place in places]) == [
        shipped[place] for place in places
    ]
    assert len(set(shipped)) == len(programs)


def test_fingerprints_of_anything_else_are_not_used(tmp_path: Path) -> None:
    file = tmp_path / "some.fingerprints"
    origin = Origin.here("1x16x16-10", "abc")
    save_fingerprints(origin, [ONE, None, OTHER], file)
    assert load_fingerprints("1x16x16-10", "abc", 3, file) == [ONE, None, OTHER]
    assert load_fingerprints("3x32x32-10", "abc", 3, file) is None
    assert load_fingerprints("1x16x16-10", "abd", 3, file) is None
    assert load_fingerprints("1x16x16-10", "abc", 4, file) is None
    assert load_fingerprints("1x16x16-10", "abc", 3, tmp_path / "missing") is None
    for changed in (
        replace(origin, fingerprint_version=origin.fingerprint_version + 1),
        replace(origin, torch_version="2.12.0"),
    ):
        save_fingerprints(changed, [ONE, None, OTHER], file)
        assert load_fingerprints("1x16x16-10", "abc", 3, file) is None
    for broken in (b"", b"\n", b"[]\n" + bytes(48), file.read_bytes()[:-1], b"\xff\xfe"):
        file.write_bytes(broken)
        assert load_fingerprints("1x16x16-10", "abc", 3, file) is None
