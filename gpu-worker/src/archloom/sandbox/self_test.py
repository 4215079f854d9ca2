"""Find out what the jail really stops here, by trying.

Each canary is a program that attempts one thing and prints `held` or `BROKEN` with what happened. They run in
a slot like any candidate's program. A check passes only if the canary says `held`: a canary that did not run
proves nothing.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
import textwrap
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from archloom.recipes import get_recipe
from archloom.sandbox.interface import ProtectionLevel, Sandbox, Slot

# Without these nothing else is worth anything: labels and the worker's secrets lie in files and in memory.
ESSENTIAL = frozenset({"reads no other file", "reads nothing of /proc", "writes only its scratch folder"})
_SEED = 0
_PREAMBLE = """
import os, sys, socket, signal
def attempt(act):
    try:
        result = act()
    except Exception as error:
        print("held", type(error).__name__)
    else:
        print("BROKEN", repr(result)[:100])
"""

_FORK_BOMB = """
import os, time
for _ in range(200):
    if os.fork() == 0:
        time.sleep(30)
        os._exit(0)
"""


@dataclass(frozen=True)
class Check:
    name: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class ProtectionReport:
    """`full`: every check passed. `reduced`: the essential ones did. `none`: not even those."""

    level: ProtectionLevel
    checks: list[Check]


@dataclass(frozen=True)
class _Targets:
    """Things that exist, and that a canary would reach if nothing stopped it."""

    secret: Path
    other_folder: Path
    port: int
    unix_socket: Path
    worker_pid: int


def self_test(sandbox: Sandbox) -> ProtectionReport:
    """Run all canaries in a slot of their own (a few seconds, most of it the zygote's start). Raises
    SandboxError."""
    recipe = get_recipe("digits")
    quick = replace(recipe, limits=replace(recipe.limits, cpu_seconds=5, wall_seconds=15))
    slot = sandbox.open_slot(quick)
    try:
        with _targets() as targets:
            checks = [_run(slot, name, code) for name, code in _canaries(targets).items()]
            checks.append(_fork_bomb(slot))
    finally:
        slot.close()
    return ProtectionReport(_level(checks), checks)


def _level(checks: list[Check]) -> ProtectionLevel:
    failed = {check.name for check in checks if not check.passed}
    if not failed:
        return "full"
    return "none" if failed & ESSENTIAL else "reduced"


def _canaries(targets: _Targets) -> dict[str, str]:
    written = targets.other_folder / "canary"
    return {
        "reads no other file": f"attempt(lambda: open({str(targets.secret)!r}).read())",
        "reads nothing of /proc": """
            attempt(lambda: open(f"/proc/{os.getppid()}/mem", "rb"))
            attempt(lambda: open(f"/proc/{os.getppid()}/environ", "rb").read())
            attempt(lambda: open("/proc/self/maps").read())
        """,
        "writes only its scratch folder": f"""
            attempt(lambda: open({str(written)!r}, "w"))
            attempt(lambda: os.mkdir({str(written)!r}))
            open("own-scratch-works", "w").close()
        """,
        "opens no TCP connection": f"""
            attempt(lambda: socket.create_connection(("127.0.0.1", {targets.port}), timeout=2))
        """,
        "opens no Unix socket": f"""
            attempt(lambda: socket.socket(socket.AF_UNIX).connect({str(targets.unix_socket)!r}))
        """,
        "signals no process outside": f"""
            attempt(lambda: os.kill({targets.worker_pid}, 0))
            attempt(lambda: os.kill(os.getppid(), 0))
        """,
    }


def _run(slot: Slot, name: str, code: str) -> Check:
    verdict = slot.evaluate(_PREAMBLE + textwrap.dedent(code), _SEED, threading.Event(), check_only=True)
    said = verdict.output.split("\n")
    attempts = code.count("attempt(")
    held = sum(line.startswith("held") for line in said)
    # Several attempts that end alike are said once.
    lines = dict.fromkeys(re.sub(r"\s+", " ", line).strip() for line in said)
    detail = ", ".join(filter(None, lines)) or (verdict.error.message if verdict.error else "")
    # The program defines no network, so a canary that ran to its end is a build_error for want of a class.
    ended = verdict.error is not None and verdict.error.type == "WrongClass"
    return Check(name, ended and held == attempts, detail)


def _fork_bomb(slot: Slot) -> Check:
    verdict = slot.evaluate(_FORK_BOMB, _SEED, threading.Event(), check_only=True)
    return Check("limits the number of processes", verdict.outcome == "process_limit", verdict.outcome)


@contextmanager
def _targets() -> Generator[_Targets, None, None]:
    with (
        tempfile.TemporaryDirectory(prefix="archloom-canary-") as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as unix_server,
    ):
        secret = Path(folder, "secret")
        secret.write_text("a candidate must not read this")
        unix_socket = Path(folder, "socket")
        unix_server.bind(str(unix_socket))
        unix_server.listen()
        yield _Targets(secret, Path(folder), server.getsockname()[1], unix_socket, os.getpid())
