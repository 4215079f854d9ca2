"""A slot: one jail with one zygote in it, evaluating one program at a time.

Guarantees: `evaluate` always comes back, a little after the limits at the latest; when it does, no process of
the program is left and its scratch folder is gone; a zygote that dies is replaced, and the program that was
in it is tried once more, so that the machine's own troubles are not held against it. A jail in which
processes had to be killed by number is replaced, too: sandlock 0.9.0 goes on counting some of them, until no
program could fork.
"""

from __future__ import annotations

import os
import pickle
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import count
from pathlib import Path

from archloom.contract.generated import Outcome
from archloom.recipes import Recipe
from archloom.recipes.protocol import DeviceKind
from archloom.sandbox import scratch
from archloom.sandbox.device import DEVICE_FAILED_STATUS, PROCESSOR, Device
from archloom.sandbox.frames import Frame, FrameError, encode_frame, read_frame
from archloom.sandbox.interface import (
    CandidateError,
    SandboxError,
    SandboxUnavailable,
    SlotClosed,
    Verdict,
)
from archloom.sandbox.jail_folder import JailFolder
from archloom.sandbox.launch import ZygoteProcess, jail_sources
from archloom.sandbox.processes import (
    address_space_bytes,
    end_descendants,
    living_below,
    load_below,
    resident_bytes_below,
)
from archloom.sandbox.readable import JailHome, build_jail_home
from archloom.sandbox.verdict import EndedProcess, Expected, clean_text, to_verdict

Launcher = Callable[[JailHome, Path, Recipe], ZygoteProcess]

CODE_CAP = 256 * 1024
"""Characters. The longest program of the LEMUR corpus has a tenth of it."""
_REPLY_CAP = 2 * 1024 * 1024
_POLL_SECONDS = 0.05
_START_SECONDS = 180.0
# How long after the program's end the zygote may take to say so, and stragglers to die.
_GRACE_SECONDS = 5.0


class ZygoteDied(SandboxError):
    """The zygote ended, fell silent or spoke nonsense; the slot starts another one."""


