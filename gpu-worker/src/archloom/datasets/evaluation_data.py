"""What a recipe trains and measures on, with the labels that decide a score kept apart.

The split matters for safety, not only for statistics: `train_images`, `train_labels` and `test_images` are
sent into the jail, `held_out` never is. A program that reads all of its process's memory finds no label it is
scored on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class HeldOutSplit:
    """One test split: where its images lie in `test_images`, and their class indices in the same order."""

    positions: NDArray[np.int64]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class EvaluationData:
    """Images and labels of one recipe, as they come from the data set (not yet enlarged or normalised).

    `test_images` holds every held-out split in one order, in which an image's place says nothing about its
    split. Shapes: images (n, channels, height, width), labels (n,).
    """

    train_images: Array
    train_labels: NDArray[np.int64]
    test_images: Array
    held_out: Mapping[str, HeldOutSplit]
