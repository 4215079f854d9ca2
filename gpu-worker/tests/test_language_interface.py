"""Requests that make no sense are refused before they reach a process, and the messages survive the pipe."""

import dataclasses
import subprocess
import sys
from typing import Any

import pytest

from archloom.language import wire
from archloom.language.inspection import CheckModelRequest, PreviewRequest
from archloom.language.interface import (
    ChatMessage,
    FinetuneRequest,
    GenerateRequest,
    LanguageFailure,
    ModelUnavailable,
    TrainingPair,
)

GENERATE = GenerateRequest(
    model="starter",
    adapter_dir=None,
    prompt="import torch\n",
    count=2,
    seed=1,
    temperature=0.8,
    top_p=1.0,
    top_k=0,
    max_new_tokens=16,
)
FINETUNE = FinetuneRequest(
    model="starter",
    pairs=[TrainingPair("a\n", "b = 'é\u2028'\n", f"R1.0.00{number}") for number in range(5)],
    seed=1,
    output_dir="/nowhere",
    rank=4,
    alpha=8,
    dropout=0.0,
    target_modules=["all-linear"],
    learning_rate=1e-3,
    schedule="cosine",
    warmup_steps=0,
    weight_decay=0.0,
    batch_size=2,
    gradient_accumulation=1,
    steps=3,
    epochs=None,
    max_grad_norm=1.0,
)


@pytest.mark.parametrize(
    "change",
    [
        {"count": 0},
        {"max_new_tokens": 0},
        {"temperature": 0.0},
        {"temperature": float("nan")},
        {"top_p": 0.0},
        {"top_p": 1.5},
        {"top_k": -1},
        {"prompt": None},
        {"messages": [{"role": "user", "content": "both"}]},
        {"prompt": None, "messages": []},
        {"backend": "server"},
    ],
)
def test_a_generate_request_out_of_bounds_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        dataclasses.replace(GENERATE, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"pairs": []},
        {"steps": None},
        {"epochs": 2},
        {"steps": 0},
        {"batch_size": 0},
        {"gradient_accumulation": 0},
    ],
)
def test_a_finetune_request_out_of_bounds_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        dataclasses.replace(FINETUNE, **change)


CHAT: list[ChatMessage] = [{"role": "system", "content": "é"}, {"role": "user", "content": "\u2028"}]


@pytest.mark.parametrize(
    "request_",
    [
        GENERATE,
        FINETUNE,
        dataclasses.replace(GENERATE, prompt=None, messages=CHAT),
        dataclasses.replace(FINETUNE, pairs=[TrainingPair("", "x", "k", messages=CHAT)]),
        PreviewRequest("starter", None, CHAT),
        CheckModelRequest("starter", lora_rank=4, lora_targets=("q_proj", "v_proj")),
    ],
)
def test_a_request_survives_the_pipe_as_one_line(request_: wire.Request) -> None:
    line = wire.encode(wire.request_message(7, request_))
    assert line.count(b"\n") == 1
    assert wire.to_request(wire.decode(line)) == request_


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (ModelUnavailable("no model 'x'"), ModelUnavailable, "no model 'x'"),
        (KeyError("missing"), LanguageFailure, "KeyError: 'missing'"),
    ],
)
def test_an_error_of_the_process_is_raised_again_by_the_client(
    error: Exception, kind: type[Exception], words: str
) -> None:
    raised = wire.to_error(wire.decode(wire.encode(wire.error_message(1, error))))
    assert type(raised) is kind
    assert str(raised) == words


def test_the_client_side_never_imports_torch() -> None:
    script = "import sys, archloom.language.client; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
