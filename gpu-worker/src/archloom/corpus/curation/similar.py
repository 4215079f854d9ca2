"""All earlier programs at least as similar as a threshold, by exact Jaccard similarity of shingles.

Comparing every program with every other is too slow for ten thousand. Two sets with Jaccard similarity t or
more share at least t |x| elements, so if the elements of all sets are put in one order, rarest first, the two
must share one among the first |x| - ceil(t |x|) + 1 of each (prefix filtering; Bayardo, Ma and Srikant 2007,
"Scaling up all pairs similarity search"). Only those are indexed and looked up; every program found by one is
compared exactly, so nothing is missed and nothing is estimated.
"""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from archloom.corpus.curation.profile import Hashes


@dataclass(frozen=True)
class Match:
    number: int
    jaccard: float


class SimilarPrograms:
    """Programs by their place in `shingles`. One without shingles is similar to nothing."""

    def __init__(self, shingles: Sequence[Hashes], threshold: float) -> None:
        self._threshold = threshold
        self._sets = _by_rarity(shingles)
        self._postings: dict[int, array[int]] = {}
        self._marked = np.zeros(
            1 + max((int(ranks[-1]) for ranks in self._sets if len(ranks)), default=-1), bool
        )

    def add(self, number: int) -> None:
        for rank in self._prefix(number):
            posting = self._postings.get(rank)
            if posting is None:
                self._postings[rank] = array("l", (number,))
            else:
                posting.append(number)

    def matches(self, number: int) -> list[Match]:
        """Of the programs added so far, in the order of their numbers."""
        own = self._sets[number]
        found = {other for rank in self._prefix(number) for other in self._postings.get(rank, ())}
        shortest, longest = self._threshold * len(own), len(own) / self._threshold
        self._marked[own] = True
        matches: list[Match] = []
        for other in sorted(found):
            theirs = self._sets[other]
            if shortest <= len(theirs) <= longest:
                shared = int(np.count_nonzero(self._marked[theirs]))
                jaccard = shared / (len(own) + len(theirs) - shared)
                if jaccard >= self._threshold:
                    matches.append(Match(other, jaccard))
        self._marked[own] = False
        return matches

    def _prefix(self, number: int) -> list[int]:
        ranks = self._sets[number]
        # Rounding must never make the prefix shorter than the theorem allows.
        needed = math.ceil(self._threshold * len(ranks) - 1e-9)
        return ranks[: len(ranks) - needed + 1].tolist()


def _by_rarity(shingles: Sequence[Hashes]) -> list[npt.NDArray[np.int64]]:
    """Each set as ascending ranks of its elements, the rarest element of all having rank 0."""
    if not any(len(hashes) for hashes in shingles):
        return [np.zeros(0, np.int64) for _ in shingles]
    _, places, counts = np.unique(np.concatenate(shingles), return_inverse=True, return_counts=True)
    ranks = np.empty(len(counts), np.int64)
    ranks[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    ends = np.cumsum([len(hashes) for hashes in shingles])[:-1]
    return [np.sort(part) for part in np.split(ranks[places], ends)]
