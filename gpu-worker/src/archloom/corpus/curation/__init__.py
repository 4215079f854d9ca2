"""From networks as they were found to a corpus to train on: duplicates out, families and splits in."""

from archloom.corpus.curation.curate import CuratedCorpus, CuratedNetwork, Duplicate, Network, curate
from archloom.corpus.curation.profile import program_digest
from archloom.corpus.curation.report import CurationReport
from archloom.corpus.curation.splits import SPLITS, Split

__all__ = [
    "SPLITS",
    "CuratedCorpus",
    "CuratedNetwork",
    "CurationReport",
    "Duplicate",
    "Network",
    "Split",
    "curate",
    "program_digest",
]
