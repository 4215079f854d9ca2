"""The worker's standing connection: holding it open says "I live", and it hears that work may have
appeared."""

import logging
import time
from typing import Any

import psycopg

from archloom.store.database import connect, first_line
from archloom.store.queries import query

log = logging.getLogger(__name__)

LOCK = query("worker_lock")


class StandingLine:
    """Holds the worker's advisory lock and listens on `archloom_job`. Belongs to one thread.

    A lost connection is made again, and the lock taken again, by the next `wait`; none of its methods raises
    because the database is away.
    """

    def __init__(self, url: str, worker: int, name: str = "archloom worker's line") -> None:
        self._url = url
        self._worker = worker
        self._name = name
        self._connection: psycopg.Connection[Any] | None = None
        self._has_lock = False

    @property
    def is_held(self) -> bool:
        """Whether the lock was held when the line was last used."""
        return self._has_lock

    def wait(self, seconds: float) -> bool:
        """Waits at most so long for a sign. True: look for work and for what is desired now."""
        if self._connection is not None:
            try:
                if not self._has_lock:
                    # The server may still think that the previous connection holds it.
                    self._take_lock(self._connection)
                return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
            except psycopg.Error as error:
                log.warning("the line to the database is lost: %s", first_line(error))
                self.close()
        try:
            self._connection = connect(self._url, self._name)
            self._connection.execute("LISTEN archloom_job")
            self._take_lock(self._connection)
            return True
        except psycopg.Error as error:
            log.warning("no line to the database: %s", first_line(error))
            self.close()
            time.sleep(seconds)
            return False

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._has_lock = False

    def _take_lock(self, connection: psycopg.Connection[Any]) -> None:
        row = connection.execute(LOCK, {"worker": self._worker}).fetchone()
        self._has_lock = row is not None and bool(row[0])
