"""The way to the database for one thread: one connection, one part for each noun."""

import threading

from archloom.store.adapters import Adapters
from archloom.store.batches import Batches
from archloom.store.corpora import Corpora
from archloom.store.database import Database
from archloom.store.evaluations import Evaluations
from archloom.store.jobs import Jobs
from archloom.store.library import Library
from archloom.store.selections import Selections
from archloom.store.tasks import Tasks
from archloom.store.workers import Workers


class Store:
    """Opens its connection at the first use and again whenever it is lost. Belongs to one thread.

    `stopping` ends waiting for a lost database: then every method raises DatabaseUnavailable.
    """

    def __init__(self, url: str, stopping: threading.Event, name: str = "archloom worker") -> None:
        self._database = Database(url, stopping, name)
        self.jobs = Jobs(self._database)
        self.batches = Batches(self._database)
        self.evaluations = Evaluations(self._database)
        self.selections = Selections(self._database)
        self.adapters = Adapters(self._database)
        self.corpora = Corpora(self._database)
        self.library = Library(self._database)
        self.tasks = Tasks(self._database)
        self.workers = Workers(self._database)

    def close(self) -> None:
        self._database.close()
