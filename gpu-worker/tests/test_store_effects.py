"""Effects happen once: whatever is repeated, lost on the way or done by two."""

import threading
from collections.abc import Iterator

import pytest
from support_proxy import commit_breaker
from support_runs import (
    LEASE_SECONDS,
    World,
    claim,
    evaluate_all,
    figures,
    start_evaluation,
    world,
    write_batch,
)

from archloom.contract.generated import GenerateArgs
from archloom.contract.read import read
from archloom.store import Store
from archloom.store.adapters import PART_BYTES, FinetunePoint, Replay, TrainedAdapter
from archloom.store.database import Database, Transaction
from archloom.store.errors import CorpusMismatch, DatabaseUnavailable, LeaseLost
from archloom.store.rows import Job
from archloom.store.selections import NoveltyFigures, SelectionSummary, Verdict


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        yield made


def select_everything(here: World, job: Job) -> None:
    """Does a select job without comparing anything."""
    store = here.store()
    candidates = store.selections.candidates(job)
    verdicts = [
        Verdict(
            candidate_id=candidate.id,
            novelty=NoveltyFigures(0.5, 0.4, "body", candidates[0].id, None),
            twin_candidate_id=None,
            twin_corpus_entry_id=None,
            novel=True,
            reason="winner",
        )
        for candidate in candidates
        if candidate.valid
    ]
    summary = SelectionSummary(
        novel=len(verdicts), winners=len(verdicts), selected=len(verdicts), threshold=0.4, seconds=0.1
    )
    store.selections.end(job, verdicts, summary)


NO_REPLAY = Replay(share=0, corpus_version="starter-1", seed=0)


def trained(files: dict[str, bytes]) -> TrainedAdapter:
    return TrainedAdapter(
        sha256="a" * 64,
        base_sha256="b" * 64,
        steps=1,
        tokens=10,
        seconds=0.5,
        points=[FinetunePoint(step=1, loss=0.5, learning_rate=1e-3, grad_norm=1.0)],
        files=files,
    )


def test_a_candidate_ends_once_when_its_end_is_stored_twice(here: World) -> None:
    run = here.start_run(candidates_per_cycle=1)
    store = here.store()
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    job, task = start_evaluation(store, worker)
    store.evaluations.end(job, task, figures(0.5))
    with pytest.raises(LeaseLost):
        store.evaluations.end(job, task, figures(0.9))
    assert here.values("select accuracy from candidate") == [0.5]
    assert len(here.events(run, "candidate_ended")) == 1
    assert here.value("select count(*) from job where kind = 'select'") == 1


