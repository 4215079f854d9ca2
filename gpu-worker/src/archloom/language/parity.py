"""Does fine-tuning here do what TRL's SFTTrainer does? `python -m archloom.language.parity` prints a table.

Both sides train the same model from the same initial adapter on the same pairs, in the same order, in fp32
and without dropout. Needs TRL, which only the development environment has.
"""

# pyright: reportUnknownMemberType=false
# transformers annotates only part of what it offers.

import argparse
import dataclasses
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from math import isclose
from typing import Any, Final
from unittest import mock

import torch
from peft import LoraConfig, get_peft_model
from torch.utils.data import Sampler
from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback

from archloom.corpus.draw import Draw
from archloom.corpus.grammar import generate_corpus
from archloom.language.examples import to_examples
from archloom.language.finetune import finetune
from archloom.language.interface import FinetuneRequest, FinetuneStep, TrainingPair
from archloom.language.model import LanguageModel
from archloom.language.packing import to_rows
from archloom.language.quiet import hide_progress_bars, known_warnings_hidden
from archloom.language.source import STARTER, STARTER_DIR
from archloom.novelty.frame import IMPORTS

SETTINGS: Final[dict[str, dict[str, Any]]] = {
    "batch 1 x 8, 5 epochs (the paper)": {},
    "batch 4, 20 steps": {"batch_size": 4, "gradient_accumulation": 1, "epochs": None, "steps": 20},
    "packed, batch 2, 5 epochs": {"packing": True, "batch_size": 2, "gradient_accumulation": 1},
}


@dataclass(frozen=True)
class Point:
    """What one optimiser step reported."""

    loss: float
    learning_rate: float
    grad_norm: float


@dataclass(frozen=True)
class Parity:
    """Two curves of the same training."""

    ours: list[Point]
    theirs: list[Point]

    @property
    def same_rates(self) -> bool:
        """To the last bit but a few: both are computed in double precision."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return all(isclose(a.learning_rate, b.learning_rate, rel_tol=1e-12) for a, b in pairs)

    @property
    def loss_deviation(self) -> float:
        """The largest of all steps, relative to TRL's loss."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return max(abs(a.loss - b.loss) / b.loss for a, b in pairs)

    @property
    def grad_norm_deviation(self) -> float:
        """As `loss_deviation`."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return max(abs(a.grad_norm - b.grad_norm) / b.grad_norm for a, b in pairs)


def compare(request: FinetuneRequest, source: str) -> Parity:
    """`source` is the folder of the requested model, also where a name of ours stands for it."""
    # On processors with bf16 too: TRL would round in other places.
    with mock.patch("torch.cpu._is_avx512_bf16_supported", return_value=False):
        model = LanguageModel(request.model)
        steps: list[FinetuneStep] = []
        finetune(model, request, steps.append, lambda: False)
    ours = [Point(step.loss, step.learning_rate, step.grad_norm) for step in steps]
    return Parity(ours, _train_with_trl(request, source, _rows(model, request)))


def _rows(model: LanguageModel, request: FinetuneRequest) -> list[list[int]]:
    """Token ids of each row, in the order that an epoch shuffles."""
    examples = to_examples(model.vocabulary, request.pairs, model.context_tokens).kept
    rows = to_rows(examples, request.packing, model.context_tokens)
    return [[token for example in row for token in example.ids] for row in rows]


def _train_with_trl(request: FinetuneRequest, source: str, rows: list[list[int]]) -> list[Point]:
    # Not at the top, because the worker's own environment has neither.
    trl: Any = import_module("trl")
    datasets: Any = import_module("datasets")
    datasets.disable_progress_bars()
    base: Any = AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32)
    settings = LoraConfig(
        task_type="CAUSAL_LM",
        r=request.rank,
        lora_alpha=request.alpha,
        lora_dropout=request.dropout,
        target_modules="all-linear" if request.target_modules == ["all-linear"] else request.target_modules,
    )
    torch.manual_seed(request.seed)
    with known_warnings_hidden():
        model = get_peft_model(base, settings)

    with tempfile.TemporaryDirectory() as folder:
        config = trl.SFTConfig(
            output_dir=folder,
            seed=request.seed,
            max_steps=request.steps or -1,
            num_train_epochs=request.epochs or 1,
            per_device_train_batch_size=request.batch_size,
            gradient_accumulation_steps=request.gradient_accumulation,
            learning_rate=request.learning_rate,
            lr_scheduler_type={"cosine": "cosine", "constant": "constant_with_warmup"}[request.schedule],
            warmup_steps=request.warmup_steps,
            weight_decay=request.weight_decay,
            max_grad_norm=request.max_grad_norm,
            max_length=base.config.max_position_embeddings,
            packing=request.packing,
            completion_only_loss=True,
            activation_checkpointing=False,
            bf16=False,
            use_cpu=True,
            logging_steps=1,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
        )
        trainer = trl.SFTTrainer(
            model=model,
            args=config,
            train_dataset=datasets.Dataset.from_list(
                [{"prompt": pair.prompt, "completion": pair.completion} for pair in request.pairs]
            ),
            processing_class=AutoTokenizer.from_pretrained(source),
        )
        order = _Order([row["input_ids"] for row in trainer.train_dataset], rows, request.seed)

        def in_our_order(*_: object) -> _Order:
            return order

        trainer._get_train_sampler = in_our_order
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return [
        Point(told["loss"], told["learning_rate"], told["grad_norm"])
        for told in trainer.state.log_history
        if "loss" in told
    ]


class _Order(Sampler[int]):
    """Positions in TRL's data set, epoch after epoch in our order."""

    def __init__(self, theirs: list[list[int]], ours: list[list[int]], seed: int) -> None:
        places = {tuple(sorted(ids)): place for place, ids in enumerate(theirs)}
        if len(theirs) != len(ours) or any(tuple(sorted(ids)) not in places for ids in ours):
            raise AssertionError("TRL made other rows of these pairs")
        self._rows = [places[tuple(sorted(ids))] for ids in ours]
        self._draw = Draw(seed)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[int]:
        return iter(self._draw.shuffled(self._rows))


