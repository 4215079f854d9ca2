"""Fine-tuning's effects: the exact pairs, the steps, the files. Files are stored in parts of at most 8
MiB."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from psycopg.types.json import Jsonb

from archloom.contract.generated import FinetuneEndedEvent, FinetuneStepEvent
from archloom.store.database import Database, Transaction
from archloom.store.effects import append_event, append_notices, effect, last_effect, lock_cycle
from archloom.store.queries import query
from archloom.store.rows import FilePart, Job, ReplayedEntry, SelectedProgram

OPEN = query("adapter_open")
FORGET_PAIRS = query("adapter_forget_pairs")
CHOOSE_PAIRS = query("adapter_choose_pairs")
CHOOSE_REPLAY = query("adapter_choose_replay")
PAIRS = query("adapter_pairs")
REPLAY_PAIRS = query("adapter_replay_pairs")
FORGET_FILES = query("adapter_forget_files")
STORE_PART = query("adapter_store_part")
END = query("adapter_end")
FILES = query("adapter_files")
CYCLE_END = query("cycle_end")
CYCLE_OPEN = query("cycle_open")

PART_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class FinetunePoint:
    step: int
    loss: float
    learning_rate: float
    grad_norm: float


@dataclass(frozen=True)
class TrainedAdapter:
    """`sha256` covers the files, `base_sha256` the weights they belong to. Seconds are wall time."""

    sha256: str
    base_sha256: str
    steps: int
    tokens: int
    seconds: float
    points: Sequence[FinetunePoint]
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Replay:
    """Which share of the training pairs comes from which corpus; see `adapter_choose_replay`."""

    share: float
    corpus_version: str
    seed: int


@dataclass(frozen=True)
class TrainingSet:
    """What an adapter is trained on, in order."""

    adapter_id: int
    selected: list[SelectedProgram]
    replayed: list[ReplayedEntry]


class Adapters:
    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, job: Job, replay: Replay) -> TrainingSet:
        """Opens the adapter of the job's cycle and fixes what it is trained on: everything selected so far,
        and its share of the corpus. Raises LeaseLost."""

        def open_adapter(tx: Transaction) -> TrainingSet:
            lock_cycle(tx, job)
            adapter: int = tx.value(OPEN, run=job.run_id, cycle=job.cycle)
            tx.run(FORGET_PAIRS, adapter=adapter)
            tx.run(CHOOSE_PAIRS, adapter=adapter, run=job.run_id, cycle=job.cycle)
            if replay.share > 0:
                tx.run(CHOOSE_REPLAY, adapter=adapter, **asdict(replay))
            return TrainingSet(
                adapter,
                tx.rows(SelectedProgram, PAIRS, adapter=adapter),
                tx.rows(ReplayedEntry, REPLAY_PAIRS, adapter=adapter),
            )

        return effect(self._database, job, open_adapter)

    def step(self, job: Job, step: int, total_steps: int, loss: float) -> None:
        """Shows a training step. Raises LeaseLost."""
        event = FinetuneStepEvent(cycle=job.cycle, step=step, total_steps=total_steps, loss=loss)
        effect(self._database, job, lambda tx: append_event(tx, job.run_id, event))

    def end(
        self, job: Job, adapter: int, trained: TrainedAdapter, pairs: int, notes: Sequence[str] = ()
    ) -> None:
        """Stores the adapter and opens the next cycle with it. Raises LeaseLost."""

        def store(tx: Transaction) -> None:
            lock_cycle(tx, job)
            tx.run(FORGET_FILES, adapter=adapter)
            for name, content in trained.files.items():
                for part, start in enumerate(range(0, max(1, len(content)), PART_BYTES)):
                    data = content[start : start + PART_BYTES]
                    tx.run(STORE_PART, adapter=adapter, name=name, part=part, data=data)
            tx.run(
                END,
                adapter=adapter,
                base_sha256=trained.base_sha256,
                sha256=trained.sha256,
                steps=trained.steps,
                tokens=trained.tokens,
                seconds=trained.seconds,
                points=Jsonb([asdict(point) for point in trained.points]),
            )
            event = FinetuneEndedEvent(cycle=job.cycle, pairs=pairs, seconds=trained.seconds)
            append_event(tx, job.run_id, event)
            append_notices(tx, job.run_id, notes)
            tx.run(CYCLE_END, run=job.run_id, cycle=job.cycle)
            tx.run(CYCLE_OPEN, run=job.run_id, cycle=job.cycle + 1, adapter=adapter)

        last_effect(self._database, job, store)

    def files(self, adapter: int) -> dict[str, bytes]:
        """The stored files by name; empty when the adapter has none."""
        parts = self._database.transaction(lambda tx: tx.rows(FilePart, FILES, adapter=adapter))
        files: dict[str, bytes] = {}
        for part in parts:
            files[part.name] = files.get(part.name, b"") + part.data
        return files
