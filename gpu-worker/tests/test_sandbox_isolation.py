"""What a curious program can reach: nothing. Each test has it try for things that exist and are worth it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from jail_fixtures import GOOD, Judge

import archloom.sandbox.slot
from archloom.datasets.digits import digits_file, load_digits
from archloom.sandbox.processes import is_dead
from archloom.sandbox.slot import JailedSlot

PRELUDE = """
import ctypes, os, signal, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def attempt(act):
    try:
        result = act()
    except OSError as error:
        print("refused")
    else:
        print("DONE", repr(result)[:200])
def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result
"""


def refused(judge: Judge, *attempts: str, before: str = "") -> None:
    """Assert that each expression raises OSError when a program evaluates it."""
    code = PRELUDE + textwrap.dedent(before) + "".join(f"\nattempt(lambda: {act})" for act in attempts)
    verdict = judge(code)
    assert verdict.output.split("\n")[:-1] == ["refused"] * len(attempts), verdict


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / ".pgpass"
    path.write_text("localhost:5432:archloom:archloom:secret")
    return path


def test_a_denied_file_is_a_runtime_error_with_its_line(judge: Judge) -> None:
    verdict = judge("x = 1\nopen('/etc/passwd')\n")
    assert verdict.outcome == "runtime_error"
    assert verdict.error is not None
    assert (verdict.error.type, verdict.error.line) == ("PermissionError", 2)


def test_labels_of_the_data_set_are_unreadable(judge: Judge) -> None:
    assert digits_file().is_file()
    path = str(digits_file())
    refused(judge, f"open({path!r}, 'rb').read()", f"os.open({path!r}, os.O_RDONLY)")


def test_the_environment_is_unlistable(judge: Judge) -> None:
    site_packages = digits_file().parents[3]
    refused(judge, f"os.listdir({str(site_packages)!r})", "os.listdir('/')", "os.listdir('/proc')")


def test_files_of_the_worker_and_its_user_are_unreadable(judge: Judge, secret: Path) -> None:
    names = [str(secret), archloom.sandbox.slot.__file__, "/etc/passwd", str(Path.home()), "/dev/mem"]
    assert all(Path(name).exists() for name in names[:4])
    refused(judge, *(f"os.open({name!r}, os.O_RDONLY)" for name in names))


def test_links_lead_nowhere(judge: Judge, secret: Path) -> None:
    refused(
        judge,
        f"os.symlink({str(secret)!r}, 'link') or open('link').read()",
        f"os.link({str(secret)!r}, 'hard') or open('hard').read()",
        f"open('../../../../../../..{secret}').read()",
    )


def test_the_worker_and_the_zygote_are_unreadable_through_proc(judge: Judge) -> None:
    pids = ["self", "{os.getppid()}", str(os.getpid()), "1"]
    files = ["mem", "environ", "maps", "cmdline", "fd", "root/etc/passwd", "cwd/anything"]
    refused(judge, *(f"os.open(f'/proc/{pid}/{file}', os.O_RDONLY)" for pid in pids for file in files))


def test_the_memory_of_other_processes_is_unreadable(judge: Judge) -> None:
    """process_vm_readv, ptrace (attach, seize), pidfd_getfd and kcmp, against zygote and worker."""
    refused(
        judge,
        *(
            act.format(pid=pid)
            for pid in ("os.getppid()", str(os.getpid()))
            for act in (
                "call(310, {pid}, ctypes.byref(vector), 1, ctypes.byref(vector), 1, 0)",
                "call(311, {pid}, ctypes.byref(vector), 1, ctypes.byref(vector), 1, 0)",
                "call(101, 16, {pid}, 0, 0)",
                "call(101, 0x4206, {pid}, 0, 0)",
                "call(438, os.pidfd_open({pid}), 0, 0)",
            )
        ),
        before="""
            class Vector(ctypes.Structure):
                _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
            buffer = ctypes.create_string_buffer(8)
            vector = Vector(ctypes.addressof(buffer), 8)
        """,
    )


def test_no_label_that_is_scored_on_is_in_the_jail(slot: JailedSlot, judge: Judge) -> None:
    """Search all of the zygote's memory, from outside, for runs of labels in any encoding they could have."""
    assert judge(GOOD).outcome == "ok"
    data = load_digits()
    memory = b"".join(_memory_of(slot.zygote_pid))

    def found(labels: np.ndarray) -> bool:
        return any(labels[:40].astype(kind).tobytes() in memory for kind in ("<i8", "<i4", "<u1", "<f4"))

    assert found(data.train_labels), "the search finds what is there"
    whole_test = np.empty(len(data.test_images), dtype=np.int64)
    for split in data.held_out.values():
        whole_test[split.positions] = split.labels
        assert not found(split.labels)
    assert not found(whole_test)
    assert digits_file().read_bytes()[100:160] not in memory


def _memory_of(pid: int) -> Iterator[bytes]:
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            addresses, permissions, *_ = line.split()
            start, end = (int(address, 16) for address in addresses.split("-"))
            if permissions.startswith("rw"):
                memory.seek(start)
                yield memory.read(end - start)


