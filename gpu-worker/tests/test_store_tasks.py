"""A task is leased like any other work, and its row tells the person who waits for it."""

from collections.abc import Iterator

import pytest
from support_runs import LEASE_SECONDS, World, world

from archloom.contract.generated import FetchedData
from archloom.store import Store
from archloom.store.errors import LeaseLost
from archloom.store.rows import Job


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        yield made


def open_task(here: World) -> int:
    return here.value("""select task_open('fetch_data', '{"dataset": "cifar10"}')""")


def claim(here: World, store: Store) -> Job:
    job = store.jobs.claim(here.worker(store), ("fetch_data",), LEASE_SECONDS)
    assert job is not None
    return job


def state(here: World) -> tuple[str, str | None]:
    return here.value("select state from task"), here.value("select error from task")


def test_a_task_goes_from_queued_to_done_with_its_result(here: World) -> None:
    task, store = open_task(here), here.store()
    job = claim(here, store)
    assert (job.task_id, job.run_id, job.cycle) == (task, 0, 0)
    assert state(here) == ("running", None)
    assert store.tasks.args(job) == {"dataset": "cifar10"}
    store.tasks.progress(job, 3, 10, "bytes")
    assert here.value("select progress from task") == {"done": 3, "total": 10, "unit": "bytes", "note": ""}
    store.tasks.end(job, FetchedData(dataset="cifar10", bytes=10))
    assert state(here) == ("done", None)
    assert here.value("select result->>'bytes' from task") == "10"
    assert here.value("select state from job") == "done"


def test_a_queued_task_is_cancelled_at_once_and_a_running_one_is_told(here: World) -> None:
    store = here.store()
    queued = open_task(here)
    assert here.value(f"select task_cancel({queued})") == "cancelled"
    running = open_task(here)
    worker = here.worker(store)
    job = store.jobs.claim(worker, ("fetch_data",), LEASE_SECONDS)
    assert job is not None and job.task_id == running
    assert here.value(f"select task_cancel({running})") == "running"
    assert store.jobs.heartbeat(worker, [job.token], LEASE_SECONDS) == {job.token: "cancel"}
    store.jobs.cancel(job)
    assert here.values("select state from task order by id") == ["cancelled", "cancelled"]


def test_a_failed_try_is_made_again_unless_no_further_one_can_help(here: World) -> None:
    open_task(here)
    store = here.store()
    job = claim(here, store)
    store.jobs.fail(job, "the network is down")
    assert state(here) == ("queued", None)
    here.connection.execute("update job set available_at = now()")
    job = claim(here, store)
    store.jobs.fail_finally(job, "there is no such data set")
    assert state(here) == ("failed", "there is no such data set")


def test_a_late_result_of_a_lost_lease_is_refused(here: World) -> None:
    open_task(here)
    store = here.store()
    job = claim(here, store)
    here.connection.execute("update job set lease_token = nextval('lease_token')")
    with pytest.raises(LeaseLost):
        store.tasks.end(job, FetchedData(dataset="cifar10", bytes=1))
    assert state(here) == ("running", None)
