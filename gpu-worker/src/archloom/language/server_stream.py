"""One program from an OpenAI-compatible server, as a stream of pieces. Never imports torch."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

from archloom.language.interface import FinishReason, LanguageError, LanguageFailure, ModelUnavailable
from archloom.language.server_errors import connection_error, read_message, status_error

# Standard fields that some servers do not know, and vLLM's own: dropped where a server complains of them.
OPTIONAL_FIELDS: Final = {
    "top_k": "the server takes no top_k: it samples with its own",
    "seed": "the server takes no seed: the same run would get other programs",
    "stream_options": "",  # without it tokens are counted by pieces, and that is told where it happens
}
RETRY_SECONDS: Final = (0.5, 2.0, 5.0)
RETRIED_STATUSES: Final = (408, 429, 500, 502, 503, 504)
MAX_TOKEN_CHARACTERS: Final = 64  # on average; a server that ignores its limit would write for ever
DONE: Final = "[DONE]"


@dataclass
class Answer:
    """What came of one program so far. `text` grows; the rest is known at the end."""

    text: str = ""
    pieces: int = 0
    tokens: int | None = None
    """As the server counts them; None if it does not say."""
    finish: FinishReason | None = None


@dataclass
class ServerLink:
    """A server's address, the key for it, and what was learnt about it."""

    url: str
    key: str | None
    notes: dict[str, None] = field(default_factory=dict[str, None])
    _unknown: set[str] = field(default_factory=set[str])

    def open(self, parallel: int) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return httpx2.AsyncClient(
            base_url=self.url,
            headers=headers,
            timeout=httpx2.Timeout(600.0, connect=10.0),  # a busy server queues; a dead one is noticed by TCP
            limits=httpx2.Limits(max_connections=parallel),
        )

    async def served(self, http: httpx2.AsyncClient) -> list[dict[str, Any]]:
        """The models, and adapters, that the server lists. Raises ModelUnavailable or LanguageFailure."""
        try:
            response = await http.get("models")
            if response.status_code not in (200, 404):
                raise status_error(self.url, "", response.status_code, response.text, self.key)
            entries: Any = response.json()["data"]
            return [entry for entry in entries if isinstance(entry, dict)]
        except httpx2.HTTPError as error:
            raise connection_error(self.url, error) from error
        except (ValueError, KeyError, TypeError) as error:
            raise ModelUnavailable(
                f"{self.url}/models is not the list of an OpenAI-compatible server: check the address"
            ) from error

    async def write(self, http: httpx2.AsyncClient, path: str, body: dict[str, Any], answer: Answer) -> None:
        """Fills `answer`. Raises ModelUnavailable or LanguageFailure.

        Tried again while nothing was written: later, the text already shown would have to be taken back.
        """
        for delay in (*RETRY_SECONDS, None):
            try:
                await self._write_once(http, path, body, answer)
                return
            except _Refused as refused:
                if delay is None or refused.status not in RETRIED_STATUSES:
                    raise refused.error from None
            except httpx2.HTTPError as error:
                if delay is None or answer.text or isinstance(error, httpx2.UnsupportedProtocol):
                    raise connection_error(self.url, error) from error
            await asyncio.sleep(delay)

    async def _write_once(
        self, http: httpx2.AsyncClient, path: str, body: dict[str, Any], answer: Answer
    ) -> None:
        while True:
            sent = {name: value for name, value in body.items() if name not in self._unknown}
            async with http.stream("POST", path, json=sent) as response:
                if response.status_code == 200:
                    async for event in self._events(response):
                        self._take(event, answer, body["max_tokens"])
                    break
                said = (await response.aread()).decode(errors="replace")
            complained = [name for name in OPTIONAL_FIELDS if name in sent and _names(said, name)]
            if response.status_code not in (400, 422) or not complained:
                error = status_error(self.url, body["model"], response.status_code, said, self.key)
                raise _Refused(response.status_code, error)
            self._forget(complained)
        if answer.finish is None:
            raise LanguageFailure(f"the server {self.url} broke off in the middle of a program")

    def _forget(self, names: list[str]) -> None:
        self._unknown.update(names)
        for name in names:
            if OPTIONAL_FIELDS[name]:
                self.notes[OPTIONAL_FIELDS[name]] = None

    async def _events(self, response: httpx2.Response) -> AsyncIterator[Any]:
        kind = response.headers.get("content-type", "")
        if not kind.startswith("text/event-stream"):
            raise LanguageFailure(
                f"the server {self.url} does not stream: it answered with {kind or 'nothing'}"
            )
        async for event in httpx2.EventSource(response):
            if event.data == DONE:
                return
            try:
                yield json.loads(event.data)
            except ValueError as error:
                raise LanguageFailure(
                    f"the server {self.url} sent something that is no JSON: {event.data[:200]}"
                ) from error

    def _take(self, event: Any, answer: Answer, max_tokens: int) -> None:
        try:
            if "error" in event:
                raise LanguageFailure(f"the server {self.url} failed: {read_message(json.dumps(event))}")
            if event.get("usage"):
                answer.tokens = int(event["usage"]["completion_tokens"])
            for choice in event.get("choices", []):
                # A chat's piece lies in a delta, which may also be empty or hold thoughts only.
                delta: dict[str, Any] = choice.get("delta") or {}
                piece = str(choice.get("text") or delta.get("content") or "")
                answer.text += piece
                answer.pieces += bool(piece)
                if reason := choice.get("finish_reason"):
                    # Also a filter or a tool call ends a program before its end.
                    answer.finish = "eos" if reason == "stop" else "length"
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise LanguageFailure(
                f"the server {self.url} sent an event of another form: {json.dumps(event)[:200]}"
            ) from error
        if len(answer.text) > MAX_TOKEN_CHARACTERS * (max_tokens + 16):
            raise LanguageFailure(f"the server {self.url} writes on beyond the limit of {max_tokens} tokens")


class _Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, error: LanguageError) -> None:
        super().__init__(status)
        self.status = status
        self.error = error


def _names(message: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", message) is not None
