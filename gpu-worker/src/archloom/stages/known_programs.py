"""Everything a candidate can be a copy of, in text or in structure: the corpus of its run, and what the run
wrote before it.

Indexes of a run's own programs stay in memory between cycles and are otherwise rebuilt from the database.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from archloom.contract.generated import RunConfig
from archloom.corpus.grammar import corpus_sha256
from archloom.novelty.index import Neighbour, NoveltyIndex
from archloom.novelty.structure import StructureIndex
from archloom.stages.control import Control
from archloom.stages.corpus_structures import CorpusStructures
from archloom.stages.index_file import load_or_build
from archloom.store import Store
from archloom.store.errors import CorpusMismatch
from archloom.store.rows import Job

RUNS_IN_MEMORY: Final = 4


@dataclass(frozen=True)
class _Corpus:
    """Keys of indexes are positions, which mean the same in every database; ids are this database's."""

    identity: str | None
    index: NoveltyIndex
    ids: list[int]
    codes: list[str]
    sha256: str


@dataclass(frozen=True)
class _Own:
    """What a run itself has written before a cycle; keys are candidate ids."""

    before_cycle: int
    text: NoveltyIndex
    structure: StructureIndex


@dataclass(frozen=True)
class Predecessor:
    """The most similar earlier program; exactly one of the two ids is given."""

    neighbour: Neighbour
    candidate_id: int | None
    corpus_entry_id: int | None


@dataclass(frozen=True)
class Twin:
    """The earliest program of the same structure; exactly one of the two ids is given."""

    candidate_id: int | None
    corpus_entry_id: int | None


class Predecessors:
    """What came before the candidate that is decided next."""

    def __init__(self, corpus: _Corpus, structures: StructureIndex | None, own: _Own) -> None:
        self._corpus = corpus
        self._structures = structures
        self.own = own

    def nearest(self, code: str) -> Predecessor | None:
        """The most similar program, one of the corpus among equals; None if nothing came before."""
        known, own = self._corpus.index.nearest(code), self.own.text.nearest(code)
        if own is not None and (known is None or own.jaccard > known.jaccard):
            return Predecessor(own, candidate_id=int(own.key), corpus_entry_id=None)
        if known is None:
            return None
        return Predecessor(known, candidate_id=None, corpus_entry_id=self._corpus.ids[int(known.key)])

    def twin(self, fingerprint: str | None) -> Twin | None:
        """The program of the same structure, one of the corpus first; None also where structure is not
        compared."""
        if fingerprint is None or self._structures is None:
            return None
        if (known := self._structures.find(fingerprint)) is not None:
            return Twin(candidate_id=None, corpus_entry_id=self._corpus.ids[int(known)])
        own = self.own.structure.find(fingerprint)
        return None if own is None else Twin(candidate_id=int(own), corpus_entry_id=None)

    def add(self, candidate: int, code: str, fingerprint: str | None) -> None:
        self.own.text.add(str(candidate), code)
        if fingerprint is not None:
            self.own.structure.add(str(candidate), fingerprint)


class KnownPrograms:
    """Belongs to one thread."""

    def __init__(self, home: Path, structures: CorpusStructures) -> None:
        self._folder = home / "novelty"
        self._structures = structures
        self._corpora: dict[str, _Corpus] = {}
        self._runs: OrderedDict[int, _Own] = OrderedDict()

    def before(self, store: Store, job: Job, config: RunConfig, control: Control) -> Predecessors:
        """What the first candidate of the job's cycle is compared with. Structure is compared where the run's
        configuration lets it decide. Raises CorpusMismatch, UnknownRecipe, SandboxError and AttemptStopped.

        The caller adds the cycle's own programs one by one and calls `remember` once all are in.
        """
        corpus = self._corpus(store, config.corpus_version)
        structures = None
        if config.novelty.tests != "text":
            structures = self._structures.index(
                store, config.corpus_version, corpus.codes, corpus.sha256, config.recipe, control
            )
        own = self._runs.pop(job.run_id, None)
        if own is None or own.before_cycle > job.cycle:
            own = _Own(0, NoveltyIndex(), StructureIndex())
        predecessors = Predecessors(corpus, structures, own)
        for program in store.selections.earlier_programs(job.run_id, own.before_cycle, job.cycle):
            predecessors.add(program.id, program.code, program.fingerprint)
        return predecessors

    def remember(self, run: int, cycle: int, predecessors: Predecessors) -> None:
        """Keeps the run's indexes, which now hold all programs up to and including this cycle."""
        self._runs[run] = replace(predecessors.own, before_cycle=cycle + 1)
        while len(self._runs) > RUNS_IN_MEMORY:
            self._runs.popitem(last=False)

    def warm(self, store: Store, corpus_version: str) -> None:
        """Loads a corpus before it is needed. Raises CorpusMismatch."""
        self._corpus(store, corpus_version)

    def _corpus(self, store: Store, version: str) -> _Corpus:
        corpus = self._corpora.get(version)
        identity = store.corpora.identity(version)
        if corpus is None or corpus.identity != identity:
            entries = store.corpora.programs(version)
            codes = [entry.code for entry in entries]
            sha256 = corpus_sha256(codes)
            if sha256 != store.corpora.sha256(version):
                raise CorpusMismatch(f"the networks of corpus {version} do not match their checksum")
            index = load_or_build(self._folder, codes, sha256)
            corpus = _Corpus(identity, index, [entry.id for entry in entries], codes, sha256)
            self._corpora[version] = corpus
        return corpus
