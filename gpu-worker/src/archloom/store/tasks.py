"""Effects of tasks: work that belongs to no run, watched by the person who started it."""

from typing import Any

from psycopg.types.json import Jsonb
from pydantic import BaseModel

from archloom.contract.generated import TaskProgress
from archloom.store.database import Database, Transaction
from archloom.store.effects import effect, last_effect
from archloom.store.queries import query
from archloom.store.rows import Job

ARGS = query("task_args")
PROGRESS = query("task_progress")
END = query("task_end")


class Tasks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def args(self, job: Job) -> dict[str, Any]:
        """What was asked for; checked by `contract.read`."""
        return self._database.transaction(lambda tx: tx.value(ARGS, task=job.task_id))

    def progress(self, job: Job, done: int, total: int | None, unit: str, note: str = "") -> None:
        """Shows how far the task is. Raises LeaseLost."""
        progress = TaskProgress(done=done, total=total, unit=unit, note=note)
        effect(
            self._database,
            job,
            lambda tx: tx.run(PROGRESS, task=job.task_id, progress=Jsonb(progress.model_dump())),
        )

    def end(self, job: Job, result: BaseModel) -> None:
        """Stores the result and ends the task. Raises LeaseLost."""

        def store(tx: Transaction) -> None:
            tx.run(END, task=job.task_id, result=Jsonb(result.model_dump()))

        last_effect(self._database, job, store)
