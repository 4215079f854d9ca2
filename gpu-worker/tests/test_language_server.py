"""An OpenAI-compatible server writes the programs: a real one, and one that misbehaves on command."""

import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from support_models import make_tiny_model
from support_server import RunningServer, transformers_serve

from archloom.language import server_adapters, server_stream
from archloom.language.client import LanguageClient
from archloom.language.inspection import CheckModelRequest, PreviewRequest
from archloom.language.interface import (
    ChatMessage,
    GeneratedBatch,
    GenerateRequest,
    LanguageFailure,
    ModelUnavailable,
    Stopped,
)

CHAT: list[ChatMessage] = [{"role": "system", "content": "Be terse."}, {"role": "user", "content": "Write."}]
NET = "class Net:\n    pass\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with transformers_serve(make_tiny_model(tmp_path_factory.mktemp("served"))) as running:
        yield running


def _request(url: str, model: str, **changes: Any) -> GenerateRequest:
    request = GenerateRequest(
        model=model,
        adapter_dir=None,
        prompt=None,
        count=3,
        seed=5,
        temperature=1.0,
        top_p=1.0,
        top_k=0,
        max_new_tokens=60,
        messages=CHAT,
        backend="server",
        server_url=url,
    )
    return dataclasses.replace(request, **changes)


def _write(request: GenerateRequest, chunks: list[dict[int, str]] | None = None) -> GeneratedBatch:
    return LanguageClient().generate(request, ([] if chunks is None else chunks).append, lambda: False)


def _joined(chunks: list[dict[int, str]], position: int) -> str:
    return "".join(chunk.get(position, "") for chunk in chunks)


def test_a_real_server_answers_a_chat(server: RunningServer) -> None:
    chunks: list[dict[int, str]] = []
    batch = _write(_request(server.url, server.model), chunks)
    assert len(batch.programs) == 3 and json.loads(batch.prompt_text) == CHAT and batch.notes == []
    for position, program in enumerate(batch.programs):
        assert program.output == _joined(chunks, position) != ""
        assert 0 < program.tokens <= 60
        assert program.finish == ("length" if program.tokens == 60 else "eos")


def test_a_real_server_continues_a_prompt(server: RunningServer) -> None:
    chunks: list[dict[int, str]] = []
    request = _request(server.url, server.model, prompt="import torch\n", messages=None)
    batch = _write(request, chunks)
    for position, program in enumerate(batch.programs):
        assert program.text == _joined(chunks, position) == "import torch\n" + program.output
    assert batch.prompt_text == "import torch\n"


def test_programs_of_one_batch_differ(server: RunningServer) -> None:
    outputs = {program.output for program in _write(_request(server.url, server.model)).programs}
    assert len(outputs) == 3


def test_a_field_that_a_real_server_refuses_is_left_out_and_said(server: RunningServer) -> None:
    client = LanguageClient()
    for _ in range(2):
        request = _request(server.url, server.model, top_k=5, count=2)
        batch = client.generate(request, lambda texts: None, lambda: False)
        assert batch.notes == ["the server takes no top_k: it samples with its own"]


def test_a_stop_in_the_middle_leaves_a_real_server_that_serves_the_next(server: RunningServer) -> None:
    client = LanguageClient()
    chunks: list[dict[int, str]] = []
    long = _request(server.url, server.model, count=8, max_new_tokens=900)
    with pytest.raises(Stopped):
        client.generate(long, chunks.append, lambda: len(chunks) > 0)
    assert len(_write(_request(server.url, server.model)).programs) == 3


def test_a_real_server_names_the_model_it_does_not_have(server: RunningServer) -> None:
    with pytest.raises(ModelUnavailable, match=r"for 'other' \(400\): Server is pinned to"):
        _write(_request(server.url, "other"))
    with pytest.raises(ModelUnavailable, match="'other'"):
        LanguageClient().check_model(CheckModelRequest("other", "server", server.url), lambda: False)


def test_a_real_server_without_adapters_is_told_before_anything_is_written(
    server: RunningServer, tmp_path: Path
) -> None:
    with pytest.raises(ModelUnavailable, match=r"has no adapter_model.safetensors"):
        _write(_request(server.url, server.model, adapter_dir=str(tmp_path)))
    (tmp_path / "adapter_model.safetensors").write_bytes(b"weights")
    with pytest.raises(ModelUnavailable, match="cannot load adapters: turn fine-tuning off"):
        _write(_request(server.url, server.model, adapter_dir=str(tmp_path)))


