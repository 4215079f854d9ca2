"""Files of an export: names that no entry can turn against anyone, and an archive that is the same every
time.
"""

import keyword
import re
import zipfile
from collections.abc import Iterable
from typing import IO, Final, TypeAlias

File: TypeAlias = tuple[str, bytes]
"""Path inside the archive, with `/` between folders, and content."""

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PERMISSIONS: Final = 0o644
_MAX_STEM: Final = 80
# Windows gives these names to devices, whatever the ending.
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


def write_zip(files: Iterable[File], target: IO[bytes]) -> None:
    """The same bytes for the same files. Raises ValueError if a path would leave the archive or appears
    twice.
    """
    written = set[str]()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            parts = path.split("/")
            if path in written or any(part in ("", ".", "..") for part in parts) or "\\" in path:
                raise ValueError(f"{path!r} is no path for a file of the archive")
            written.add(path)
            member = zipfile.ZipInfo(path, _EPOCH)
            member.create_system = 3  # Unix, wherever this runs: it decides what the permissions mean.
            member.external_attr = _PERMISSIONS << 16
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)


class ModuleNames:
    """Unique names for network files, of what LEMUR allows: letters, digits and dashes.

    LEMUR loads a network as module `ab.nn.nn.<name>` and cuts the names of its statistics folders at every
    underscore, so neither a dot nor an underscore may be in it. Names stay different on systems that do not
    tell small letters from capitals.
    """

    def __init__(self) -> None:
        self._taken = set[str]()

    def take(self, name: str) -> str:
        stem = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:_MAX_STEM].rstrip("-")
        if not stem[:1].isalpha() or keyword.iskeyword(stem) or stem.lower() in _DEVICES:
            stem = f"net-{stem}".rstrip("-")
        unique, count = stem, 1
        while unique.lower() in self._taken:
            count += 1
            unique = f"{stem}-{count}"
        self._taken.add(unique.lower())
        return unique


def folder_word(word: str) -> str:
    """A task, data set or metric as part of a LEMUR folder's name."""
    return re.sub(r"[^A-Za-z0-9.,+-]+", "-", word).strip(".-")[:_MAX_STEM] or "unknown"
