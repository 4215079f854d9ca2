"""A candidate's scratch folder: a fresh one each time, measured while in use, removed whatever was put into
it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_BLOCK_BYTES = 512


@dataclass(frozen=True)
class DiskUse:
    disk_bytes: int
    entries: int


def measure(folder: Path, entry_cap: int) -> DiskUse:
    """Bytes on disk and entries below the folder; stops counting above `entry_cap`.

    A folder that cannot be listed counts as over the cap: a candidate made it so.
    """
    size = entries = 0
    waiting = [str(folder)]
    while waiting and entries <= entry_cap:
        try:
            with os.scandir(waiting.pop()) as listing:
                for entry in listing:
                    entries += 1
                    status = entry.stat(follow_symlinks=False)
                    size += status.st_blocks * _BLOCK_BYTES
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue
        except OSError:
            entries = entry_cap + 1
    return DiskUse(size, entries)


def remove(folder: Path) -> None:
    """Remove the folder. Falls back to `rm`, which climbs trees of any depth; raises OSError if even that
    fails."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["chmod", "-R", "u+rwx", "--", str(folder)], check=False, capture_output=True)
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, capture_output=True)
        if folder.exists():
            raise OSError(f"the scratch folder {folder} cannot be removed") from None
