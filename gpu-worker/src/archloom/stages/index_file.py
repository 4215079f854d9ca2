"""The novelty index of a corpus, kept in a file of the home folder: built in some ten seconds, read in one.

The file's name holds the checksums of the corpus and of the novelty code, so a stale index is never read. The
file is trusted like everything else in the home folder, which only the owner writes.
"""

import hashlib
import logging
import os
import pickle
from collections.abc import Sequence
from pathlib import Path

import archloom.novelty
from archloom.novelty.index import NoveltyIndex

log = logging.getLogger(__name__)


def load_or_build(folder: Path, codes: Sequence[str], sha256: str) -> NoveltyIndex:
    """An index with the position of each network as its key."""
    file = folder / f"{sha256[:16]}-{_code_fingerprint()[:16]}.index"
    try:
        index: object = pickle.loads(file.read_bytes())
        if isinstance(index, NoveltyIndex) and len(index) == len(codes):
            return index
    except FileNotFoundError:
        pass
    except Exception as error:
        log.warning("the novelty index %s cannot be read and is built again: %s", file.name, error)
    index = NoveltyIndex()
    for position, code in enumerate(codes):
        index.add(str(position), code)
    _write(file, pickle.dumps(index, protocol=pickle.HIGHEST_PROTOCOL))
    return index


def _write(file: Path, content: bytes) -> None:
    """Complete or not at all; a full disk costs the next start ten seconds and nothing else."""
    fresh = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        log.warning("the novelty index could not be kept: %s", error)


def _code_fingerprint() -> str:
    """Of the modules that decide what an index holds."""
    digest = hashlib.sha256()
    for folder in archloom.novelty.__path__:
        for module in sorted(Path(folder).glob("*.py")):
            digest.update(module.read_bytes())
    return digest.hexdigest()
