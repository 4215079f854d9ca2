"""The jail that candidates run in. `open_sandbox` makes one, `self_test` finds out what it stops.

Candidate code is hostile until proven otherwise. Guaranteed at protection level `full`: a candidate reads
only the interpreter, torch and torch's dependencies; writes only in its own scratch folder; reaches no
network, no other process and no file of the worker; holds no label it is scored on; cannot outlive its
verdict; and is held to the recipe's limits of time, memory, processes, disk and output. Not guaranteed: that
it used the epoch it was offered as intended (LEMUR's `learn` is candidate code), nor safety from bugs in the
kernel itself; on a graphics card, nor that it leaves others their part of its memory, which torch alone caps.
"""

from archloom.contract.generated import Outcome
from archloom.sandbox.interface import (
    CandidateError,
    Protection,
    Sandbox,
    SandboxError,
    SandboxUnavailable,
    Slot,
    SlotClosed,
    Verdict,
)
from archloom.sandbox.open import open_sandbox

__all__ = [
    "CandidateError",
    "Outcome",
    "Protection",
    "Sandbox",
    "SandboxError",
    "SandboxUnavailable",
    "Slot",
    "SlotClosed",
    "Verdict",
    "open_sandbox",
]
