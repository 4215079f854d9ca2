"""The language process: `python -m archloom.language.process`, requests on stdin, answers on stdout (see
`wire`).

It holds one model and answers one request at a time. A second thread reads requests, so a stop takes effect
at the next step; end of input means that the worker is gone, and ends the process at once, in the middle of
whatever it does. (Linux' parent-death signal would fire when the thread that started the process ends.)

Libraries print as they like, so stdout is kept for answers and what they print goes to stderr.
"""

import os
import queue
import signal
import sys
import threading
import traceback
from dataclasses import asdict
from typing import Final

import torch

from archloom.language import wire
from archloom.language.finetune import finetune
from archloom.language.generate import generate
from archloom.language.inspect_model import check_model, preview
from archloom.language.inspection import CheckModelRequest, ModelCheck, Preview, PreviewRequest
from archloom.language.interface import (
    FinetuneRequest,
    FinetuneResult,
    FinetuneStep,
    GeneratedBatch,
    GenerateRequest,
    ModelUnavailable,
    Stopped,
)
from archloom.language.model_holder import ModelHolder
from archloom.language.quiet import hide_progress_bars

THREADS_VARIABLE: Final = "ARCHLOOM_LANGUAGE_THREADS"
SMALLER: Final = "take smaller batches, shorter programs or 4-bit weights"


class _Inbox:
    """Requests in order, and whether the current one is to stop."""

    def __init__(self) -> None:
        self._requests: queue.SimpleQueue[wire.Message] = queue.SimpleQueue()
        self._stopped_number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> wire.Message:
        return self._requests.get()

    def is_stopped(self, number: int) -> bool:
        return self._stopped_number >= number

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            message = wire.decode(line)
            if message["type"] == "stop":
                self._stopped_number = message["number"]
            else:
                self._requests.put(message)
        os._exit(0)


class _Outbox:
    """What was stdout. From here on, file descriptor 1 is stderr."""

    def __init__(self) -> None:
        self._answers = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def send(self, message: wire.Message) -> None:
        self._answers.write(wire.encode(message))
        self._answers.flush()


def serve() -> None:
    """Answers requests until stdin ends."""
    inbox, outbox, holder = _Inbox(), _Outbox(), ModelHolder()
    while True:
        message = inbox.next()
        outbox.send(_answer(message, holder, inbox, outbox))


def _answer(message: wire.Message, holder: ModelHolder, inbox: _Inbox, outbox: _Outbox) -> wire.Message:
    number: int = message["number"]

    def should_stop() -> bool:
        return inbox.is_stopped(number)

    def on_chunk(texts: dict[int, str]) -> None:
        outbox.send({"type": "chunk", "texts": texts})

    def on_step(step: FinetuneStep) -> None:
        outbox.send({"type": "step", "step": asdict(step)})

    def work(request: wire.Request) -> GeneratedBatch | FinetuneResult | Preview | ModelCheck:
        match request:
            case GenerateRequest():
                model = holder.get(request.model, request.quantization)
                return generate(model, request, on_chunk, should_stop)
            case FinetuneRequest():
                model = holder.get(request.model, request.quantization)
                return finetune(model, request, on_step, should_stop)
            case PreviewRequest():
                return preview(request, holder)
            case CheckModelRequest():
                return check_model(request, holder)

    try:
        result = asdict(work(wire.to_request(message)))
    except Stopped:
        return {"type": "stopped"}
    except torch.OutOfMemoryError as error:
        # Trying again would end the same way; the next request starts with an empty card.
        traceback.print_exc()
        torch.cuda.empty_cache()
        reason = str(error).split(". ")[0]
        return wire.error_message(
            number, ModelUnavailable(f"the card's memory is full ({reason}): {SMALLER}")
        )
    except Exception as error:
        traceback.print_exc()
        return wire.error_message(number, error)
    return {"type": "done", "result": result}


def main() -> None:
    # Ctrl-C in a terminal reaches every process of the group; when this one ends is the worker's decision.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hide_progress_bars()
    torch.set_num_threads(int(os.environ.get(THREADS_VARIABLE, "1")))
    serve()


if __name__ == "__main__":
    main()
