"""Which networks are trained on, validated on and tested on: 80, 10 and 10 per cent, whole families at a
time.
"""

from collections.abc import Mapping
from typing import Final, Literal

from archloom.corpus.draw import Draw

Split = Literal["train", "validation", "test"]

SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")
_HELD_OUT: Final[tuple[Split, ...]] = ("validation", "test")
HELD_OUT_SHARE: Final = 0.1
"""Of validation, and of test (nn-dup: SPLIT_RATIOS 0.8, 0.1, 0.1)."""


def assign_splits(sizes: Mapping[int, int], seed: int) -> dict[int, Split]:
    """Split of each family, given its number of networks; a pure function of both arguments.

    Families are taken in random order. Each goes into validation while it fits there, else into test, else
    into train: neither held-out split is ever larger than a tenth, and a family larger than that is trained
    on.
    """
    held_out = round(sum(sizes.values()) * HELD_OUT_SHARE)
    room = dict.fromkeys(_HELD_OUT, held_out)
    splits: dict[int, Split] = {}
    for family in Draw(seed).shuffled(sorted(sizes)):
        splits[family] = "train"
        for split in _HELD_OUT:
            if sizes[family] <= room[split]:
                splits[family] = split
                room[split] -= sizes[family]
                break
    return splits
