"""Networks known before a run."""

from collections.abc import Sequence

from archloom.store.database import Database, Transaction
from archloom.store.errors import CorpusMismatch
from archloom.store.queries import query
from archloom.store.rows import CorpusProgram

FIND = query("corpus_find")
INSERT = query("corpus_insert")
PROGRAMS = query("corpus_programs")
IDENTITY = query("corpus_identity")
FIND_FINGERPRINTS = query("corpus_fingerprints_find")
STORE_FINGERPRINTS = query("corpus_fingerprints_store")
COPY = b"COPY corpus_entry (corpus_version, position, code) FROM STDIN"


class Corpora:
    def __init__(self, database: Database) -> None:
        self._database = database

    def sha256(self, version: str) -> str | None:
        """The checksum of a stored corpus, or None."""
        return self._database.transaction(lambda tx: tx.value(FIND, version=version))

    def add(self, version: str, description: str, programs: Sequence[str], sha256: str) -> None:
        """Stores a corpus once, whoever else is doing the same now. Raises CorpusMismatch if it has other
        networks."""

        def insert(tx: Transaction) -> None:
            # A second worker waits at this row for the first one's commit, then finds it there.
            inserted = tx.value(
                INSERT, version=version, description=description, entries=len(programs), sha256=sha256
            )
            if inserted is not None:
                tx.copy_in(COPY, [(version, position, code) for position, code in enumerate(programs)])
            elif tx.value(FIND, version=version) != sha256:
                raise CorpusMismatch(f"the corpus {version} in the database holds other networks")

        self._database.transaction(insert)

    def identity(self, version: str) -> str | None:
        """A text that changes when the corpus is deleted and made again; None without such a corpus."""
        return self._database.transaction(lambda tx: tx.value(IDENTITY, version=version))

    def fingerprints(self, version: str, shape: str, method: str) -> bytes | None:
        """The stored structural fingerprints, 16 bytes an entry, or None; `method` says how they are made."""
        return self._database.transaction(
            lambda tx: tx.value(FIND_FINGERPRINTS, corpus_version=version, shape=shape, version=method)
        )

    def store_fingerprints(self, version: str, shape: str, method: str, data: bytes) -> None:
        self._database.transaction(
            lambda tx: tx.run(
                STORE_FINGERPRINTS, corpus_version=version, shape=shape, version=method, data=data
            )
        )

    def programs(self, version: str) -> list[CorpusProgram]:
        """All networks in order of position."""
        return self._database.transaction(lambda tx: tx.rows(CorpusProgram, PROGRAMS, version=version))
