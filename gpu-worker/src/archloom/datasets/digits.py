"""scikit-learn's 1,797 handwritten digits (8x8, 17 grey levels), in one fixed order.

Read from the file inside the installed scikit-learn without importing the package (importing costs a second
and 80 MB). Source: UCI "Optical Recognition of Handwritten Digits", the test part of it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archloom.datasets.errors import DatasetUnavailable
from archloom.datasets.evaluation_data import EvaluationData, HeldOutSplit
from archloom.datasets.splits import hash_order

IMAGES = 1797
TRAIN = 1297
PERMUTATION_SEED = "archloom-digits-1"
CSV_SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"


@lru_cache(maxsize=1)
def load_digits() -> EvaluationData:
    """1,297 training images and 500 held-out ones, half `selection` and half `report`.

    Images are uint8 of shape (n, 1, 8, 8) with values 0-16. Raises DatasetUnavailable if scikit-learn's file
    is missing or is not the file the split was made for.
    """
    table = np.loadtxt(io.StringIO(_read_csv().decode("ascii")), delimiter=",", dtype=np.int64)[fixed_order()]
    images = table[:, :64].astype(np.uint8).reshape(-1, 1, 8, 8)
    labels = table[:, 64]
    test_positions = np.arange(IMAGES - TRAIN)
    splits = {"selection": test_positions[0::2], "report": test_positions[1::2]}
    return EvaluationData(
        train_images=images[:TRAIN],
        train_labels=labels[:TRAIN],
        test_images=images[TRAIN:],
        held_out={
            name: HeldOutSplit(positions, labels[TRAIN:][positions]) for name, positions in splits.items()
        },
    )


def fixed_order() -> NDArray[np.int64]:
    """The permutation of the 1,797 rows."""
    return hash_order(PERMUTATION_SEED, IMAGES)


def _read_csv() -> bytes:
    path = digits_file()
    try:
        content = gzip.decompress(path.read_bytes())
    except OSError as error:
        raise DatasetUnavailable(f"the digits data set could not be read from {path}: {error}") from error
    if hashlib.sha256(content).hexdigest() != CSV_SHA256:
        raise DatasetUnavailable(f"{path} is not the digits file that the recipe's splits were made for")
    return content


def digits_file() -> Path:
    """Where the installed scikit-learn keeps the data. Raises DatasetUnavailable without scikit-learn."""
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise DatasetUnavailable("scikit-learn, which the digits data set comes with, is not installed")
    return Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
