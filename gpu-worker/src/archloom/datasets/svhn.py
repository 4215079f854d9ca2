"""SVHN, the cropped digits, from its two original MATLAB 5 files. Reading Digits in Natural Images with
Unsupervised Feature Learning, Y. Netzer et al., 2011.

A file is untrusted unless its checksum is the published one: no more is decompressed than SVHN can hold.

`X` holds the pixels as (32, 32, 3, n) bytes, `y` the classes 1 to 10; 10 stands for the digit 0. The "extra"
images are not used. Its authors publish no checksums; these are the ones that torchvision carries.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from archloom.datasets.errors import DatasetDamaged
from archloom.datasets.evaluation_data import Array, EvaluationData
from archloom.datasets.originals import DataFile, Dataset, Found
from archloom.datasets.splits import split_in_halves

CLASSES = 10
PIXELS = 3 * 32 * 32
# Room for headers.
_OTHER_BYTES = 1024 * 1024
_BLOCK_BYTES = 1024 * 1024
_COMPRESSED = 15
_RECORDS = (73_257, 26_032)
"""Training and test images."""


def read_svhn(dataset: Dataset, found: Found) -> EvaluationData:
    train, test = (
        _read_mat(path, most, found.is_checked) for path, most in zip(found.paths, _RECORDS, strict=True)
    )
    return EvaluationData(
        train_images=train[0],
        train_labels=train[1],
        test_images=test[0],
        held_out=split_in_halves(test[1], f"archloom-{dataset.name}-1"),
    )


SVHN = Dataset(
    name="svhn",
    title="SVHN",
    homepage="http://ufldl.stanford.edu/housenumbers/",
    files=(
        DataFile(
            name="train_32x32.mat",
            url="http://ufldl.stanford.edu/housenumbers/train_32x32.mat",
            bytes=182_040_794,
            checksum="sha256:435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8",
        ),
        DataFile(
            name="test_32x32.mat",
            url="http://ufldl.stanford.edu/housenumbers/test_32x32.mat",
            bytes=64_275_384,
            checksum="sha256:cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b",
        ),
    ),
    read=read_svhn,
    extracted={},
)
DATASETS = (SVHN,)


def _read_mat(path: Path, records: int, is_checked: bool) -> tuple[Array, NDArray[np.int64]]:
    """Images (n, 3, 32, 32) and their digits. Raises DatasetDamaged."""
    # Imported here because it takes a third of a second and most recipes do without.
    import scipy.io  # pyright: ignore[reportMissingTypeStubs] - it has none

    matlab: Any = scipy.io
    try:
        if not is_checked:
            _assert_no_bomb(path, records * (PIXELS + 1) + _OTHER_BYTES)
        # Headers first: a small file can claim to hold any number of images.
        shapes = {name: shape for name, shape, _ in cast("list[tuple[str, Any, str]]", matlab.whosmat(path))}
        count = _assert_shapes(path, shapes, records, is_checked)
        content = cast("dict[str, Any]", matlab.loadmat(path, variable_names=["X", "y"]))
    except DatasetDamaged:
        raise
    # scipy says in a dozen ways that a file is no MATLAB 5 file, struct.error and KeyError among them.
    except Exception as error:
        raise DatasetDamaged(f"{path} cannot be read as a MATLAB 5 file: {error}") from error
    images, labels = content["X"], content["y"]
    if images.dtype != np.uint8 or labels.dtype.kind not in "iu":
        raise DatasetDamaged(f"{path} holds {images.dtype} pixels and {labels.dtype} classes, not bytes")
    digits = labels.astype(np.int64).reshape(count)
    wrong = np.flatnonzero((digits < 1) | (digits > CLASSES))
    if len(wrong):
        raise DatasetDamaged(f"image {wrong[0]:,} of {path} has class {digits[wrong[0]]}, not one of 1 to 10")
    return np.ascontiguousarray(images.transpose(3, 2, 0, 1)), digits % CLASSES


def _assert_no_bomb(path: Path, most: int) -> None:
    """Decompress the file's elements without keeping anything. Raises DatasetDamaged.

    MATLAB 5: a header of 128 bytes that ends in the byte order, then elements of a type, a length and so many
    bytes; those of type 15 are zlib streams.
    """
    unpacked = 0
    with path.open("rb") as file:
        order = ">" if file.read(128)[-2:] == b"MI" else "<"
        while len(tag := file.read(8)) == 8:
            kind, left = struct.unpack(f"{order}II", tag)
            stream = zlib.decompressobj()
            while left and (block := file.read(min(left, _BLOCK_BYTES))):
                left -= len(block)
                while block:
                    unpacked += len(stream.decompress(block, _BLOCK_BYTES) if kind == _COMPRESSED else block)
                    block = stream.unconsumed_tail
                    if unpacked > most:
                        raise DatasetDamaged(f"{path} unpacks to more than the {most:,} bytes it may have")


def _assert_shapes(path: Path, shapes: dict[str, Any], records: int, is_checked: bool) -> int:
    """The number of images."""
    pixels, classes = tuple(shapes.get("X", ())), tuple(shapes.get("y", ()))
    count = int(pixels[3]) if len(pixels) == 4 else 0
    if pixels[:3] != (32, 32, 3) or classes != (count, 1) or count == 0:
        raise DatasetDamaged(
            f"{path} holds X of shape {pixels} and y of shape {classes}, not (32, 32, 3, n) and (n, 1)"
        )
    if count > records or (is_checked and count != records):
        raise DatasetDamaged(f"{path} holds {count:,} images instead of {records:,}")
    return count
