"""The worker's own row."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from psycopg.types.json import Jsonb

from archloom.contract.generated import ProtectionLevel
from archloom.store.database import Database
from archloom.store.queries import query

REGISTER = query("worker_register")
PROTECTION = query("worker_protection")
RECIPES = query("worker_recipes")
REPORT = query("worker_report")
STOP = query("worker_stop")


@dataclass(frozen=True)
class WorkerIdentity:
    name: str
    host: str
    pid: int
    device: str
    """`cpu`, or the name of the accelerator."""
    slots: int
    versions: Mapping[str, str]
    recipes: Sequence[Mapping[str, Any]]
    """What it can evaluate: `archloom.recipes.recipe_summaries`."""


@dataclass(frozen=True)
class ProtectionCheck:
    """One thing the sandbox's self-test tried."""

    name: str
    passed: bool
    detail: str


class Workers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, identity: WorkerIdentity) -> int:
        values = asdict(identity) | {
            "versions": Jsonb(dict(identity.versions)),
            "recipes": Jsonb(list(identity.recipes)),
        }
        return self._database.transaction(lambda tx: tx.value(REGISTER, **values))

    def set_protection(self, worker: int, level: ProtectionLevel, checks: Sequence[ProtectionCheck]) -> None:
        rows = Jsonb([asdict(check) for check in checks])
        self._database.transaction(lambda tx: tx.run(PROTECTION, worker=worker, level=level, checks=rows))

    def set_recipes(self, worker: int, recipes: Sequence[Mapping[str, Any]]) -> None:
        """Again, when the data of one of them has come or gone."""
        self._database.transaction(lambda tx: tx.run(RECIPES, worker=worker, recipes=Jsonb(list(recipes))))

    def report(
        self, worker: int, activity: Mapping[str, str], memory_bytes: int | None, cpu_share: float | None
    ) -> None:
        """What each part is doing, the tree's memory (PSS) and its share (0-1) of the machine's processor
        time."""
        self._database.transaction(
            lambda tx: tx.run(
                REPORT,
                worker=worker,
                activity=Jsonb(dict(activity)),
                memory_bytes=memory_bytes,
                cpu_share=cpu_share,
            )
        )

    def stop(self, worker: int) -> None:
        self._database.transaction(lambda tx: tx.run(STOP, worker=worker))
