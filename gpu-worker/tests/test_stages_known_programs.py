"""What a candidate is compared with, and in which order."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support_runs import World, claim, evaluate_all, world, write_batch

from archloom.corpus.grammar import corpus_sha256, generate_corpus
from archloom.sandbox.interface import SandboxUnavailable
from archloom.stages.control import AttemptStopped, Control
from archloom.stages.corpus_structures import CorpusStructures, method, pack
from archloom.stages.index_file import load_or_build
from archloom.stages.known_programs import KnownPrograms
from archloom.stages.select import select
from archloom.store import Store
from archloom.store.errors import CorpusMismatch

PROGRAMS = generate_corpus(40)
WITHOUT_JAIL = CorpusStructures(sandbox=None, slots=1)
CORPUS, FRESH = PROGRAMS[:30], PROGRAMS[30:]


BY_TEXT = {"filter": True, "threshold": 0.85, "tests": "text"}


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        made.store().corpora.add("starter-1", "a few", CORPUS, corpus_sha256(CORPUS))
        yield made


def run_cycle(
    here: World,
    store: Store,
    worker: int,
    codes: list[str],
    known: KnownPrograms,
    fingerprints: Sequence[str | None] = (),
) -> None:
    write_batch(store, claim(store, worker, "generate"), codes)
    evaluate_all(store, worker, fingerprints=fingerprints)
    select(claim(store, worker, "select"), store, known, Control())


def novelty(here: World) -> list[bool]:
    return here.values("select novel from candidate order by cycle, index")


def test_copies_of_the_corpus_of_a_lower_index_and_of_an_earlier_cycle_are_not_novel(
    here: World, tmp_path: Path
) -> None:
    here.start_run(
        cycles=2, candidates_per_cycle=4, generation=_batch_of(4), fine_tuning=False, novelty=BY_TEXT
    )
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
    here.start_run(cycles=2, candidates_per_cycle=2, fine_tuning=False, novelty=BY_TEXT)
    store = here.store()
    worker = here.worker(store)
    run_cycle(here, store, worker, [FRESH[0], FRESH[1]], KnownPrograms(tmp_path, WITHOUT_JAIL))
    run_cycle(here, store, worker, [FRESH[1], FRESH[2]], KnownPrograms(tmp_path, WITHOUT_JAIL))
    assert novelty(here) == [True, True, False, True]


def test_a_repeated_try_does_not_take_the_first_ones_programs_for_earlier_ones(
    here: World, tmp_path: Path
) -> None:
    here.start_run(cycles=1, candidates_per_cycle=2, novelty=BY_TEXT)
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


BY_STRUCTURE = {"filter": True, "threshold": 0.85, "tests": "structure"}


def twins(here: World) -> list[tuple[int | None, int | None]]:
    return here.connection.execute(
        "select corpus_entry.position, twin.index from candidate "
        "left join corpus_entry on corpus_entry.id = candidate.twin_corpus_entry_id "
        "left join candidate twin on twin.id = candidate.twin_candidate_id "
        "order by candidate.cycle, candidate.index"
    ).fetchall()


def test_a_program_of_a_known_structure_is_a_copy_whatever_its_text(here: World, tmp_path: Path) -> None:
    fingerprints = [f"{number:032x}" for number in range(1, 40)]
    store = here.store()
    store.corpora.store_fingerprints(
        "starter-1", "1x16x16-10", method(), pack([None, *fingerprints[: len(CORPUS) - 1]])
    )
    here.start_run(
        cycles=2, candidates_per_cycle=4, generation=_batch_of(4), fine_tuning=False, novelty=BY_STRUCTURE
    )
    worker, known = here.worker(store), KnownPrograms(tmp_path, WITHOUT_JAIL)
    # Of entry 3; new; of the second candidate; a copy of an entry's text, with a structure of its own.
    first = [fingerprints[2], "a" * 32, "a" * 32, "b" * 32]
    run_cycle(here, store, worker, [FRESH[0], FRESH[1], FRESH[2], CORPUS[5]], known, first)
    # A worker that did not see the first cycle; one that did not build is decided by its text alone.
    second = ["b" * 32, "c" * 32, None, None]
    fresh_known = KnownPrograms(tmp_path, WITHOUT_JAIL)
    run_cycle(here, store, worker, [FRESH[3], FRESH[4], CORPUS[5], FRESH[6]], fresh_known, second)
    assert novelty(here) == [False, True, False, True, False, True, False, True]
    assert twins(here) == [(3, None), (None, None), (None, 1), (None, None), (None, 3)] + [(None, None)] * 3


def test_without_stored_fingerprints_and_without_a_jail_the_run_is_told_why(
    here: World, tmp_path: Path
) -> None:
    here.start_run(cycles=1, candidates_per_cycle=2, novelty=BY_STRUCTURE)
    store = here.store()
    worker = here.worker(store)
    unread = KnownPrograms(tmp_path, CorpusStructures(sandbox=None, slots=1))
    with pytest.raises(SandboxUnavailable, match="no sandbox"):
        run_cycle(here, store, worker, [FRESH[0], FRESH[1]], unread)


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
