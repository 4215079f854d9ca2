"""The original files of a data set: what was published, and which of it lies in the data folder.

The data folder is ARCHLOOM_DATA, by default `data` in ARCHLOOM_HOME. A file counts only if its checksum is
the published one. Of an extracted archive only sizes can be compared, since nobody published checksums of its
members. With ARCHLOOM_DATA_UNCHECKED=1 whatever has the right name and format is used, and the log says so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archloom.datasets.checksums import checksum_of
from archloom.datasets.errors import DatasetDamaged, DatasetMissing, DatasetUnavailable
from archloom.datasets.evaluation_data import EvaluationData


@dataclass(frozen=True)
class DataFile:
    name: str
    url: str
    bytes: int
    checksum: str
    """Algorithm and hexadecimal digest, as in `md5:0cc1...`."""


@dataclass(frozen=True)
class DataFolder:
    path: Path
    is_checked: bool = True
    """Whether files have to be the published ones."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> DataFolder:
        """A relative ARCHLOOM_DATA counts from where `npm` was called. Raises DatasetUnavailable."""
        is_checked = environment.get("ARCHLOOM_DATA_UNCHECKED") != "1"
        if own := environment.get("ARCHLOOM_DATA"):
            return cls(Path(environment.get("INIT_CWD", "."), own).absolute(), is_checked)
        if home := environment.get("ARCHLOOM_HOME"):
            return cls(Path(home, "data").absolute(), is_checked)
        raise DatasetUnavailable("set ARCHLOOM_DATA to the folder that data sets are kept in")


@dataclass(frozen=True)
class Found:
    """Files of a data set that may be read."""

    paths: tuple[Path, ...]
    is_extracted: bool
    """The members of the archive instead of the archive."""
    is_checked: bool


@dataclass(frozen=True)
class Dataset:
    """A data set as its authors publish it, and how to read it."""

    name: str
    title: str
    homepage: str
    files: tuple[DataFile, ...]
    read: Callable[[Dataset, Found], EvaluationData]
    """Raises DatasetDamaged."""
    extracted: Mapping[str, int]
    """Members of the archive that will do in its place: path within the data folder, and bytes."""

    def find(self, folder: DataFolder) -> Found:
        """Raises DatasetMissing, DatasetDamaged."""
        paths = tuple(folder.path / file.name for file in self.files)
        members = {folder.path / name: size for name, size in self.extracted.items()}
        if not any(path.exists() for path in paths) and any(path.exists() for path in members):
            for path, size in members.items():
                self._assert_member(path, size, folder.is_checked)
            return Found(tuple(members), is_extracted=True, is_checked=folder.is_checked)
        for path, file in zip(paths, self.files, strict=True):
            if not path.is_file():
                raise DatasetMissing(self._how_to_get(file, folder))
            if folder.is_checked:
                assert_original(path, file)
        return Found(paths, is_extracted=False, is_checked=folder.is_checked)

    def _assert_member(self, path: Path, size: int, is_checked: bool) -> None:
        if not path.is_file():
            raise DatasetMissing(f"{path} is missing: other files of the extracted {self.title} are there")
        found = path.stat().st_size
        if is_checked and found != size:
            raise DatasetDamaged(f"{path} has {found:,} bytes; that file of {self.title} has {size:,}")

    def _how_to_get(self, file: DataFile, folder: DataFolder) -> str:
        return (
            f"{file.name} of {self.title} is missing in {folder.path}: fetch it with "
            f"`npm run data -- fetch {self.name}`, or download it from {file.url} "
            "and put it there as it is (ARCHLOOM_DATA names another folder)"
        )


def assert_original(path: Path, file: DataFile) -> None:
    """Raises DatasetDamaged."""
    difference = find_difference(path, file)
    if difference is not None:
        raise DatasetDamaged(
            f"{path} is not the {file.name} that was published: {difference}; fetch it again, or set "
            "ARCHLOOM_DATA_UNCHECKED=1 to use it as it is"
        )


def find_difference(path: Path, file: DataFile) -> str | None:
    """How a file differs from the published one. Reads all of it once, and later only if it has changed."""
    algorithm, _, expected = file.checksum.partition(":")
    try:
        found, size = checksum_of(path, algorithm), path.stat().st_size
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if found == expected:
        return None
    return f"its {algorithm.upper()} is {found} and should be {expected} ({size:,} bytes of {file.bytes:,})"
