"""Networks of the LEMUR data set as files: `<Name>.py`, and `<task>_<dataset>_<metric>_<Name>/<epoch>.json`
beside them, in a folder or an archive; also rows of JSONL that lie in the same tree.

Which .py files are networks: in a checkout of nn-dataset those directly in `ab/nn/nn`, else those directly in
a folder `nn`, else all of them (`accepted_code` of nn-dup). A network without statistics has no accuracy;
statistics without their network are rejected.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from archloom.corpus.entry import Entry, Rejected, SourceItem, Trial, best_accuracy
from archloom.corpus.errors import SourceRefused
from archloom.corpus.sources.json_text import parse_json
from archloom.corpus.sources.limits import (
    MAX_CODE_BYTES,
    MAX_HELD_STATISTICS_BYTES,
    MAX_NAME_CHARACTERS,
    MAX_STATISTICS_FILE_BYTES,
)
from archloom.corpus.sources.row_stream import jsonl_items
from archloom.corpus.sources.rows import checked_code
from archloom.corpus.sources.text import BadText, decode, printable, wide_encoding
from archloom.corpus.sources.tree import Survey, Tree
from archloom.corpus.sources.trials import StatisticsPlace, file_trials, statistics_place

_NO_NETWORKS: Final = frozenset({"__init__.py", "setup.py", "conftest.py"})
_OWN_CODE: Final = "/util/db/Read.py"
_ROWS: Final = (".jsonl", ".ndjson")
_CHUNK: Final = 2**16


def tree_items(tree: Tree, origin: str) -> Iterator[SourceItem]:
    """Raises SourceRefused, at once if the tree holds nothing that could be a network."""
    survey = tree.survey()
    networks = set(_network_paths(survey))
    rows = {path for path in survey.paths if path.endswith(_ROWS)}
    if not networks and not rows:
        raise SourceRefused(_nothing_found(tree.name, survey))
    yield from survey.refused
    if networks:
        yield from _networks(tree, networks, origin)
    for path, stream in tree.read(lambda path: path in rows):
        position = _position(tree, path)
        if isinstance(stream, str):
            yield Rejected(position, stream)
            continue
        try:
            yield from jsonl_items(stream, position, origin)
        except OSError as error:
            yield Rejected(position, f"cannot be read to its end: {error}")


def count_networks(tree: Tree) -> int | None:
    """How many files of a tree look like networks, without reading any; None where rows lie beside them."""
    survey = tree.survey()
    return None if any(path.endswith(_ROWS) for path in survey.paths) else len(_network_paths(survey))


def _network_paths(survey: Survey) -> list[str]:
    files = [path for path in survey.paths if path.endswith(".py") and _file(path) not in _NO_NETWORKS]
    package = _package_folder(survey)
    if package is not None:
        return [path for path in files if _folder(path) == f"{package}/nn"]
    return [path for path in files if _folder(path).endswith("/nn")] or files


def _package_folder(survey: Survey) -> str | None:
    """Where nn-dataset's own code lies (`/ab/nn`), whose modules are no networks; None if it is not there."""
    own = (f"/{path}" for path in survey.paths if f"/{path}".endswith(_OWN_CODE))
    return next((path.removesuffix(_OWN_CODE) for path in own), None)


def _nothing_found(name: str, survey: Survey) -> str:
    if _package_folder(survey) is not None:
        return (
            f"{name} is nn-dataset, but holds no networks (ab/nn/nn/*.py): the package downloads them as a "
            "database when it is first used. Give that database (db/ab.nn.db where it was used) or a "
            "checkout of the repository, or install a version that brings them, such as nn-dataset==2.0.6."
        )
    sentence = f"{name} holds neither networks (.py) nor rows (.jsonl)."
    if survey.refused:
        first = survey.refused[0]
        sentence += f" {len(survey.refused):,} files were refused: {first.position} {first.reason}."
    return sentence


