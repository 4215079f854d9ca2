"""The five functions of leased work: claim, heartbeat, hold, finish, reap."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support_runs import (
    LEASE_SECONDS,
    World,
    ask_for_evaluation,
    claim,
    evaluate_all,
    figures,
    run_config,
    start_evaluation,
    world,
    write_batch,
)

from archloom.store.database import Database
from archloom.store.effects import last_effect
from archloom.store.errors import LeaseLost
from archloom.store.standing_line import StandingLine

AT_ONCE = 0.0  # a lease or grace that has always run out


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        yield made


@contextmanager
def held_line(here: World, worker: int) -> Iterator[None]:
    """The worker is alive meanwhile."""
    line = StandingLine(here.url, worker)
    assert line.wait(0)
    try:
        yield
    finally:
        line.close()
        holders = "select count(*) from pg_locks where locktype = 'advisory' and objid = %s::bigint"
        while here.value(holders, worker):
            time.sleep(0.005)


def test_a_late_write_by_a_lost_lease_is_refused(here: World) -> None:
    here.start_run()
    store = here.store()
    slow, quick = here.worker(store, "slow"), here.worker(store, "quick")
    late = store.jobs.claim(slow, ("generate",), AT_ONCE)
    assert late is not None
    with held_line(here, quick):
        store.jobs.reap(AT_ONCE, LEASE_SECONDS)
    again = claim(store, quick, "generate")
    assert again.id == late.id and again.token > late.token

    with pytest.raises(LeaseLost):
        write_batch(store, late, ["late", "late"])
    write_batch(store, again, ["good", "good"])
    with pytest.raises(LeaseLost):
        write_batch(store, late, ["late", "late"])
    assert here.values("select code from candidate where state = 'complete'") == ["good", "good"]


def test_a_lease_that_ran_out_but_was_not_taken_still_counts(here: World) -> None:
    here.start_run()
    store = here.store()
    job = store.jobs.claim(here.worker(store), ("generate",), AT_ONCE)
    assert job is not None
    write_batch(store, job)
    assert here.value("select state from job where id = %s", job.id) == "done"


def test_two_workers_never_share_a_job_under_contention(here: World) -> None:
    here.start_run(candidates_per_cycle=200, generation=run_config()["generation"] | {"batch_size": 1})
    claimed: list[int] = []

    def take_all() -> None:
        database = Database(here.url, here.stopping)
        store = here.store()
        worker = here.worker(store)
        while (job := store.jobs.claim(worker, ("generate",), LEASE_SECONDS)) is not None:
            claimed.append(job.id)
            last_effect(database, job, lambda tx: None)
        database.close()

    threads = [threading.Thread(target=take_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(claimed) == 200 and len(set(claimed)) == 200
    assert here.value("select count(*) from attempt where ending = 'done'") == 200
    assert here.value("select count(*) from job where state = 'done' and attempts = 1") == 200


TAKE_ALL = """
import sys, threading
sys.path.insert(0, sys.argv[2])
from support_runs import LEASE_SECONDS, World
here = World(sys.argv[1]); store = here.store(); worker = here.worker(store)
print("ready", flush=True); sys.stdin.readline()
while (job := store.jobs.claim(worker, ("generate",), LEASE_SECONDS)) is not None:
    print(job.id)
