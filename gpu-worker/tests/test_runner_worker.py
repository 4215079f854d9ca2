"""Real workers, a real database, the real model: what survives when they are killed, stopped, paused or cut
off."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support_datasets import write_cifar10
from support_runs import World, ask_for_evaluation, world
from support_worker import RUN_SECONDS, START_SECONDS, is_running, wait_until, worker_process


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        yield made


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that the corpus is indexed once."""
    return tmp_path_factory.mktemp("home")


def wait_for_state(here: World, run: int, state: str, seconds: float = RUN_SECONDS) -> None:
    wait_until(lambda: here.run_state(run) == state, seconds, f"run {run} is {state}")


def wait_for_readiness(here: World) -> None:
    """The worker's slots look for work."""
    idle = "select count(*) from worker where state = 'running' and activity->>'slot 1' = 'idle'"
    wait_until(lambda: here.value(idle), START_SECONDS, "the worker is ready")


def programs(here: World, run: int) -> list[tuple[object, ...]]:
    return here.connection.execute(
        "select cycle, index, code, outcome, accuracy, jaccard, novel, selection_reason from candidate "
        "where run_id = %s order by cycle, index",
        [run],
    ).fetchall()


def test_killing_workers_mid_batch_and_mid_evaluation_changes_nothing(here: World, home: Path) -> None:
    run = here.start_run(seed=11)
    with worker_process(here.url, home) as worker:
        wait_until(lambda: here.value("select count(*) from generation_chunk"), START_SECONDS, "text appears")
        family = worker.family()
        assert len(family) >= 3, "two jails and the language process"
        worker.kill()
        wait_until(lambda: not any(map(is_running, family)), 10, "everything below it has ended too")

    with worker_process(here.url, home) as worker:
        evaluating = "select count(*) from candidate where state = 'evaluating'"
        wait_until(lambda: here.value(evaluating), START_SECONDS, "a candidate is evaluated")
        worker.kill()

    with worker_process(here.url, home) as worker:
        wait_for_state(here, run, "finished")
        assert here.value("select count(*) from attempt where ending = 'lost'") >= 2
        assert here.value("select count(*) from candidate where outcome in ('worker_lost', 'cancelled')") == 0
        assert here.values("select state from worker order by id") == ["lost", "lost", "running"]
        numbers = here.values("select seq from run_event where run_id = %s order by seq", run)
        chunks_gone = here.value("select last_seq from run where id = %s", run) - len(numbers)
        assert numbers == sorted(set(numbers)) and chunks_gone > 0
        ended = here.events(run, "candidate_ended")
        assert len(ended) == 8 and len({(event["cycle"], event["index"]) for event in ended}) == 8

        undisturbed = here.start_run(seed=11)
        wait_for_state(here, undisturbed, "finished")
        assert programs(here, undisturbed) == programs(here, run)


def test_a_worker_asked_to_stop_gives_its_work_back_in_time(here: World, home: Path) -> None:
    run = here.start_run(candidates_per_cycle=64, generation=_batches_of(32))
    with worker_process(here.url, home) as worker:
        working = "select count(distinct kind) from job where state = 'leased'"
        wait_until(lambda: here.value(working) == 2, START_SECONDS, "it writes and evaluates")
        family = worker.family()
        seconds = worker.terminate()
        assert worker.process.returncode == 0
        assert seconds < 8
        wait_until(lambda: not any(map(is_running, family)), 2, "nothing is left behind")
    assert here.values("select state from worker") == ["stopped"]
    assert here.value("select count(*) from job where state = 'leased'") == 0
    assert here.value("select count(*) from attempt where ending not in ('done', 'released')") == 0
    assert here.value("select max(attempts) from job where state = 'queued'") == 0
    assert here.value("select count(*) from evaluation where state = 'running'") == 0
    assert here.run_state(run) == "running"


