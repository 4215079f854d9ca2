"""The corpus that ships as a seeded grammar: written into the database by whichever worker comes first."""

import logging
from typing import Final

from archloom.corpus.grammar import corpus_sha256, generate_corpus
from archloom.store import Store
from archloom.store.errors import CorpusMismatch

log = logging.getLogger(__name__)

VERSION: Final = "starter-1"


def ensure_starter_corpus(store: Store) -> None:
    """Raises CorpusMismatch when the database holds other networks under this version."""
    programs = generate_corpus()
    sha256 = corpus_sha256(programs)
    stored = store.corpora.sha256(VERSION)
    if stored is None:
        description = f"{len(programs):,} networks of the seeded grammar that the starter model learnt from."
        store.corpora.add(VERSION, description, programs, sha256)
        log.info("the corpus %s is in the database", VERSION)
    elif stored != sha256:
        raise CorpusMismatch(
            f"the corpus {VERSION} in the database is not the one of this version of Archloom"
        )