def test_no_network_is_reachable(judge: Judge, tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as named,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        udp.bind(("127.0.0.1", 0))
        named.bind(str(tmp_path / "socket"))
        named.listen()
        abstract.bind("\0archloom-test")
        abstract.listen()
        refused(
            judge,
            f"socket.create_connection({tcp.getsockname()!r}, 2)",
            f"socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', {udp.getsockname()!r})",
            f"socket.socket(socket.AF_UNIX).connect({str(tmp_path / 'socket')!r})",
            "socket.socket(socket.AF_UNIX).connect('\\0archloom-test')",
            "socket.create_server(('127.0.0.1', 0))",
            "socket.getaddrinfo('example.org', 80)",
            "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
        )


def test_nothing_outside_the_scratch_folder_is_written(judge: Judge, tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("whole")
    refused(
        judge,
        f"open({str(target)!r}, 'a')",
        f"os.truncate({str(target)!r}, 0)",
        f"os.unlink({str(target)!r})",
        f"os.rename({str(target)!r}, 'mine')",
        f"os.mkdir({str(tmp_path / 'folder')!r})",
        "open('../mine', 'w')",
        "open(torch.__file__, 'a')",
        "open(sys.executable, 'r+')",
        "open('/dev/shm/mine', 'w')",
        "open('/tmp/mine', 'w')",
    )
    assert target.read_text() == "whole"


def test_no_process_outside_is_signalled(judge: Judge) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        refused(
            judge,
            f"os.kill({bystander.pid}, signal.SIGKILL)",
            f"os.kill({os.getpid()}, 0)",
            "os.kill(os.getppid(), signal.SIGKILL)",
            "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), signal.SIGKILL)",
        )
        assert bystander.poll() is None


def test_killing_everything_kills_only_itself(slot: JailedSlot, judge: Judge) -> None:
    """kill(-1) reaches every process that the kernel lets a program signal, and kill(0) its process group."""
    zygote = slot.zygote_pid
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        judge(
            "import os, signal\n"
            "for pid in (-1, 0):\n"
            "    try: os.kill(pid, signal.SIGUSR1)\n"
            "    except OSError: pass"
        )
        assert bystander.poll() is None
    assert slot.zygote_pid == zygote


def test_no_other_program_is_executed(judge: Judge) -> None:
    refused(judge, "os.execv('/bin/sh', ['sh'])", "os.execv('/usr/bin/env', ['env'])")


def test_kernel_interfaces_that_widen_the_jail_are_closed(judge: Judge) -> None:
    """unshare, mount, io_uring_setup, bpf, perf_event_open, memfd_create, userfaultfd, setns, shmget"""
    refused(
        judge,
        "call(272, 0x10000000)",
        "call(165, b'none', b'/tmp', b'tmpfs', 0, 0)",
        "call(425, 4, ctypes.create_string_buffer(256))",
        "call(321, 0, ctypes.create_string_buffer(128), 128)",
        "call(298, ctypes.create_string_buffer(128), 0, -1, -1, 0)",
        "call(319, b'name', 0)",
        "call(323, 0)",
        "call(308, 0, 0)",
        "call(29, 0, 4096, 0o1600)",
    )


def test_limits_cannot_be_raised_again(judge: Judge) -> None:
    names = ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_FSIZE")
    before = """
        import resource
        def more(kind):
            try:
                resource.setrlimit(kind, (-1, -1))
            except ValueError:
                raise OSError("refused")
    """
    refused(judge, *(f"more(resource.{name})" for name in names), before=before)


def test_no_file_of_the_zygote_is_open(judge: Judge) -> None:
    verdict = judge(
        "import os\n"
        "for fd in range(1024):\n"
        "    try: os.fstat(fd)\n"
        "    except OSError: continue\n"
        "    print(fd, end=' ')"
    )
    assert verdict.output == "0 1 2 3 "


def test_no_environment_variable_of_the_worker_arrives(judge: Judge) -> None:
    verdict = judge(
        "import os\nprint(*(name for name in os.environ if not name.startswith(('PYTHON', 'TORCH'))))"
    )
    assert set(verdict.output.split()) == {
        "GLIBC_TUNABLES", "HOME", "LANG", "PATH", "TMPDIR",
        "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    }  # fmt: skip


def test_a_program_leaves_nothing_in_memory_for_the_next(judge: Judge) -> None:
    poison = """
import builtins, sys
torch.Tensor.argmax = lambda *a, **k: torch.zeros(500, dtype=torch.long)
torch.nn.Linear.forward = lambda self, x: 1 / 0
builtins.print = lambda *a, **k: None
sys.modules["math"] = None
torch.set_default_dtype(torch.float64)
torch.manual_seed = lambda seed: None
"""
    clean = judge(GOOD)
    assert judge(poison).outcome == "build_error"
    after = judge(GOOD)
    assert after.outcome == "ok"
    assert after.predictions == clean.predictions


def test_a_program_leaves_no_file_for_the_next(judge: Judge) -> None:
    assert "first" in judge("open('left', 'w').write('x')\nimport os\nprint('first', os.getcwd())").output
    refused(judge, "open('left')", "os.listdir('..')", "os.stat('left')")


def test_a_program_leaves_no_process_behind(judge: Judge) -> None:
    daemon = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        os.close(1); os.close(2); os.close(3)
        time.sleep(60)
    os._exit(0)
time.sleep(0.5)
"""
    assert is_dead(int(judge(daemon).output))
