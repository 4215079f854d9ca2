"""Structural fingerprints of a corpus, which a candidate's own is looked up among.

They depend on the recipe's images and classes. Those of the starter corpus come with the package; others are
made in jails the first time that a run needs them (some minutes for ten thousand networks) and kept in the
database.
"""

import logging
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import Final

from archloom.novelty.fingerprint_programs import fingerprint_programs
from archloom.novelty.structure import METHOD, StructureIndex, packaged_fingerprints, shape_key
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
        index = self._indexes.get((version, shape))
        if index is None:
            data = packaged_fingerprints(sha256, shape) or store.corpora.fingerprints(version, shape, METHOD)
            if data is None or len(data) != BYTES * len(codes):
                log.info("fingerprinting %s networks of corpus %s for %s", len(codes), version, shape)
                data = pack(self._make(codes, recipe_name, control))
                store.corpora.store_fingerprints(version, shape, METHOD, data)
            index = StructureIndex()
            for position, fingerprint in enumerate(unpack(data)):
                if fingerprint is not None:
                    index.add(str(position), fingerprint)
            self._indexes[version, shape] = index
        return index

    def _make(self, codes: Sequence[str], recipe_name: str, control: Control) -> list[str | None]:
        if self._sandbox is None:
            raise SandboxUnavailable("there is no sandbox here to trace the networks of the corpus in")
        with ExitStack() as stack:
            recipe = get_recipe(recipe_name)
            slots = [
                stack.enter_context(closing(self._sandbox.open_slot(recipe))) for _ in range(self._slots)
            ]
            made = fingerprint_programs(slots, codes, lambda _: None, control.at_once.is_set)
        if control.at_once.is_set():
            raise AttemptStopped
        return made


def pack(fingerprints: Sequence[str | None]) -> bytes:
    """16 bytes each, in order; zeros where there is none."""
    return b"".join(_NOTHING if one is None else bytes.fromhex(one) for one in fingerprints)


def unpack(data: bytes) -> list[str | None]:
    parts = (data[start : start + BYTES] for start in range(0, len(data), BYTES))
    return [None if part == _NOTHING else part.hex() for part in parts]
