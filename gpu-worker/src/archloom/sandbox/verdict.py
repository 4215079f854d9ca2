"""From what the zygote reports about an ended process to a Verdict.

Everything the candidate's process said is untrusted bytes: whatever is not exactly what a judge would say is
dropped, and a result that does not fit becomes `no_result` or `invalid_metric`, never an exception.
"""

from __future__ import annotations

import json
import math
import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from archloom.contract.generated import Outcome
from archloom.datasets.evaluation_data import EvaluationData
from archloom.sandbox.interface import CandidateError, Verdict

_TEXT_CAP = 2000
# A larger number than the database's column holds would fail the evaluation instead of the program.
_COUNT_CAP = 2**31
_SIZE_CAP = 2**62
_FINGERPRINT = re.compile("[0-9a-f]{32}")
# Outcomes that only the worker decides, from outside.
_OURS = frozenset({"screen_rejected", "worker_lost", "cancelled", "crashed"})
_CLAIMABLE: frozenset[str] = frozenset(get_args(Outcome.__value__)) - _OURS


@dataclass(frozen=True)
class EndedProcess:
    """What is known of a candidate's process from outside, and the two byte strings it wrote."""

    status: int
    """As `waitpid` gives it."""
    cpu_seconds: float
    peak_memory_bytes: int
    output_exceeded: bool
    result: bytes
    output: bytes


@dataclass(frozen=True)
class Expected:
    """What the evaluation was about."""

    check_only: bool
    cpu_limit: float
    data: EvaluationData
    classes: int


def to_verdict(
    ended: EndedProcess, cause: Outcome | None, wall_seconds: float, expected: Expected
) -> Verdict:
    """`cause` is why the worker ended the process, if it did; it outweighs what the process said."""
    said = _said(ended.result)
    claimed = _claimed_outcome(said)
    predictions = None
    if ended.output_exceeded:
        cause = "output_limit"
    outcome = cause or claimed or _outcome_of_exit(ended, expected.cpu_limit)
    if outcome == "ok" and not expected.check_only:
        outcome, predictions = _predictions(said.get("predictions"), expected)
    train_loss = [_finite(said.get(key)) for key in ("train_loss_first", "train_loss_last")]
    return Verdict(
        outcome=outcome,
        wall_seconds=wall_seconds,
        cpu_seconds=ended.cpu_seconds,
        error=None if outcome == "ok" else _error(said, outcome, claimed == outcome),
        parsed=said.get("parsed") is True,
        built=said.get("built") is True,
        parameters=_count(said.get("parameters"), _SIZE_CAP),
        multiply_adds=_count(said.get("multiply_adds"), _SIZE_CAP),
        fingerprint=_fingerprint(said.get("fingerprint")) if said.get("built") is True else None,
        train_seconds=_finite(said.get("train_seconds")),
        train_cpu_seconds=_finite(said.get("train_cpu_seconds")),
        batches_delivered=_count(said.get("batches_delivered")),
        train_loss_first=train_loss[0],
        train_loss_last=train_loss[1],
        output=clean_text(ended.output.decode("utf-8", "replace")),
        predictions=predictions,
        peak_memory_bytes=ended.peak_memory_bytes,
    )


def clean_text(text: str) -> str:
    """Text that PostgreSQL and JSON accept: no NUL, no lone surrogates."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def _said(result: bytes) -> dict[str, Any]:
    """The union of the lines that are JSON objects, later ones first in rank."""
    said: dict[str, Any] = {}
    for line in result.split(b"\n"):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            said |= cast("dict[str, Any]", value)
    return said


def _claimed_outcome(said: Mapping[str, Any]) -> Outcome | None:
    claimed = said.get("outcome")
    if isinstance(claimed, str) and claimed in _CLAIMABLE:
        return cast("Outcome", claimed)
    return None


def _outcome_of_exit(ended: EndedProcess, cpu_limit: float) -> Outcome:
    """Why a process ended that left no result."""
    if not os.WIFSIGNALED(ended.status):
        return "no_result"
    number = os.WTERMSIG(ended.status)
    if number == signal.SIGXCPU or (number == signal.SIGKILL and ended.cpu_seconds >= cpu_limit):
        return "time_limit"
    if number == signal.SIGKILL:
        # Nobody but the jail's memory limit sends it; a program that kills itself this way is taken for one.
        return "memory_limit"
    if number == signal.SIGXFSZ:
        return "disk_limit"
    return "crashed"


def _predictions(value: object, expected: Expected) -> tuple[Outcome, Mapping[str, list[int]] | None]:
    if not isinstance(value, list):
        return "no_result", None
    indices = cast("list[object]", value)
    if len(indices) != len(expected.data.test_images):
        return "invalid_metric", None
    chosen: list[int] = []
    for index in indices:
        # bool is an int to isinstance.
        if type(index) is not int or not 0 <= index < expected.classes:
            return "invalid_metric", None
        chosen.append(index)
    return "ok", {
        name: [chosen[position] for position in split.positions.tolist()]
        for name, split in expected.data.held_out.items()
    }


_WORDS: Mapping[Outcome, str] = {
    "time_limit": "the program used up its time",
    "memory_limit": "the program asked for more memory than it may have",
    "process_limit": "the program started more processes or threads than it may have",
    "disk_limit": "the program wrote more to disk than it may",
    "output_limit": "the program printed more than it may",
    "crashed": "the program's process crashed",
    "no_result": "the program ended without a result",
    "invalid_metric": "the program's class indices are not one valid class per test image",
    "cancelled": "the evaluation was cancelled",
}


def _error(said: Mapping[str, Any], outcome: Outcome, its_own: bool) -> CandidateError:
    value = said.get("error")
    if its_own and isinstance(value, dict):
        error = cast("dict[str, object]", value)
        return CandidateError(
            type=clean_text(str(error.get("type")))[:100],
            message=clean_text(str(error.get("message")))[:_TEXT_CAP],
            line=_count(error.get("line")),
        )
    return CandidateError(type=outcome, message=_WORDS.get(outcome, outcome), line=None)


def _count(value: object, cap: int = _COUNT_CAP) -> int | None:
    return value if type(value) is int and 0 <= value < cap else None


def _fingerprint(value: object) -> str | None:
    return value if isinstance(value, str) and _FINGERPRINT.fullmatch(value) else None


def _finite(value: object) -> float | None:
    if type(value) not in (int, float):
        return None
    number = cast("float", value)
    return float(number) if abs(number) < 1e12 and math.isfinite(number) else None
