"""Download published files: resumed where they broke off, checked, and only then under their names.

Guarantees: a file appears under its name complete and with the published checksum, or not at all; one process
at a time downloads a file; stopping and failing keep what has arrived, in `<name>.part`, unless it is wrong.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import http.client
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from archloom.datasets.errors import DatasetDamaged, DatasetMissing, DatasetUnavailable, FetchStopped
from archloom.datasets.originals import DataFile, DataFolder, Dataset, find_difference

OnProgress = Callable[[int], object]
ShouldStop = Callable[[], bool]

CHUNK_BYTES: Final = 256 * 1024
TIMEOUT_SECONDS: Final = 10.0
"""Without a single byte. A person who stops a download waits this long at most."""
TRIES: Final = 5
"""Connections in a row that brought nothing."""
RETRY_SECONDS: Final = 1.0
LOCK_POLL_SECONDS: Final = 0.2

_LASTING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG})


class _BrokeOff(Exception):
    """The connection ended too early; going on may help."""


def fetch_files(
    dataset: Dataset, folder: DataFolder, on_progress: Callable[[int, int], object], should_stop: ShouldStop
) -> int:
    """What of the data set is missing or damaged; see `archloom.datasets.fetch_dataset`."""
    total = sum(file.bytes for file in dataset.files)
    try:
        dataset.find(folder)
    except (DatasetMissing, DatasetDamaged):
        done = 0
        for file in dataset.files:

            def report(of_this_file: int, before: int = done) -> None:
                on_progress(before + of_this_file, total)

            fetch_file(file, folder.path, report, should_stop)
            done += file.bytes
        dataset.find(folder)
    on_progress(total, total)
    return total


def fetch_file(file: DataFile, folder: Path, on_progress: OnProgress, should_stop: ShouldStop) -> Path:
    """The file's path, downloaded unless it is there already. `on_progress` is told how many bytes are done.

    A file of that name with another checksum is replaced once the right one has arrived. Raises
    DatasetUnavailable and FetchStopped.
    """
    path, part = folder / file.name, folder / f"{file.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_one(folder / f".{file.name}.lock", should_stop):
            if not path.is_file() or find_difference(path, file) is not None:
                _assert_room(folder, file.bytes - _size(part))
                _complete(part, file, on_progress, should_stop)
                _assert_arrived(part, file)
                part.replace(path)
    except OSError as error:
        raise DatasetUnavailable(f"{file.name} cannot be written to {folder}: {error.strerror}") from error
    on_progress(file.bytes)
    return path


def _assert_arrived(part: Path, file: DataFile) -> None:
    difference = find_difference(part, file)
    if difference is not None:
        part.unlink()
        raise DatasetUnavailable(
            f"{file.url} sent another file than was published, now deleted: {difference}"
        )


def _assert_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DatasetUnavailable(
            f"{folder} has {free:,} bytes free and {needed:,} are needed: make room, or set ARCHLOOM_DATA to "
            "another folder"
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _complete(part: Path, file: DataFile, on_progress: OnProgress, should_stop: ShouldStop) -> None:
    """Until the part has all bytes, in as many connections as that takes."""
    failures = 0
    while (before := _size(part)) != file.bytes:
        if before > file.bytes:
            part.unlink()
            continue
        try:
            _download(part, file, on_progress, should_stop)
        except (_BrokeOff, OSError, http.client.HTTPException) as error:
            failures = 1 if _size(part) > before else failures + 1
            if failures == TRIES or not _is_passing(error):
                raise DatasetUnavailable(
                    f"{file.url} cannot be downloaded: {_in_words(error)}; {_size(part):,} of {file.bytes:,} "
                    f"bytes have arrived and are kept in {part}"
                ) from error
            _wait(RETRY_SECONDS, should_stop)


def _in_words(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return str(getattr(reason, "strerror", None) or reason)


def _is_passing(error: Exception) -> bool:
    """Whether trying again makes sense. A server's refusal and a full disk stay, other troubles may pass."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code >= 500 or error.code in (408, 416, 429)
    return not (isinstance(error, OSError) and error.errno in _LASTING)


def _download(part: Path, file: DataFile, on_progress: OnProgress, should_stop: ShouldStop) -> None:
    """One connection. Raises _BrokeOff, OSError (an HTTPError is one), HTTPException, FetchStopped."""
    have = _size(part)
    request = urllib.request.Request(file.url, headers={"User-Agent": "archloom"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == 416:
            part.unlink()
        raise
    with response, part.open("ab") as target:
        # Status 200: the server sends all of it, whatever was asked for.
        if not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            target.truncate(have := 0)
        while chunk := response.read1(CHUNK_BYTES):
            have += len(chunk)
            if have > file.bytes:
                part.unlink()
                raise DatasetUnavailable(
                    f"{file.url} sends more than the {file.bytes:,} bytes of {file.name}"
                )
            target.write(chunk)
            on_progress(have)
            if should_stop():
                raise FetchStopped(f"{file.name}: stopped after {have:,} of {file.bytes:,} bytes")
    if have < file.bytes:
        raise _BrokeOff("the connection broke off")


def _wait(seconds: float, should_stop: ShouldStop) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if should_stop():
            raise FetchStopped("stopped while waiting to try again")
        time.sleep(LOCK_POLL_SECONDS)


@contextmanager
def _only_one(lock: Path, should_stop: ShouldStop) -> Generator[None, None, None]:
    """Hold the file's lock, waiting for whoever has it. The kernel frees it with its process."""
    with lock.open("a") as held:
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if should_stop():
                raise FetchStopped("stopped while another process was downloading the same file")
            time.sleep(LOCK_POLL_SECONDS)
        yield
