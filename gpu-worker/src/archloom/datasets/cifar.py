"""CIFAR-10 and CIFAR-100 from their binary versions: the archive, or the folder it extracts to. Nothing is
unpickled.

A record is one label byte (CIFAR-100: a coarse and a fine one; the fine one is the class) and 3,072 bytes of
32x32 pixels, red plane first. Learning Multiple Layers of Features from Tiny Images, A. Krizhevsky, 2009.

The archive is untrusted: nothing is extracted to disk, no more is decompressed than the format can hold, and
a member that leaves its folder, is no ordinary file or has another size than the format says is refused by
name.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from archloom.datasets.errors import DatasetDamaged
from archloom.datasets.evaluation_data import Array, EvaluationData
from archloom.datasets.originals import DataFile, Dataset, Found
from archloom.datasets.splits import split_in_halves

SHAPE = (3, 32, 32)
PIXELS = 3 * 32 * 32
# Room for what lies beside the images (names of classes, a readme, tar's own blocks).
_OTHER_BYTES = 1024 * 1024
_BLOCK_RECORDS = 1000


@dataclass(frozen=True)
class Format:
    folder: str
    train: tuple[str, ...]
    test: str
    records: Mapping[str, int]
    """Of each file."""
    label_bytes: int
    """The last of them is the class."""
    classes: int

    @property
    def record_bytes(self) -> int:
        return self.label_bytes + PIXELS

    def members(self) -> dict[str, int]:
        """Paths and bytes."""
        return {f"{self.folder}/{name}": count * self.record_bytes for name, count in self.records.items()}


_BATCHES = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
CIFAR10_FORMAT = Format(
    folder="cifar-10-batches-bin",
    train=_BATCHES,
    test="test_batch.bin",
    records=dict.fromkeys((*_BATCHES, "test_batch.bin"), 10_000),
    label_bytes=1,
    classes=10,
)
CIFAR100_FORMAT = Format(
    folder="cifar-100-binary",
    train=("train.bin",),
    test="test.bin",
    records={"train.bin": 50_000, "test.bin": 10_000},
    label_bytes=2,
    classes=100,
)


def read_cifar10(dataset: Dataset, found: Found) -> EvaluationData:
    return _read(dataset, found, CIFAR10_FORMAT)


def read_cifar100(dataset: Dataset, found: Found) -> EvaluationData:
    return _read(dataset, found, CIFAR100_FORMAT)


# Checksums as their authors publish them, on the homepage.
CIFAR10 = Dataset(
    name="cifar10",
    title="CIFAR-10",
    homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
    files=(
        DataFile(
            name="cifar-10-binary.tar.gz",
            url="https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
            bytes=170_052_171,
            checksum="md5:c32a1d4ab5d03f1284b67883e8d87530",
        ),
    ),
    read=read_cifar10,
    extracted=CIFAR10_FORMAT.members(),
)
CIFAR100 = Dataset(
    name="cifar100",
    title="CIFAR-100",
    homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
    files=(
        DataFile(
            name="cifar-100-binary.tar.gz",
            url="https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
            bytes=168_513_733,
            checksum="md5:03b5dce01913d631647c71ecec9e9cb8",
        ),
    ),
    read=read_cifar100,
    extracted=CIFAR100_FORMAT.members(),
)
DATASETS = (CIFAR10, CIFAR100)


@dataclass(frozen=True)
class _Images:
    """Of one file."""

    images: Array
    labels: NDArray[np.int64]


def _read(dataset: Dataset, found: Found, form: Format) -> EvaluationData:
    if found.is_extracted:
        source = _extracted_files(found.paths, form)
    else:
        source = _archive_files(found.paths[0], form)
    try:
        files = {name: _read_records(stream, size, form, where) for name, stream, size, where in source}
    # zlib and tarfile say in many ways that a file is not what it should be.
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError) as error:
        raise DatasetDamaged(f"{found.paths[0]} cannot be read as {dataset.title}: {error}") from error
    absent = [name for name in form.records if name not in files]
    if absent:
        raise DatasetDamaged(f"{found.paths[0]} has no {form.folder}/{absent[0]}")
    if found.is_checked:
        for name, count in form.records.items():
            if len(files[name].labels) != count:
                raise DatasetDamaged(f"{name} has {len(files[name].labels):,} images instead of {count:,}")
    train, test = [files[name] for name in form.train], files[form.test]
    return EvaluationData(
        train_images=_joined([part.images for part in train]),
        train_labels=_joined([part.labels for part in train]),
        test_images=test.images,
        held_out=split_in_halves(test.labels, f"archloom-{dataset.name}-1"),
    )


def _joined(parts: list[Array]) -> Array:
    """150 MB: not copied without need."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


