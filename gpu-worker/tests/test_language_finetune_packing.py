"""Pairs that share a row do not see each other: each has the logits and the loss that it has alone."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from support_models import make_tiny_tokenizer, new_tiny_model, save_tiny_model
from transformers import AutoModelForCausalLM, MambaConfig, MambaForCausalLM, PreTrainedModel

from archloom.language.examples import IGNORED, Example, to_batch
from archloom.language.finetune import finetune
from archloom.language.interface import FinetuneRequest, ModelUnavailable, TrainingPair
from archloom.language.model import LanguageModel
from archloom.language.packing import ROW_TOKENS, mixes_packed_examples, pack, to_packed_batch
from archloom.language.source import STARTER, STARTER_DIR

CPU = torch.device("cpu")
BUILDERS: dict[str, Callable[[], PreTrainedModel]] = {
    "gpt2": lambda: new_tiny_model("gpt2"),
    "qwen2": lambda: new_tiny_model("qwen2"),
    "llama": lambda: AutoModelForCausalLM.from_pretrained(STARTER_DIR),
}


@pytest.fixture(
    params=[(name, attention) for name in BUILDERS for attention in ("eager", "sdpa")], ids="-".join
)
def model(request: pytest.FixtureRequest) -> PreTrainedModel:
    name, attention = request.param
    torch.manual_seed(0)
    model = BUILDERS[name]().eval()
    model.set_attn_implementation(attention)
    return model


def _example(length: int, seed: int, prompt_tokens: int = 5) -> Example:
    generator = torch.Generator().manual_seed(seed)
    return Example(torch.randint(3, 500, (length,), generator=generator).tolist(), prompt_tokens)


def _loss(logits: torch.Tensor, example: Example) -> float:
    """By hand: the mean of -log p(token) over the tokens after the prompt."""
    predicted = logits.log_softmax(-1)[example.prompt_tokens - 1 : -1]
    learnt = torch.tensor(example.ids[example.prompt_tokens :])
    return -predicted.gather(1, learnt[:, None]).mean().item()


@torch.inference_mode()
def test_a_pair_in_a_pack_has_the_logits_it_has_alone(model: PreTrainedModel) -> None:
    packs = [[_example(30, 1), _example(7, 2), _example(41, 3)], [_example(20, 4), _example(9, 5)]]
    packed = model(**to_packed_batch(packs, pad_id=0).inputs(CPU), use_cache=False).logits
    for row, examples in enumerate(packs):
        start = 0
        for example in examples:
            alone = model(input_ids=torch.tensor([example.ids])).logits[0]
            inside = packed[row, start : start + len(example.ids)]
            assert torch.allclose(inside, alone, atol=1e-4, rtol=1e-4)
            assert _loss(inside, example) == pytest.approx(_loss(alone, example), rel=1e-5)
            start += len(example.ids)


@torch.inference_mode()
def test_the_loss_of_a_pack_is_that_of_its_pairs_token_by_token(model: PreTrainedModel) -> None:
    examples = [_example(30, 1), _example(12, 2, prompt_tokens=1), _example(41, 3, prompt_tokens=20)]
    packed = to_packed_batch([examples[:2], examples[2:]], pad_id=0)
    alone = to_batch(examples, pad_id=0)
    assert packed.learnt_tokens == alone.learnt_tokens == sum(example.learnt_tokens for example in examples)
    losses = [model(**batch.inputs(CPU), use_cache=False).loss.item() for batch in (packed, alone)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


@torch.inference_mode()
def test_what_one_pair_says_changes_no_bit_of_another(model: PreTrainedModel) -> None:
    first, second = _example(30, 1), _example(25, 2)

    def logits_of_second(before: Example) -> torch.Tensor:
        batch = to_packed_batch([[before, second, _example(5, 9)]], pad_id=0)
        return model(**batch.inputs(CPU), use_cache=False).logits[0, 30:55]

    assert torch.equal(logits_of_second(first), logits_of_second(_example(30, 8)))
    assert not mixes_packed_examples(model, first)


def test_a_first_token_is_never_predicted_from_the_pair_before_it() -> None:
    batch = to_packed_batch([[_example(4, 1, prompt_tokens=0), _example(3, 2, prompt_tokens=0)]], pad_id=0)
    assert batch.labels[0].ne(IGNORED).tolist() == [False, True, True, True, False, True, True]
    assert batch.position_ids is not None
    assert batch.position_ids.tolist() == [[0, 1, 2, 3, 0, 1, 2]]


def test_rows_are_filled_tightly_and_hold_each_pair_once() -> None:
    lengths = [10, 900, 500, 120, 300, 700, 520, 30]
    examples = [_example(length, length) for length in lengths]
    packs = pack(examples, context_tokens=1024)
    assert [[len(example.ids) for example in row] for row in packs] == [
        [900, 120],
        [700, 300, 10],
        [520, 500],
        [30],
    ]
    short = pack(examples, context_tokens=32_768)
    assert all(sum(len(example.ids) for example in row) <= ROW_TOKENS for row in short)
    long = [*examples, _example(3000, 1)]
    rows = [sum(len(example.ids) for example in row) for row in pack(long, context_tokens=32_768)]
    assert sum(rows) == sum(lengths) + 3000
    assert max(rows) == 3000


@pytest.fixture
def request_(tmp_path: Path) -> FinetuneRequest:
    return FinetuneRequest(
        model=STARTER,
        pairs=[
            TrainingPair("import torch\n", f"x = {number}\n" * (number + 1), str(number))
            for number in range(9)
        ],
        seed=5,
        output_dir=str(tmp_path / "adapter"),
        rank=4,
        alpha=8,
        dropout=0.0,
        target_modules=["all-linear"],
        learning_rate=2e-3,
        schedule="cosine",
        warmup_steps=0,
        weight_decay=0.01,
        batch_size=9,
        gradient_accumulation=1,
        steps=None,
        epochs=2,
        max_grad_norm=1.0,
    )


def test_one_row_of_all_pairs_trains_the_adapter_that_a_batch_of_all_pairs_trains(
    request_: FinetuneRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In bf16 the two would round apart.
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: False)
    model = LanguageModel(STARTER)
    losses: list[list[float]] = []
    adapters: set[str] = set()
    for packing in (False, True, True):
        steps: list[float] = []
        request = dataclasses.replace(request_, packing=packing)
        result = finetune(model, request, lambda step, steps=steps: steps.append(step.loss), lambda: False)
        losses.append(steps)
        adapters.add(result.sha256)
        assert result.steps == 2
    # Packed or not, the same request gives the same file.
    assert len(adapters) == 2 and losses[1] == losses[2]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    assert losses[0][0] != losses[0][1]


def test_a_model_that_mixes_the_pairs_of_a_row_is_refused(request_: FinetuneRequest, tmp_path: Path) -> None:
    # Its state runs on through the row, whatever the positions say.
    mamba = MambaForCausalLM(
        MambaConfig(
            vocab_size=512, hidden_size=32, num_hidden_layers=2, state_size=8, bos_token_id=0, eos_token_id=0
        )
    )
    folder = tmp_path / "mamba"
    save_tiny_model(folder, mamba, make_tiny_tokenizer())
    model = LanguageModel(str(folder))
    request = dataclasses.replace(request_, model=str(folder), packing=True, target_modules=["in_proj"])
    with pytest.raises(ModelUnavailable, match="turn packing off"):
        finetune(model, request, lambda _: None, lambda: False)
    apart = finetune(model, dataclasses.replace(request, packing=False), lambda _: None, lambda: False)
    assert apart.steps == 2
