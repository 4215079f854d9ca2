"""Checks of the jail on a card: what it sees, what it may take, one epoch, and what survives a fault."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from archloom.datasets.cifar import CIFAR10_FORMAT
from archloom.executor import Evaluation, evaluate_candidate
from archloom.gpu_check.outcome import Skipped, expect
from archloom.recipes import Recipe, get_recipe
from archloom.recipes.protocol import GIB, MIB
from archloom.sandbox import open_sandbox
from archloom.sandbox.device import choose_devices, list_cards
from archloom.sandbox.open import missing_kernel_support
from archloom.sandbox.slot import JailedSlot

CAP_BYTES = 2 * GIB

_NETWORK = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
            nn.Linear(256, 10),
        )

    def forward(self, x):
        return self.layers(x)
"""
_LEARN = "\n    def learn(self, train_data):\n        "
LOOKS_AROUND = """
import os
for number in range(64):
    path = f"/dev/nvidia{number}"
    try:
        os.close(os.open(path, os.O_RDWR))
        print("opens", path)
    except OSError:
        pass
print("CUDA counts", torch.cuda.device_count(), torch.cuda.get_device_name(0))
"""
TAKES_MEMORY = f"""{_NETWORK}{_LEARN}taken = []
        while True:
            taken.append(torch.ones({64 * MIB}, dtype=torch.float32, device="cuda"))
            print("has", torch.cuda.memory_allocated())
"""
BREAKS_ITS_CONTEXT = f"""{_NETWORK}{_LEARN}torch.ones(4, device="cuda")[torch.tensor([9], device="cuda")]
        torch.cuda.synchronize()
"""
CRASHES = f"""{_NETWORK}{_LEARN}import os, signal
        os.kill(os.getpid(), signal.SIGSEGV)
"""


class Bench:
    """One slot on a card over CIFAR-shaped bytes, for all checks of this file."""

    def __init__(self, slot: JailedSlot, recipe: Recipe) -> None:
        self._slot, self._recipe = slot, recipe

    def sees_one_card(self) -> str:
        verdict = self._slot.evaluate(LOOKS_AROUND, 0, threading.Event(), check_only=True)
        lines = verdict.output.strip().split("\n")
        opened = [line for line in lines if line.startswith("opens")]
        seen = f"{'; '.join(lines)} (of {len(list_cards())} cards)"
        expect(len(opened) == 1 and lines[-1].startswith("CUDA counts 1 "), seen)
        return seen

    def caps_memory(self) -> str:
        evaluation = self._evaluate(TAKES_MEMORY)
        lines = evaluation.verdict.output.split("\n")
        most = max((int(line.split()[1]) for line in lines if line.startswith("has")), default=0)
        seen = f"{evaluation.outcome} with {most / MIB:.0f} of {CAP_BYTES / MIB:.0f} MiB taken"
        expect(evaluation.outcome == "gpu_oom" and 0 < most <= CAP_BYTES, _with_error(seen, evaluation))
        return seen

    def trains_an_epoch(self) -> str:
        evaluation = self._evaluate(_NETWORK)
        verdict = evaluation.verdict
        seconds = verdict.train_seconds or float("inf")
        seen = (
            f"{evaluation.outcome} on {evaluation.device}: {verdict.batches_delivered} batches in "
            f"{seconds:.1f} s ({50_000 / seconds:,.0f} images a second), {verdict.wall_seconds:.1f} s with "
            f"everything, accuracy on random labels {evaluation.accuracy}"
        )
        expect(evaluation.outcome == "ok" and evaluation.device == "cuda", _with_error(seen, evaluation))
        return seen

    def recovers(self) -> str:
        """After each fault the next program must train as if nothing had been."""
        seen: list[str] = []
        for name, program, outcome in (
            ("out of memory", TAKES_MEMORY, "gpu_oom"),
            ("broken context", BREAKS_ITS_CONTEXT, "runtime_error"),
            ("crash", CRASHES, "crashed"),
        ):
            fault, after = self._evaluate(program), self._evaluate(_NETWORK)
            seen.append(f"{name}: {fault.outcome}, next one {after.outcome}")
            expect(fault.outcome == outcome, _with_error("; ".join(seen), fault))
            expect(after.outcome == "ok", _with_error("; ".join(seen), after))
        return "; ".join(seen)

    def _evaluate(self, program: str) -> Evaluation:
        return evaluate_candidate(self._slot, self._recipe, program, 0, threading.Event())


CHECKS = {
    "the jail sees only its own card": Bench.sees_one_card,
    "memory of the card is capped": Bench.caps_memory,
    "one CIFAR-shaped epoch in the jail": Bench.trains_an_epoch,
    "a fault stays with its program": Bench.recovers,
}


@contextmanager
def open_bench() -> Generator[Bench, None, None]:
    """Raises Skipped, NoCard, SandboxError."""
    choose_devices("cuda")
    missing = missing_kernel_support()
    if missing is not None:
        raise Skipped(f"candidates cannot be jailed here: {missing}")
    recipe = get_recipe("cifar10")
    limits = recipe.card_limits or recipe.limits
    capped = replace(recipe, card_limits=replace(limits, card_memory_bytes=CAP_BYTES))
    with tempfile.TemporaryDirectory(prefix="archloom-gpu-check-") as folder:
        write_random_images(Path(folder))
        os.environ["ARCHLOOM_DATA"] = folder
        slot = open_sandbox(device="cuda").open_slot(capped)
        try:
            yield Bench(slot, capped)
        finally:
            slot.close()


def write_random_images(folder: Path) -> None:
    """CIFAR-10's files with noise in them."""
    random = np.random.default_rng(0)
    images = folder / CIFAR10_FORMAT.folder
    images.mkdir()
    for name, count in CIFAR10_FORMAT.records.items():
        records = random.integers(0, 256, (count, CIFAR10_FORMAT.record_bytes), dtype=np.uint8)
        records[:, 0] %= CIFAR10_FORMAT.classes
        (images / name).write_bytes(records.tobytes())


def _with_error(seen: str, evaluation: Evaluation) -> str:
    error = evaluation.error
    return seen if error is None else f"{seen} ({error.type}: {error.message})"