here.close()
"""


def test_two_processes_never_share_a_job(here: World) -> None:
    here.start_run(candidates_per_cycle=200, generation=run_config()["generation"] | {"batch_size": 1})
    command = [sys.executable, "-c", TAKE_ALL, here.url, str(Path(__file__).parent)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    # Neither begins while the other is still being loaded.
    assert [process.stdout and process.stdout.readline() for process in processes] == ["ready\n"] * 2
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60)[0].split() for process in processes]
    assert sorted(map(int, outputs[0] + outputs[1])) == here.values("select id from job order by id")
    assert all(outputs), "both took part"


def test_claims_cancellations_pauses_and_reaping_never_deadlock(
    here: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Each loser of a deadlock would be repeated and logged."""
    batches = run_config()["generation"] | {"batch_size": 1}
    runs = [here.start_run(candidates_per_cycle=60, generation=batches) for _ in range(3)]
    until = time.monotonic() + 4
    failures: list[BaseException] = []

    def claimer() -> None:
        store = here.store()
        worker = here.worker(store)
        while time.monotonic() < until:
            job = store.jobs.claim(worker, ("generate", "evaluate"), LEASE_SECONDS)
            if job is None:
                time.sleep(0.01)
            elif job.kind == "generate" and job.token % 3:
                write_batch(store, job)
            elif job.kind == "evaluate" and job.token % 3:
                store.evaluations.end(job, store.evaluations.start(job, worker, "full"), figures())
            else:
                store.jobs.release(job)

    def wisher() -> None:
        with world(here.url) as web:
            turn = 0
            while time.monotonic() < until:
                web.wish(runs[turn % 2], "pause" if turn % 4 < 2 else "run")
                turn += 1
                time.sleep(0.005)
            web.wish(runs[2], "cancel")

    def reaper() -> None:
        store = here.store()
        while time.monotonic() < until:
            store.jobs.reap(LEASE_SECONDS, LEASE_SECONDS)

    def record(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=record, args=(work,))
        for work in (claimer, claimer, claimer, wisher, reaper, reaper)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert "deadlock" not in caplog.text
    assert here.value("select count(*) from job where state = 'done'") > 20


def test_a_heartbeat_keeps_a_lease_and_says_what_is_desired(here: World) -> None:
    run = here.start_run()
    store = here.store()
    worker = here.worker(store)
    job = store.jobs.claim(worker, ("generate",), AT_ONCE)
    assert job is not None
    assert store.jobs.heartbeat(worker, [job.token], LEASE_SECONDS) == {job.token: "run"}
    with held_line(here, worker):
        assert store.jobs.reap(AT_ONCE, LEASE_SECONDS) == []
    here.wish(run, "pause")
    assert store.jobs.heartbeat(worker, [job.token], LEASE_SECONDS) == {job.token: "pause"}
    here.wish(run, "cancel")
    assert store.jobs.heartbeat(worker, [job.token], LEASE_SECONDS) == {job.token: "cancel"}


def test_a_heartbeat_does_not_name_a_lost_lease(here: World) -> None:
    here.start_run()
    store = here.store()
    worker = here.worker(store)
    job = claim(store, worker, "generate")
    store.jobs.release(job)
    assert store.jobs.heartbeat(worker, [job.token], LEASE_SECONDS) == {}


def test_a_lease_that_ran_out_is_reaped_although_the_lock_is_held(here: World) -> None:
    here.start_run()
    store = here.store()
    worker = here.worker(store)
    job = store.jobs.claim(worker, ("generate",), AT_ONCE)
    assert job is not None
    with held_line(here, worker):
        assert [taken.id for taken in store.jobs.reap(AT_ONCE, LEASE_SECONDS)] == [job.id]
    assert here.value("select ending from attempt") == "lost"
    assert here.value("select state from worker where id = %s", worker) == "running"


def test_work_of_a_worker_whose_lock_is_free_is_reaped_after_the_grace_only(here: World) -> None:
    here.start_run()
    store = here.store()
    gone, alive = here.worker(store, "gone"), here.worker(store, "alive")
    job, kept = claim(store, gone, "generate"), claim(store, alive, "generate")
    with held_line(here, alive):
        assert store.jobs.reap(0.1, 0.5) == []  # sees the lock free for the first time
        assert store.jobs.reap(0.1, 0.5) == []
        time.sleep(0.6)
        assert [taken.id for taken in store.jobs.reap(0.1, 0.5)] == [job.id]
    states = dict(here.connection.execute("select name, state from worker").fetchall())
    assert states == {"gone": "lost", "alive": "running"}
    assert here.value("select state from job where id = %s", kept.id) == "leased"


def test_a_lock_that_was_free_for_less_than_the_grace_costs_nothing(here: World) -> None:
    here.start_run()
    store = here.store()
    worker = here.worker(store)
    claim(store, worker, "generate")
    assert store.jobs.reap(0.1, 0.2) == []
    with held_line(here, worker):
        assert store.jobs.reap(0.1, 0.2) == []
    time.sleep(0.3)
    assert store.jobs.reap(0.1, 0.2) == [], "the grace starts anew each time the lock is let go"


