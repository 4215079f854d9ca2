"""Do programs build? The check of a corpus, without training anything and without a recipe's data."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import Final

from archloom.recipes import Recipe, get_recipe
from archloom.sandbox import Slot, Verdict

_SEED: Final = 0  # whether a network builds must not depend on chance; any fixed seed will do
_MEMORY_BYTES: Final = 4 * 2**30


def checking_recipe(recipe: Recipe) -> Recipe:
    """The recipe's images, classes and hyper-parameters with the data of `digits`, which are always there and
    not looked at. Sizes are not limited: a corpus may know larger networks than a run may write."""
    digits = get_recipe("digits")
    limits = replace(
        digits.limits,
        parameters=None,
        multiply_adds=None,
        activation_bytes=None,
        memory_bytes=_MEMORY_BYTES,
        cpu_seconds=60,
        wall_seconds=180,
    )
    return replace(
        digits,
        name=f"check-{recipe.name}",
        in_shape=recipe.in_shape,
        classes=recipe.classes,
        batch_size=recipe.batch_size,
        prm=recipe.prm,
        limits=limits,
    )


def check_programs(slots: Sequence[Slot], codes: Sequence[str], stop: threading.Event) -> list[Verdict]:
    """One verdict for each program, in order; `cancelled` for what was not begun when `stop` was set. Raises
    SandboxError."""
    verdicts = [Verdict("cancelled", 0.0) for _ in codes]
    places = count()

    def work(slot: Slot) -> None:
        while not stop.is_set() and (place := next(places)) < len(codes):
            verdicts[place] = slot.evaluate(codes[place], _SEED, stop, check_only=True)

    with ThreadPoolExecutor(max(1, len(slots))) as pool:
        for working in [pool.submit(work, slot) for slot in slots]:
            working.result()
    return verdicts
