"""From an exception to an outcome: one exhaustive function, and the error in words."""

from __future__ import annotations

import errno
from types import TracebackType
from typing import TYPE_CHECKING

import torch

from archloom.sandbox.inside.check import Stage, TooLarge, WrongOutput

if TYPE_CHECKING:
    from archloom.contract.generated import Outcome

CANDIDATE_FILE = "<candidate>"
_TYPE_CAP = 100
_MESSAGE_CAP = 2000
_DISK_ERRORS = (errno.EFBIG, errno.ENOSPC, errno.EDQUOT)


class EmptyProgram(Exception):
    """Nothing but white space and comments."""


class NotFinite(Exception):
    """NaN or infinity where a number was needed."""


class WrongClass(Exception):
    """There is no usable class `Net`."""


def outcome_of(error: BaseException, stage: str) -> Outcome:
    match error:
        case TooLarge():
            return "too_large"
        case SystemExit():
            return "no_result"
        case torch.OutOfMemoryError():
            return "gpu_oom"
        # cuBLAS and cuDNN say it in their own words (CUBLAS_STATUS_ALLOC_FAILED).
        case RuntimeError() if "STATUS_ALLOC_FAILED" in str(error):
            return "gpu_oom"
        case MemoryError():
            return "memory_limit"
        case RuntimeError() if "can't allocate memory" in str(error):
            return "memory_limit"
        case RuntimeError() if "can't start new thread" in str(error):
            return "process_limit"
        case OSError() if error.errno == errno.EAGAIN:
            return "process_limit"
        case OSError() if error.errno == errno.ENOMEM:
            return "memory_limit"
        case OSError() if error.errno in _DISK_ERRORS:
            return "disk_limit"
        case OSError() | RecursionError():
            return "runtime_error"
        case NotFinite():
            return "invalid_metric"
        case _:
            return _outcome_at(error, stage)


def _outcome_at(error: BaseException, stage: str) -> Outcome:
    if stage in (Stage.DEFINE, Stage.CONSTRUCT):
        return "build_error"
    if stage == Stage.FORWARD:
        shapes = isinstance(error, (RuntimeError, ValueError, IndexError, AssertionError, WrongOutput))
        return "shape_mismatch" if shapes and not isinstance(error, NotImplementedError) else "runtime_error"
    if stage == Stage.MEASURE and isinstance(error, WrongOutput):
        return "invalid_metric"
    return "runtime_error"


def describe_error(error: BaseException) -> dict[str, str | int | None]:
    """Type, message and line in the candidate's code. A message that cannot be made is left empty."""
    try:
        message = str(error)
    except Exception:
        message = ""
    return {
        "type": type(error).__name__[:_TYPE_CAP],
        "message": message[:_MESSAGE_CAP],
        "line": _candidate_line(error),
    }


def _candidate_line(error: BaseException) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == CANDIDATE_FILE:
        return error.lineno
    line: int | None = None
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == CANDIDATE_FILE:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