def test_nothing_is_reaped_within_one_lease_of_the_databases_start(here: World) -> None:
    here.start_run()
    store = here.store()
    worker = here.worker(store)
    assert store.jobs.claim(worker, ("generate",), AT_ONCE) is not None
    since_start = here.value(
        "select extract(epoch from clock_timestamp() - pg_postmaster_start_time())::float"
    )
    assert store.jobs.reap(since_start + 60, AT_ONCE) == []
    assert len(store.jobs.reap(AT_ONCE, LEASE_SECONDS)) == 1


def test_a_worker_given_up_for_lost_claims_nothing_until_its_next_heartbeat(here: World) -> None:
    here.start_run()
    store = here.store()
    worker = here.worker(store)
    store.jobs.reap(AT_ONCE, AT_ONCE)
    time.sleep(0.01)
    store.jobs.reap(AT_ONCE, AT_ONCE)
    assert here.value("select state from worker where id = %s", worker) == "lost"
    assert store.jobs.claim(worker, ("generate",), LEASE_SECONDS) is None
    store.jobs.heartbeat(worker, [], LEASE_SECONDS)
    assert store.jobs.claim(worker, ("generate",), LEASE_SECONDS) is not None


def test_a_released_attempt_is_not_counted(here: World) -> None:
    here.start_run()
    store = here.store()
    worker = here.worker(store)
    for _ in range(5):
        store.jobs.release(claim(store, worker, "generate"))
    assert here.value("select max(attempts) from job") == 0
    assert here.value("select count(*) from attempt where ending = 'released'") == 5


def test_a_failed_try_waits_and_the_third_ends_the_run(here: World) -> None:
    run = here.start_run(candidates_per_cycle=2)
    store = here.store()
    worker = here.worker(store)
    for number in range(3):
        job = claim(store, worker, "generate")
        store.jobs.fail(job, "the language process died")
        waits = here.value("select extract(epoch from available_at - now())::float from job")
        if number < 2:
            assert waits > 1
            assert store.jobs.claim(worker, ("generate",), LEASE_SECONDS) is None
            here.connection.execute("update job set available_at = now()")
    assert here.run_state(run) == "failed"
    assert here.value("select error from run") == (
        "Cycle 0: its programs could not be written: the language process died"
    )
    assert here.events(run, "run_state")[-1]["state"] == "failed"


def test_an_evaluation_that_loses_its_worker_three_times_ends_as_worker_lost(here: World) -> None:
    run = here.start_run(candidates_per_cycle=1)
    store = here.store()
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    for _ in range(3):
        job = store.jobs.claim(worker, ("evaluate",), AT_ONCE)
        assert job is not None
        store.evaluations.start(job, worker, "full")
        with held_line(here, worker):
            store.jobs.reap(AT_ONCE, LEASE_SECONDS)
    assert here.values("select outcome from evaluation") == ["worker_lost"]
    assert here.values("select outcome from candidate") == ["worker_lost"]
    assert [event["outcome"] for event in here.events(run, "candidate_ended")] == ["worker_lost"]
    assert here.values("select kind from job where state = 'queued'") == ["select"]


def test_an_evaluation_between_two_tries_is_queued_again(here: World) -> None:
    here.start_run(candidates_per_cycle=1)
    store = here.store()
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    job, _ = start_evaluation(store, worker)
    assert here.values("select state from candidate") == ["evaluating"]
    store.jobs.release(job)
    assert here.values("select state from evaluation") == ["queued"]
    assert here.values("select state from candidate") == ["complete"]


def test_a_pause_settles_when_the_last_lease_is_given_back(here: World) -> None:
    run = here.start_run()
    store = here.store()
    worker = here.worker(store)
    first, second = claim(store, worker, "generate"), claim(store, worker, "generate")
    assert here.wish(run, "pause") == "pausing"
    store.jobs.release(first)
    assert here.run_state(run) == "pausing"
    store.jobs.release(second)
    assert here.run_state(run) == "paused"
    assert store.jobs.claim(worker, ("generate",), LEASE_SECONDS) is None
    assert here.wish(run, "run") == "running"
    assert store.jobs.claim(worker, ("generate",), LEASE_SECONDS) is not None