def main() -> None:
    parser = argparse.ArgumentParser(description="Fine-tune with Archloom and with TRL, step beside step.")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=20)
    arguments = parser.parse_args()
    if find_spec("trl") is None:
        sys.exit("TRL is not installed. It belongs to the development environment: run npm test once.")
    hide_progress_bars()
    # On a card both sides would compute in bf16.
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    torch.set_num_threads(1)
    print(f"The starter trained on {arguments.pairs} programs; largest deviation of a step from TRL:")
    print(f"{'settings':<36}{'seed':>5}{'steps':>6}{'loss':>16}{'of loss':>10}{'of gradient':>13}  rates")
    worst = 0.0
    for name, settings in SETTINGS.items():
        for seed in range(arguments.seeds):
            with tempfile.TemporaryDirectory() as folder:
                request = _request(arguments.pairs, seed, f"{folder}/adapter")
                parity = compare(dataclasses.replace(request, **settings), str(STARTER_DIR))
            worst = max(worst, parity.loss_deviation)
            first, last = parity.ours[0].loss, parity.ours[-1].loss
            print(
                f"{name:<36}{seed:>5}{len(parity.ours):>6}{first:>8.4f}{last:>8.4f}"
                f"{parity.loss_deviation:>10.1e}{parity.grad_norm_deviation:>13.1e}"
                f"  {'equal' if parity.same_rates else 'DIFFER'}",
                flush=True,
            )
    print(f"No step's loss is further from TRL's than {worst:.1e} of it.")


def _request(pairs: int, seed: int, output_dir: str) -> FinetuneRequest:
    """On programs with a word that the starter never saw there, so that its loss has a way to fall."""
    return FinetuneRequest(
        model=STARTER,
        pairs=[
            TrainingPair(IMPORTS, program.removeprefix(IMPORTS).replace("self.", "own."), str(place))
            for place, program in enumerate(generate_corpus(pairs))
        ],
        seed=seed,
        output_dir=output_dir,
        rank=32,
        alpha=32,
        dropout=0.0,
        target_modules=["all-linear"],
        # The paper's 1e-5 belongs to 7 billion parameters; the starter would stand still.
        learning_rate=1e-3,
        schedule="cosine",
        warmup_steps=5,
        warmup_from_zero=True,
        weight_decay=0.01,
        batch_size=1,
        gradient_accumulation=8,
        steps=None,
        epochs=5,
        max_grad_norm=1.0,
    )


if __name__ == "__main__":
    main()
