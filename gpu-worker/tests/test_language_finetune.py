"""A fresh adapter is a function of base, pairs and seed, and leaves the base alone."""

import dataclasses
import math
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from archloom.corpus.grammar import generate_corpus
from archloom.language.examples import IGNORED, to_batch, to_example
from archloom.language.finetune import finetune
from archloom.language.interface import (
    FinetuneRequest,
    FinetuneResult,
    FinetuneStep,
    ModelUnavailable,
    Stopped,
    TrainingPair,
)
from archloom.language.model import LanguageModel, file_sha256
from archloom.language.quiet import known_warnings_hidden
from archloom.language.source import STARTER, STARTER_DIR
from archloom.novelty.frame import IMPORTS

PROGRAMS = generate_corpus(12)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(STARTER)


@pytest.fixture
def request_(tmp_path: Path) -> FinetuneRequest:
    return FinetuneRequest(
        model=STARTER,
        pairs=[
            TrainingPair(IMPORTS, code.removeprefix(IMPORTS), str(place))
            for place, code in enumerate(PROGRAMS)
        ],
        seed=5,
        output_dir=str(tmp_path / "adapter"),
        rank=4,
        alpha=8,
        dropout=0.1,
        target_modules=["all-linear"],
        learning_rate=2e-3,
        schedule="cosine",
        warmup_steps=2,
        weight_decay=0.01,
        batch_size=4,
        gradient_accumulation=1,
        steps=6,
        epochs=None,
        max_grad_norm=1.0,
    )


def _train(model: LanguageModel, request: FinetuneRequest) -> tuple[FinetuneResult, list[FinetuneStep]]:
    steps: list[FinetuneStep] = []
    return finetune(model, request, steps.append, lambda: False), steps


