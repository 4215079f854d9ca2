"""The worker's side of the language process: starts it, asks it, notices when it dies. Never imports torch.

What an OpenAI-compatible server is asked to write needs no process: `server` asks it from here.

Guarantees: every request ends in a result or in one error of `interface`. After any of them, the next request
works: a lost process is replaced, an abandoned request is stopped and its remaining lines are read away. The
process ends with its parent, however the parent ends: it watches the pipe it reads requests from.
"""

import os
import selectors
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from archloom.language import wire
from archloom.language.inspection import CheckModelRequest, ModelCheck, Preview, PreviewRequest
from archloom.language.interface import (
    FinetuneRequest,
    FinetuneResult,
    FinetuneStep,
    GeneratedBatch,
    GenerateRequest,
    LanguageProcessLost,
    Stopped,
)
from archloom.language.server import ServerGenerator, preview_for_server

POLL_SECONDS: Final = 0.05
STOP_GRACE_SECONDS: Final = (
    20.0  # a step of a large model on a CPU takes seconds; after this the process is killed
)
STDERR_LINES: Final = 40


class LanguageClient:
    """One resident language process, started by the first request. One request at a time; callers queue."""

    def __init__(self) -> None:
        self._child: _Child | None = None
        self._number = 0
        self._turn = threading.Lock()
        self._servers: dict[str, ServerGenerator] = {}

    def generate(
        self,
        request: GenerateRequest,
        on_chunk: Callable[[dict[int, str]], None],
        should_stop: Callable[[], bool],
    ) -> GeneratedBatch:
        """All programs of the batch, in order.

        `on_chunk` gets what was written since the last call, {position: text}; the texts of a position joined
        are its program's text, or a chat's answer as written. Both callables run in the calling thread,
        `should_stop` about 20 times a second. Raises Stopped, ModelUnavailable, LanguageFailure or
        LanguageProcessLost, or what a callable raises.
        """
        if request.backend == "server":
            return self._server(request.server_url).generate(request, on_chunk, should_stop)
        assert request.backend == "transformers", "random networks are not written by a language model"

        def on_message(message: wire.Message) -> None:
            on_chunk({int(position): text for position, text in message["texts"].items()})

        return wire.from_json(GeneratedBatch, self._ask(request, on_message, should_stop))

    def finetune(
        self,
        request: FinetuneRequest,
        on_step: Callable[[FinetuneStep], None],
        should_stop: Callable[[], bool],
    ) -> FinetuneResult:
        """The finished adapter; `on_step` hears of every optimiser step. Raises as `generate` does."""

        def on_message(message: wire.Message) -> None:
            on_step(FinetuneStep(**message["step"]))

        return wire.from_json(FinetuneResult, self._ask(request, on_message, should_stop))

    def preview(self, request: PreviewRequest, should_stop: Callable[[], bool]) -> Preview:
        """What the model would be given, token by token. Raises as `generate` does."""
        if request.backend == "server":
            return preview_for_server(request)
        return wire.from_json(Preview, self._ask(request, _no_message, should_stop))

    def check_model(self, request: CheckModelRequest, should_stop: Callable[[], bool]) -> ModelCheck:
        """Whether a model can do this work here, without loading it. Raises as `generate` does."""
        if request.backend == "server":
            return self._server(request.server_url).check(request.model, should_stop)
        return wire.from_json(ModelCheck, self._ask(request, _no_message, should_stop))

    def process_id(self) -> int | None:
        """Of the running language process, for the supervisor's accounting of memory."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """Ends the process. A later request would start another."""
        with self._turn:
            self._discard()

    def _server(self, url: str) -> ServerGenerator:
        """One for each address: it remembers what its server understands."""
        return self._servers.setdefault(url, ServerGenerator(url))

    def _ask(
        self,
        request: wire.Request,
        on_message: Callable[[wire.Message], None],
        should_stop: Callable[[], bool],
    ) -> wire.Message:
        with self._turn:
            if self._child is None or not self._child.is_running():
                self._discard()
                self._child = _Child()
            self._number += 1
            try:
                self._child.send(wire.request_message(self._number, request))
                return self._listen(self._child, on_message, should_stop)
            except LanguageProcessLost:
                self._discard()
                raise

    def _listen(
        self, child: "_Child", on_message: Callable[[wire.Message], None], should_stop: Callable[[], bool]
    ) -> wire.Message:
        while True:
            try:
                if should_stop():
                    raise Stopped("stopped at the caller's wish")
                message = child.receive(POLL_SECONDS)
                if message is None:
                    continue
                if message["type"] in ("chunk", "step"):
                    on_message(message)
                    continue
            except LanguageProcessLost:
                raise
            except BaseException:
                self._abandon(child)
                raise
            if message["type"] == "error":
                raise wire.to_error(message)
            return message["result"]

    def _abandon(self, child: "_Child") -> None:
        """Ends the request in the process and reads its remaining lines away: the next one starts clean."""
        deadline = time.monotonic() + STOP_GRACE_SECONDS
        try:
            child.send({"type": "stop", "number": self._number})
            while time.monotonic() < deadline:
                message = child.receive(POLL_SECONDS)
                if message is not None and message["type"] in ("done", "stopped", "error"):
                    return
        except LanguageProcessLost:
            pass
        self._discard()

    def _discard(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _no_message(message: wire.Message) -> None:
    raise AssertionError(f"this request reports no progress, and told of {message['type']}")


class _Child:
    """The process and its three pipes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "archloom.language.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._requests, self._answers, self._errors = (
            self._process.stdin,
            self._process.stdout,
            self._process.stderr,
        )
        self._pending = bytearray()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._answers, selectors.EVENT_READ)
        self._last_words: deque[str] = deque(maxlen=STDERR_LINES)
        # Unread, a full stderr pipe would stop the process.
        self._drain = threading.Thread(target=self._read_errors, daemon=True)
        self._drain.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def send(self, message: wire.Message) -> None:
        remaining = memoryview(wire.encode(message))
        try:
            while remaining:
                remaining = remaining[self._requests.write(remaining) :]
        except OSError as error:
            raise self._lost() from error

    def receive(self, timeout_seconds: float) -> wire.Message | None:
        """The next message, or None if none came in time."""
        while (end := self._pending.find(b"\n")) < 0:
            if not self._selector.select(timeout_seconds):
                return None
            data = os.read(self._answers.fileno(), 1 << 16)
            if not data:
                raise self._lost()
            self._pending += data
        line = bytes(self._pending[:end])
        del self._pending[: end + 1]
        return wire.decode(line)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._drain.join(timeout=1)
        self._selector.close()
        for pipe in (self._requests, self._answers, self._errors):
            pipe.close()

    def _lost(self) -> LanguageProcessLost:
        self._process.kill()
        status = self._process.wait()
        self._drain.join(timeout=1)
        how = f"was ended by signal {-status}" if status < 0 else f"exited with status {status}"
        words = "\n".join(self._last_words)
        return LanguageProcessLost(f"the language process {how}" + (f":\n{words}" if words else ""))

    def _read_errors(self) -> None:
        for line in self._errors:
            self._last_words.append(line.decode(errors="replace").rstrip())
