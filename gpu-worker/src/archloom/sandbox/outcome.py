"""The closed set of what can become of a candidate, as the jail and the worker speak of it."""

from __future__ import annotations

from typing import Literal, get_args

Outcome = Literal[
    "ok",
    "parse_error",
    "build_error",
    "shape_mismatch",
    "too_large",
    "screen_rejected",
    "runtime_error",
    "time_limit",
    "memory_limit",
    "process_limit",
    "disk_limit",
    "output_limit",
    "crashed",
    "no_result",
    "invalid_metric",
    "gpu_oom",
    "worker_lost",
    "cancelled",
]

OUTCOMES: frozenset[str] = frozenset(get_args(Outcome))
