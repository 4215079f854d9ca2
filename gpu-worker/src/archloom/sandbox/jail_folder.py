"""The folder of one jail, in the temporary folder, and the clearing away of those whose worker was killed."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from pathlib import Path
from typing import IO

_PREFIX = "archloom-jail-"
_LOCK = "lock"


class JailFolder:
    """A new folder, locked for as long as this process lives or until `remove`."""

    def __init__(self) -> None:
        remove_abandoned()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Under its name only once it is held: another process that sees it free takes the folder for
        # abandoned.
        being_made = self.path / "new-lock"
        self._lock = being_made.open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        being_made.rename(self.path / _LOCK)

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def remove_abandoned() -> None:
    """Remove the folders of jails whose worker is gone. A folder without a lock is one just being made."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            with (folder / _LOCK).open() as lock:
                if _is_free(lock):
                    shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


def _is_free(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
