"""Structural fingerprints of a corpus, which a candidate's own is looked up among.

They depend on the recipe's images and classes. Those of the starter corpus come with the package; others are
made in jails the first time that a run needs them (some minutes for ten thousand networks) and kept in the
database.
"""

import logging
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import Final

from archloom.executor.checking import checking_recipe
from archloom.novelty.fingerprint_programs import FingerprintingStopped, fingerprint_programs
from archloom.novelty.starter_fingerprints import Origin, load_fingerprints
from archloom.novelty.structure import StructureIndex, shape_key
from archloom.recipes import get_recipe
from archloom.sandbox.interface import Sandbox, SandboxUnavailable
from archloom.stages.control import AttemptStopped, Control
from archloom.store import Store

log = logging.getLogger(__name__)

BYTES: Final = 16
_NOTHING: Final = bytes(BYTES)


class CorpusStructures:
    """Belongs to one thread. Without a sandbox nothing can be made, only what is stored can be read."""

    def __init__(self, sandbox: Sandbox | None, slots: int) -> None:
        self._sandbox = sandbox
        self._slots = slots
        self._indexes: dict[tuple[str, str], StructureIndex] = {}

    def index(
        self,
        store: Store,
        version: str,
        codes: Sequence[str],
        sha256: str,
        recipe_name: str,
        control: Control,
    ) -> StructureIndex:
        """Keys are positions. Raises UnknownRecipe, SandboxError, DatasetUnavailable and AttemptStopped."""
        recipe = get_recipe(recipe_name)
        shape = shape_key(recipe.in_shape, recipe.classes)
        # By content, not by name: a deleted corpus may come back as another one.
        index = self._indexes.get((sha256, shape))
        if index is None:
            known = load_fingerprints(shape, sha256, len(codes)) or _read(store, version, shape, len(codes))
            if known is None:
                log.info("fingerprinting %s networks of corpus %s for %s", len(codes), version, shape)
                known = self._make(codes, recipe_name, control)
                store.corpora.store_fingerprints(version, shape, method(), pack(known))
            index = StructureIndex()
            for position, fingerprint in enumerate(known):
                index.add(str(position), fingerprint)
            self._indexes[sha256, shape] = index
        return index

    def _make(self, codes: Sequence[str], recipe_name: str, control: Control) -> list[str | None]:
        if self._sandbox is None:
            raise SandboxUnavailable("there is no sandbox here to trace the networks of the corpus in")
        with ExitStack() as stack:
            recipe = checking_recipe(get_recipe(recipe_name))
            slots = [
                stack.enter_context(closing(self._sandbox.open_slot(recipe))) for _ in range(self._slots)
            ]
            try:
                return fingerprint_programs(slots, codes, should_stop=control.at_once.is_set)
            except FingerprintingStopped as stopped:
                raise AttemptStopped from stopped


def method() -> str:
    """What stored fingerprints depend on beside program and shape; those of another method are made again."""
    origin = Origin.here("", "")
    return f"{origin.fingerprint_version}, torch {origin.torch_version}"


def _read(store: Store, version: str, shape: str, programs: int) -> list[str | None] | None:
    data = store.corpora.fingerprints(version, shape, method())
    return unpack(data) if data is not None and len(data) == BYTES * programs else None


def pack(fingerprints: Sequence[str | None]) -> bytes:
    """16 bytes each, in order; zeros where there is none."""
    return b"".join(_NOTHING if one is None else bytes.fromhex(one) for one in fingerprints)


def unpack(data: bytes) -> list[str | None]:
    parts = (data[start : start + BYTES] for start in range(0, len(data), BYTES))
    return [None if part == _NOTHING else part.hex() for part in parts]
