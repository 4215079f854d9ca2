"""What of a pair is learnt: the completion and its end, cut to the context; never the prompt."""

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from support_models import TURN_END, make_tiny_model, make_tiny_tokenizer, new_tiny_model, save_tiny_model
from transformers import AutoModelForCausalLM

from archloom.language.examples import to_batch, to_example, to_examples
from archloom.language.finetune import finetune
from archloom.language.interface import (
    ChatMessage,
    FinetuneRequest,
    FinetuneResult,
    FinetuneStep,
    ModelUnavailable,
    TrainingPair,
)
from archloom.language.model import LanguageModel
from archloom.language.source import STARTER, STARTER_DIR

CPU = torch.device("cpu")
PROMPT = "import torch\n"
PAIR = TrainingPair(PROMPT, "x = torch.zeros(3)\n", "R1.0.000")
CHAT: list[ChatMessage] = [
    {"role": "system", "content": "You design networks."},
    {"role": "user", "content": "One with two layers, please."},
]


@pytest.fixture(scope="module")
def starter() -> LanguageModel:
    return LanguageModel(STARTER)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    return LanguageModel(str(make_tiny_model(tmp_path_factory.mktemp("qwen2"), "qwen2")))


@pytest.fixture
def request_(tmp_path: Path) -> FinetuneRequest:
    return FinetuneRequest(
        model=STARTER,
        pairs=[PAIR],
        seed=5,
        output_dir=str(tmp_path / "adapter"),
        rank=4,
        alpha=8,
        dropout=0.0,
        target_modules=["all-linear"],
        learning_rate=2e-3,
        schedule="constant",
        warmup_steps=0,
        weight_decay=0.01,
        batch_size=4,
        gradient_accumulation=1,
        steps=1,
        epochs=None,
        max_grad_norm=1.0,
    )


def _train(
    model: LanguageModel, request: FinetuneRequest, **changes: Any
) -> tuple[FinetuneResult, list[FinetuneStep]]:
    steps: list[FinetuneStep] = []
    return finetune(model, dataclasses.replace(request, **changes), steps.append, lambda: False), steps


def test_the_reported_loss_is_the_mean_over_completion_tokens_counted_by_hand(
    starter: LanguageModel, request_: FinetuneRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: False)
    pairs = [PAIR, TrainingPair("# a longer prompt, which counts for nothing\n", "y = 1\n" * 20, "R1.0.001")]
    plain = AutoModelForCausalLM.from_pretrained(STARTER_DIR).eval()
    surprise: list[float] = []
    for pair in pairs:
        prompt = starter.vocabulary.encode_prompt(pair.prompt)
        answer = [*starter.vocabulary.encode_completion(pair.completion), starter.vocabulary.end_id]
        with torch.inference_mode():
            chances = plain(input_ids=torch.tensor([[*prompt, *answer]])).logits[0].log_softmax(-1)
        surprise += [-chances[len(prompt) + at - 1, token].item() for at, token in enumerate(answer)]
    expected = sum(surprise) / len(surprise)
    together, _ = _train(starter, request_, pairs=pairs)
    apart, _ = _train(starter, request_, pairs=pairs, batch_size=1, gradient_accumulation=2)
    packed, _ = _train(starter, request_, pairs=pairs, packing=True)
    # A mean of the two pairs' means would be another number.
    for result in (together, apart, packed):
        assert result.first_loss == pytest.approx(expected, rel=1e-4)


def test_no_gradient_comes_from_a_prompt(starter: LanguageModel) -> None:
    example = to_example(starter.vocabulary, "import torch\nimport torch.nn as nn\n", "x = 1\n", 1024)
    batch = to_batch([example], starter.vocabulary.pad_id)
    model = AutoModelForCausalLM.from_pretrained(STARTER_DIR)
    output = model(**batch.inputs(CPU))
    output.logits.retain_grad()
    output.loss.backward()
    norms = output.logits.grad[0].norm(dim=-1)
    assert norms[: example.prompt_tokens - 1].eq(0).all()
    # The prompt's last position predicts the completion's first token; the last position predicts nothing.
    assert norms[example.prompt_tokens - 1 : -1].gt(0).all() and norms[-1] == 0


def test_a_chat_pair_is_asked_as_generation_asks_and_ends_its_turn(chat: LanguageModel) -> None:
    answer = "```python\nx = 1\n```"
    pair = TrainingPair("not read", answer, "k", messages=CHAT)
    [example] = to_examples(chat.vocabulary, [pair], chat.context_tokens).kept
    tokenizer = chat.vocabulary.tokenizer
    asked = tokenizer.apply_chat_template(list(CHAT), add_generation_prompt=True, return_dict=False)
    assert example.ids[: example.prompt_tokens] == asked == chat.vocabulary.encode_messages(CHAT)
    assert tokenizer.decode(example.ids[example.prompt_tokens :]) == answer + TURN_END
    assert example.ids[-1] in chat.stop_ids


def test_pairs_longer_than_the_context_are_cut_and_those_without_an_answer_dropped(
    chat: LanguageModel, request_: FinetuneRequest
) -> None:
    long_prompt = "# word\n" * 2000
    pairs = [
        PAIR,
        TrainingPair(PROMPT, "x = 1\n" * 2000, "R1.0.001"),
        TrainingPair(long_prompt, "x = 1\n", "R1.0.002"),
    ]
    short = to_example(chat.vocabulary, PROMPT, PAIR.completion, 1024)
    for packing in (False, True):
        result, steps = _train(chat, request_, pairs=pairs, packing=packing, epochs=1, steps=None)
        assert (result.cut_pairs, result.dropped_pairs) == (1, 1)
        assert result.tokens == 1024 + len(short.ids)
        assert all(math.isfinite(step.loss) for step in steps)
    with pytest.raises(
        ModelUnavailable, match="each of the 2 training pairs the prompt alone fills its context of 1,024"
    ):
        _train(chat, request_, pairs=[pairs[2]] * 2)


def test_a_prompt_that_leaves_room_for_one_token_still_teaches_it(starter: LanguageModel) -> None:
    prompt = starter.vocabulary.encode_prompt(PROMPT)
    kept = to_examples(starter.vocabulary, [PAIR], len(prompt) + 1)
    assert (kept.cut, kept.dropped, kept.kept[0].learnt_tokens) == (1, 0, 1)
    full = to_examples(starter.vocabulary, [PAIR], len(prompt))
    assert (full.cut, full.dropped, full.kept) == (0, 1, [])


@pytest.mark.parametrize("completion", ["", " \n\t"])
def test_an_empty_completion_is_refused_with_its_place(request_: FinetuneRequest, completion: str) -> None:
    pairs = [PAIR, TrainingPair(PROMPT, completion, "R1.0.007")]
    with pytest.raises(ValueError, match=r"training pair 2 \(R1\.0\.007\) has an empty completion"):
        dataclasses.replace(request_, pairs=pairs)


def test_an_adapter_that_gets_no_gradient_is_an_error_and_not_a_file(
    request_: FinetuneRequest, tmp_path: Path
) -> None:
    folder = tmp_path / "mute"
    model = new_tiny_model("gpt2")
    # Every logit is 0 whatever the adapter does.
    model.get_output_embeddings().weight.data.zero_()
    save_tiny_model(folder, model, make_tiny_tokenizer())
    mute = LanguageModel(str(folder))
    with pytest.raises(ArithmeticError, match=r"cannot learn: gradient norm 0\.0 at step 1"):
        _train(mute, request_)
    assert not Path(request_.output_dir).exists()