def test_a_check_and_a_preview_need_no_language_process(server: RunningServer) -> None:
    client = LanguageClient()
    check = client.check_model(CheckModelRequest(server.model, "server", server.url), lambda: False)
    assert check.fits and check.architecture is None and server.model in check.sentence
    preview = client.preview(PreviewRequest(server.model, None, CHAT, "server", server.url), lambda: False)
    assert json.loads(preview.text) == CHAT and preview.tokens == []
    assert client.process_id() is None


class Script(ThreadingHTTPServer):
    """Does with each request what `answer` says, and keeps what it was sent."""

    daemon_threads = True

    def __init__(self, answer: Callable[["Handler", dict[str, Any]], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Script

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.bodies.append({"path": self.path, **body})
        self.server.keys.append(self.headers["authorization"])
        self.server.answer(self, body)

    def do_GET(self) -> None:
        names = ["served", *(body["lora_name"] for body in self.server.bodies if "lora_path" in body)]
        self.reply(200, json.dumps({"data": [{"id": name, "max_model_len": 4096} for name in names]}))

    def reply(self, status: int, text: str, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def stream(self, *events: str) -> None:
        self.reply(200, "".join(f"data: {event}\n\n" for event in events), "text/event-stream")

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _piece(text: str, finish: str | None = None) -> str:
    return json.dumps({"choices": [{"delta": {"content": text}, "finish_reason": finish}]})


WHOLE = (_piece("```python\n"), _piece(NET), _piece("```", "stop"), "[DONE]")


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Script]]:
    monkeypatch.setattr(server_stream, "RETRY_SECONDS", (0.01, 0.01))
    servers: list[Script] = []

    def start(answer: Callable[[Handler, dict[str, Any]], None]) -> Script:
        servers.append(Script(answer))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_program_is_found_in_the_answer_and_the_settings_are_sent(script: Callable[..., Script]) -> None:
    running = script(lambda handler, body: handler.stream(*WHOLE))
    batch = _write(_request(running.url, "m", temperature=0.3, top_p=0.9, top_k=7, count=2))
    assert [program.text for program in batch.programs] == [NET, NET]
    assert batch.programs[0].output == f"```python\n{NET}```" and batch.programs[0].finish == "eos"
    assert batch.notes == ["the server does not count tokens: the pieces it streamed are counted instead"]
    first, second = sorted(running.bodies, key=lambda body: body["seed"])
    assert (first["temperature"], first["top_p"], first["top_k"]) == (0.3, 0.9, 7)
    assert first["path"] == "/v1/chat/completions" and second["seed"] == first["seed"] + 1


@pytest.mark.parametrize(
    ("status", "text", "kind", "words"),
    [
        (
            401,
            '{"error": {"message": "bad key sk-secret"}}',
            ModelUnavailable,
            r"key \(401\).*ARCHLOOM_SERVER_KEY",
        ),
        (
            404,
            '{"error": {"message": "The model `m` does not exist."}}',
            ModelUnavailable,
            "no model 'm'.*not exist",
        ),
        (400, '{"message": "context length is 2048"}', ModelUnavailable, "context length is 2048"),
        (307, "", ModelUnavailable, "elsewhere"),
        (429, '{"detail": "slow down"}', LanguageFailure, r"too much to do \(429\): slow down"),
        (503, "<html>down</html>", LanguageFailure, r"\(503\): <html>down"),
        (200, '{"choices": []}', LanguageFailure, "does not stream: it answered with application/json"),
    ],
)
def test_every_refusal_is_one_sentence_without_the_key(
    script: Callable[..., Script],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    text: str,
    kind: type[Exception],
    words: str,
) -> None:
    monkeypatch.setenv("ARCHLOOM_SERVER_KEY", "sk-secret")
    running = script(lambda handler, body: handler.reply(status, text))
    with pytest.raises(kind, match=words) as caught:
        _write(_request(running.url, "m", count=1))
    assert "sk-secret" not in str(caught.value) and "\n" not in str(caught.value)
    assert set(running.keys) == {"Bearer sk-secret"}
    assert len(running.bodies) == (3 if kind is LanguageFailure and status != 200 else 1)


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((_piece("half a pro"),), "broke off in the middle of a program"),
        ((_piece("x"), "{broken"), "no JSON: {broken"),
        ((_piece("x"), '{"error": {"message": "CUDA is gone"}}'), "failed: CUDA is gone"),
        (('{"choices": 3}',), "another form"),
        (("[1, 2]",), "another form"),
        ((_piece("x" * 100_000),), "beyond the limit of 60 tokens"),
    ],
    ids=["cut", "no JSON", "error", "other form", "list", "endless"],
)
def test_a_stream_that_goes_wrong_fails_the_batch_with_words(
    script: Callable[..., Script], events: tuple[str, ...], words: str
) -> None:
    running = script(lambda handler, body: handler.stream(*events))
    with pytest.raises(LanguageFailure, match=words):
        _write(_request(running.url, "m", count=1))


