"""One connection that comes back, and the transactions on it.

`Database.transaction(work)` runs `work` in one transaction. When the connection is lost, whatever the moment,
it reconnects and runs `work` again until it gets an answer or the worker is stopping; a deadlock or a
serialisation failure also only repeats it. `work` may therefore run several times, even after a commit whose
answer was lost: every `work` in this room is written so that the second time changes nothing, mostly because
`job_hold` refuses it.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import psycopg
from psycopg.rows import class_row, scalar_row

from archloom.store.errors import DatabaseUnavailable, LeaseLost

log = logging.getLogger(__name__)

LEASE_LOST: Final = "AL001"
FIRST_WAIT_SECONDS: Final = 0.1
LONGEST_WAIT_SECONDS: Final = 2.0

Result = TypeVar("Result")
Row = TypeVar("Row")


class Transaction:
    """What can be done inside one transaction. Rows come back as the given dataclass, matched by column
    name."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def run(self, query: bytes, **parameters: object) -> None:
        self._connection.execute(query, parameters)

    def run_many(self, query: bytes, parameters: Sequence[dict[str, object]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(query, parameters)

    def rows(self, row: type[Row], query: bytes, **parameters: object) -> list[Row]:
        with self._connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(query, parameters).fetchall()

    def find(self, row: type[Row], query: bytes, **parameters: object) -> Row | None:
        """The first row, or None."""
        with self._connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(query, parameters).fetchone()

    def get(self, row: type[Row], query: bytes, **parameters: object) -> Row:
        """The first row. Raises LookupError when there is none."""
        found = self.find(row, query, **parameters)
        if found is None:
            raise LookupError(f"no {row.__name__} for {parameters}")
        return found

    def values(self, query: bytes, **parameters: object) -> list[Any]:
        """The first column."""
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(query, parameters).fetchall()

    def value(self, query: bytes, **parameters: object) -> Any:
        """First column of the first row, or None when there is no row."""
        found = self.values(query, **parameters)
        return found[0] if found else None

    def copy_in(self, query: bytes, rows: Sequence[Sequence[object]]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(query) as copy:
            for row in rows:
                copy.write_row(row)


class Database:
    """A connection of its own. Belongs to one thread."""

    def __init__(self, url: str, stopping: threading.Event, name: str = "archloom worker") -> None:
        self._url = url
        self._stopping = stopping
        self._name = name
        self._connection: psycopg.Connection[Any] | None = None

    def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Raises LeaseLost, DatabaseUnavailable, and whatever `work` raises; then nothing of it was
        written."""
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                connection = self._connected()
                with connection.transaction():
                    return work(Transaction(connection))
            except psycopg.Error as error:
                if error.sqlstate == LEASE_LOST:
                    raise LeaseLost(str(error.diag.message_primary)) from error
                if not self._is_passing(error):
                    raise
                log.warning("the database did not answer, trying again: %s", first_line(error))
            if self._stopping.wait(wait):
                raise DatabaseUnavailable("the database is unreachable and the worker is stopping")
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._url, self._name)
        return self._connection

    def _is_passing(self, error: psycopg.Error) -> bool:
        """Whether the same transaction may succeed later: no connection, a deadlock, or a serialisation
        failure."""
        if isinstance(error, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
            return True
        if self._connection is not None and self._connection.closed:
            return True
        return isinstance(error, psycopg.OperationalError) and (
            self._connection is None or error.sqlstate is None
        )


def connect(url: str, name: str) -> psycopg.Connection[Any]:
    """A connection outside any transaction. A silent network is noticed within about 15 s, never waited for
    longer."""
    return psycopg.connect(
        url,
        autocommit=True,
        application_name=name,
        connect_timeout=5,
        keepalives_idle=5,
        keepalives_interval=3,
        keepalives_count=3,
        tcp_user_timeout=15_000,
    )


def first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
