"""The task `fetch_data`: a data set's original files into this machine's data folder."""

import time
from typing import Final

from archloom.contract.generated import FetchDataArgs, FetchedData
from archloom.contract.ids import task_id
from archloom.contract.read import read
from archloom.datasets import DatasetUnavailable, FetchStopped, fetch_dataset
from archloom.recipes import recipe_summaries
from archloom.stages.control import AttemptStopped, Control, TaskFailed
from archloom.store import Store
from archloom.store.rows import Job

PROGRESS_SECONDS: Final = 0.5


def fetch_data(job: Job, store: Store, worker: int, control: Control) -> None:
    """What was fetched stays when the task is stopped: the next one goes on from there."""
    args = read(FetchDataArgs, store.tasks.args(job), f"the arguments of {task_id(job.task_id or 0)}")
    shown_at = 0.0

    def show(done: int, total: int) -> None:
        nonlocal shown_at
        if time.monotonic() - shown_at >= PROGRESS_SECONDS:
            store.tasks.progress(job, done, total, "bytes", args.dataset)
            shown_at = time.monotonic()

    try:
        fetched = fetch_dataset(args.dataset, show, control.at_once.is_set)
    except FetchStopped as stopped:
        raise AttemptStopped from stopped
    except DatasetUnavailable as error:
        raise TaskFailed(str(error)) from error
    store.workers.set_recipes(worker, recipe_summaries())
    store.tasks.end(job, FetchedData(dataset=args.dataset, bytes=fetched))
