"""Fine-tuning is what TRL's SFTTrainer does with the same pairs, order, seed and settings."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch
from support_models import make_tiny_tokenizer, new_tiny_model, save_tiny_model

from archloom.corpus.grammar import generate_corpus
from archloom.language.interface import FinetuneRequest, TrainingPair
from archloom.language.parity import compare
from archloom.novelty.frame import IMPORTS

# Not a multiple of 4 or 8: batches, accumulations and epochs all end incomplete.
PAIRS = 19


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("qwen2")
    torch.manual_seed(0)
    model = new_tiny_model("qwen2")
    # As small as they come, no adapter could move the loss.
    model.get_input_embeddings().weight.data.mul_(10)
    save_tiny_model(folder, model, make_tiny_tokenizer())
    return folder


@pytest.fixture
def request_(model_folder: Path, tmp_path: Path) -> FinetuneRequest:
    return FinetuneRequest(
        model=str(model_folder),
        pairs=[
            # TRL encodes prompt and completion in one piece: the boundary must be one of tokens too.
            TrainingPair(IMPORTS.rstrip() + "\n", code.removeprefix(IMPORTS).lstrip()[:300], str(place))
            for place, code in enumerate(generate_corpus(PAIRS))
        ],
        seed=3,
        output_dir=str(tmp_path / "adapter"),
        rank=32,
        alpha=32,
        dropout=0.0,
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        learning_rate=2e-2,
        schedule="cosine",
        warmup_steps=3,
        weight_decay=0.01,
        batch_size=1,
        gradient_accumulation=8,
        steps=None,
        epochs=4,
        max_grad_norm=1.0,
        warmup_from_zero=True,
    )


@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        pytest.param({}, 12, id="one pair x 8"),
        pytest.param({"batch_size": 4, "gradient_accumulation": 1}, 20, id="four pairs"),
        pytest.param(
            {"steps": 11, "epochs": None, "schedule": "constant", "batch_size": 3},
            11,
            id="by steps",
        ),
        # TRL advises flash attention for packing, but needs it for speed only: with any other, positions that
        # restart become a mask of blocks, for its rows as for ours.
        pytest.param({"packing": True, "gradient_accumulation": 2, "epochs": 6}, 12, id="packed"),
    ],
)
def test_every_step_has_the_loss_and_the_learning_rate_that_trl_has(
    request_: FinetuneRequest, model_folder: Path, settings: dict[str, Any], steps: int
) -> None:
    parity = compare(dataclasses.replace(request_, **settings), str(model_folder))
    print(f"deviation of loss {parity.loss_deviation:.1e}, of gradient {parity.grad_norm_deviation:.1e}")
    assert len(parity.ours) == len(parity.theirs) == steps
    assert parity.same_rates
    assert parity.loss_deviation < 0.01
    assert parity.grad_norm_deviation < 0.01
    # Or there would be nothing to compare.
    assert parity.ours[-1].loss < 0.85 * parity.ours[0].loss
