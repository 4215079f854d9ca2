"""Selection's effects: novelty and choice of a whole cycle, and what the run does next."""

from collections.abc import Sequence
from dataclasses import dataclass

from archloom.contract.generated import NoveltyBasis, SelectionEndedEvent, SelectionReason
from archloom.store.database import Database, Transaction
from archloom.store.effects import append_event, last_effect, lock_cycle
from archloom.store.queries import query
from archloom.store.rows import EarlierProgram, EndedCandidate, Job

CANDIDATES = query("selection_candidates")
EARLIER_PROGRAMS = query("selection_earlier_programs")
STORE_VERDICTS = query("selection_store_verdicts")
END_CYCLE = query("selection_end_cycle")
ADVANCE = query("cycle_advance")


@dataclass(frozen=True)
class NoveltyFigures:
    """Similarity to the nearest earlier program, which is a candidate of the run or an entry of the
    corpus."""

    jaccard: float
    minhash_estimate: float
    basis: NoveltyBasis
    neighbour_candidate_id: int | None
    neighbour_corpus_entry_id: int | None


@dataclass(frozen=True)
class Verdict:
    """What selection decided about one candidate. `novelty` is None where nothing came before or nothing
    parsed."""

    candidate_id: int
    novelty: NoveltyFigures | None
    twin_candidate_id: int | None
    """The earliest program of the same structure; at most one of the two is given."""
    twin_corpus_entry_id: int | None
    novel: bool | None
    reason: SelectionReason | None


@dataclass(frozen=True)
class SelectionSummary:
    """Counts are of valid candidates."""

    novel: int
    winners: int
    selected: int
    threshold: float
    seconds: float


class Selections:
    def __init__(self, database: Database) -> None:
        self._database = database

    def candidates(self, job: Job) -> list[EndedCandidate]:
        """The cycle's candidates in order of index."""
        return self._database.transaction(
            lambda tx: tx.rows(EndedCandidate, CANDIDATES, run=job.run_id, cycle=job.cycle)
        )

    def earlier_programs(self, run: int, from_cycle: int, before_cycle: int) -> list[EarlierProgram]:
        """Everything the run wrote in these cycles, valid or not, in (cycle, index) order."""
        return self._database.transaction(
            lambda tx: tx.rows(
                EarlierProgram, EARLIER_PROGRAMS, run=run, from_cycle=from_cycle, before_cycle=before_cycle
            )
        )

    def end(self, job: Job, verdicts: Sequence[Verdict], summary: SelectionSummary) -> None:
        """Stores the verdicts and lets the run go on. Raises LeaseLost."""
        figures = [verdict.novelty for verdict in verdicts]

        def store(tx: Transaction) -> None:
            lock_cycle(tx, job)
            tx.run(
                STORE_VERDICTS,
                ids=[verdict.candidate_id for verdict in verdicts],
                jaccards=[figure and figure.jaccard for figure in figures],
                estimates=[figure and figure.minhash_estimate for figure in figures],
                bases=[figure and figure.basis for figure in figures],
                neighbour_candidates=[figure and figure.neighbour_candidate_id for figure in figures],
                neighbour_corpus_entries=[figure and figure.neighbour_corpus_entry_id for figure in figures],
                twin_candidates=[verdict.twin_candidate_id for verdict in verdicts],
                twin_corpus_entries=[verdict.twin_corpus_entry_id for verdict in verdicts],
                novel=[verdict.novel for verdict in verdicts],
                reasons=[verdict.reason for verdict in verdicts],
            )
            tx.run(
                END_CYCLE,
                run=job.run_id,
                cycle=job.cycle,
                threshold=summary.threshold,
                seconds=summary.seconds,
            )
            event = SelectionEndedEvent(
                cycle=job.cycle,
                novel=summary.novel,
                winners=summary.winners,
                selected=summary.selected,
                threshold=summary.threshold,
            )
            append_event(tx, job.run_id, event)
            tx.run(ADVANCE, run=job.run_id, cycle=job.cycle)

        last_effect(self._database, job, store)
