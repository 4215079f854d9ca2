"""Where an adapter may sit, what continues it, and who else can load it."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from support_models import TinyKind, make_tiny_model

from archloom.language.finetune import finetune
from archloom.language.interface import FinetuneRequest, FinetuneResult, ModelUnavailable, TrainingPair
from archloom.language.model import LanguageModel

ELSEWHERE = """
import json, sys, torch
from peft import PeftModel
from transformers import AutoModelForCausalLM
out, ids, *places = sys.argv[1:]
logits = []
for base, adapter in zip(places[::2], places[1::2]):
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter).eval()
    with torch.inference_mode():
        logits.append(model(input_ids=torch.tensor([json.loads(ids)])).logits)
torch.save(logits, out)
"""


KINDS: tuple[TinyKind, ...] = ("gpt2", "qwen2")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[TinyKind, LanguageModel]:
    folder = tmp_path_factory.mktemp("models")
    return {kind: LanguageModel(str(make_tiny_model(folder / kind, kind))) for kind in KINDS}


@pytest.fixture(params=KINDS)
def model(request: pytest.FixtureRequest, models: dict[TinyKind, LanguageModel]) -> LanguageModel:
    return models[request.param]


@pytest.fixture
def request_(tmp_path: Path) -> FinetuneRequest:
    return FinetuneRequest(
        model="of the test",
        pairs=[TrainingPair("import torch\n", f"x = {number}\n", str(number)) for number in range(5)],
        seed=5,
        output_dir=str(tmp_path / "adapter"),
        rank=4,
        alpha=8,
        dropout=0.05,
        target_modules=["all-linear"],
        learning_rate=1e-2,
        schedule="constant",
        warmup_steps=0,
        weight_decay=0.01,
        batch_size=2,
        gradient_accumulation=2,
        steps=3,
        epochs=None,
        max_grad_norm=1.0,
    )


def _train(model: LanguageModel, request: FinetuneRequest, **changes: Any) -> FinetuneResult:
    return finetune(model, dataclasses.replace(request, **changes), lambda _: None, lambda: False)


def test_an_adapter_on_all_linear_layers_is_the_same_for_a_lent_base_and_works_elsewhere(
    models: dict[TinyKind, LanguageModel],
    request_: FinetuneRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places: list[str] = []
    expected: list[torch.Tensor] = []
    ids = [5, 300, 77, 20, 41]
    batch = torch.tensor([ids])
    for kind, model in models.items():
        small = _train(model, request_, output_dir=str(tmp_path / kind))
        with monkeypatch.context() as limit:
            limit.setattr("archloom.language.model.COPY_LIMIT", 0)
            lent = LanguageModel(model.name)
        large = _train(lent, request_, output_dir=str(tmp_path / f"{kind}-lent"))
        assert small.sha256 == large.sha256
        config = json.loads((Path(small.adapter_dir) / "adapter_config.json").read_text())
        assert config["base_model_name_or_path"] == model.name
        assert (config["r"], config["lora_alpha"], config["task_type"]) == (4, 8, "CAUSAL_LM")
        trained = {name.rpartition(".")[2] for name in config["target_modules"]}
        assert trained == set(model.facts.layer_names)
        for here, adapter in ((model, small.adapter_dir), (lent, large.adapter_dir)):
            with here.writing_with(adapter) as writer, torch.inference_mode():
                expected.append(writer(input_ids=batch).logits)
            with here.writing_with(None) as base, torch.inference_mode():
                assert not torch.allclose(base(input_ids=batch).logits, expected[-1], atol=1e-3)
            places += [model.name, adapter]

    out = tmp_path / "logits.pt"
    command = [sys.executable, "-c", ELSEWHERE, str(out), str(ids), *places]
    subprocess.run(command, check=True, capture_output=True)
    for here, there in zip(expected, torch.load(out), strict=True):
        assert torch.allclose(here, there, atol=1e-4)


def test_a_layer_that_does_not_exist_is_refused_in_one_sentence_that_names_those_that_do(
    model: LanguageModel, request_: FinetuneRequest
) -> None:
    with pytest.raises(ModelUnavailable) as error:
        _train(model, request_, target_modules=["o_proj", "nowhere", "c_attn"])
    existing = ", ".join(model.facts.layer_names)
    assert "nowhere" in str(error.value) and str(error.value).endswith(f"for an adapter; it has {existing}")
    assert "lm_head" not in existing


def test_a_continued_adapter_goes_on_where_it_ended(
    model: LanguageModel, request_: FinetuneRequest, tmp_path: Path
) -> None:
    first = _train(model, request_)
    before = (Path(first.adapter_dir) / "adapter_model.safetensors").read_bytes()
    folder = str(tmp_path / "second")
    second = _train(model, request_, continue_from=first.adapter_dir, output_dir=folder)
    again = _train(LanguageModel(model.name), request_, continue_from=first.adapter_dir, output_dir=folder)
    fresh = _train(model, request_, output_dir=folder)
    assert second.first_loss < first.first_loss
    assert second.sha256 == again.sha256 != first.sha256 == fresh.sha256
    assert (Path(first.adapter_dir) / "adapter_model.safetensors").read_bytes() == before
    config = json.loads((Path(first.adapter_dir) / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == model.name and config["inference_mode"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rank": 8}, "the adapter to continue has rank 4, not 8"),
        ({"alpha": 4}, "the adapter to continue has alpha 8, not 4"),
        ({"dropout": 0.0}, "the adapter to continue has dropout 0.05, not 0.0"),
        ({"target_modules": ["c_proj"]}, "not c_proj"),
        ({"continue_from": "/nowhere"}, "the adapter '/nowhere' does not fit"),
    ],
)
def test_only_an_adapter_with_the_same_settings_is_continued(
    request: pytest.FixtureRequest,
    request_: FinetuneRequest,
    model: LanguageModel,
    changes: dict[str, Any],
    words: str,
) -> None:
    if "c_proj" not in model.facts.layer_names and "target_modules" in changes:
        changes, words = {"target_modules": ["q_proj"]}, "not q_proj"
    first = _train(model, request_, steps=1)
    with pytest.raises(ModelUnavailable, match=words):
        _train(model, request_, **{"continue_from": first.adapter_dir, **changes})
    # A refusal leaves the model as it was.
    assert _train(model, request_, steps=1).sha256 == first.sha256


def test_a_lent_base_is_taken_back_whole_from_an_adapter_that_does_not_fit(
    models: dict[TinyKind, LanguageModel],
    request_: FinetuneRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = models["qwen2"]
    adapter = Path(_train(here, request_, target_modules=["q_proj"]).adapter_dir)
    weights = adapter / "adapter_model.safetensors"
    save_file({name: tensor[:, :1].clone() for name, tensor in load_file(weights).items()}, weights)
    monkeypatch.setattr("archloom.language.model.COPY_LIMIT", 0)
    lent = LanguageModel(here.name)
    before = {name: tensor.clone() for name, tensor in lent._base.state_dict().items()}
    with pytest.raises(ModelUnavailable, match=r"does not fit .*: .*size mismatch"):
        _train(lent, request_, continue_from=str(adapter), target_modules=["q_proj"])
    with pytest.raises(ModelUnavailable, match="size mismatch"), lent.writing_with(str(adapter)):
        pass
    after = lent._base.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert not lent._base.training and not any(one.requires_grad for one in lent._base.parameters())
    folder = str(tmp_path / "next")
    assert (
        _train(lent, request_, output_dir=folder).sha256 == _train(here, request_, output_dir=folder).sha256
    )
