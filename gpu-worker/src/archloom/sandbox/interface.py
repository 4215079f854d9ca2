"""The sandbox as the rest of the worker sees it: open a slot, give it a program, get a verdict.

A verdict is a result, never an exception: whatever a program does is its own affair and is told in `outcome`.
Only failures of the sandbox itself raise, always a SandboxError:

    SandboxError
      SandboxUnavailable   the jail cannot be started on this machine at all
      SlotClosed           evaluate() after close()
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from archloom.contract.generated import Outcome
from archloom.recipes import Recipe
from archloom.recipes.protocol import DeviceKind

ProtectionLevel = Literal["full", "reduced", "none"]


class SandboxError(Exception):
    """The sandbox failed, not the candidate."""


class SandboxUnavailable(SandboxError):
    """The jail could not be started; the message says why."""


class SlotClosed(SandboxError):
    """The slot has been closed."""


@dataclass(frozen=True)
class Protection:
    """What the jail was built with. What it really stops is for `self_test` to find out."""

    level: ProtectionLevel
    unprotected: tuple[str, ...]
    """In words, what is not protected; empty at level `full`."""


@dataclass(frozen=True)
class CandidateError:
    type: str
    message: str
    line: int | None
    """1-based line in the candidate's own code, if the error passed through it."""


@dataclass(frozen=True)
class Verdict:
    """What became of one program. Everything but `outcome`, `wall_seconds` and `cpu_seconds` was said by the
    process that the program itself ran in, so it is the program's word: harmless to believe, since no score
    is among it."""

    outcome: Outcome
    wall_seconds: float
    """From request to verdict."""
    cpu_seconds: float | None = None
    """Of the candidate's process and those it waited for, as counted by the kernel."""
    error: CandidateError | None = None
    parsed: bool = False
    built: bool = False
    """It constructs and maps a batch to (N, classes)."""
    parameters: int | None = None
    multiply_adds: int | None = None
    """Of one forward pass of one image."""
    fingerprint: str | None = None
    """Of its structure, 32 hexadecimal characters; equal for networks that compute the same graph. Every
    network that built has one, unless its forward pass could not be recorded.

    Whoever forges it evades this one comparison and nothing else: texts are compared outside the jail."""
    train_seconds: float | None = None
    train_cpu_seconds: float | None = None
    batches_delivered: int | None = None
    """Batches that the program took from the epoch it was offered."""
    train_loss_first: float | None = None
    train_loss_last: float | None = None
    """Only when the recipe's own loop trained it."""
    output: str = ""
    """Beginning of what it printed, stdout and stderr together."""
    predictions: Mapping[str, list[int]] | None = None
    """Split name to class indices, in the order of the split's labels; only with outcome `ok`."""
    peak_memory_bytes: int | None = None
    """Resident memory of the candidate's process, shared pages of the zygote included."""


class Slot(Protocol):
    """Evaluates one program at a time. Not for two callers at once."""

    @property
    def device(self) -> DeviceKind:
        """What programs are trained on."""
        ...

    def evaluate(self, code: str, seed: int, cancel: threading.Event, check_only: bool = False) -> Verdict:
        """Judge one program. `check_only` stops after building: outcome `ok` then means that it built.

        Setting `cancel` ends the program at once with outcome `cancelled`. Raises SandboxError only.
        """
        ...

    def close(self) -> None: ...


class Sandbox(Protocol):
    @property
    def protection(self) -> Protection: ...

    def open_slot(self, recipe: Recipe) -> Slot:
        """A slot for the recipe, warm when this returns. Raises SandboxUnavailable, DatasetUnavailable."""
        ...
