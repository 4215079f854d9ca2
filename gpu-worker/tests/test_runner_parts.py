"""The small parts that the worker's threads share."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archloom.runner.leases import Leases
from archloom.runner.process_tree import ProcessTree
from archloom.runner.settings import Settings, SettingsError
from archloom.runner.wakeup import Wakeup
from archloom.stages.control import Control
from archloom.store.rows import Job

NEEDED = {"DATABASE_URL": "postgres://x", "ARCHLOOM_HOME": "/home/x"}


def leased(token: int) -> Job:
    return Job(
        id=token,
        kind="generate",
        run_id=1,
        cycle=0,
        task_id=None,
        evaluation_id=None,
        args={},
        requested_by="loop",
        state="leased",
        lease_token=token,
    )


def test_the_supervisor_never_imports_torch() -> None:
    code = "import archloom.runner.__main__, sys; assert 'torch' not in sys.modules, 'torch was imported'"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_token_that_the_heartbeat_does_not_name_is_lost() -> None:
    leases = Leases()
    kept, gone = leases.take(leased(1)), leases.take(leased(2))
    leases.heard([1, 2], {1: "run"})
    assert (kept.reason, gone.reason) == (None, "lost")


def test_a_job_claimed_after_the_heartbeat_was_asked_is_not_taken_for_lost() -> None:
    leases = Leases()
    asked = leases.tokens()
    control = leases.take(leased(1))
    leases.heard(asked, {})
    assert control.reason is None


def test_a_job_claimed_during_shutdown_is_stopped_from_the_beginning() -> None:
    leases = Leases()
    leases.shut_down()
    assert leases.take(leased(1)).reason == "shutdown"


def test_a_pause_lets_an_evaluation_end_and_stops_the_language_model() -> None:
    control = Control()
    control.desire("pause")
    assert control.should_stop()
    assert not control.at_once.is_set()
    control.desire("run")
    assert not control.should_stop()


@pytest.mark.parametrize("stop", [lambda c: c.desire("cancel"), Control.lose, Control.shut_down])
def test_cancellation_loss_and_shutdown_stop_everything_at_once(stop: Callable[[Control], None]) -> None:
    control = Control()
    stop(control)
    assert control.should_stop() and control.at_once.is_set()


def test_a_sign_that_came_while_looking_is_not_lost() -> None:
    wakeup = Wakeup()
    seen = wakeup.signs
    wakeup.ring()
    started = time.monotonic()
    wakeup.wait(seen, 5)
    assert time.monotonic() - started < 1


def test_a_sign_wakes_everyone() -> None:
    wakeup = Wakeup()
    woken = threading.Barrier(3)

    def wait() -> None:
        wakeup.wait(0, 10)
        woken.wait(10)

    for _ in range(2):
        threading.Thread(target=wait, daemon=True).start()
    wakeup.ring()
    woken.wait(10)


def test_settings_name_what_is_missing_and_what_is_wrong() -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL is not set"):
        Settings.from_environment({"ARCHLOOM_HOME": "/home/x"})
    with pytest.raises(SettingsError, match="ARCHLOOM_SLOTS must be a whole number"):
        Settings.from_environment(NEEDED | {"ARCHLOOM_SLOTS": "many"})


def test_settings_have_defaults() -> None:
    settings = Settings.from_environment(NEEDED)
    assert settings.slots >= 2
    assert settings.lease_seconds == 30 and settings.heartbeat_seconds == 5
    assert not settings.allow_unprotected


def test_memory_and_processor_time_of_children_count() -> None:
    tree = ProcessTree(cores=1)
    before = tree.measure()
    busy = "x = bytearray(b'1') * 200_000_000\nprint(flush=True)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", busy], stdout=subprocess.PIPE) as child:
        try:
            assert child.stdout is not None
            child.stdout.readline()
            tree.measure()
            time.sleep(0.5)
            after = tree.measure()
        finally:
            child.kill()
    assert after.memory_bytes - before.memory_bytes > 190_000_000
    assert after.cpu_share > 0.2


def test_a_worker_ends_with_its_parent(tmp_path: Path) -> None:
    """The parent is killed; the child, asked to end with it, is gone a moment later."""
    child = (
        "from archloom.runner.process_tree import end_with_parent as follow; import os, time; "
        "follow(os.getppid()); print(os.getpid(), flush=True); time.sleep(60)"
    )
    parent = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]]); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", parent, child], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
    assert ended_within(pid, 5)


def ended_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not is_running(pid):
            return True
        time.sleep(0.02)
    return False


def is_running(pid: int) -> bool:
    """A zombie has ended."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
