"""MinHash estimate of Jaccard similarity (Broder 1997), shown beside the exact figure as in the paper.

With 128 permutations the standard error is sqrt(J (1 - J) / 128): at most 4.4 points.
"""

from typing import Final

import numpy as np

from archloom.novelty.shingles import Hashes

PERMUTATIONS: Final = 128

# Fixed coefficients of x -> a x + b (mod 2^64), a odd, whose high bits order the shingles: one seed for all
# time.
_COEFFICIENTS = np.random.Generator(np.random.PCG64(2601)).integers(0, 2**64, (2, PERMUTATIONS, 1), np.uint64)
_FACTORS = _COEFFICIENTS[0] | np.uint64(1)
_OFFSETS = _COEFFICIENTS[1]


def minhash_estimate(left: Hashes, right: Hashes) -> float:
    """The share of permutations under which both sets have the same smallest element. Two empty sets: 1."""
    if len(left) == 0 or len(right) == 0:
        return float(len(left) == len(right))
    return np.count_nonzero(_signature(left) == _signature(right)) / PERMUTATIONS


def _signature(hashes: Hashes) -> Hashes:
    return (_FACTORS * hashes + _OFFSETS).min(axis=1)
