"""What a path holds, found by looking at it and not only at its name."""

import importlib.metadata
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, Literal

from archloom.corpus.entry import SourceItem
from archloom.corpus.errors import SourceRefused
from archloom.corpus.sources.archive import TarArchive, ZipArchive
from archloom.corpus.sources.lemur import count_networks, tree_items
from archloom.corpus.sources.lemur_database import MAGIC as SQLITE_MAGIC
from archloom.corpus.sources.lemur_database import database_items
from archloom.corpus.sources.limits import MAX_INPUT_BYTES
from archloom.corpus.sources.row_stream import json_list_items, jsonl_items
from archloom.corpus.sources.run_export import EXPORT_FORMAT, RunPart, run_export_items
from archloom.corpus.sources.text import wide_encoding
from archloom.corpus.sources.tree import Folder, Tree

SourceKind = Literal["rows", "list", "folder", "archive", "nn_dataset", "database", "run"]

ACCEPTED: Final = (
    "Accepted are: chat or plain rows as JSONL, a folder of LEMUR networks (.py) with their statistics, "
    "either of them as .zip, .tar, .tar.gz or .tgz, the database of nn-dataset (ab.nn.db), "
    "and what `archloom export run` wrote."
)

NN_DATASET: Final = "nn-dataset"

_HEAD_BYTES: Final = 2**16
_ZIP_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TAR_MAGIC_AT: Final = 257
_PARTS: Final[dict[RunPart, str]] = {"winners": "winners", "valid": "valid networks"}


@dataclass(frozen=True)
class Source:
    kind: SourceKind
    name: str
    why: str
    """What it was taken for and by what sign, as a sentence."""
    items: Callable[[], Iterator[SourceItem]]
    """Begins to read. The iterator raises SourceRefused where reading on makes no sense."""
    count: Callable[[], int | None] = lambda: None
    """About how many items there are; None where only reading all of them can say."""


def detect(path: Path, name: str | None = None, part: RunPart = "winners") -> Source:
    """Raises SourceRefused, with what is accepted, for anything else.

    `name` is what the person calls it, if the path is not what they chose; `part` is for an exported run.
    """
    name = path.resolve().name if name is None else name
    try:
        status = path.stat()
    except OSError as error:
        raise SourceRefused(f"{name} cannot be read: {error.strerror}.") from error
    if stat.S_ISDIR(status.st_mode):
        return _detect_folder(path, name)
    if not stat.S_ISREG(status.st_mode):
        raise SourceRefused(f"{name} is no ordinary file. {ACCEPTED}")
    if status.st_size == 0:
        raise SourceRefused(f"{name} is empty.")
    if status.st_size > MAX_INPUT_BYTES:
        size, limit = status.st_size / 2**30, MAX_INPUT_BYTES // 2**30
        raise SourceRefused(f"{name} has {size:.1f} GiB; at most {limit} GiB is read. Split it.")
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return _detect_file(path, name, head, part)


def installed_nn_dataset() -> Source:
    """The package of this environment, found without importing it (that would start a download).

    Raises SourceRefused if it is not installed.
    """
    try:
        package = importlib.metadata.distribution(NN_DATASET)
    except importlib.metadata.PackageNotFoundError as error:
        raise SourceRefused(f"{NN_DATASET} is not installed in the worker's environment.") from error
    folder = Path(str(package.locate_file("ab/nn")))
    if not folder.is_dir():
        raise SourceRefused(f"{NN_DATASET} is installed in editable form; give the folder of its checkout.")
    return _nn_dataset(folder, f"{NN_DATASET} {package.version}")


def _detect_folder(path: Path, name: str) -> Source:
    if (path / "ab" / "nn" / "api.py").is_file():
        return _nn_dataset(path / "ab" / "nn", name)
    why = f"{name} is a folder: networks (.py) with statistics, and rows (.jsonl), are read from it."
    return _tree_source("folder", Folder(path, name), why)


def _nn_dataset(folder: Path, name: str) -> Source:
    why = f"{name} is nn-dataset (it holds ab/nn): its networks and statistics are read."
    return _tree_source("nn_dataset", Folder(folder, name), why)


def _tree_source(kind: SourceKind, tree: Tree, why: str) -> Source:
    return Source(kind, tree.name, why, partial(tree_items, tree, tree.name), partial(count_networks, tree))


def _detect_file(path: Path, name: str, head: bytes, part: RunPart) -> Source:
    if head.startswith(_ZIP_MAGIC):
        return _tree_source("archive", ZipArchive(path, name), f"{name} is a zip archive.")
    if head.startswith(b"\x1f\x8b") or head[_TAR_MAGIC_AT:].startswith(b"ustar"):
        return _tree_source("archive", TarArchive(path, name), f"{name} is a tar archive.")
    if head.startswith(SQLITE_MAGIC):
        why = f"{name} is an SQLite database, read as that of nn-dataset."
        return Source("database", name, why, partial(database_items, path, name, name))
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{") and f'"{EXPORT_FORMAT}"'.encode() in start:
        why = f"{name} is an exported run (format {EXPORT_FORMAT}): its {_PARTS[part]} are read."
        return Source(
            "run", name, why, partial(_opened, path, partial(run_export_items, name=name, part=part))
        )
    if start.startswith(b"["):
        why = f"{name} is a JSON list: each item is a row."
        return Source("list", name, why, partial(_opened, path, partial(json_list_items, name=name)))
    rows = start.startswith(b"{") and start.split(b"\n")[0].strip() != b"{"
    if rows or wide_encoding(head) or name.lower().endswith((".jsonl", ".ndjson")):
        why = f"{name} is read as JSONL, a row in each line."
        return Source("rows", name, why, partial(_opened, path, partial(jsonl_items, name=name)))
    raise SourceRefused(f"{name} is of no kind that is known here. {ACCEPTED}")


def _opened(path: Path, read: Callable[[BinaryIO], Iterator[SourceItem]]) -> Iterator[SourceItem]:
    with path.open("rb") as stream:
        yield from read(stream)
