"""The SQLite database that nn-dataset downloads and works on (`db/ab.nn.db`): where its networks are when it
is installed as a package.

Read only what its tables `nn` (name, code), `stat` (one training each) and `prm` (hyper-parameters by uid)
say; schema of nn-dataset 2.2.11, ab/nn/util/db/Init.py. The file is a stranger's: it is opened read-only,
views, triggers and functions in it are not trusted, and no text of it becomes part of a query.
"""

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from archloom.corpus.entry import Entry, JsonValue, Rejected, SourceItem, Trial, best_accuracy
from archloom.corpus.errors import SourceRefused
from archloom.corpus.sources.limits import MAX_CODE_BYTES, MAX_NAME_CHARACTERS
from archloom.corpus.sources.rows import checked_code
from archloom.corpus.sources.text import BadText, assert_storable, decode, printable

MAGIC: Final = b"SQLite format 3\0"

_TABLES: Final = frozenset({"nn", "stat", "prm"})
# As bytes: for SQLite a text ends at its first NUL.
_NETWORKS: Final = "SELECT name, substr(CAST(code AS BLOB), 1, ?) FROM nn ORDER BY name"
_TRIALS: Final = """
    SELECT task, dataset, metric, epoch, accuracy, duration, transform, prm FROM stat WHERE nn = ?
    ORDER BY task, dataset, metric, epoch, id"""
_PARAMETERS: Final = "SELECT name, value FROM prm WHERE uid = ? ORDER BY name"
_TABLES_THERE: Final = "SELECT name FROM sqlite_schema WHERE type = 'table'"


def database_items(path: Path, name: str, origin: str) -> Iterator[SourceItem]:
    """Raises SourceRefused if the file is no such database or is damaged."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            missing = _TABLES - {table for (table,) in database.execute(_TABLES_THERE)}
            if missing:
                what = f"it has no table {min(missing)}"
                raise SourceRefused(f"{name} is an SQLite database, but not that of nn-dataset: {what}.")
            for network, code in database.execute(_NETWORKS, (MAX_CODE_BYTES + 1,)):
                yield _item(database, name, network, code, origin)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise SourceRefused(f"{name} is a damaged database: {error}.") from error


def _item(database: sqlite3.Connection, file: str, network: object, code: object, origin: str) -> SourceItem:
    if not isinstance(network, str) or not isinstance(code, bytes):
        return Rejected(f"{file}: table nn", "name and code must be text")
    position = f"{file}: network {printable(network)[:MAX_NAME_CHARACTERS]}"
    name = printable(network)[:MAX_NAME_CHARACTERS]
    try:
        text = checked_code(decode(code))
        trials = tuple(_trials(database, network))
    except BadText as error:
        return Rejected(position, str(error), name)
    return Entry(position, name, text, origin, accuracy=best_accuracy(trials), statistics=trials)


def _trials(database: sqlite3.Connection, network: str) -> Iterator[Trial]:
    for task, dataset, metric, epoch, *found in database.execute(_TRIALS, (network,)):
        values: dict[str, JsonValue] = {}
        columns = zip(("accuracy", "duration", "transform", "uid"), found, strict=True)
        for key, value in [*database.execute(_PARAMETERS, (found[-1],)), *columns]:
            if isinstance(value, str):
                assert_storable(f"hyper-parameter {key} of a trial", value)
            if isinstance(value, float) and not math.isfinite(value):
                value = None
            if isinstance(value, str | int | float) or value is None:
                values[printable(str(key))] = value
        number = epoch if isinstance(epoch, int) and epoch >= 0 else 0
        yield Trial(_word(task), _word(dataset), _word(metric), number, values)


def _word(value: object) -> str:
    return printable(value) if isinstance(value, str) else "unknown"