def test_the_same_base_pairs_and_seed_give_the_same_adapter(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    first, _ = _train(model, request_)
    _train(model, dataclasses.replace(request_, seed=6))
    again, _ = _train(model, request_)
    elsewhere, _ = _train(LanguageModel(STARTER), request_)
    assert first.sha256 == again.sha256 == elsewhere.sha256


def test_another_seed_or_another_order_of_pairs_gives_another_adapter(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    first, _ = _train(model, request_)
    other_seed, _ = _train(model, dataclasses.replace(request_, seed=6))
    other_order, _ = _train(model, dataclasses.replace(request_, pairs=request_.pairs[::-1]))
    assert len({first.sha256, other_seed.sha256, other_order.sha256}) == 3


def test_every_step_is_reported_and_the_loss_falls(model: LanguageModel, request_: FinetuneRequest) -> None:
    result, steps = _train(model, dataclasses.replace(request_, steps=20))
    assert [step.step for step in steps] == list(range(1, 21))
    assert all(step.total_steps == 20 and step.grad_norm > 0 for step in steps)
    assert result.steps == 20
    assert result.last_loss == pytest.approx(sum(step.loss for step in steps[-5:]) / 5)
    assert result.last_loss < result.first_loss == steps[0].loss
    assert result.tokens == steps[-1].tokens


def test_the_learning_rate_warms_up_and_follows_its_schedule(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    _, cosine = _train(model, request_)
    rates = [step.learning_rate for step in cosine]
    assert rates[:3] == pytest.approx([2e-3 / 3, 4e-3 / 3, 2e-3])
    assert rates[2:] == sorted(rates[2:], reverse=True) and rates[-1] < 2e-3 / 4
    _, constant = _train(model, dataclasses.replace(request_, schedule="constant"))
    assert {step.learning_rate for step in constant[2:]} == {2e-3}


def test_the_base_is_unchanged_and_its_hash_is_reported(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    before = model.assert_base_unchanged()
    result, _ = _train(model, request_)
    assert result.base_sha256 == before == model.assert_base_unchanged()


def test_a_large_base_is_lent_and_taken_back_unchanged(
    request_: FinetuneRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, _ = _train(LanguageModel(STARTER), request_)
    monkeypatch.setattr("archloom.language.model.COPY_LIMIT", 0)
    model = LanguageModel(STARTER)
    before = {name: tensor.clone() for name, tensor in model._base.state_dict().items()}
    large, _ = _train(model, request_)
    with model.writing_with(large.adapter_dir) as writer:
        assert isinstance(writer, PeftModel)
    after = model._base.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert large.sha256 == small.sha256


def test_the_result_is_an_ordinary_peft_directory(model: LanguageModel, request_: FinetuneRequest) -> None:
    result, _ = _train(model, request_)
    with known_warnings_hidden():
        plain = PeftModel.from_pretrained(
            AutoModelForCausalLM.from_pretrained(STARTER_DIR), result.adapter_dir
        )
    assert plain.peft_config["default"].r == 4
    assert result.sha256 == file_sha256(Path(result.adapter_dir) / "adapter_model.safetensors")
    ids = torch.tensor([model.vocabulary.encode_prompt(PROGRAMS[0])])
    with model.writing_with(result.adapter_dir) as merged, torch.inference_mode():
        difference = (merged(input_ids=ids).logits - plain(input_ids=ids).logits).abs().max()
    assert difference < 1e-3


def test_the_directory_names_the_model_and_no_folder_of_this_machine(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    result, _ = _train(model, request_)
    for file in Path(result.adapter_dir).iterdir():
        assert str(STARTER_DIR).encode() not in file.read_bytes(), file.name


def test_a_stop_leaves_no_directory(model: LanguageModel, request_: FinetuneRequest) -> None:
    done: list[FinetuneStep] = []
    with pytest.raises(Stopped):
        finetune(model, request_, done.append, lambda: len(done) == 2)
    assert len(done) == 2
    assert list(Path(request_.output_dir).parent.iterdir()) == []


def test_a_second_training_replaces_the_directory_whole(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    stale = Path(request_.output_dir) / "stale"
    stale.parent.mkdir()
    stale.touch()
    _train(model, request_)
    assert not stale.exists()
    assert [path.name for path in stale.parent.parent.iterdir()] == ["adapter"]


def test_layers_that_do_not_exist_are_refused_by_name(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    with pytest.raises(ModelUnavailable, match="no_such_proj"):
        _train(model, dataclasses.replace(request_, target_modules=["no_such_proj"]))


def test_accumulated_batches_count_their_tokens_and_keep_the_number_of_steps(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    one, _ = _train(model, dataclasses.replace(request_, steps=None, epochs=1))
    accumulated, _ = _train(
        model, dataclasses.replace(request_, steps=None, epochs=1, batch_size=1, gradient_accumulation=4)
    )
    assert one.steps == accumulated.steps == 3
    assert one.tokens == accumulated.tokens


def test_only_completion_and_end_carry_loss(model: LanguageModel) -> None:
    vocabulary = model.vocabulary
    long = to_example(vocabulary, "import torch\n", "x = 1\ny = 2\n", 1024)
    short = to_example(vocabulary, "import torch\n", "", 1024)
    batch = to_batch([long, short], vocabulary.pad_id)
    labelled = batch.labels[0][batch.labels[0] != IGNORED]
    assert vocabulary.decode(labelled.tolist()) == "x = 1\ny = 2\n"
    assert labelled[-1] == vocabulary.end_id
    assert batch.labels[1][batch.labels[1] != IGNORED].tolist() == [vocabulary.end_id]
    assert batch.attention_mask.sum(1).tolist() == [len(long.ids), len(short.ids)]


def test_a_loss_that_is_no_number_is_reported_before_the_training_fails(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    steps: list[FinetuneStep] = []
    hot = dataclasses.replace(request_, learning_rate=1e30, warmup_steps=0)
    with pytest.raises(ArithmeticError):
        finetune(model, hot, steps.append, lambda: False)
    assert math.isfinite(steps[0].loss)
    assert not math.isfinite(steps[-1].loss)


def test_the_prompt_is_tokenised_as_generation_meets_it(model: LanguageModel) -> None:
    # In one piece, "\n" and the indentation after it would be one token.
    pair = to_example(model.vocabulary, "class Net(nn.Module):", "\n    pass\n", 1024)
    prompt: list[int] = model.vocabulary.encode_prompt("class Net(nn.Module):")
    assert pair.ids[: pair.prompt_tokens] == prompt
