"""The language process from outside: real process, real model."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archloom.language.client import LanguageClient
from archloom.language.interface import (
    FinetuneRequest,
    FinetuneStep,
    GenerateRequest,
    LanguageFailure,
    LanguageProcessLost,
    ModelUnavailable,
    Stopped,
    TrainingPair,
)
from archloom.novelty.frame import IMPORTS

GENERATE = GenerateRequest(
    model="starter",
    adapter_dir=None,
    prompt=IMPORTS,
    count=4,
    seed=3,
    temperature=0.8,
    top_p=1.0,
    top_k=0,
    max_new_tokens=400,
)


def _finetune_request(output_dir: Path, steps: int) -> FinetuneRequest:
    return FinetuneRequest(
        model="starter",
        pairs=[TrainingPair(IMPORTS, f"x = {number}\n" * 20, str(number)) for number in range(4)],
        seed=0,
        output_dir=str(output_dir),
        rank=4,
        alpha=8,
        dropout=0.0,
        target_modules=["all-linear"],
        learning_rate=1e-3,
        schedule="cosine",
        warmup_steps=0,
        weight_decay=0.0,
        batch_size=4,
        gradient_accumulation=1,
        steps=steps,
        epochs=None,
        max_grad_norm=1.0,
    )


@pytest.fixture(scope="module")
def client() -> Iterator[LanguageClient]:
    client = LanguageClient()
    yield client
    client.close()


def _write(client: LanguageClient, request: GenerateRequest = GENERATE) -> list[str]:
    return [program.text for program in client.generate(request, lambda texts: None, lambda: False).programs]


def _pid(client: LanguageClient) -> int:
    pid = client.process_id()
    assert pid is not None
    return pid


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _wait_until_gone(pid: int, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if _is_gone(pid):
            return True
        time.sleep(0.05)
    return False


def test_chunks_cross_the_pipe_and_join_to_the_programs(client: LanguageClient) -> None:
    chunks: list[dict[int, str]] = []
    programs = client.generate(GENERATE, chunks.append, lambda: False).programs
    assert len(programs) == 4 and len(chunks) > 1
    for position, program in enumerate(programs):
        assert "".join(chunk.get(position, "") for chunk in chunks) == program.text


def test_an_adapter_trained_in_the_process_writes_there_at_once(
    client: LanguageClient, tmp_path: Path
) -> None:
    steps: list[FinetuneStep] = []
    result = client.finetune(_finetune_request(tmp_path / "a", steps=3), steps.append, lambda: False)
    assert [step.step for step in steps] == [1, 2, 3]
    assert result.steps == 3 and Path(result.adapter_dir, "adapter_config.json").is_file()
    before = _write(client)
    _write(client, dataclasses.replace(GENERATE, adapter_dir=result.adapter_dir))
    assert _write(client) == before


def test_a_stopped_batch_leaves_a_process_that_serves_the_next(client: LanguageClient) -> None:
    expected, pid = _write(client), _pid(client)
    chunks: list[dict[int, str]] = []
    with pytest.raises(Stopped):
        client.generate(dataclasses.replace(GENERATE, count=32), chunks.append, lambda: len(chunks) > 0)
    assert _write(client) == expected
    assert _pid(client) == pid


def test_a_stopped_training_ends_within_a_step_and_writes_nothing(
    client: LanguageClient, tmp_path: Path
) -> None:
    steps: list[FinetuneStep] = []
    with pytest.raises(Stopped):
        client.finetune(_finetune_request(tmp_path / "a", 100_000), steps.append, lambda: len(steps) >= 2)
    assert not (tmp_path / "a").exists()


def test_an_error_of_the_listener_ends_the_request_and_reaches_the_caller(client: LanguageClient) -> None:
    def on_chunk(texts: dict[int, str]) -> None:
        raise PermissionError("the lease is lost")

    with pytest.raises(PermissionError, match="the lease is lost"):
        client.generate(GENERATE, on_chunk, lambda: False)
    assert len(_write(client)) == 4


def test_an_unknown_model_is_named_before_any_work(client: LanguageClient) -> None:
    with pytest.raises(ModelUnavailable, match="/no/such/model"):
        _write(client, dataclasses.replace(GENERATE, model="/no/such/model"))
    assert len(_write(client)) == 4


def test_a_failure_inside_the_process_is_told_and_survived(client: LanguageClient, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LanguageFailure, match="NotADirectoryError"):
        client.finetune(_finetune_request(tmp_path / "file" / "a", 1), lambda step: None, lambda: False)
    assert len(_write(client)) == 4


def test_a_killed_process_is_reported_and_replaced(client: LanguageClient) -> None:
    expected, pid = _write(client), _pid(client)

    def kill(texts: dict[int, str]) -> None:
        os.kill(pid, signal.SIGKILL)

    with pytest.raises(LanguageProcessLost, match="signal 9"):
        client.generate(GENERATE, kill, lambda: False)
    assert _write(client) == expected
    assert _pid(client) != pid


def test_the_last_words_of_a_lost_process_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHLOOM_LANGUAGE_THREADS", "several")
    client = LanguageClient()
    with pytest.raises(LanguageProcessLost, match=r"exited with status 1(.|\n)*'several'"):
        _write(client)
    client.close()


def test_close_ends_the_process_and_a_later_request_starts_another() -> None:
    client = LanguageClient()
    _write(client, dataclasses.replace(GENERATE, count=1, max_new_tokens=1))
    pid = _pid(client)
    client.close()
    assert _is_gone(pid)
    assert client.process_id() is None
    client.close()


@pytest.mark.parametrize("work", ["idle", "busy"])
def test_the_process_dies_with_its_parent_however_that_ends(work: str) -> None:
    limit = 1 if work == "idle" else 900
    script = f"""
import os, sys, threading
from archloom.language.client import LanguageClient
from archloom.language.interface import GenerateRequest
client = LanguageClient()
def tell(texts):
    print(client.process_id(), flush=True)
request = GenerateRequest("starter", None, "x", 64, 0, 50.0, 1.0, 0, {limit})
client.generate(request, tell, lambda: False)
threading.Event().wait()
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert not _is_gone(pid)
        parent.kill()
    assert _wait_until_gone(pid)
