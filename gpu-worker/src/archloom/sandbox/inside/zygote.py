"""The zygote: holds torch and the recipe's tensors, forks one process per candidate, and reports how it
ended.

It never runs a line of a candidate's code. What a candidate writes reaches the worker as an opaque, capped
run of bytes inside the zygote's own frame, so a candidate can neither speak for another one nor break the
framing. The zygote stays single-threaded: a fork of a process with threads can hang.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import pickle
import selectors
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from archloom.sandbox.device import Device
from archloom.sandbox.frames import EndOfFrames, Frame, encode_frame, read_frame
from archloom.sandbox.inside import linux
from archloom.sandbox.inside.candidate import run_candidate
from archloom.sandbox.inside.device import CARD, move_to_device
from archloom.sandbox.inside.warm import Workbench, rehearse, warm_up

SETUP_CAP = 16 * 1024 * 1024
CODE_CAP = 16 * 1024 * 1024
RESULT_CAP = 1024 * 1024
OUTPUT_KEPT = 64 * 1024
_CHUNK = 64 * 1024


def serve(on_warm: Callable[[], None]) -> NoReturn:
    """Set up from the second frame on standard input, call `on_warm`, then answer requests until it ends."""
    requests, replies = _take_channel()
    linux.adopt_orphans()
    setup = read_frame(lambda n: os.read(requests, n), SETUP_CAP)
    arrays = [_read_array(requests, length) for length in setup.header["array_bytes"]]
    *data, device = pickle.loads(setup.body, buffers=arrays)
    workbench = warm_up(*data)
    on_warm()
    del setup, arrays, data
    if device.kind == "cuda":
        workbench = _put_on_card(workbench, device)
    # Objects that exist now are never collected: a collection in a fork would copy the pages of all of them.
    gc.collect()
    gc.freeze()
    _reply(replies, Frame({"op": "ready"}))
    while True:
        try:
            request = read_frame(lambda n: os.read(requests, n), CODE_CAP)
        except EndOfFrames:
            _reap_orphans()
            os._exit(0)
        if request.header["op"] == "evaluate":
            _evaluate(request, requests, replies, workbench)


def _read_array(requests: int, length: int) -> bytearray:
    """Straight into the memory that the array will have."""
    array = bytearray(length)
    remaining = memoryview(array)
    while remaining:
        received = os.readv(requests, [remaining])
        if received == 0:
            raise EndOfFrames("the other side closed its end")
        remaining = remaining[received:]
    return array


def _put_on_card(workbench: Workbench, device: Device) -> Workbench:
    """The workbench of forks that use the card. A fork tries that out now: a card that does not work is this
    machine's trouble and must not end as every candidate's error. Ends the zygote if it does not."""
    # sandlock has set the card's number, which counts the cards of the machine, not those of the jail.
    os.environ["CUDA_VISIBLE_DEVICES"] = device.cuda_name
    on_card = replace(workbench, device=CARD)
    pid = os.fork()
    if pid == 0:
        try:
            rehearse(move_to_device(on_card))
        except BaseException as error:
            os.write(2, f"{error}\n".encode("utf-8", "replace"))
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1] != 0:
        os._exit(1)
    return on_card


def _take_channel() -> tuple[int, int]:
    """Move the worker's pipes away from standard input and output, where any print would go."""
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return requests, replies


def _reply(replies: int, frame: Frame) -> None:
    remaining = memoryview(encode_frame(frame))
    while remaining:
        remaining = remaining[os.write(replies, remaining) :]


def _evaluate(request: Frame, requests: int, replies: int, workbench: Workbench) -> None:
    result_read, result_write = os.pipe()
    output_read, output_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        run_candidate(request, workbench, result_fd=result_write, output_fd=output_write)
    os.close(result_write)
    os.close(output_write)
    watch = _Watch(pid, request.header, requests, result_read, output_read)
    try:
        watch.until_ended()
        status, usage = watch.reap()
    finally:
        os.close(result_read)
        os.close(output_read)
    _reply(
        replies,
        Frame(
            {
                "op": "ended",
                "serial": request.header["serial"],
                "status": status,
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
                "peak_memory_bytes": usage.ru_maxrss * 1024,
                "output_limit": watch.output_exceeded,
                "result_length": len(watch.result),
            },
            bytes(watch.result + watch.output),
        ),
    )


@dataclass
class _Watch:
    """Reads what one candidate writes until its process has ended or the worker asks for its end."""

    pid: int
    header: Mapping[str, Any]
    requests: int
    result_read: int
    output_read: int
    result: bytearray = field(default_factory=bytearray)
    output: bytearray = field(default_factory=bytearray)
    output_total: int = 0

    @property
    def output_exceeded(self) -> bool:
        return self.output_total > self.header["output_bytes"]

    def until_ended(self) -> None:
        ended = os.pidfd_open(self.pid)
        try:
            with selectors.DefaultSelector() as selector:
                for fd in (ended, self.requests, self.result_read, self.output_read):
                    selector.register(fd, selectors.EVENT_READ)
                while True:
                    ready = {key.fd for key, _ in selector.select()}
                    if self.requests in ready:
                        self._obey()
                    for fd in (self.result_read, self.output_read):
                        if fd in ready and not self._take(fd):
                            selector.unregister(fd)
                    if ended in ready:
                        break
        finally:
            os.close(ended)
        # The pipes are not read to their end: a process left behind may hold them open for ever.
        for fd in (self.result_read, self.output_read):
            fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)
            while self._take(fd):
                pass

    def reap(self) -> tuple[int, Any]:
        """Wait status and resource usage of the candidate; orphans that have ended are cleared away too."""
        _, status, usage = os.wait4(self.pid, 0)
        _reap_orphans()
        return status, usage

    def _obey(self) -> None:
        try:
            request = read_frame(lambda n: os.read(self.requests, n), CODE_CAP)
        except EndOfFrames:
            os.kill(self.pid, signal.SIGKILL)
            self.reap()
            os._exit(0)
        if request.header["op"] == "kill" and request.header["serial"] == self.header["serial"]:
            os.kill(self.pid, signal.SIGKILL)

    def _take(self, fd: int) -> bool:
        """Read once; False when there is nothing (more) to read."""
        try:
            data = os.read(fd, _CHUNK)
        except BlockingIOError:
            return False
        if fd == self.result_read:
            self.result += data
            if len(self.result) > RESULT_CAP:
                os.kill(self.pid, signal.SIGKILL)
                self.result = self.result[:RESULT_CAP]
                return False
        else:
            self.output_total += len(data)
            self.output += data[: OUTPUT_KEPT - len(self.output)]
            if self.output_exceeded:
                os.kill(self.pid, signal.SIGKILL)
                return False
        return bool(data)


def _reap_orphans() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
