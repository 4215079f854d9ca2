"""Small data sets in the original file formats, for ARCHLOOM_DATA with ARCHLOOM_DATA_UNCHECKED=1.

Each class has a colour of its own under noise, so that a network that learns at all gets far above chance,
also from shifted and mirrored images.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import savemat

from archloom.datasets.cifar import CIFAR10_FORMAT, CIFAR100_FORMAT, Format

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Drawn:
    """Images (n, 3, 32, 32) and their classes."""

    images: Bytes
    labels: Bytes


def draw(count: int, classes: int, seed: int) -> Drawn:
    # A grid of colours as far from each other as so many can be.
    levels = 3 if classes <= 27 else 5
    grid = np.stack(np.unravel_index(np.arange(classes), (levels, levels, levels)), axis=1)
    colours = (grid * 255 // (levels - 1))[:, :, None, None]
    random = np.random.default_rng(seed)
    labels = random.permutation(np.arange(count) % classes).astype(np.uint8)
    noise = random.integers(0, 256, (count, 3, 32, 32))
    return Drawn(((3 * colours[labels] + noise) // 4).astype(np.uint8), labels)


def records(drawn: Drawn, form: Format) -> bytes:
    """CIFAR's record layout; the coarse label of CIFAR-100 is made up from the fine one."""
    fine = drawn.labels[:, None]
    labels = [fine] if form.label_bytes == 1 else [fine // 5, fine]
    return np.concatenate([*labels, drawn.images.reshape(len(fine), -1)], axis=1).tobytes()


def write_cifar10(folder: Path, each: int = 40, test: int = 100) -> tuple[list[Drawn], Drawn]:
    """The archive with `each` images in each of five training batches; returns what was written."""
    batches = [draw(each, 10, seed) for seed in range(5)]
    drawn = draw(test, 10, 9)
    files = {
        f"{CIFAR10_FORMAT.folder}/{name}": records(part, CIFAR10_FORMAT)
        for name, part in zip(CIFAR10_FORMAT.train, batches, strict=True)
    }
    files |= {
        f"{CIFAR10_FORMAT.folder}/batches.meta.txt": b"airplane\n",
        f"{CIFAR10_FORMAT.folder}/{CIFAR10_FORMAT.test}": records(drawn, CIFAR10_FORMAT),
    }
    write_archive(folder / "cifar-10-binary.tar.gz", files.items())
    return batches, drawn


def write_cifar100(folder: Path, train: int = 200, test: int = 200) -> tuple[Drawn, Drawn]:
    parts = draw(train, 100, 1), draw(test, 100, 2)
    names = (*CIFAR100_FORMAT.train, CIFAR100_FORMAT.test)
    files = [
        (f"{CIFAR100_FORMAT.folder}/{name}", records(part, CIFAR100_FORMAT))
        for name, part in zip(names, parts, strict=True)
    ]
    write_archive(folder / "cifar-100-binary.tar.gz", files)
    return parts


def write_svhn(folder: Path, train: int = 200, test: int = 100) -> tuple[Drawn, Drawn]:
    parts = draw(train, 10, 3), draw(test, 10, 4)
    for name, part in zip(("train_32x32.mat", "test_32x32.mat"), parts, strict=True):
        labels = np.where(part.labels == 0, 10, part.labels)[:, None]
        content = {"X": part.images.transpose(2, 3, 1, 0), "y": labels}
        savemat(folder / name, content, do_compression=True)
    return parts


def write_archive(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
