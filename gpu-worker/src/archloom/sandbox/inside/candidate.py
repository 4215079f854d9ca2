"""The process of one candidate: narrow what it may do, then judge its program.

From the first line of the program on this process belongs to whoever wrote it. Nothing it says is trusted
further than "these are my class indices"; the limits around it hold whatever it does.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import tempfile
from collections.abc import Mapping
from typing import Any, NoReturn

from sandlock import Sandbox, confine  # pyright: ignore[reportMissingTypeStubs] - it has none

from archloom.recipes.protocol import Limits
from archloom.sandbox.device import DEVICE_FAILED_STATUS
from archloom.sandbox.frames import Frame
from archloom.sandbox.inside import linux
from archloom.sandbox.inside.device import DeviceFailed
from archloom.sandbox.inside.judge import judge
from archloom.sandbox.inside.warm import Workbench

_RESULT_FD = 3


def run_candidate(request: Frame, workbench: Workbench, result_fd: int, output_fd: int) -> NoReturn:
    """Never returns; every way out is `os._exit`, so that nothing of the zygote runs twice."""
    try:
        linux.die_with_parent()
        _keep_only(result_fd, output_fd)
        _narrow(request.header, workbench.recipe.limits)
        _judge_and_report(request, workbench)
    except DeviceFailed as error:
        os.write(2, f"{error}\n".encode("utf-8", "replace"))
        os._exit(DEVICE_FAILED_STATUS)
    except BaseException as error:
        os.write(2, f"the judge failed: {error!r}\n".encode("utf-8", "replace"))
    os._exit(1)


def _keep_only(result_fd: int, output_fd: int) -> None:
    """Leave no file of the zygote open: /dev/null as input, the output pipe twice, the result pipe."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output_fd, 1), (output_fd, 2), (result_fd, _RESULT_FD)):
        os.dup2(source, target, inheritable=target != _RESULT_FD)
    os.closerange(_RESULT_FD + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False))
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), errors="replace", line_buffering=True)
    sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), errors="replace", line_buffering=True)


def _narrow(header: Mapping[str, Any], limits: Limits) -> None:
    scratch = str(header["scratch"])
    os.chdir(scratch)
    os.environ["TMPDIR"] = os.environ["HOME"] = tempfile.tempdir = scratch
    address_space: int = header["address_space_bytes"] or resource.RLIM_INFINITY
    for kind, soft, hard in (
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),
        (resource.RLIMIT_AS, address_space, address_space),
        (resource.RLIMIT_FSIZE, limits.disk_bytes, limits.disk_bytes),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))
    linux.drop_capabilities()
    if header["readable"] is not None:
        writable = [scratch, os.devnull, *header["device_files"]]
        confine(Sandbox(fs_readable=header["readable"], fs_writable=writable))


def _judge_and_report(request: Frame, workbench: Workbench) -> NoReturn:
    own = os.getpid()

    def report(said: Mapping[str, Any]) -> None:
        # A fork that the program left running in our code must not speak for it.
        if os.getpid() != own:
            os._exit(1)
        remaining = memoryview(json.dumps(dict(said)).encode() + b"\n")
        while remaining:
            remaining = remaining[os.write(_RESULT_FD, remaining) :]

    code = request.body.decode("utf-8", "surrogatepass")
    said = judge(code, request.header["seed"], request.header["check_only"], workbench, report)
    report(said)
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)