COLOUR_NET = """import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(48, 10))

    def forward(self, x):
        return self.layers(x)
"""
ENDLESS_NET = COLOUR_NET.replace("return self", "while True:\n            pass\n        return self")


def test_what_people_ask_reaches_the_worker_within_moments(here: World, home: Path, tmp_path: Path) -> None:
    """Pause, resume and cancel of a run; a transfer to another recipe, and the end of one that runs."""
    write_cifar10(tmp_path, each=257, test=300)
    with worker_process(here.url, home, ARCHLOOM_DATA=str(tmp_path), ARCHLOOM_DATA_UNCHECKED="1"):
        run = here.start_run(candidates_per_cycle=64, generation=_batches_of(32))
        leased = "select count(*) from job where state = 'leased' and kind = 'generate'"
        wait_until(lambda: here.value(leased), START_SECONDS, "it writes")
        here.wish(run, "pause")
        wait_for_state(here, run, "paused", 10)
        assert here.value("select max(attempts) from job where state = 'queued'") == 0
        here.wish(run, "run")
        evaluating = "select count(*) from job where state = 'leased' and kind = 'evaluate'"
        wait_until(lambda: here.value(evaluating), 60, "it evaluates")
        here.wish(run, "cancel")
        wait_for_state(here, run, "cancelled", 5)
        assert here.value("select count(*) from candidate where state <> 'ended'") == 0

        after = here.start_run(cycles=1)
        wait_for_state(here, after, "finished")
        candidates = here.values("select id from candidate where run_id = %s order by index limit 2", after)
        _transfer(here, *candidates)


def _transfer(here: World, fine: int, endless: int) -> None:
    before = here.values("select accuracy from candidate where id = %s", fine)
    for candidate, code in ((fine, COLOUR_NET), (endless, ENDLESS_NET)):
        here.connection.execute("update candidate set code = %s where id = %s", (code, candidate))
    first, running = (ask_for_evaluation(here, candidate, "cifar10") for candidate in (fine, endless))
    outcome, state = (f"select {column} from evaluation where id = %s" for column in ("outcome", "state"))
    wait_until(lambda: here.value(outcome, first), RUN_SECONDS, "the transfer ends")
    wait_until(lambda: here.value(state, running) == "running", RUN_SECONDS, "the endless one runs")
    assert here.value("select evaluation_cancel(%s)", [running]) == 1
    wait_until(lambda: here.value(outcome, running) == "cancelled", 10, "it is cancelled")

    again = ask_for_evaluation(here, fine, "cifar10")
    wait_until(lambda: here.value(outcome, again), RUN_SECONDS, "the slot goes on")
    judged = here.connection.execute(
        "select recipe, outcome, selection_total, report_total, accuracy from evaluation "
        "where id = any(%s) order by id",
        ([first, again],),
    ).fetchall()
    assert [row[:4] for row in judged] == [("cifar10", "ok", 150, 150)] * 2
    assert judged[0][4] == judged[1][4] > 0.3, "repeatable, and far above chance, which is 0.1"
    assert here.values("select accuracy from candidate where id = %s", fine) == before, "the run's own stays"


def test_a_worker_outlives_the_loss_of_all_its_connections(here: World, home: Path) -> None:
    with worker_process(here.url, home):
        wait_for_readiness(here)
        run = here.start_run(cycles=3)
        cuts = 0
        while here.run_state(run) != "finished":
            assert cuts < 300 and here.run_state(run) in ("waiting", "running")
            here.connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where application_name like 'archloom worker%' and datname = current_database()"
            )
            cuts += 1
            time.sleep(0.5)
    assert cuts > 3, cuts
    assert here.values("select state from worker") == ["stopped"]
    assert here.value("select count(*) from candidate where outcome in ('worker_lost', 'cancelled')") == 0


def _batches_of(size: int) -> dict[str, float]:
    return {
        "batch_size": size,
        "temperature": 0.8,
        "top_p": 1,
        "top_k": 0,
        "max_new_tokens": 512,
        "quantization": "none",
    }
