"""Sampling a batch of programs and streaming them while they are written."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# torch and transformers annotate only part of what they offer.

import time
from collections.abc import Callable
from typing import Final

import torch
from transformers.generation.streamers import BaseStreamer

from archloom.language.extraction import extract_program
from archloom.language.interface import (
    FLUSH_SECONDS,
    FinishReason,
    GeneratedBatch,
    GeneratedProgram,
    GenerateRequest,
    Stopped,
)
from archloom.language.model import LanguageModel
from archloom.language.vocabulary import Vocabulary

FLUSH_BYTES: Final = 4096

OnChunk = Callable[[dict[int, str]], None]


def generate(
    model: LanguageModel, request: GenerateRequest, on_chunk: OnChunk, should_stop: Callable[[], bool]
) -> GeneratedBatch:
    """All programs, streamed to `on_chunk` as {position: text written since the last call}.

    A continued prompt is part of its program and streamed first; of a chat only the answer is streamed, as it
    is written, and its program is found at the end. Raises Stopped between two tokens, ModelUnavailable if
    the prompt leaves no room. A program longer than the model's context ends there (`length`).
    """
    vocabulary = model.vocabulary
    if request.messages is not None:
        text, prompt = (
            vocabulary.render_messages(request.messages),
            vocabulary.encode_messages(request.messages),
        )
    else:
        assert request.prompt is not None, "a request has a prompt or messages"
        text, prompt = request.prompt, vocabulary.encode_prompt(request.prompt)
    tokens = min(request.max_new_tokens, model.room_after(prompt))
    model.assert_can_write(request.count, len(prompt) + tokens)
    with model.writing_with(request.adapter_dir) as writer, torch.inference_mode():
        batch = torch.tensor([prompt] * request.count, device=model.device)
        rows = [_Row(vocabulary, request.prompt) for _ in range(request.count)]
        streamer = _BatchStreamer(rows, model.stop_ids, on_chunk, should_stop)
        torch.manual_seed(request.seed)
        # transformers declares this method on a mixin that pyright cannot see through.
        writer.generate(  # pyright: ignore[reportCallIssue]
            input_ids=batch,
            attention_mask=torch.ones_like(batch),
            do_sample=True,
            temperature=request.temperature,
            top_p=request.top_p,
            top_k=request.top_k,
            max_new_tokens=tokens,
            pad_token_id=vocabulary.pad_id,
            eos_token_id=sorted(model.stop_ids),
            streamer=streamer,
        )
    notes = [f"programs end after {tokens:,} tokens: the model reads no more than that after this prompt"]
    is_cut = tokens < request.max_new_tokens
    return GeneratedBatch([row.program() for row in rows], text, notes if is_cut else [])


class _Row:
    """One program being written: token ids come in, text goes out.

    A token may end inside a character, and a tokenizer may decode a token differently at the start of a text,
    so new tokens are decoded together with the last ones already decoded, and text that ends in an unfinished
    character waits. What was handed out, joined, is the result's text: by construction both agree.
    """

    def __init__(self, vocabulary: Vocabulary, prompt: str | None) -> None:
        """`prompt` belongs to the program; None: what is written is an answer that contains it."""
        self._vocabulary = vocabulary
        self._prompt = prompt
        self._ids: list[int] = []
        self._context_start = 0
        self._decoded = 0
        self._waiting_prompt = prompt or ""
        self._text = ""
        self._started = time.monotonic()
        self._seconds = 0.0
        self.finish: FinishReason | None = None

    def take(self, token: int, is_end: bool) -> None:
        self._ids.append(token)
        if is_end:
            self.end("eos")

    def end(self, finish: FinishReason) -> None:
        self.finish = finish
        self._seconds = time.monotonic() - self._started

    @property
    def undecoded(self) -> int:
        return len(self._ids) - self._decoded

    def read(self) -> str:
        """The text that is certain by now and was not read before."""
        new, self._waiting_prompt = self._waiting_prompt, ""
        if self.undecoded:
            before = self._vocabulary.decode(self._ids[self._context_start : self._decoded])
            after = self._vocabulary.decode(self._ids[self._context_start :])
            if self.finish is not None or not after.endswith("\N{REPLACEMENT CHARACTER}"):
                new += after[len(before) :]
                self._context_start, self._decoded = self._decoded, len(self._ids)
        self._text += new
        return new

    def program(self) -> GeneratedProgram:
        assert self.finish is not None and self.undecoded == 0, "the streamer ends every row"
        if self._prompt is None:
            text, output = extract_program(self._text), self._text
        else:
            text, output = self._text, self._text.removeprefix(self._prompt)
        return GeneratedProgram(text, len(self._ids), self.finish, round(self._seconds, 3), output)


class _BatchStreamer(BaseStreamer):
    """Receives one token per row and step; decodes and reports only every FLUSH_SECONDS or FLUSH_BYTES."""

    def __init__(
        self, rows: list[_Row], stop_ids: frozenset[int], on_chunk: OnChunk, should_stop: Callable[[], bool]
    ) -> None:
        self._rows = rows
        self._stop_ids = stop_ids
        self._on_chunk = on_chunk
        self._should_stop = should_stop
        self._saw_prompt = False
        self._flushed_at = time.monotonic()
        self._waiting_tokens = 0
        self._bytes_per_token = 4.0

    def put(self, value: torch.Tensor) -> None:
        if not self._saw_prompt:
            self._saw_prompt = True
            return
        if self._should_stop():
            raise Stopped
        tokens: list[int] = value.tolist()
        for row, token in zip(self._rows, tokens, strict=True):
            if row.finish is None:
                row.take(token, token in self._stop_ids)
                self._waiting_tokens += 1
        is_due = time.monotonic() - self._flushed_at >= FLUSH_SECONDS
        if is_due or self._waiting_tokens * self._bytes_per_token >= FLUSH_BYTES:
            self._flush()

    def end(self) -> None:
        for row in self._rows:
            if row.finish is None:
                row.end("length")
        self._flush()

    def _flush(self) -> None:
        texts = {position: text for position, row in enumerate(self._rows) if (text := row.read())}
        if texts:
            self._on_chunk(texts)
        written = sum(len(text.encode()) for text in texts.values())
        self._bytes_per_token = max(1.0, written / max(1, self._waiting_tokens))
        self._waiting_tokens = 0
        self._flushed_at = time.monotonic()
