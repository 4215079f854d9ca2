"""Stage 3: once all candidates of a cycle have ended, decide novelty in index order and choose what to train
on."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from archloom.contract.generated import NoveltyBasis, RunConfig
from archloom.contract.ids import run_id
from archloom.contract.read import read
from archloom.novelty.structure import decide
from archloom.stages.control import AttemptStopped, Control
from archloom.stages.known_programs import KnownPrograms, Predecessor, Predecessors, Twin
from archloom.stages.selection_rule import Contender, choose
from archloom.store import Store
from archloom.store.rows import EndedCandidate, Job
from archloom.store.selections import NoveltyFigures, SelectionSummary, Verdict


def select(job: Job, store: Store, known: KnownPrograms, control: Control) -> None:
    started = time.monotonic()
    config = read(RunConfig, store.batches.plan(job).config, f"the configuration of {run_id(job.run_id)}")
    candidates = store.selections.candidates(job)
    predecessors = known.before(store, job, config, control)
    compared = _compare(candidates, predecessors, control)

    rule = config.novelty
    novel = {
        candidate.index: decide(
            found.nearest and found.nearest.neighbour.jaccard,
            None if candidate.fingerprint is None else found.twin is not None,
            rule.tests,
            rule.threshold,
        ).novel
        for candidate, found in zip(candidates, compared, strict=True)
        if candidate.parsed
    }
    contenders = [
        Contender(candidate.index, candidate.accuracy, novel[candidate.index])
        for candidate in candidates
        if candidate.valid and candidate.accuracy is not None
    ]
    choice = choose(contenders, config.selection, config.novelty.filter)

    verdicts = [
        Verdict(
            candidate_id=candidate.id,
            novelty=_to_figures(found.nearest) if found.nearest else None,
            twin_candidate_id=found.twin and found.twin.candidate_id,
            twin_corpus_entry_id=found.twin and found.twin.corpus_entry_id,
            novel=novel.get(candidate.index),
            reason=choice.reasons.get(candidate.index),
        )
        for candidate, found in zip(candidates, compared, strict=True)
    ]
    summary = SelectionSummary(
        novel=sum(contender.novel for contender in contenders),
        winners=sum(reason == "winner" for reason in choice.reasons.values()),
        selected=len(choice.reasons),
        threshold=choice.threshold,
        seconds=time.monotonic() - started,
    )
    store.selections.end(job, verdicts, summary)
    known.remember(job.run_id, job.cycle, predecessors)


@dataclass(frozen=True)
class _Comparison:
    nearest: Predecessor | None
    twin: Twin | None


def _compare(
    candidates: Sequence[EndedCandidate], predecessors: Predecessors, control: Control
) -> list[_Comparison]:
    """For each candidate that parsed, its nearest and its twin among everything with a lower (cycle, index),
    valid or not."""
    compared: list[_Comparison] = []
    for candidate in candidates:
        if control.at_once.is_set():
            raise AttemptStopped
        code = candidate.code
        nearest = predecessors.nearest(code) if code is not None and candidate.parsed else None
        compared.append(_Comparison(nearest, predecessors.twin(candidate.fingerprint)))
        if code is not None:
            predecessors.add(candidate.id, code, candidate.fingerprint)
    return compared


def _to_figures(found: Predecessor) -> NoveltyFigures:
    basis: NoveltyBasis = "body" if found.neighbour.basis == "body" else "whole_file"
    return NoveltyFigures(
        jaccard=found.neighbour.jaccard,
        minhash_estimate=found.neighbour.minhash_estimate,
        basis=basis,
        neighbour_candidate_id=found.candidate_id,
        neighbour_corpus_entry_id=found.corpus_entry_id,
    )
