"""Programs written by an OpenAI-compatible server: vLLM, `transformers serve`, llama.cpp and others. Never
imports torch.

Each program is one streamed request with a seed of its own, several at a time. Whether the same seeds give
the same programs again is the server's affair: one that batches requests as they come rounds otherwise each
time.
"""

import asyncio
import json
import os
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx2

from archloom.language.extraction import extract_program
from archloom.language.inspection import ModelCheck, Preview, PreviewRequest
from archloom.language.interface import (
    FLUSH_SECONDS,
    ChatMessage,
    GeneratedBatch,
    GeneratedProgram,
    GenerateRequest,
    ModelUnavailable,
    Stopped,
)
from archloom.language.server_adapters import ServerAdapters
from archloom.language.server_errors import KEY_VARIABLE
from archloom.language.server_stream import Answer, ServerLink

PARALLEL: Final = 16
POLL_SECONDS: Final = 0.05
SEED_LIMIT: Final = 2**31

OnChunk = Callable[[dict[int, str]], None]
Result = TypeVar("Result")


class ServerGenerator:
    """One server. It remembers which optional fields the server does not take."""

    def __init__(self, url: str) -> None:
        """Raises ModelUnavailable for an address that is none."""
        self._link = ServerLink(_to_base_url(url), os.environ.get(KEY_VARIABLE, "").strip() or None)
        self._adapters = ServerAdapters(self._link)

    def generate(
        self, request: GenerateRequest, on_chunk: OnChunk, should_stop: Callable[[], bool]
    ) -> GeneratedBatch:
        """As LanguageClient.generate. A stop closes the connections, which tells the server to stop too."""
        return asyncio.run(self._generate(request, on_chunk, should_stop))

    def check(self, model: str, should_stop: Callable[[], bool]) -> ModelCheck:
        """Asks for the server's models and, if it does not list this one, for one token of it (a server may
        load a model when it is asked for). Raises as `generate` does."""

        async def check() -> ModelCheck:
            async with self._link.open(1) as http:
                return await _watched(self._check(http, model), should_stop)

        return asyncio.run(check())

    async def _generate(
        self, request: GenerateRequest, on_chunk: OnChunk, should_stop: Callable[[], bool]
    ) -> GeneratedBatch:
        batch = _Batch(request)
        async with self._link.open(PARALLEL) as http:
            await _watched(self._write(http, batch, request), should_stop, lambda: batch.show_some(on_chunk))
        batch.show(on_chunk)
        return GeneratedBatch(batch.programs(), batch.prompt_text, [*self._link.notes, *batch.notes()])

    async def _write(self, http: httpx2.AsyncClient, batch: "_Batch", request: GenerateRequest) -> None:
        model = request.model
        if request.adapter_dir is not None:
            model = await self._adapters.load(http, Path(request.adapter_dir))
        free = asyncio.Semaphore(PARALLEL)

        async def write(position: int) -> None:
            async with free:
                body = batch.body(model, position)
                await self._link.write(http, batch.path, body, batch.answers[position])
                batch.end(position)

        tasks = [asyncio.create_task(write(position)) for position in range(request.count)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _check(self, http: httpx2.AsyncClient, model: str) -> ModelCheck:
        served = await self._link.served(http)
        entry = next((entry for entry in served if entry.get("id") == model), None)
        if entry is None:
            body = {"model": model, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
            await self._link.write(http, "chat/completions", {**body, "stream": True}, Answer())
        context = (entry or {}).get("max_model_len")
        return ModelCheck(
            fits=True,
            sentence=f"The server {self._link.url} writes with {model}.",
            architecture=None,
            parameters=None,
            vocabulary=None,
            context_tokens=context if isinstance(context, int) else None,
            has_chat_template=None,
            dtype=None,
            needed_bytes=None,
            available_bytes=None,
            device=None,
            adapter_target_modules=[],
        )


class _Batch:
    """The answers to one request, and how much of them was shown."""

    def __init__(self, request: GenerateRequest) -> None:
        self._request = request
        self._started = time.monotonic()
        self._shown_at = self._started
        self._shown = [0] * request.count
        self._seconds = [0.0] * request.count
        self._is_prompt_shown = request.prompt is None
        self.answers = [Answer() for _ in range(request.count)]

    @property
    def path(self) -> str:
        return "completions" if self._request.messages is None else "chat/completions"

    @property
    def prompt_text(self) -> str:
        return self._request.prompt if self._request.prompt is not None else to_json(self._request.messages)

    def body(self, model: str, position: int) -> dict[str, Any]:
        request = self._request
        asked = {"prompt": request.prompt} if request.messages is None else {"messages": request.messages}
        return {
            "model": model,
            **asked,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": request.max_new_tokens,
            "temperature": request.temperature,
            "top_p": request.top_p,
            **({"top_k": request.top_k} if request.top_k else {}),
            "seed": (request.seed + position) % SEED_LIMIT,
        }

    def end(self, position: int) -> None:
        self._seconds[position] = time.monotonic() - self._started

    def show_some(self, on_chunk: OnChunk) -> None:
        """What is new, at most every FLUSH_SECONDS."""
        now = time.monotonic()
        if now - self._shown_at >= FLUSH_SECONDS:
            self._shown_at = now
            self.show(on_chunk)

    def show(self, on_chunk: OnChunk) -> None:
        """What is new; a continued prompt is the beginning of its program."""
        texts: dict[int, str] = {}
        for position, answer in enumerate(self.answers):
            prompt = "" if self._is_prompt_shown else self._request.prompt or ""
            if new := prompt + answer.text[self._shown[position] :]:
                texts[position] = new
            self._shown[position] = len(answer.text)
        self._is_prompt_shown = True
        if texts:
            on_chunk(texts)

    def programs(self) -> list[GeneratedProgram]:
        programs: list[GeneratedProgram] = []
        for answer, seconds in zip(self.answers, self._seconds, strict=True):
            assert answer.finish is not None, "an answer without an end is an error"
            prompt = self._request.prompt
            text = extract_program(answer.text) if prompt is None else prompt + answer.text
            tokens = answer.pieces if answer.tokens is None else answer.tokens
            programs.append(GeneratedProgram(text, tokens, answer.finish, round(seconds, 3), answer.text))
        return programs

    def notes(self) -> list[str]:
        if all(answer.tokens is not None for answer in self.answers):
            return []
        return ["the server does not count tokens: the pieces it streamed are counted instead"]


async def _watched(
    work: Coroutine[Any, Any, Result],
    should_stop: Callable[[], bool],
    on_poll: Callable[[], None] = lambda: None,
) -> Result:
    """The work's result; cancelled, and its connections closed, when the caller stops it or fails."""
    task = asyncio.create_task(work)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=POLL_SECONDS)
            if should_stop():
                raise Stopped("stopped at the caller's wish")
            on_poll()
        return task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def preview_for_server(request: PreviewRequest) -> Preview:
    """A server renders and tokenises by itself: shown is what it is sent."""
    text = request.prompt if request.prompt is not None else to_json(request.messages)
    return Preview(text, [], None, "The server renders the messages and makes the tokens itself.")


def to_json(messages: list[ChatMessage] | None) -> str:
    return json.dumps(messages, ensure_ascii=False, indent=2)


def _to_base_url(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ModelUnavailable(f"{url!r} is no address of a server, such as http://127.0.0.1:8000/v1")
    if parts.username or parts.password:
        raise ModelUnavailable(
            f"the address of the server {parts.hostname} holds a password: put the key into {KEY_VARIABLE}"
        )
    path = parts.path.rstrip("/") or "/v1"
    return f"{parts.scheme}://{parts.netloc}{path}"
