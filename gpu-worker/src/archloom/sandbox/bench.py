"""How fast is the jail? `python -m archloom.sandbox.bench` prints JSON, times in seconds.

For each kind of program: n verdicts from a warm slot, and one from each of a few fresh jails (start of the
jailed interpreter, import of torch, warm-up, verdict), in the same run, so that both share the machine's
mood.
"""

from __future__ import annotations

import argparse
import json
import statistics
import threading
import time
from dataclasses import dataclass
from typing import Any

from archloom.recipes import Recipe, get_recipe
from archloom.sandbox import Sandbox, Slot, open_sandbox

_NETWORK = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        )
        self.head = nn.Linear({inputs}, 10)

    def forward(self, x):
        return self.head(self.features(x))
"""
PROGRAMS = {
    "parse_error": "class Net(nn.Module:\n    pass\n",
    "shape_mismatch": _NETWORK.format(inputs=127),
    "ok": _NETWORK.format(inputs=128),
}


@dataclass(frozen=True)
class Spread:
    """Of n measurements in seconds."""

    n: int
    median: float
    least: float
    most: float

    @classmethod
    def of(cls, seconds: list[float]) -> Spread:
        return cls(len(seconds), statistics.median(seconds), min(seconds), max(seconds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warm", type=int, default=30, help="verdicts of each kind from the warm slot")
    parser.add_argument("--fresh", type=int, default=3, help="fresh jails for each kind")
    parser.add_argument("--recipe", default="digits")
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.recipe, arguments.warm, arguments.fresh), indent=2))


def measure(recipe_name: str, warm: int, fresh: int) -> dict[str, Any]:
    sandbox, recipe = open_sandbox(), get_recipe(recipe_name)
    slot = sandbox.open_slot(recipe)
    try:
        return {
            "recipe": recipe_name,
            "protection": sandbox.protection.level,
            "programs": {kind: _kind(kind, sandbox, slot, recipe, warm, fresh) for kind in PROGRAMS},
        }
    finally:
        slot.close()


def _kind(kind: str, sandbox: Sandbox, slot: Slot, recipe: Recipe, warm: int, fresh: int) -> dict[str, Any]:
    from_warm = Spread.of([_verdict(slot, kind) for _ in range(warm)])
    from_fresh = Spread.of([_fresh_verdict(sandbox, recipe, kind) for _ in range(fresh)])
    ratio = from_fresh.median / from_warm.median
    return {"warm": vars(from_warm), "fresh": vars(from_fresh), "fresh_over_warm": ratio}


def _verdict(slot: Slot, kind: str) -> float:
    began = time.perf_counter()
    verdict = slot.evaluate(PROGRAMS[kind], 0, threading.Event())
    if verdict.outcome != kind:
        raise RuntimeError(f"the {kind} program came out as {verdict.outcome}: {verdict.error}")
    return time.perf_counter() - began


def _fresh_verdict(sandbox: Sandbox, recipe: Recipe, kind: str) -> float:
    began = time.perf_counter()
    slot = sandbox.open_slot(recipe)
    try:
        _verdict(slot, kind)
        return time.perf_counter() - began
    finally:
        slot.close()


if __name__ == "__main__":
    main()
