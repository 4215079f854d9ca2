"""Archives as trees: read as streams, nothing is written to disk.

A member that would leave the archive, a link, a device or an archive inside is refused by name and the others
are kept. A member, or a whole, that expands beyond all reason ends the reading: SourceRefused.
"""

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final

from archloom.corpus.entry import Rejected
from archloom.corpus.errors import SourceRefused
from archloom.corpus.sources.limits import BOMB_FLOOR_BYTES, MAX_EXPANDED_BYTES, MAX_EXPANSION, MAX_MEMBERS
from archloom.corpus.sources.text import printable
from archloom.corpus.sources.tree import Survey, is_ignored, name_problem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_ZIP_DAMAGE: Final = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError)
_DAMAGE: Final = (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile)


class ZipArchive:
    """Sizes are those of its directory: the reader hands out no byte more than it says there."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def survey(self) -> Survey:
        return self._survey

    def read(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, BinaryIO | str]]:
        unread = set(filter(wanted, self._survey.paths))
        with self._open() as archive:
            for member in archive.infolist():
                path = _plain(member.filename)
                if path not in unread:
                    continue
                unread.discard(path)
                try:
                    stream = archive.open(member)
                except (*_ZIP_DAMAGE, RuntimeError, ValueError, struct.error) as error:
                    yield path, f"cannot be read: {error}"
                    continue
                with stream:
                    # Damage of one member says nothing about the others.
                    yield path, io.BufferedReader(_Member(stream, lambda problem: OSError(problem)))

    @cached_property
    def _survey(self) -> Survey:
        survey, total = Survey(), 0
        with self._open() as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise SourceRefused(f"{self._name} holds more than {MAX_MEMBERS:,} members.")
            for member in members:
                total += member.file_size
                where = f"{self._name}: {printable(member.filename)}"
                _assert_no_bomb(where, member.file_size, member.compress_size, total)
                if not member.filename.endswith("/"):
                    _sort_in(survey, self._name, _plain(member.filename), _zip_problem(member))
        return _without_repetition(survey, self._name)

    def _open(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self._path)
        except (*_ZIP_DAMAGE, ValueError, struct.error) as error:
            raise SourceRefused(f"{self._name} is a damaged zip archive: {error}.") from error


class TarArchive:
    """A tar archive, packed with gzip or not. Each pass reads it from the beginning."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def survey(self) -> Survey:
        return self._survey

    def read(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, BinaryIO | str]]:
        unread = set(filter(wanted, self._survey.paths))
        for archive, member in self._members():
            path = _plain(member.name)
            if path not in unread or not member.isreg():
                continue
            unread.discard(path)
            stream = archive.extractfile(member)
            if stream is not None:
                yield path, io.BufferedReader(_Member(stream, self._refused))

    @cached_property
    def _survey(self) -> Survey:
        survey = Survey()
        for _, member in self._members():
            if not member.isdir():
                _sort_in(survey, self._name, _plain(member.name), _tar_problem(member))
        return _without_repetition(survey, self._name)

    def _members(self) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
        try:
            with (
                self._path.open("rb") as file,
                _Unpacked(file, self._name) as stream,
                tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape") as archive,
            ):
                for count, member in enumerate(archive):
                    if count > MAX_MEMBERS:
                        raise SourceRefused(f"{self._name} holds more than {MAX_MEMBERS:,} members.")
                    yield archive, member
                # tarfile takes an archive that was cut off for one that ends there.
                if not stream.ends_in_zeros:
                    raise self._refused("it ends before its end mark")
        except _DAMAGE as error:
            raise self._refused(str(error)) from error

    def _refused(self, problem: str) -> SourceRefused:
        return SourceRefused(f"{self._name} is no tar archive, or a damaged one: {problem}.")


class _Unpacked(io.RawIOBase):
    """The bytes of a tar archive for tarfile, counted while gzip unpacks them."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._packed = file
        self._name = name
        self._total = 0
        self._tail = b""
        is_packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        self._stream = gzip.GzipFile(fileobj=file) if is_packed else file

    @property
    def ends_in_zeros(self) -> bool:
        return self._tail == bytes(tarfile.BLOCKSIZE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        data = self._stream.read(memoryview(buffer).nbytes)
        self._total += len(data)
        self._tail = (self._tail + data)[-tarfile.BLOCKSIZE :]
        _assert_no_bomb(self._name, self._total, max(1, self._packed.tell()), self._total)
        return _fill(buffer, data)


class _Member(io.RawIOBase):
    """A member's bytes, with one kind of error whatever is wrong with the archive."""

    def __init__(self, stream: IO[bytes], to_error: Callable[[str], Exception]) -> None:
        self._stream = stream
        self._to_error = to_error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        try:
            return _fill(buffer, self._stream.read(memoryview(buffer).nbytes))
        except _DAMAGE as error:
            raise self._to_error(str(error)) from error


def _fill(buffer: "WriteableBuffer", data: bytes) -> int:
    memoryview(buffer).cast("B")[: len(data)] = data
    return len(data)


def _assert_no_bomb(what: str, size: int, packed: int, total: int) -> None:
    """`total` is what the archive unpacks to up to and including this. All sizes in bytes."""
    if size > BOMB_FLOOR_BYTES and size > MAX_EXPANSION * packed:
        raise SourceRefused(f"{what} unpacks to more than {MAX_EXPANSION} times its size: an archive bomb.")
    if total > MAX_EXPANDED_BYTES:
        raise SourceRefused(f"{what}: the archive unpacks to more than {MAX_EXPANDED_BYTES // 2**30} GiB.")


def _zip_problem(member: zipfile.ZipInfo) -> str | None:
    # Unix rights lie in the upper half; its kind of file says link.
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link; links in archives are not followed"
    if member.flag_bits & 1:
        return "is encrypted"
    return name_problem(member.orig_filename if "\0" in member.orig_filename else member.filename)


def _tar_problem(member: tarfile.TarInfo) -> str | None:
    if member.issym() or member.islnk():
        return "is a link; links in archives are not followed"
    if not member.isreg() or member.issparse():
        return "is no ordinary file"
    return name_problem(member.name)


def _sort_in(survey: Survey, archive: str, path: str, problem: str | None) -> None:
    if is_ignored(path):
        return
    if problem is None:
        survey.paths.append(path)
    else:
        survey.refused.append(Rejected(f"{archive}: {printable(path)}", problem))


def _without_repetition(survey: Survey, archive: str) -> Survey:
    seen = set[str]()
    for path in survey.paths:
        if path in seen:
            survey.refused.append(
                Rejected(f"{archive}: {printable(path)}", "appears twice; the first is read")
            )
        seen.add(path)
    return survey


def _plain(path: str) -> str:
    """Without the `./` that tar puts in front."""
    return "/".join(part for part in path.split("/") if part != ".")