def test_a_cancellation_settles_when_nothing_of_the_loop_is_leased(here: World) -> None:
    run = here.start_run()
    store = here.store()
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    job, _ = start_evaluation(store, worker)
    assert here.wish(run, "cancel") == "cancelling"
    store.jobs.cancel(job)
    assert here.run_state(run) == "cancelled"
    assert set(here.values("select outcome from candidate")) == {"cancelled"}
    assert set(here.values("select state from evaluation")) == {"ended"}
    assert set(here.values("select state from job")) == {"done", "cancelled"}
    assert here.values("select stage from cycle") == ["ended"]


def test_a_failed_run_sweeps_what_was_still_running_when_that_ends(here: World) -> None:
    run = here.start_run()
    store = here.store()
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    running, _ = start_evaluation(store, worker)
    store.jobs.fail_run(claim(store, worker, "generate"), "the model is not there")
    assert here.run_state(run) == "failed"
    assert here.value("select count(*) from candidate where state = 'evaluating'") == 1
    assert store.jobs.heartbeat(worker, [running.token], LEASE_SECONDS) == {running.token: "cancel"}
    store.jobs.cancel(running)
    assert set(here.values("select state from candidate")) == {"ended"}
    assert set(here.values("select state from evaluation")) == {"ended"}


def test_a_persons_job_is_claimed_first_and_while_the_run_is_paused(here: World) -> None:
    run = here.start_run()
    store = here.store()
    worker = here.worker(store)
    for _ in range(2):
        write_batch(store, claim(store, worker, "generate"))
    job, task = start_evaluation(store, worker)
    store.evaluations.end(job, task, figures(0.5))
    rerun = ask_for_evaluation(here, task.candidate_id)
    assert claim(store, worker, "evaluate").evaluation_id == rerun, "before the loop's queued work"
    here.wish(run, "pause")
    second = ask_for_evaluation(here, task.candidate_id)
    assert claim(store, worker, "evaluate").evaluation_id == second
    assert store.jobs.claim(worker, ("evaluate",), LEASE_SECONDS) is None
    assert here.run_state(run) == "paused", "a person's job does not hold the run open"


def test_a_persons_evaluation_is_cancelled_while_it_waits_and_while_it_runs(here: World) -> None:
    run = here.start_run()
    store = here.store()
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    job, task = start_evaluation(store, worker)
    store.evaluations.end(job, task, figures(0.5))
    running, waiting = (ask_for_evaluation(here, task.candidate_id) for _ in range(2))
    held = claim(store, worker, "evaluate")
    store.evaluations.start(held, worker, "full")
    assert here.value(f"select evaluation_cancel('{{{running},{waiting},{task.id}}}')") == 2, "not the loop's"
    assert store.jobs.heartbeat(worker, [held.token], LEASE_SECONDS) == {held.token: "cancel"}
    store.jobs.cancel(held)
    ended = here.values("select outcome from evaluation where requested_by = 'person' order by id")
    assert ended == ["cancelled", "cancelled"]
    assert [event["ordinal"] for event in here.events(run, "evaluation_ended")] == [3, 2]
    assert here.value("select accuracy from candidate where outcome = 'ok'") == 0.5


def test_a_cancelled_evaluation_that_lost_its_worker_is_not_tried_again(here: World) -> None:
    here.start_run()
    store = here.store()
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    job, task = start_evaluation(store, worker)
    store.evaluations.end(job, task, figures(0.5))
    rerun = ask_for_evaluation(here, task.candidate_id)
    held = claim(store, worker, "evaluate")
    store.evaluations.start(held, worker, "full")
    here.value(f"select evaluation_cancel('{{{rerun}}}')")
    store.jobs.release(held)
    assert here.values(f"select outcome from evaluation where id = {rerun}") == ["cancelled"]
    assert here.values(f"select state from job where evaluation_id = {rerun}") == ["cancelled"]


def test_a_rerun_adds_an_evaluation_and_never_changes_the_candidate(here: World) -> None:
    run = here.start_run(candidates_per_cycle=1)
    store = here.store()
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    evaluate_all(store, worker, accuracy=0.25)
    ask_for_evaluation(here, here.value("select id from candidate"))
    assert evaluate_all(store, worker, accuracy=0.75) == 1
    assert here.value("select accuracy from candidate") == 0.25
    assert here.values("select accuracy from evaluation order by ordinal") == [0.25, 0.75]
    assert [event["ordinal"] for event in here.events(run, "evaluation_ended")] == [2]
    assert len(here.events(run, "candidate_ended")) == 1
