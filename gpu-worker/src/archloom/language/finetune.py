"""Training a LoRA adapter on programs.

Steps, accumulation and loss follow transformers' Trainer, which the paper used: an optimiser step never spans
two epochs, and its loss is the mean over all its completion tokens, however they are spread over batches.
"""

# pyright: reportUnknownMemberType=false
# torch and transformers annotate only part of what they offer.

import math
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import torch
from peft import LoraConfig, PeftModel
from transformers.pytorch_utils import Conv1D

from archloom.corpus.draw import Draw
from archloom.language.examples import Batch, Examples, to_batch, to_examples
from archloom.language.inspection import ALL_LINEAR
from archloom.language.interface import (
    FinetuneRequest,
    FinetuneResult,
    FinetuneStep,
    ModelUnavailable,
    Stopped,
)
from archloom.language.model import ADAPTER_FILE, LanguageModel, file_sha256
from archloom.language.packing import Pack, mixes_packed_examples, to_packed_batch, to_rows

LAST_STEPS: Final = 5


def finetune(
    model: LanguageModel,
    request: FinetuneRequest,
    on_step: Callable[[FinetuneStep], None],
    should_stop: Callable[[], bool],
) -> FinetuneResult:
    """A new adapter in `request.output_dir`; the base stays as it was.

    Raises Stopped before a step, ModelUnavailable if this model cannot be trained on these pairs as asked,
    and ArithmeticError when a step has no gradient; a loss that is not a number is reported before that.
    """
    started = time.monotonic()
    base_sha256 = model.assert_base_unchanged()
    examples = _examples(model, request)
    rows = to_rows(examples.kept, request.packing, model.context_tokens)
    config = _lora_config(model, request)
    longest = max(sum(len(example.ids) for example in row) for row in rows)
    rows_at_once = min(request.batch_size, len(rows))
    model.assert_can_train(request.rank, tuple(request.target_modules), rows_at_once, longest)
    torch.manual_seed(request.seed)
    losses: list[float] = []
    tokens = 0
    with model.training_with(config, request.continue_from) as peft_model:
        _assert_continues(peft_model, config)
        if request.packing and mixes_packed_examples(peft_model.eval(), examples.kept[0]):
            raise ModelUnavailable(f"{model.name!r} mixes the pairs of a packed row; turn packing off")
        for step in _steps(peft_model, rows, request, model.vocabulary.pad_id, should_stop):
            losses.append(step.loss)
            tokens = step.tokens
            on_step(step)
        output_dir = Path(request.output_dir)
        _save(peft_model, output_dir)
    last = losses[-LAST_STEPS:]
    return FinetuneResult(
        adapter_dir=str(output_dir),
        sha256=file_sha256(output_dir / ADAPTER_FILE),
        steps=len(losses),
        first_loss=losses[0],
        last_loss=sum(last) / len(last),
        seconds=round(time.monotonic() - started, 3),
        tokens=tokens,
        base_sha256=base_sha256,
        cut_pairs=examples.cut,
        dropped_pairs=examples.dropped,
    )


def _examples(model: LanguageModel, request: FinetuneRequest) -> Examples:
    examples = to_examples(model.vocabulary, request.pairs, model.context_tokens)
    if not examples.kept:
        raise ModelUnavailable(
            f"{model.name!r} can learn nothing here: in each of the {examples.dropped} training pairs the "
            f"prompt alone fills its context of {model.context_tokens:,} tokens"
        )
    return examples


def _lora_config(model: LanguageModel, request: FinetuneRequest) -> LoraConfig:
    targets = request.target_modules
    existing = model.facts.layer_names
    if targets != [ALL_LINEAR] and (missing := [name for name in targets if name not in existing]):
        raise ModelUnavailable(
            f"{model.name!r} has no linear layers called {', '.join(missing)} for an adapter; "
            f"it has {', '.join(existing)}"
        )
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=request.rank,
        lora_alpha=request.alpha,
        lora_dropout=request.dropout,
        target_modules=ALL_LINEAR if targets == [ALL_LINEAR] else targets,
        # GPT-2 keeps its weights transposed.
        fan_in_fan_out=all(isinstance(layer, Conv1D) for layer in model.linear_layers.values()),
    )