def test_a_connection_that_breaks_is_tried_again_only_while_nothing_was_shown(
    script: Callable[..., Script],
) -> None:
    def break_first(handler: Handler, body: dict[str, Any]) -> None:
        if len(handler.server.bodies) == 1:
            handler.connection.close()
        else:
            handler.stream(*WHOLE)

    assert _write(_request(script(break_first).url, "m", count=1)).programs[0].text == NET

    def break_later(handler: Handler, body: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("content-length", "100000")
        handler.end_headers()
        handler.wfile.write(f"data: {_piece('half')}\n\n".encode())

    running = script(break_later)
    with pytest.raises(LanguageFailure, match=r"connection to the server .* broke"):
        _write(_request(running.url, "m", count=1))
    assert len(running.bodies) == 1


def test_a_server_that_never_answers_can_be_stopped(script: Callable[..., Script]) -> None:
    asked, released = threading.Event(), threading.Event()

    def hang(handler: Handler, body: dict[str, Any]) -> None:
        asked.set()
        released.wait()

    client, running = LanguageClient(), script(hang)
    with pytest.raises(Stopped):
        client.generate(_request(running.url, "m", count=20), lambda texts: None, asked.is_set)
    asked.clear()
    with pytest.raises(Stopped):
        client.check_model(CheckModelRequest("m", "server", running.url), asked.is_set)
    released.set()


def test_an_error_of_the_listener_ends_the_batch_and_reaches_the_caller(
    script: Callable[..., Script],
) -> None:
    def fail(texts: dict[int, str]) -> None:
        raise PermissionError("the lease is lost")

    running = script(lambda handler, body: handler.stream(*WHOLE))
    with pytest.raises(PermissionError, match="the lease is lost"):
        LanguageClient().generate(_request(running.url, "m"), fail, lambda: False)


def test_an_adapter_is_loaded_once_under_a_name_of_its_own_and_old_ones_are_unloaded(
    script: Callable[..., Script], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_adapters, "KEPT", 2)
    running = script(
        lambda handler, body: handler.stream(*WHOLE) if "messages" in body else handler.reply(200, "done")
    )
    client = LanguageClient()
    for name in ("a", "a", "b", "c"):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "adapter_model.safetensors").write_text(name)
        request = _request(running.url, "m", count=1, adapter_dir=str(folder))
        client.generate(request, lambda texts: None, lambda: False)
    sent = [(body["path"].split("/")[-1], body.get("lora_name") or body["model"]) for body in running.bodies]
    a, b, c = dict.fromkeys(name for _, name in sent)
    assert sent == [
        *[("load_lora_adapter", a), ("completions", a), ("completions", a)],
        *[("load_lora_adapter", b), ("completions", b)],
        *[("load_lora_adapter", c), ("unload_lora_adapter", a), ("completions", c)],
    ]
    assert running.bodies[0]["lora_path"] == str(tmp_path / "a")


def test_a_listed_model_is_not_asked_for_a_token(script: Callable[..., Script]) -> None:
    running = script(lambda handler, body: handler.stream(*WHOLE))
    check = LanguageClient().check_model(CheckModelRequest("served", "server", running.url), lambda: False)
    assert check.context_tokens == 4096 and running.bodies == []


@pytest.mark.parametrize("url", ["not a url", "ftp://a/v1", "http://me:secret@127.0.0.1/v1", "http:///v1"])
def test_an_address_that_is_none_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        _write(_request(url, "m"))
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_stream, "RETRY_SECONDS", ())
    with pytest.raises(LanguageFailure, match=r"127.0.0.1:9/v1 cannot be reached"):
        _write(_request("http://127.0.0.1:9", "m"))
