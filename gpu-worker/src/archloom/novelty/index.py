"""Nearest neighbour by exact Jaccard similarity, over an inverted index of shingles.

Exact: every entry is compared, none is skipped by an estimate. A query over 8,000 programs takes a few
milliseconds. Adding is cheap, so a run keeps one index and adds its candidates as they are decided.
"""

from array import array
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from archloom.novelty.minhash import minhash_estimate
from archloom.novelty.shingles import Basis, Shingles, shingles

NOVELTY_THRESHOLD: Final = 0.85


@dataclass(frozen=True)
class Neighbour:
    """The most similar entry. `basis` says what was compared: `body`, or `file` if the body was too small."""

    key: str
    jaccard: float
    minhash_estimate: float
    basis: Basis


def is_novel(neighbour: Neighbour | None, threshold: float = NOVELTY_THRESHOLD) -> bool:
    """New means: nothing known, or the nearest entry's exact Jaccard similarity is below the threshold."""
    return neighbour is None or neighbour.jaccard < threshold


class NoveltyIndex:
    """Programs under unique keys, in the order in which they were added."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._taken: set[str] = set()
        self._entries: list[Shingles] = []
        self._postings: dict[int, array[int]] = {}
        self._sizes: dict[Basis, array[int]] = {"body": array("l"), "file": array("l")}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, key: str, code: str) -> None:
        """Raises ValueError if the key is taken: an entry never changes."""
        if key in self._taken:
            raise ValueError(f"{key} is already in the novelty index")
        entry = shingles(code)
        number = len(self._entries)
        self._keys.append(key)
        self._taken.add(key)
        self._entries.append(entry)
        for basis, sizes in self._sizes.items():
            sizes.append(entry.size(basis))
        for hash_ in entry.body.tolist():
            posting = self._postings.get(hash_)
            if posting is None:
                self._postings[hash_] = array("l", (number,))
            else:
                posting.append(number)

    def nearest(self, code: str) -> Neighbour | None:
        """The entry most similar to the program, the earliest added among equals; None if the index is empty.

        The program asked about decides the basis, for all entries alike.
        """
        if not self._entries:
            return None
        asked = shingles(code)
        basis = asked.basis
        shared = self._shared_body(asked)
        if basis == "file":
            shared += np.array([(asked.frame_mask & entry.frame_mask).bit_count() for entry in self._entries])
        union = np.frombuffer(self._sizes[basis], np.int_) + asked.size(basis) - shared
        # Two empty programs are equal: 0 / 0 counts as 1.
        jaccard = np.where(union == 0, 1.0, shared / np.maximum(union, 1))
        number = int(np.argmax(jaccard))
        entry = self._entries[number]
        return Neighbour(
            key=self._keys[number],
            jaccard=float(jaccard[number]),
            minhash_estimate=minhash_estimate(asked.on(basis), entry.on(basis)),
            basis=basis,
        )

    def _shared_body(self, asked: Shingles) -> npt.NDArray[np.int_]:
        found = [self._postings[hash_] for hash_ in asked.body.tolist() if hash_ in self._postings]
        if not found:
            return np.zeros(len(self._entries), np.int_)
        return np.bincount(np.concatenate(found), minlength=len(self._entries))
