"""Everything a candidate can be a copy of: the corpus of its run, and what the run wrote before it.

An index of a run's own programs stays in memory between cycles and is otherwise rebuilt from the database.
"""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archloom.corpus.grammar import corpus_sha256
from archloom.novelty.index import Neighbour, NoveltyIndex
from archloom.stages.index_file import load_or_build
from archloom.store import Store
from archloom.store.errors import CorpusMismatch

RUNS_IN_MEMORY: Final = 4


@dataclass(frozen=True)
class _Corpus:
    """Keys of the index are positions, which mean the same in every database; ids are this database's."""

    index: NoveltyIndex
    ids: list[int]


@dataclass(frozen=True)
class Predecessor:
    """The most similar earlier program; exactly one of the two ids is given."""

    neighbour: Neighbour
    candidate_id: int | None
    corpus_entry_id: int | None


class Predecessors:
    """What came before the candidate that is decided next."""

    def __init__(self, corpus: _Corpus, run: NoveltyIndex) -> None:
        self._corpus = corpus
        self.run = run

    def nearest(self, code: str) -> Predecessor | None:
        """The most similar program, one of the corpus among equals; None if nothing came before."""
        known, own = self._corpus.index.nearest(code), self.run.nearest(code)
        if own is not None and (known is None or own.jaccard > known.jaccard):
            return Predecessor(own, candidate_id=int(own.key), corpus_entry_id=None)
        if known is None:
            return None
        return Predecessor(known, candidate_id=None, corpus_entry_id=self._corpus.ids[int(known.key)])

    def add(self, candidate: int, code: str) -> None:
        self.run.add(str(candidate), code)


class KnownPrograms:
    """Belongs to one thread."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "novelty"
        self._corpora: dict[str, _Corpus] = {}
        self._runs: OrderedDict[int, tuple[int, NoveltyIndex]] = OrderedDict()

    def before(self, store: Store, run: int, cycle: int, corpus_version: str) -> Predecessors:
        """What the first candidate of a cycle is compared with. Raises CorpusMismatch.

        The caller adds the cycle's own programs one by one and calls `remember` once all are in.
        """
        corpus = self._corpus(store, corpus_version)
        next_cycle, index = self._runs.pop(run, (0, NoveltyIndex()))
        if next_cycle > cycle:
            next_cycle, index = 0, NoveltyIndex()
        for program in store.selections.earlier_programs(run, next_cycle, cycle):
            index.add(str(program.id), program.code)
        return Predecessors(corpus, index)

    def remember(self, run: int, cycle: int, predecessors: Predecessors) -> None:
        """Keeps the run's index, which now holds all programs up to and including this cycle."""
        self._runs[run] = (cycle + 1, predecessors.run)
        while len(self._runs) > RUNS_IN_MEMORY:
            self._runs.popitem(last=False)

    def warm(self, store: Store, corpus_version: str) -> None:
        """Loads a corpus before it is needed. Raises CorpusMismatch."""
        self._corpus(store, corpus_version)

    def _corpus(self, store: Store, version: str) -> _Corpus:
        corpus = self._corpora.get(version)
        if corpus is None:
            entries = store.corpora.programs(version)
            codes = [entry.code for entry in entries]
            sha256 = corpus_sha256(codes)
            if sha256 != store.corpora.sha256(version):
                raise CorpusMismatch(f"the networks of corpus {version} do not match their checksum")
            corpus = _Corpus(load_or_build(self._folder, codes, sha256), [entry.id for entry in entries])
            self._corpora[version] = corpus
        return corpus
