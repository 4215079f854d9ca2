"""Fixed orders and halves. A hash order depends on no library's generator, so it is the same across versions
and languages."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from archloom.datasets.evaluation_data import HeldOutSplit


def hash_order(seed: str, rows: int) -> NDArray[np.int64]:
    """The permutation of so many rows: by SHA-256 of seed and row number."""

    def key(row: int) -> bytes:
        return hashlib.sha256(f"{seed}:{row}".encode("ascii")).digest()

    return np.array(sorted(range(rows), key=key), dtype=np.int64)


def split_in_halves(labels: NDArray[np.int64], seed: str) -> dict[str, HeldOutSplit]:
    """`selection` and `report`, of the same size or one image apart, over test images in any order."""
    order = hash_order(seed, len(labels))
    halves = {"selection": np.sort(order[0::2]), "report": np.sort(order[1::2])}
    return {name: HeldOutSplit(positions, labels[positions]) for name, positions in halves.items()}
