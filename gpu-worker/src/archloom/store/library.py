"""Networks on their way in and out: stored files, findings of a check, corpora being made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from pydantic import BaseModel

from archloom.contract.generated import CorpusSplit, FindingVerdict
from archloom.store.database import Database, Transaction
from archloom.store.effects import effect, last_effect
from archloom.store.errors import CorpusMismatch
from archloom.store.queries import query
from archloom.store.rows import CorpusEntryRow, FoundEntry, Job, RunNetwork
from archloom.store.tasks import END as END_TASK

FILE_NAME = query("file_name")
FILE_PART = query("file_part")
FILE_OPEN = query("file_open")
FILE_ADD_PART = query("file_add_part")
FILE_COMPLETE = query("file_complete")
FORGET_FINDINGS = query("finding_forget")
ADD_FINDING = query("finding_add")
FOUND = query("finding_entries")
CHECK_ARGS = query("check_args")
FORGET_CORPUS = query("corpus_forget")
OPEN_CORPUS = query("corpus_open")
ADD_BASE = query("corpus_add_base")
CURATE_BASE = query("corpus_curate_base")
ADD_ENTRY = query("corpus_add_entry")
FINISH_CORPUS = query("corpus_finish")
ENTRIES = query("corpus_entries")
RUN_NETWORKS = query("run_networks")


@dataclass(frozen=True)
class FindingRow:
    position: int
    locator: str
    name: str | None
    verdict: FindingVerdict
    reason: str | None
    entry: dict[str, Any] | None
    """Kept of those that build, so that importing needs no source."""
    fingerprint: str | None


@dataclass(frozen=True)
class CuratedBase:
    """What curation made of the entries that a new corpus takes over."""

    positions: list[int]
    families: list[str | None]
    splits: list[CorpusSplit]


class Library:
    def __init__(self, database: Database) -> None:
        self._database = database

    def file_name(self, file: int) -> str | None:
        """None where there is no such file, or it has not arrived completely."""
        return self._database.transaction(lambda tx: tx.value(FILE_NAME, file=file))

    def file_parts(self, file: int) -> Iterator[bytes]:
        """A part at a time, each in a transaction of its own."""
        part = 0
        while (data := self._file_part(file, part)) is not None:
            yield data
            part += 1

    def open_file(self, job: Job, name: str) -> int:
        """A file to be filled, which nobody can use yet. Raises LeaseLost."""
        return effect(self._database, job, lambda tx: tx.value(FILE_OPEN, name=name))

    def add_part(self, job: Job, file: int, part: int, data: bytes) -> None:
        """Raises LeaseLost."""
        effect(self._database, job, lambda tx: tx.run(FILE_ADD_PART, file=file, part=part, data=data))

    def complete_file(self, job: Job, file: int, size: int, result: BaseModel) -> None:
        """Makes the file usable and ends the task. Raises LeaseLost."""

        def store(tx: Transaction) -> None:
            tx.run(FILE_COMPLETE, file=file, bytes=size)
            tx.run(END_TASK, task=job.task_id, result=Jsonb(result.model_dump()))

        last_effect(self._database, job, store)

    def forget_findings(self, job: Job) -> None:
        """Those of an earlier try. Raises LeaseLost."""
        effect(self._database, job, lambda tx: tx.run(FORGET_FINDINGS, task=job.task_id))

    def add_findings(self, job: Job, rows: Sequence[FindingRow]) -> None:
        """Raises LeaseLost."""
        parameters: list[dict[str, object]] = [
            {
                "task": job.task_id,
                "position": row.position,
                "locator": row.locator,
                "name": row.name,
                "verdict": row.verdict,
                "reason": row.reason,
                "entry": None if row.entry is None else Jsonb(row.entry),
                "fingerprint": row.fingerprint,
            }
            for row in rows
        ]
        effect(self._database, job, lambda tx: tx.run_many(ADD_FINDING, parameters))

    def check_args(self, check: int) -> dict[str, Any] | None:
        """Arguments of a finished check, or None."""
        return self._database.transaction(lambda tx: tx.value(CHECK_ARGS, task=check))

    def found(self, check: int) -> list[FoundEntry]:
        """What was accepted and its duplicates, in the order of the source."""
        return self._database.transaction(lambda tx: tx.rows(FoundEntry, FOUND, task=check))

    def entries(self, version: str) -> list[CorpusEntryRow]:
        """A corpus in order of position."""
        return self._database.transaction(lambda tx: tx.rows(CorpusEntryRow, ENTRIES, version=version))

    def run_networks(self, run: int, only_winners: bool) -> list[RunNetwork]:
        """In order of cycle and index."""
        return self._database.transaction(
            lambda tx: tx.rows(RunNetwork, RUN_NETWORKS, run=run, winners=only_winners)
        )

    def open_corpus(self, job: Job, version: str, description: str, base_version: str | None) -> None:
        """A corpus that no run can use yet, with the entries of its base. Raises LeaseLost, CorpusMismatch
        when the version is taken."""

        def begin(tx: Transaction) -> None:
            tx.run(FORGET_CORPUS, task=job.task_id)
            opened = tx.value(
                OPEN_CORPUS,
                version=version,
                description=description,
                base_version=base_version,
                task=job.task_id,
            )
            if opened is None:
                raise CorpusMismatch(f"there is a corpus {version} already; choose another name")
            if base_version is not None:
                tx.run(ADD_BASE, version=version, base_version=base_version)

        effect(self._database, job, begin)

    def add_entries(self, job: Job, version: str, entries: Sequence[CorpusEntryRow]) -> None:
        """Each whole or not at all. Raises LeaseLost."""
        parameters: list[dict[str, object]] = [
            {
                "version": version,
                "position": entry.position,
                "code": entry.code,
                "name": entry.name,
                "messages": None if entry.messages is None else Jsonb(entry.messages),
                "answer": entry.answer,
                "accuracy": entry.accuracy,
                "statistics": None if entry.statistics is None else Jsonb(entry.statistics),
                "family": entry.family,
                "split": entry.split,
            }
            for entry in entries
        ]
        effect(self._database, job, lambda tx: tx.run_many(ADD_ENTRY, parameters))

    def finish_corpus(
        self,
        job: Job,
        version: str,
        base: CuratedBase,
        sha256: str,
        report: dict[str, Any],
        result: BaseModel,
    ) -> None:
        """Lets runs use the corpus and ends the task. Raises LeaseLost."""

        def store(tx: Transaction) -> None:
            tx.run(
                CURATE_BASE,
                version=version,
                positions=base.positions,
                families=base.families,
                splits=base.splits,
            )
            tx.run(FINISH_CORPUS, version=version, sha256=sha256, report=Jsonb(report))
            tx.run(END_TASK, task=job.task_id, result=Jsonb(result.model_dump()))

        last_effect(self._database, job, store)

    def _file_part(self, file: int, part: int) -> bytes | None:
        return self._database.transaction(lambda tx: tx.value(FILE_PART, file=file, part=part))
