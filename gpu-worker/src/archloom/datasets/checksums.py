"""Checksums of large files, computed once: they are remembered by inode, size and time of change.

Remembered in ARCHLOOM_HOME, where that is set, so that asking which data sets are there does not read all of
them at each start. Losing that file costs only time.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from pathlib import Path
from typing import Any, cast

_lock = threading.Lock()
_remembered: dict[str, str] = {}


def checksum_of(path: Path, algorithm: str) -> str:
    """Hexadecimal digest of the file's content. Raises OSError."""
    status = path.stat()
    key = f"{algorithm}:{status.st_dev}:{status.st_ino}:{status.st_size}:{status.st_mtime_ns}"
    with _lock:
        if key not in _remembered:
            _remembered.update(_read_memory())
        if key not in _remembered:
            with path.open("rb") as file:
                _remembered[key] = hashlib.file_digest(file, algorithm).hexdigest()
            _write_memory()
        return _remembered[key]


def _memory_file() -> Path | None:
    home = os.environ.get("ARCHLOOM_HOME")
    return Path(home, "data-checksums.json") if home else None


def _read_memory() -> dict[str, str]:
    file = _memory_file()
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    return cast("dict[str, str]", content) if isinstance(content, dict) else {}


def _write_memory() -> None:
    """Best effort: a home that cannot be written means reading the data again, nothing worse."""
    file = _memory_file()
    if file is None:
        return
    try:
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as new:
            json.dump(_remembered, new, indent=1)
        Path(new.name).replace(file)
    except OSError:
        return
