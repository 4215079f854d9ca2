"""Novelty beyond text: a network is known if its structural fingerprint is.

A fingerprint is of one graph at one input shape, so fingerprints are compared only under one shape key.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

NoveltyTests = Literal["text", "structure", "text_and_structure"]


class StructureIndex:
    """Fingerprints under the keys of their programs, in the order in which they were added."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def __len__(self) -> int:
        """Number of different structures."""
        return len(self._first)

    def add(self, key: str, fingerprint: str | None) -> None:
        """A program without a fingerprint is like no other; of equal ones the first is remembered."""
        if fingerprint is not None:
            self._first.setdefault(fingerprint, key)

    def find(self, fingerprint: str | None) -> str | None:
        """The key of the earliest program of that structure."""
        return None if fingerprint is None else self._first.get(fingerprint)


class Decision(NamedTuple):
    novel: bool
    refused_by: NoveltyTests | None
    """Which of the deciding tests refused it."""


def decide(
    jaccard: float | None, structural_match: bool | None, tests: NoveltyTests, threshold: float
) -> Decision:
    """Is a program novel, by the tests that decide?

    `jaccard` is the nearest neighbour's exact similarity, None where nothing was there to compare with.
    `structural_match` says whether an earlier program has its fingerprint, None where it has none itself: the
    text decides then, whatever the tests.
    """
    by_text = jaccard is not None and jaccard >= threshold
    by_structure = bool(structural_match) and tests != "text"
    if tests == "structure" and structural_match is not None:
        by_text = False
    if by_text and by_structure:
        return Decision(False, "text_and_structure")
    if by_text:
        return Decision(False, "text")
    return Decision(False, "structure") if by_structure else Decision(True, None)


def shape_key(in_shape: Sequence[int], classes: int) -> str:
    """The name of what a fingerprint was taken at, such as `1x16x16-10`: channels, height, width, classes."""
    return f"{'x'.join(map(str, in_shape))}-{classes}"
