"""The slot itself: cancelling, dying zygotes, closing, and what a machine without a jail gets."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from jail_fixtures import GOOD, Judge

from archloom.recipes import Recipe
from archloom.sandbox import SandboxUnavailable, SlotClosed, open_sandbox
from archloom.sandbox import open as open_module
from archloom.sandbox.launch import ZygoteProcess, start_jailed
from archloom.sandbox.processes import is_dead, living_below
from archloom.sandbox.readable import JailHome
from archloom.sandbox.slot import CODE_CAP, JailedSlot


def run_beside(act: Callable[[], object], seconds: float) -> threading.Thread:
    def wait_and_act() -> None:
        time.sleep(seconds)
        act()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    return thread


@pytest.mark.parametrize("wait", ["while True: pass", "import time; time.sleep(60)"])
def test_a_cancelled_program_ends_at_once(slot: JailedSlot, wait: str) -> None:
    cancel, cancelled_at = threading.Event(), [0.0]

    def set_cancel() -> None:
        cancelled_at[0] = time.monotonic()
        cancel.set()

    thread = run_beside(set_cancel, 0.4)
    verdict = slot.evaluate(wait, 0, cancel)
    took = time.monotonic() - cancelled_at[0]
    thread.join()
    assert verdict.outcome == "cancelled"
    assert took < 0.2
    assert not living_below(slot.zygote_pid)


def test_a_program_cancelled_before_its_start_is_cancelled(slot: JailedSlot) -> None:
    cancel = threading.Event()
    cancel.set()
    assert slot.evaluate("while True: pass", 0, cancel).outcome == "cancelled"


def test_a_killed_zygote_is_replaced_and_its_program_tried_again(slot: JailedSlot) -> None:
    zygote = slot.zygote_pid
    program = "import time\ntime.sleep(1)\n" + GOOD
    thread = run_beside(lambda: os.kill(zygote, signal.SIGKILL), 0.5)
    verdict = slot.evaluate(program, 0, threading.Event())
    thread.join()
    assert verdict.outcome == "ok"
    assert slot.zygote_pid != zygote
    assert is_dead(zygote)


def test_a_zygote_killed_between_programs_costs_no_program(slot: JailedSlot, judge: Judge) -> None:
    os.kill(slot.zygote_pid, signal.SIGKILL)
    assert judge(GOOD).outcome == "ok"


def test_a_program_whose_zygote_dies_twice_has_crashed(quick_digits: Recipe) -> None:
    started: list[int] = []

    def start(home: JailHome, scratch: Path, recipe: Recipe) -> ZygoteProcess:
        zygote = start_jailed(home, scratch, recipe)
        started.append(zygote.pid)
        return zygote

    doomed, stop = JailedSlot(quick_digits, start, confined=True), threading.Event()

    def kill_zygotes_with_programs() -> None:
        while not stop.wait(0.02):
            if living_below(started[-1]):
                os.kill(started[-1], signal.SIGKILL)

    thread = threading.Thread(target=kill_zygotes_with_programs)
    thread.start()
    verdict = doomed.evaluate("import time; time.sleep(5)", 0, threading.Event())
    stop.set()
    thread.join()
    doomed.close()
    assert (verdict.outcome, len(started)) == ("crashed", 2)


def test_what_a_killed_worker_left_on_disk_is_cleared_away(slot: JailedSlot, quick_digits: Recipe) -> None:
    abandoned = slot.folder.with_name("archloom-jail-abandoned")
    (abandoned / "scratch").mkdir(parents=True)
    (abandoned / "lock").touch()
    open_sandbox().open_slot(quick_digits).close()
    assert not abandoned.exists()
    assert slot.folder.exists()


def test_a_program_that_is_too_long_is_not_even_sent(slot: JailedSlot) -> None:
    verdict = slot.evaluate("#" * (CODE_CAP + 1), 0, threading.Event())
    assert (verdict.outcome, verdict.parsed) == ("parse_error", False)


def test_a_closed_slot_leaves_no_process_and_no_file(quick_digits: Recipe) -> None:
    opened = open_sandbox().open_slot(quick_digits)
    zygote, folder = opened.zygote_pid, opened.folder
    assert folder.is_dir()
    opened.close()
    opened.close()
    assert is_dead(zygote)
    assert not folder.exists()
    with pytest.raises(SlotClosed):
        opened.evaluate(GOOD, 0, threading.Event())


def test_a_zygote_whose_worker_is_gone_ends(quick_digits: Recipe, tmp_path: Path) -> None:
    """Even after kill -9, even while a program runs: nothing is left that computes."""
    worker = os.fork()
    if worker == 0:
        try:
            orphaned = open_sandbox().open_slot(quick_digits)
            (tmp_path / "zygote").write_text(str(orphaned.zygote_pid))
            orphaned.evaluate("import time; time.sleep(60)", 0, threading.Event())
        finally:
            os._exit(0)
    deadline = time.monotonic() + 60
    zygote = 0
    while not (zygote and living_below(zygote)) and time.monotonic() < deadline:
        time.sleep(0.05)
        if (tmp_path / "zygote").exists():
            zygote = int((tmp_path / "zygote").read_text() or 0)
    candidates = living_below(zygote)
    assert candidates
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    while not all(map(is_dead, {zygote, *candidates})) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(map(is_dead, {zygote, *candidates}))


def test_without_landlock_no_program_runs_unless_the_owner_said_so(
    monkeypatch: pytest.MonkeyPatch, quick_digits: Recipe
) -> None:
    monkeypatch.setattr(open_module, "missing_kernel_support", lambda: "the kernel has no Landlock")
    with pytest.raises(SandboxUnavailable, match="no Landlock"):
        open_sandbox()
    sandbox = open_sandbox(allow_unprotected=True)
    assert sandbox.protection.level == "none"
    assert any("files" in words for words in sandbox.protection.unprotected)
    bare = sandbox.open_slot(quick_digits)
    try:
        assert bare.evaluate(GOOD, 0, threading.Event()).outcome == "ok"
        assert bare.evaluate("while True: pass", 0, threading.Event()).outcome == "time_limit"
    finally:
        bare.close()
