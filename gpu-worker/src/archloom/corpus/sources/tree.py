"""Many files under one root, whether they lie in a folder or in an archive.

A reader first surveys: names and sizes of everything, and what was refused. Then it reads what it wants, as
often as it wants, each time in the same order and without anything being extracted.
"""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, Protocol

from archloom.corpus.entry import Rejected
from archloom.corpus.errors import SourceRefused
from archloom.corpus.sources.limits import MAX_INPUT_BYTES, MAX_MEMBERS
from archloom.corpus.sources.text import printable

_ARCHIVES: Final = (".zip", ".whl", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".zst", ".7z")
_LEFT_BEHIND: Final = frozenset({"__MACOSX", "__pycache__"})
_READ: Final = frozenset({".py", ".json", ".jsonl", ".ndjson"})


@dataclass
class Survey:
    paths: list[str] = field(default_factory=list[str])
    """Files that may be read, with `/` between folders."""
    refused: list[Rejected] = field(default_factory=list[Rejected])


class Tree(Protocol):
    @property
    def name(self) -> str: ...

    def survey(self) -> Survey:
        """Raises SourceRefused where reading would be unsafe."""
        ...

    def read(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, BinaryIO | str]]:
        """Wanted files in order, each with its bytes, or with the reason why they cannot be read.

        A stream is good until the next file is asked for. Reading it may raise OSError, and SourceRefused
        from an archive. Raises SourceRefused.
        """
        ...


def is_ignored(path: str) -> bool:
    """Hidden files and folders, and what macOS and Python leave behind."""
    parts = path.split("/")
    return any((part.startswith(".") and part != "..") or part in _LEFT_BEHIND for part in parts)


def name_problem(path: str) -> str | None:
    """Why a file of this name is refused; None if the name is fine."""
    parts = path.split("/")
    if not path:
        return "has no name"
    if path.startswith("/") or ":" in parts[0]:
        return "has an absolute name"
    if "\\" in path or "\0" in path or len(path) > 1000:
        return "has a name that is no path of this archive"
    if any(part == ".." for part in parts):
        return "would lie outside the archive (its name holds ..)"
    if path.lower().endswith(_ARCHIVES):
        return "is an archive inside the archive; these are not opened"
    return None


class Folder:
    """A folder of this machine. Links are followed to files inside it only; a pipe is never opened."""

    def __init__(self, root: Path, name: str) -> None:
        self._root = root
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def survey(self) -> Survey:
        return self._survey

    def read(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, BinaryIO | str]]:
        for path in filter(wanted, self._survey.paths):
            try:
                stream = (self._root / path).open("rb")
            except OSError as error:
                yield path, f"cannot be read: {error.strerror}"
                continue
            with stream:
                yield path, stream

    @cached_property
    def _survey(self) -> Survey:
        survey = Survey()
        root = self._root.resolve()
        total = 0
        for path in self._walk():
            name = path.as_posix()
            status = _status(self._root / path, root)
            if isinstance(status, str):
                survey.refused.append(Rejected(f"{self._name}: {printable(name)}", status))
                continue
            survey.paths.append(name)
            total += status if path.suffix in _READ else 0
            if total > MAX_INPUT_BYTES or len(survey.paths) > MAX_MEMBERS:
                raise SourceRefused(
                    f"The folder {self._name} holds more than {MAX_INPUT_BYTES // 2**30} GiB to read "
                    f"or more than {MAX_MEMBERS:,} files; give the folder of the networks alone."
                )
        return survey

    def _walk(self) -> Iterator[PurePosixPath]:
        """Files, and links to folders (which are not entered), in order of their names."""
        for folder, folders, files in os.walk(self._root, onerror=_refuse):
            base = Path(folder)
            folders.sort()
            links = [name for name in folders if (base / name).is_symlink()]
            for name in sorted([*files, *links]):
                path = PurePosixPath((base / name).relative_to(self._root).as_posix())
                if not is_ignored(path.as_posix()):
                    yield path


def _status(path: Path, real_root: Path) -> int | str:
    """Size of a file in bytes, or why it is not read."""
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(real_root):
            return "is a link that leads out of the folder"
        status = path.stat()
        if path.is_symlink() and stat.S_ISDIR(status.st_mode):
            return "is a link to a folder; these are not followed"
    except (OSError, RuntimeError) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or error}"
    return status.st_size if stat.S_ISREG(status.st_mode) else "is no ordinary file"


def _refuse(error: OSError) -> None:
    raise SourceRefused(f"{error.filename} cannot be read: {error.strerror}.") from error