class JailedSlot:
    """See the module. Made by `open_sandbox(...).open_slot(recipe)`."""

    def __init__(
        self, recipe: Recipe, launcher: Launcher, confined: bool, device: Device = PROCESSOR
    ) -> None:
        self._recipe = recipe.on(device.kind)
        self._launcher = launcher
        self._confined = confined
        self._data = recipe.load()
        self._jail_folder = JailFolder()
        self._scratch = self.folder / "scratch"
        self._scratch.mkdir()
        self._home = build_jail_home(self.folder, device)
        self._serial = count(1)
        self._zygote: ZygoteProcess | None = None
        self._closed = False
        try:
            self._warm_zygote()
        except BaseException:
            self.close()
            raise

    @property
    def folder(self) -> Path:
        """Everything that the slot has on disk."""
        return self._jail_folder.path

    @property
    def zygote_pid(self) -> int:
        """Process id of the zygote. Raises SandboxUnavailable when a new one cannot be started."""
        return self._warm_zygote().pid

    @property
    def device(self) -> DeviceKind:
        return self._home.device.kind

    @property
    def _has_card(self) -> bool:
        return self.device == "cuda"

    def evaluate(self, code: str, seed: int, cancel: threading.Event, check_only: bool = False) -> Verdict:
        if len(code) > CODE_CAP:
            message = f"the program has {len(code):,} characters; more than {CODE_CAP:,} are not read"
            return Verdict("parse_error", 0.0, error=CandidateError("ProgramTooLong", message, None))
        began = time.monotonic()
        for last_try in (False, True):
            try:
                ended, cause = self._run(code, seed, cancel, check_only)
            except ZygoteDied as death:
                self._end_zygote()
                if cancel.is_set():
                    return Verdict("cancelled", time.monotonic() - began)
                if last_try:
                    error = CandidateError(type(death).__name__, clean_text(str(death)), None)
                    return Verdict("crashed", time.monotonic() - began, error=error)
            else:
                expected = Expected(
                    check_only, self._recipe.limits.cpu_seconds, self._data, self._recipe.classes
                )
                verdict = to_verdict(ended, cause, time.monotonic() - began, expected)
                if verdict.outcome == "process_limit":
                    self._end_zygote()
                return verdict
        raise AssertionError("unreachable: the second try returns")

    def close(self) -> None:
        self._closed = True
        self._end_zygote()
        self._jail_folder.remove()

    def _run(
        self, code: str, seed: int, cancel: threading.Event, check_only: bool
    ) -> tuple[EndedProcess, Outcome | None]:
        zygote = self._warm_zygote()
        limits = self._recipe.limits
        serial = next(self._serial)
        own_scratch = self._scratch / str(serial)
        own_scratch.mkdir(mode=0o700)
        request = {
            "op": "evaluate",
            "serial": serial,
            "seed": seed,
            "check_only": check_only,
            "scratch": str(own_scratch),
            "readable": self._home.roots if self._confined else None,
            "device_files": self._home.device.files,
            "address_space_bytes": None if self._has_card else self._base_bytes + limits.memory_bytes,
            "output_bytes": limits.output_bytes,
        }
        try:
            _send(zygote, Frame(request, code.encode("utf-8", "surrogatepass")))
            cause = self._watch(zygote, serial, own_scratch, cancel)
            ended = _read_ended(zygote, serial)
            if self._has_card and os.waitstatus_to_exitcode(ended.status) == DEVICE_FAILED_STATUS:
                raise FrameError(ended.output.decode("utf-8", "replace")[-500:])
            if living_below(zygote.pid):
                self._end_zygote()
        except (FrameError, OSError) as error:
            raise ZygoteDied(f"the zygote died: {error}; {self._last_words(zygote)}") from error
        finally:
            scratch.remove(own_scratch)
        return ended, cause

    def _watch(
        self, zygote: ZygoteProcess, serial: int, own_scratch: Path, cancel: threading.Event
    ) -> Outcome | None:
        """Wait for the zygote's reply; end the program when it breaks a limit. Returns why, if so."""
        deadline = time.monotonic() + self._recipe.limits.wall_seconds
        cause: Outcome | None = None
        with selectors.DefaultSelector() as selector:
            selector.register(zygote.replies, selectors.EVENT_READ)
            while not selector.select(_POLL_SECONDS):
                if cause is not None:
                    # Its orphans keep a killed program's disk and memory: end them while waiting for the
                    # reply.
                    end_descendants(zygote.pid, _GRACE_SECONDS)
                    if time.monotonic() > deadline:
                        raise ZygoteDied("the zygote did not report the end of a program that was killed")
                    continue
                cause = self._broken_limit(zygote, own_scratch, cancel, deadline)
                if cause is not None:
                    _send(zygote, Frame({"op": "kill", "serial": serial}))
                    deadline = time.monotonic() + _GRACE_SECONDS
        return cause

    def _broken_limit(
        self, zygote: ZygoteProcess, own_scratch: Path, cancel: threading.Event, deadline: float
    ) -> Outcome | None:
        limits = self._recipe.limits
        if cancel.is_set():
            return "cancelled"
        load = load_below(zygote.pid)
        if load.processes >= limits.processes or load.threads > limits.threads:
            return "process_limit"
        use = scratch.measure(own_scratch, limits.disk_entries)
        if use.disk_bytes > limits.disk_bytes or use.entries > limits.disk_entries:
            return "disk_limit"
        if self._has_card and resident_bytes_below(zygote.pid) > limits.memory_bytes:
            return "memory_limit"
        if time.monotonic() > deadline:
            return "time_limit"
        return None

    def _warm_zygote(self) -> ZygoteProcess:
        if self._closed:
            raise SlotClosed("the slot has been closed")
        if self._zygote is None:
            self._zygote = self._start_zygote()
        return self._zygote

    def _start_zygote(self) -> ZygoteProcess:
        zygote = self._launcher(self._home, self._scratch, self._recipe)
        self._zygote = zygote
        self._errors: deque[bytes] = deque(maxlen=64)
        threading.Thread(target=_drain, args=(zygote, self._errors), daemon=True).start()
        try:
            self._set_up(zygote)
            with selectors.DefaultSelector() as selector:
                selector.register(zygote.replies, selectors.EVENT_READ)
                if not selector.select(_START_SECONDS):
                    raise FrameError(f"it was not ready after {_START_SECONDS:.0f} s")
            read_frame(zygote.replies.read, _REPLY_CAP)
            self._base_bytes = address_space_bytes(zygote.pid)
        except (FrameError, OSError) as error:
            words = self._last_words(zygote)
            self._end_zygote()
            raise SandboxUnavailable(f"the zygote could not start: {error}; {words}") from error
        return zygote

    def _set_up(self, zygote: ZygoteProcess) -> None:
        """Send the jail's code, the recipe, and the arrays as they lie in memory, without another copy."""
        data, arrays = self._data, list[pickle.PickleBuffer]()
        setup = pickle.dumps(
            (self._recipe, data.train_images, data.train_labels, data.test_images, self._home.device),
            protocol=5,
            buffer_callback=arrays.append,
        )
        raw = [array.raw() for array in arrays]
        _send(zygote, Frame({}, jail_sources(self._recipe)))
        _send(zygote, Frame({"array_bytes": [array.nbytes for array in raw]}, setup))
        for array in raw:
            _write(zygote, array)

    def _end_zygote(self) -> None:
        if self._zygote is not None:
            self._zygote.end()
            self._zygote = None

    def _last_words(self, zygote: ZygoteProcess) -> str:
        zygote.end()
        return clean_text(b"".join(self._errors).decode("utf-8", "replace"))[-2000:]


def _send(zygote: ZygoteProcess, frame: Frame) -> None:
    _write(zygote, memoryview(encode_frame(frame)))


def _write(zygote: ZygoteProcess, remaining: memoryview) -> None:
    while remaining:
        remaining = remaining[os.write(zygote.requests.fileno(), remaining) :]


def _read_ended(zygote: ZygoteProcess, serial: int) -> EndedProcess:
    """Raises FrameError."""
    frame = read_frame(zygote.replies.read, _REPLY_CAP)
    header = frame.header
    if header.get("op") != "ended" or header.get("serial") != serial:
        raise FrameError(f"expected the end of program {serial}, got {dict(header)}")
    length = header["result_length"]
    return EndedProcess(
        status=header["status"],
        cpu_seconds=header["cpu_seconds"],
        peak_memory_bytes=header["peak_memory_bytes"],
        output_exceeded=header["output_limit"],
        result=frame.body[:length],
        output=frame.body[length:],
    )


def _drain(zygote: ZygoteProcess, into: deque[bytes]) -> None:
    """Keep the end of what the zygote writes to its stderr, so that the pipe never fills up."""
    try:
        while line := zygote.errors.read(4096):
            into.append(line)
    except (OSError, ValueError):
        return