def _assert_continues(model: PeftModel, config: LoraConfig) -> None:
    """An adapter that was loaded keeps its own settings; training it under others would be told wrong."""
    # Typed as the base class of all adapter settings.
    loaded: Any = model.peft_config["default"]
    for name, word in (("r", "rank"), ("lora_alpha", "alpha"), ("lora_dropout", "dropout")):
        if getattr(loaded, name) != getattr(config, name):
            raise ModelUnavailable(
                f"the adapter to continue has {word} {getattr(loaded, name)}, not {getattr(config, name)}"
            )
    if config.target_modules != ALL_LINEAR and loaded.target_modules != config.target_modules:
        raise ModelUnavailable(
            f"the adapter to continue trains {', '.join(sorted(loaded.target_modules))}, "
            f"not {', '.join(sorted(config.target_modules or ()))}"
        )


def _learning_rate(request: FinetuneRequest, step: int, total_steps: int) -> float:
    """At a step numbered from 0: linear warm-up, then the schedule; cosine ends at 0 after the last step."""
    if step < request.warmup_steps:
        if request.warmup_from_zero:
            return request.learning_rate * step / request.warmup_steps
        return request.learning_rate * (step + 1) / (request.warmup_steps + 1)
    if request.schedule == "constant":
        return request.learning_rate
    progress = (step - request.warmup_steps) / max(1, total_steps - request.warmup_steps)
    return request.learning_rate * 0.5 * (1 + math.cos(math.pi * progress))


def _total_steps(request: FinetuneRequest, rows: int) -> int:
    if request.steps is not None:
        return request.steps
    batches = -(-rows // request.batch_size)
    return -(-batches // request.gradient_accumulation) * (request.epochs or 0)


def _steps(
    model: PeftModel,
    rows: list[Pack],
    request: FinetuneRequest,
    pad_id: int,
    should_stop: Callable[[], bool],
) -> Iterator[FinetuneStep]:
    device = next(model.parameters()).device
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=request.learning_rate, weight_decay=request.weight_decay)
    total_steps = _total_steps(request, len(rows))
    model.train()
    tokens = 0
    for step, batches in enumerate(islice(_batches(rows, request, pad_id), total_steps)):
        if should_stop():
            raise Stopped
        loss = 0.0
        learnt_tokens = sum(batch.learnt_tokens for batch in batches)
        for batch in batches:
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=_computes_bf16(device)):
                output = model(**batch.inputs(device), use_cache=False)
            batch_loss = output.loss * (batch.learnt_tokens / learnt_tokens)
            batch_loss.backward()
            loss += batch_loss.item()
            tokens += int(batch.attention_mask.sum())
        grad_norm = torch.nn.utils.clip_grad_norm_(trained, request.max_grad_norm).item()
        learning_rate = _learning_rate(request, step, total_steps)
        told = FinetuneStep(step + 1, total_steps, loss, learning_rate, grad_norm, tokens)
        if not math.isfinite(loss):
            # Whoever listens can say better than the gradient what this means, and need not try again.
            yield told
        if not grad_norm > 0 or not math.isfinite(grad_norm):
            raise ArithmeticError(f"the adapter cannot learn: gradient norm {grad_norm} at step {step + 1}")
        for group in optimizer.param_groups:
            group["lr"] = learning_rate
        optimizer.step()
        optimizer.zero_grad()
        yield told


def _computes_bf16(device: torch.device) -> bool:
    """Processors without bf16 instructions emulate them, slower than plain fp32."""
    # Offered under this private name only.
    has_bf16: bool = torch.cpu._is_avx512_bf16_supported()  # pyright: ignore[reportPrivateUsage]
    return device.type != "cpu" or has_bf16


def _batches(rows: list[Pack], request: FinetuneRequest, pad_id: int) -> Iterator[list[Batch]]:
    """The batches of one optimiser step after another, without end.

    Each epoch sees all rows in a new order. Its last batch may have fewer rows, its last step fewer batches.
    """
    draw = Draw(request.seed)
    size = request.batch_size
    while True:
        order = draw.shuffled(rows)
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        for start in range(0, len(batches), request.gradient_accumulation):
            chosen = batches[start : start + request.gradient_accumulation]
            if request.packing:
                yield [to_packed_batch(packs, pad_id) for packs in chosen]
            else:
                yield [to_batch([example for [example] in packs], pad_id) for packs in chosen]


def _save(model: PeftModel, output_dir: Path) -> None:
    """Written beside its place and moved there whole: a folder that exists is complete."""
    part = output_dir.with_name(f"{output_dir.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    # Asked to find out by itself, peft looks for the base on the network.
    model.save_pretrained(str(part), save_embedding_layers=False)
    shutil.rmtree(output_dir, ignore_errors=True)
    part.rename(output_dir)
