"""What greedy programs get: each limit ends them with its own outcome, and the slot goes on."""

from __future__ import annotations

import pytest
from jail_fixtures import GOOD, LEMUR, Judge


def in_forward(statement: str) -> str:
    return GOOD.replace("        return self.head", f"        {statement}\n        return self.head")


def in_init(statement: str) -> str:
    return GOOD.replace("super().__init__()", f"super().__init__()\n        {statement}")


def in_learn(statement: str) -> str:
    return LEMUR.replace("        self.train()\n", f"        {statement}\n")


@pytest.mark.parametrize(
    ("program", "built"),
    [
        ("while True: pass", False),
        (in_init("while True: pass"), False),
        (in_forward("while True: pass"), False),
        (in_learn("while True: pass"), True),
        ("import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", False),
        ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", False),
        ("x = 10 ** 10 ** 10", False),
        ("import re\nre.match('(a+)+b', 'a' * 60)", False),
        ("import time\ntime.sleep(1e6)", False),
        ("import signal, os\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nsignal.pause()", False),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", False),
    ],
    ids=[
        "module body", "constructor", "forward", "learn", "ignores SIGXCPU", "catches everything",
        "inside one C call", "regular expression", "sleeps", "blocks signals", "stops itself",
    ],
)  # fmt: skip
def test_a_program_without_end_is_ended_by_time(judge: Judge, program: str, built: bool) -> None:
    verdict = judge(program)
    assert (verdict.outcome, verdict.parsed, verdict.built) == ("time_limit", True, built)
    assert verdict.wall_seconds < 20


@pytest.mark.parametrize(
    "statement",
    [
        "torch.ones(10 * 2**28)",
        "torch.full((1024, 1024, 1024), 1.0)",
        "bytearray(10 * 2**30)",
        "x = [bytearray(2**20) for _ in range(100_000)]",
        "import mmap; mmap.mmap(-1, 3 * 2**30).write(b'x' * 2**30)",
        "import mmap; m = mmap.mmap(-1, 2**31, mmap.MAP_SHARED); m.write(b'x' * 2**31)",
        "s = 'x'\nwhile True: s += s",
    ],
    ids=["10 GB tensor", "4 GB filled", "10 GB bytes", "many pieces", "private map", "shared map", "string"],
)  # fmt: skip
def test_ten_gigabytes_are_refused(judge: Judge, statement: str) -> None:
    assert judge(statement + "\n").outcome == "memory_limit"


def test_children_share_their_parent_s_memory_limit(judge: Judge) -> None:
    program = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        hoard = bytearray(300 * 2**20)
        print("got", flush=True)
        time.sleep(60)
time.sleep(3)
"""
    assert 1 <= judge(program).output.count("got") <= 5


def test_memory_is_refused_while_training(judge: Judge) -> None:
    verdict = judge(in_learn("self.hoard = [torch.ones(2**22) for _ in range(1000)]"))
    assert (verdict.outcome, verdict.built) == ("memory_limit", True)
    assert verdict.error is not None
    assert verdict.error.line is not None


@pytest.mark.parametrize(
    "program",
    [
        "import os\nwhile True: os.fork()",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        "import os, time\nfor _ in range(100):\n    if os.fork() == 0:\n        os.setsid(); time.sleep(60)",
        "from threading import *\nfor _ in range(9999): Thread(target=Event().wait).start()",
        "import sys\nfrom subprocess import *\nwhile 1: Popen([sys.executable, '-ic', '0'], stdin=-1)",
    ],
    ids=["fork bomb", "patient fork bomb", "new sessions", "threads", "interpreters"],
)  # fmt: skip
def test_too_many_processes_or_threads_are_refused(judge: Judge, program: str) -> None:
    assert judge(program).outcome == "process_limit"


@pytest.mark.parametrize(
    "program",
    [
        "open('big', 'wb').write(b'x' * 2**28)",
        "for n in range(1000): open(f'part{n}', 'wb').write(b'x' * 2**21)",
        "import time\nfor n in range(10**9): open(f'empty{n}', 'w').close()",
        "import os\nfor _ in range(10**9):\n    os.mkdir('d'); os.chdir('d')",
    ],
    ids=["one file", "many files", "empty files", "nested folders"],
)
def test_a_full_disk_is_prevented(judge: Judge, program: str) -> None:
    assert judge(program).outcome == "disk_limit"


def test_a_locked_folder_does_not_stay_behind(judge: Judge) -> None:
    program = "import os\nos.makedirs('a/b')\nopen('a/b/c', 'w')\nos.chmod('a/b', 0)\nos.chmod('a', 0)\n"
    assert judge(program).outcome == "build_error"


@pytest.mark.parametrize(
    "program",
    [
        "while True: print('spam ' * 1000)",
        "import os\nwhile True: os.write(2, b'spam' * 10000)",
        "import os\nif os.fork() == 0:\n    while True: os.write(1, b'spam' * 10000)\nos.wait()",
    ],
    ids=["print", "write", "from a child"],
)
def test_a_flood_of_output_is_ended(judge: Judge, program: str) -> None:
    verdict = judge(program)
    assert verdict.outcome == "output_limit"
    assert len(verdict.output) <= 64 * 1024


def test_much_output_keeps_its_beginning(judge: Judge) -> None:
    verdict = judge("print('first')\nprint('x' * 500_000)\n" + GOOD)
    assert verdict.outcome == "ok"
    assert verdict.output.startswith("first\n")
    assert len(verdict.output) == 64 * 1024


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("import os\nos._exit(0)", "no_result"),
        ("import sys\nsys.exit(3)", "no_result"),
        ("raise SystemExit", "no_result"),
        (in_learn("import os; os._exit(1)"), "no_result"),
        ("import ctypes\nctypes.string_at(0)", "crashed"),
        ("import os, signal\nos.abort()", "crashed"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)", "crashed"),
        ("import sys\nsys.setrecursionlimit(10**9)\ndef f(n): return sorted([n], key=f)\nf(0)", "crashed"),
        ("def f(n): return f(n + 1)\nf(0)", "runtime_error"),
        (in_forward("self.forward(x)"), "runtime_error"),
    ],
    ids=["_exit", "exit", "SystemExit", "_exit in learn", "null pointer", "abort", "kills itself",
         "endless recursion", "recursion", "recursion in forward"],
)  # fmt: skip
def test_a_sudden_end_is_told_apart(judge: Judge, program: str, outcome: str) -> None:
    verdict = judge(program)
    assert verdict.outcome == outcome
    assert verdict.error is not None


def test_after_fork_bombs_a_program_may_still_start_processes(judge: Judge) -> None:
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    for _ in range(2):
        assert judge(bomb).outcome == "process_limit"
    verdict = judge("import os\nif os.fork() == 0:\n    os._exit(0)\nprint(os.wait()[1])\n" + GOOD)
    assert (verdict.outcome, verdict.output) == ("ok", "0\n")