def test_the_last_two_candidates_ended_at_the_same_time_queue_one_selection(here: World) -> None:
    here.start_run(candidates_per_cycle=8, generation={**_generation(), "batch_size": 8})
    store = here.store()
    write_batch(store, claim(store, here.worker(store), "generate"))

    def slot() -> None:
        own = here.store()
        evaluate_all(own, here.worker(own))

    threads = [threading.Thread(target=slot) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert here.values("select state from candidate") == ["ended"] * 8
    assert here.value("select count(*) from job where kind = 'select'") == 1


def _generation() -> dict[str, float]:
    return {"temperature": 0.8, "top_p": 1, "top_k": 0, "max_new_tokens": 512, "quantization": "none"}


def test_text_appended_twice_is_there_once(here: World) -> None:
    here.start_run(candidates_per_cycle=2)
    store = here.store()
    job = claim(store, here.worker(store), "generate")
    args = read(GenerateArgs, job.args, "a batch")
    store.batches.start(job, args)
    store.batches.append_text(job, args, {0: "a\0", 1: "b"}, already=0)
    store.batches.append_text(job, args, {0: "c"}, already=1)
    store.batches.append_text(job, args, {0: "c"}, already=1)
    assert here.values("select suffixes from generation_chunk order by seq") == [
        {"0": "a\ufffd", "1": "b"},
        {"0": "c"},
    ]


def test_a_stored_batch_leaves_no_chunks_and_queues_one_evaluation_each(here: World) -> None:
    run = here.start_run(candidates_per_cycle=2)
    store = here.store()
    job = claim(store, here.worker(store), "generate")
    args = read(GenerateArgs, job.args, "a batch")
    store.batches.start(job, args)
    store.batches.append_text(job, args, {0: "a"}, already=0)
    write_batch(store, job)
    assert here.value("select count(*) from generation_chunk") == 0
    assert here.value("select count(*) from job where kind = 'evaluate' and priority = 0") == 2
    assert here.values("select generated_tokens from cycle") == [14]
    assert [event["indexes"] for event in here.events(run, "batch_ended")] == [[0, 1]]


def test_a_batch_that_starts_again_keeps_its_candidates(here: World) -> None:
    here.start_run(candidates_per_cycle=2)
    store = here.store()
    worker = here.worker(store)
    job = claim(store, worker, "generate")
    store.batches.start(job, read(GenerateArgs, job.args, "a batch"))
    ids = here.values("select id from candidate order by index")
    store.jobs.release(job)
    write_batch(store, claim(store, worker, "generate"))
    assert here.values("select id from candidate order by index") == ids


def test_events_and_chunks_of_a_run_are_numbered_without_a_gap(here: World) -> None:
    run = here.start_run()
    store = here.store()
    worker = here.worker(store)
    for _ in range(2):
        write_batch(store, claim(store, worker, "generate"))
    evaluate_all(store, worker)
    numbers = here.values("select seq from run_event where run_id = %s order by seq", run)
    assert numbers == list(range(1, here.value("select last_seq from run") + 1))


def test_a_whole_run_ends_as_finished_with_every_pair_of_every_cycle(here: World) -> None:
    run = here.start_run(cycles=3, candidates_per_cycle=2)
    store = here.store()
    worker = here.worker(store)
    for cycle in range(3):
        write_batch(store, claim(store, worker, "generate"))
        evaluate_all(store, worker)
        select_everything(here, claim(store, worker, "select"))
        if cycle < 2:
            job = claim(store, worker, "finetune")
            training = store.adapters.start(job, NO_REPLAY)
            assert [(program.cycle, program.index) for program in training.selected] == [
                (earlier, index) for earlier in range(cycle + 1) for index in range(2)
            ]
            store.adapters.step(job, 1, 1, 0.5)
            files = {"adapter_config.json": b"{}"}
            store.adapters.end(job, training.adapter_id, trained(files), len(training.selected))
    assert here.run_state(run) == "finished"
    assert here.values("select adapter_id is null from cycle order by number") == [True, False, False]
    assert here.values("select state from job where state <> 'done'") == []


def test_adapter_files_come_back_as_they_were_whatever_their_size(here: World) -> None:
    here.start_run(candidates_per_cycle=2)
    store = here.store()
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    evaluate_all(store, worker)
    select_everything(here, claim(store, worker, "select"))
    job = claim(store, worker, "finetune")
    adapter = store.adapters.start(job, NO_REPLAY).adapter_id
    files = {"empty": b"", "weights": bytes(range(256)) * (PART_BYTES // 256) + b"tail"}
    store.adapters.end(job, adapter, trained(files), 2)
    assert store.adapters.files(adapter) == files
    assert here.value("select max(length(data)) from adapter_file") <= PART_BYTES


def test_a_corpus_added_by_two_workers_at_once_is_there_once(here: World) -> None:
    programs = [f"x = {number}\n" for number in range(500)]
    failures: list[BaseException] = []

    def add() -> None:
        try:
            here.store().corpora.add("c-1", "numbers", programs, "sum")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert [entry.code for entry in here.store().corpora.programs("c-1")] == programs


def test_a_corpus_with_other_networks_is_refused(here: World) -> None:
    corpora = here.store().corpora
    corpora.add("c-1", "one", ["x = 1\n"], "sum of one")
    with pytest.raises(CorpusMismatch):
        corpora.add("c-1", "two", ["x = 2\n"], "sum of two")


def test_a_transaction_whose_connection_dies_is_repeated(here: World) -> None:
    database = Database(here.url, here.stopping)
    pids: list[int] = []

    def work(tx: Transaction) -> int:
        pid = tx.value(b"SELECT pg_backend_pid()")
        pids.append(pid)
        tx.run(b"INSERT INTO corpus (version, description, entries, sha256) VALUES ('v', '', 0, '')")
        if len(pids) == 1:
            here.connection.execute("select pg_terminate_backend(%s)", [pid])
        tx.run(b"SELECT 1")
        return pid

    assert database.transaction(work) == pids[1] != pids[0]
    assert here.value("select count(*) from corpus") == 1
    database.close()


def test_an_end_whose_commit_was_not_heard_of_does_not_happen_twice(here: World) -> None:
    run = here.start_run(candidates_per_cycle=1)
    with commit_breaker(here.url) as (breaker, url):
        store = Store(url, here.stopping)
        worker = here.worker(store)
        write_batch(store, claim(store, worker, "generate"))
        job, task = start_evaluation(store, worker)
        breaker.armed = True
        with pytest.raises(LeaseLost):
            store.evaluations.end(job, task, figures(0.5))
        assert breaker.broken == 1
        store.close()
    assert here.values("select accuracy from candidate") == [0.5]
    assert len(here.events(run, "candidate_ended")) == 1


def test_text_whose_commit_was_not_heard_of_is_there_once(here: World) -> None:
    here.start_run(candidates_per_cycle=2)
    with commit_breaker(here.url) as (breaker, url):
        store = Store(url, here.stopping)
        job = claim(store, here.worker(store), "generate")
        args = read(GenerateArgs, job.args, "a batch")
        store.batches.start(job, args)
        breaker.armed = True
        store.batches.append_text(job, args, {0: "a"}, already=0)
        assert breaker.broken == 1
        store.batches.append_text(job, args, {0: "b"}, already=1)
        store.close()
    assert here.values("select suffixes from generation_chunk order by seq") == [{"0": "a"}, {"0": "b"}]


def test_waiting_for_a_lost_database_ends_with_the_wish_to_stop() -> None:
    stopping = threading.Event()
    database = Database("postgres://nobody@127.0.0.1:1/none", stopping)
    threading.Timer(0.3, stopping.set).start()
    with pytest.raises(DatabaseUnavailable):
        database.transaction(lambda tx: tx.run(b"SELECT 1"))


def test_a_claim_of_an_empty_queue_returns_nothing(here: World) -> None:
    store = here.store()
    assert store.jobs.claim(here.worker(store), ("generate",), LEASE_SECONDS) is None


@pytest.mark.parametrize(("share", "replayed"), [(0.0, 0), (0.5, 2), (0.25, 1), (0.9, 6), (1.0, 6)])
def test_the_corpus_makes_up_its_share_of_the_pairs_from_its_training_split(
    here: World, share: float, replayed: int
) -> None:
    """Two selected programs; eight entries, of which two are not for training."""
    here.start_run(candidates_per_cycle=2)
    store = here.store()
    store.corpora.add("starter-1", "a few", [f"x = {n}" for n in range(8)], "0" * 64)
    here.connection.execute("update corpus_entry set split = 'test' where position in (2, 5)")
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"))
    evaluate_all(store, worker)
    select_everything(here, claim(store, worker, "select"))
    job = claim(store, worker, "finetune")
    training = store.adapters.start(job, Replay(share, "starter-1", seed=7))
    assert len(training.selected) == 2
    positions = [entry.position for entry in training.replayed]
    assert len(positions) == len(set(positions)) == replayed
    assert not {2, 5} & set(positions)
    again = store.adapters.start(job, Replay(share, "starter-1", seed=7))
    assert again.replayed == training.replayed
