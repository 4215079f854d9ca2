"""What a candidate is compared with, and in which order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support_runs import World, claim, evaluate_all, world, write_batch

from archloom.corpus.grammar import corpus_sha256, generate_corpus
from archloom.stages.control import AttemptStopped, Control
from archloom.stages.corpus_structures import CorpusStructures
from archloom.stages.index_file import load_or_build
from archloom.stages.known_programs import KnownPrograms
from archloom.stages.select import select
from archloom.store import Store
from archloom.store.errors import CorpusMismatch

PROGRAMS = generate_corpus(40)
WITHOUT_JAIL = CorpusStructures(sandbox=None, slots=1)
CORPUS, FRESH = PROGRAMS[:30], PROGRAMS[30:]


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        made.store().corpora.add("starter-1", "a few", CORPUS, corpus_sha256(CORPUS))
        yield made


def run_cycle(here: World, store: Store, worker: int, codes: list[str], known: KnownPrograms) -> None:
    write_batch(store, claim(store, worker, "generate"), codes)
    evaluate_all(store, worker)
    select(claim(store, worker, "select"), store, known, Control())


def novelty(here: World) -> list[bool]:
    return here.values("select novel from candidate order by cycle, index")


def test_copies_of_the_corpus_of_a_lower_index_and_of_an_earlier_cycle_are_not_novel(
    here: World, tmp_path: Path
) -> None:
    here.start_run(cycles=2, candidates_per_cycle=4, generation=_batch_of(4), fine_tuning=False)
    store, known = here.store(), KnownPrograms(tmp_path, WITHOUT_JAIL)
    worker = here.worker(store)
    run_cycle(here, store, worker, [FRESH[0], CORPUS[3], FRESH[0], FRESH[1]], known)
    run_cycle(here, store, worker, [FRESH[2], FRESH[1], FRESH[3], FRESH[3]], known)
    assert novelty(here) == [True, False, False, True, True, False, True, False]
    first, copy = here.connection.execute(
        "select neighbour_corpus_entry_id, jaccard from candidate "
        "where cycle = 0 and index < 2 order by index"
    ).fetchall()
    assert copy == (here.value("select id from corpus_entry where position = 3"), 1.0)
    assert first[1] < 0.85
    neighbour = here.value("select neighbour_candidate_id from candidate where cycle = 1 and index = 1")
    assert neighbour == here.value("select id from candidate where cycle = 0 and index = 3")


def test_a_worker_that_did_not_see_the_earlier_cycles_decides_the_same(here: World, tmp_path: Path) -> None:
    here.start_run(cycles=2, candidates_per_cycle=2, fine_tuning=False)
    store = here.store()
    worker = here.worker(store)
    run_cycle(here, store, worker, [FRESH[0], FRESH[1]], KnownPrograms(tmp_path, WITHOUT_JAIL))
    run_cycle(here, store, worker, [FRESH[1], FRESH[2]], KnownPrograms(tmp_path, WITHOUT_JAIL))
    assert novelty(here) == [True, True, False, True]


def test_a_repeated_try_does_not_take_the_first_ones_programs_for_earlier_ones(
    here: World, tmp_path: Path
) -> None:
    here.start_run(cycles=1, candidates_per_cycle=2)
    store, known = here.store(), KnownPrograms(tmp_path, WITHOUT_JAIL)
    worker = here.worker(store)
    write_batch(store, claim(store, worker, "generate"), [FRESH[0], FRESH[1]])
    evaluate_all(store, worker)
    job = claim(store, worker, "select")
    stopped = Control()
    stopped.shut_down()
    with pytest.raises(AttemptStopped):
        select(job, store, known, stopped)
    select(job, store, known, Control())
    assert novelty(here) == [True, True]


def test_a_corpus_that_was_changed_in_the_database_is_refused(here: World, tmp_path: Path) -> None:
    here.connection.execute("update corpus_entry set code = code || ' ' where position = 0")
    with pytest.raises(CorpusMismatch):
        KnownPrograms(tmp_path, WITHOUT_JAIL).warm(here.store(), "starter-1")


def test_the_stored_index_answers_as_the_built_one(tmp_path: Path) -> None:
    built = load_or_build(tmp_path, CORPUS, "0" * 64)
    stored = load_or_build(tmp_path, CORPUS, "0" * 64)
    assert stored is not built
    assert [stored.nearest(code) for code in PROGRAMS] == [built.nearest(code) for code in PROGRAMS]


def test_a_damaged_index_file_is_built_again(tmp_path: Path) -> None:
    expected = load_or_build(tmp_path, CORPUS, "0" * 64).nearest(FRESH[0])
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    assert load_or_build(tmp_path, CORPUS, "0" * 64).nearest(FRESH[0]) == expected


def _batch_of(size: int) -> dict[str, float]:
    return {
        "batch_size": size,
        "temperature": 0.8,
        "top_p": 1,
        "top_k": 0,
        "max_new_tokens": 512,
        "quantization": "none",
    }
