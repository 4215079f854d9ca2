"""Start a zygote's process: in a jail, or bare where the machine has none and the owner said so.

Both come back as a ZygoteProcess: pipes, a pid, and a way to end it and all that descends from it.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from archloom.recipes import Recipe
from archloom.recipes.protocol import MIB
from archloom.sandbox.interface import SandboxUnavailable
from archloom.sandbox.processes import end_descendants, wait_until_dead
from archloom.sandbox.readable import JailHome

PACKAGE_ROOT = Path(__file__).parents[1]
# Folders whose modules all travel into the jail. A recipe may use any other file beside it.
_SENT_FOLDERS = ("recipes", "sandbox.inside")
# What the zygote itself takes: torch's own pages. `max_memory` counts the whole jail.
ZYGOTE_BYTES = 768 * MIB
_OPEN_FILES = 128
# CUDA alone opens some thirty.
_OPEN_FILES_WITH_CARD = 512
# Anonymous files take memory that no limit counts (3 GB were written), and file descriptors must not be taken
# from other processes, which is allowed between processes of one Landlock domain.
_DENIED_CALLS = ("memfd_create", "pidfd_getfd")
_MALLOC = (
    "glibc.malloc.hugetlb=1",
    f"glibc.malloc.mmap_threshold={32 * MIB}",
    f"glibc.malloc.trim_threshold={256 * MIB}",
)
_END_SECONDS = 5.0
_EXIT_SECONDS = 0.5


@dataclass
class ZygoteProcess:
    pid: int
    requests: IO[bytes]
    replies: IO[bytes]
    errors: IO[bytes]
    _kill: Callable[[], object]
    _wait: Callable[[], object]
    _ended: bool = field(default=False, init=False)

    def end(self) -> None:
        """End the zygote and everything below it, and wait for it. Idempotent."""
        if self._ended:
            return
        self._ended = True
        end_descendants(self.pid, _END_SECONDS)
        # At the end of its requests it collects its dead children, which not every machine's init does, and
        # exits.
        self.requests.close()
        wait_until_dead(self.pid, _EXIT_SECONDS)
        end_descendants(self.pid, _END_SECONDS)
        self._kill()
        self._wait()
        self.replies.close()
        self.errors.close()


def start_jailed(home: JailHome, scratch: Path, recipe: Recipe) -> ZygoteProcess:
    """A zygote that can read `home.readable`, write `scratch` and nothing else. Raises SandboxUnavailable."""
    import sandlock  # pyright: ignore[reportMissingTypeStubs] - it has none

    limits, card = recipe.limits, home.device.number
    jail = sandlock.Sandbox(
        fs_readable=list(home.readable),
        fs_writable=[str(scratch), os.devnull],
        gpu_devices=None if card is None else [card],
        # It counts what is mapped, and CUDA maps far more than there is: the slot watches what is resident.
        max_memory=ZYGOTE_BYTES + recipe.data_bytes + limits.memory_bytes if card is None else None,
        # The zygote is one of them.
        max_processes=limits.processes + 1,
        max_open_files=_OPEN_FILES if card is None else _OPEN_FILES_WITH_CARD,
        extra_deny_syscalls=list(_DENIED_CALLS),
        no_coredump=True,
        clean_env=True,
        env=_environment(home, scratch),
        cwd=str(scratch),
    )
    piped = sandlock.StdioMode.PIPED
    try:
        process: Any = jail.popen(_command(home), stdin=piped, stdout=piped, stderr=piped)
    except (RuntimeError, ValueError, sandlock.SandlockError) as error:
        raise SandboxUnavailable(f"the jail could not be started: {error}") from error
    return ZygoteProcess(
        process.pid, process.stdin, process.stdout, process.stderr, process.kill, process.wait
    )


def start_bare(home: JailHome, scratch: Path, recipe: Recipe) -> ZygoteProcess:
    """The same process without a jail: only the resource limits that a process can put on itself hold."""
    process = subprocess.Popen(
        _command(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd=scratch,
        # No jail keeps it from the cards.
        env={**_environment(home, scratch), "CUDA_VISIBLE_DEVICES": home.device.cuda_name},
        start_new_session=True,
    )
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise SandboxUnavailable("the zygote started without pipes")
    return ZygoteProcess(
        process.pid, process.stdin, process.stdout, process.stderr, process.kill, process.wait
    )


def jail_sources(recipe: Recipe) -> bytes:
    """The modules that the zygote needs, as JSON {name: source}: our own files are unreadable in the jail."""
    names = {"archloom.sandbox.device", "archloom.sandbox.frames", recipe.module}
    for folder in _SENT_FOLDERS:
        files = PACKAGE_ROOT.joinpath(*folder.split(".")).glob("[!_]*.py")
        names |= {f"archloom.{folder}.{file.stem}" for file in files}
    sources = {name: _source(name) for name in names - {"archloom.sandbox.inside.bootstrap"}}
    packages = ("archloom", "archloom.recipes", "archloom.sandbox", "archloom.sandbox.inside")
    return json.dumps({**sources, **dict.fromkeys(packages, "")}).encode()


def _source(module: str) -> str:
    return PACKAGE_ROOT.joinpath(*module.split(".")[1:]).with_suffix(".py").read_text(encoding="utf-8")


def _command(home: JailHome) -> list[str]:
    bootstrap = (PACKAGE_ROOT / "sandbox" / "inside" / "bootstrap.py").read_text(encoding="utf-8")
    # Neither site (it would look for site-packages), nor the user's folder, nor the current folder.
    return [str(home.interpreter), "-S", "-s", "-P", "-u", "-c", bootstrap]


def _environment(home: JailHome, scratch: Path) -> Mapping[str, str]:
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    card = {
        "LD_LIBRARY_PATH": ":".join(home.driver_folders),
        "CUDA_CACHE_DISABLE": "1",
        # For one seed to give one result cuBLAS needs work space of a fixed size.
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    }
    return {
        **one_thread,
        **(card if home.device.kind == "cuda" else {}),
        "PYTHONHOME": str(home.python_home),
        "PYTHONPATH": str(home.python_path),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Sets of strings have the same order in every candidate, or one seed would not give one result.
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        # Huge pages under one heap: forking copies page tables, 11 ms of them with small pages, 4 ms so. The
        # heap keeps what it got: every request for a mapping goes through the jail's supervisor.
        "PYTHONMALLOC": "malloc",
        "GLIBC_TUNABLES": ":".join(_MALLOC),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "PATH": "",
    }