_Source = Iterator[tuple[str, IO[bytes], int, str]]
"""Name of a file of the format, its content, its bytes, and what to call it in a message."""


def _extracted_files(paths: tuple[Path, ...], form: Format) -> _Source:
    for path in paths:
        size = path.stat().st_size
        _assert_size(path.name, size, form, str(path))
        with path.open("rb") as stream:
            yield path.name, stream, size, str(path)


def _archive_files(path: Path, form: Format) -> _Source:
    with gzip.open(path, "rb") as unpacked:
        capped = cast("IO[bytes]", _Capped(unpacked, path, sum(form.members().values()) + _OTHER_BYTES))
        with tarfile.open(fileobj=capped, mode="r|") as archive:
            for member in archive:
                where = f"{member.name!r} in {path}"
                name = PurePosixPath(member.name)
                if name.is_absolute() or ".." in name.parts:
                    raise DatasetDamaged(f"{where} leads out of the archive's own folder")
                if name.parent != PurePosixPath(form.folder) or name.name not in form.records:
                    continue
                content = archive.extractfile(member) if member.isfile() else None
                if content is None:
                    raise DatasetDamaged(f"{where} is not an ordinary file")
                _assert_size(name.name, member.size, form, where)
                yield name.name, content, member.size, where


def _assert_size(name: str, size: int, form: Format, where: str) -> None:
    most = form.records[name] * form.record_bytes
    if size > most:
        raise DatasetDamaged(f"{where} has {size:,} bytes; the format holds {most:,} at most")
    if size == 0 or size % form.record_bytes:
        raise DatasetDamaged(f"{where} has {size:,} bytes; a whole record has {form.record_bytes:,}")


class _Capped:
    """Reads from a decompressed stream, and not one byte more than an honest archive has."""

    def __init__(self, source: gzip.GzipFile, path: Path, most: int) -> None:
        self._source, self._path, self._most = source, path, most
        self._left = most

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise DatasetDamaged(f"{self._path} unpacks to more than the {self._most:,} bytes it may have")
        return data


def _read_records(stream: IO[bytes], size: int, form: Format, where: str) -> _Images:
    count = size // form.record_bytes
    images = np.empty((count, *SHAPE), dtype=np.uint8)
    labels = np.empty(count, dtype=np.int64)
    for start in range(0, count, _BLOCK_RECORDS):
        stop = min(start + _BLOCK_RECORDS, count)
        wanted = (stop - start) * form.record_bytes
        block = stream.read(wanted)
        if len(block) != wanted:
            raise DatasetDamaged(f"{where} ends in the middle of a record")
        records = np.frombuffer(block, dtype=np.uint8).reshape(-1, form.record_bytes)
        labels[start:stop] = records[:, form.label_bytes - 1]
        images[start:stop] = records[:, form.label_bytes :].reshape(-1, *SHAPE)
    wrong = np.flatnonzero(labels >= form.classes)
    if len(wrong):
        label = labels[wrong[0]]
        raise DatasetDamaged(f"record {wrong[0]:,} of {where} has class {label}, of {form.classes} classes")
    return _Images(images, labels)