class _Statistics:
    """Statistics files by the network they are of, as they were read: parsed when their network comes."""

    def __init__(self) -> None:
        self._files: dict[str, list[tuple[StatisticsPlace, str, bytes]]] = {}
        self._held = 0
        self._claimed = set[str]()

    def hold(self, place: StatisticsPlace, position: str, data: bytes) -> None:
        self._held += len(data)
        if self._held > MAX_HELD_STATISTICS_BYTES:
            raise SourceRefused(
                f"The statistics together have more than {MAX_HELD_STATISTICS_BYTES // 2**20} MiB; "
                "import the networks in several parts."
            )
        self._files.setdefault(place.name, []).append((place, position, data))

    def of(self, name: str) -> Iterator[tuple[str, list[Trial] | BadText]]:
        self._claimed.add(name)
        for place, position, data in sorted(self._files.get(name, []), key=lambda file: file[0]):
            try:
                yield position, file_trials(parse_json(_text(data)), place)
            except BadText as error:
                yield position, error

    def unclaimed(self) -> Iterator[Rejected]:
        for name, files in self._files.items():
            if name not in self._claimed:
                shown = printable(name)
                folder = files[0][1].rpartition("/")[0]
                yield Rejected(folder, f"are statistics of {shown}, but there is no {shown}.py", shown)


def _networks(tree: Tree, networks: set[str], origin: str) -> Iterator[SourceItem]:
    statistics = _Statistics()
    for path, data in _small_files(tree, _is_statistics, MAX_STATISTICS_FILE_BYTES):
        place = statistics_place(path)
        if isinstance(data, str):
            yield Rejected(_position(tree, path), data)
        elif place is not None:
            statistics.hold(place, _position(tree, path), data)
    for path, data in _small_files(tree, lambda path: path in networks, MAX_CODE_BYTES):
        stem = _file(path).removesuffix(".py")
        name = printable(stem)[:MAX_NAME_CHARACTERS]
        trials: list[Trial] = []
        for position, part in statistics.of(stem):
            if isinstance(part, BadText):
                yield Rejected(position, str(part), name)
            else:
                trials += part
        try:
            code = _code(data)
        except BadText as error:
            yield Rejected(_position(tree, path), str(error), name)
            continue
        position, accuracy = _position(tree, path), best_accuracy(trials)
        yield Entry(position, name, code, origin, accuracy=accuracy, statistics=tuple(trials))
    yield from statistics.unclaimed()


def _code(data: bytes | str) -> str:
    """Raises BadText."""
    if isinstance(data, str):
        raise BadText(data)
    return checked_code(_text(data))


def _small_files(tree: Tree, wanted: Callable[[str], bool], limit: int) -> Iterator[tuple[str, bytes | str]]:
    """Each wanted file with its content, or with why there is none."""
    for path, stream in tree.read(wanted):
        yield path, stream if isinstance(stream, str) else _content(stream, limit)


def _content(stream: BinaryIO, limit: int) -> bytes | str:
    # Not in one reading: its buffer would be a memory mapping of its own, kept by the small file that is left
    # of it, and 65,530 of those are all that a process may have.
    parts: list[bytes] = []
    left = limit + 1
    try:
        while left > 0 and (part := stream.read(min(left, _CHUNK))):
            parts.append(part)
            left -= len(part)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    data = b"".join(parts)
    return data if len(data) <= limit else f"is larger than {limit // 2**10:,} KiB"


def _text(data: bytes) -> str:
    """Raises BadText."""
    encoding = wide_encoding(data)
    if encoding is not None:
        raise BadText(f"is {encoding}; save it as UTF-8")
    return decode(data)


def _is_statistics(path: str) -> bool:
    return statistics_place(path) is not None


def _folder(path: str) -> str:
    return f"/{path}".rpartition("/")[0]


def _file(path: str) -> str:
    return path.rpartition("/")[2]


def _position(tree: Tree, path: str) -> str:
    return f"{tree.name}: {printable(path)}"
