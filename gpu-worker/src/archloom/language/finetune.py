"""Training a fresh LoRA adapter on the selected programs."""

# pyright: reportUnknownMemberType=false
# torch and transformers annotate only part of what they offer.

import math
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import torch
from peft import LoraConfig, PeftModel

from archloom.corpus.draw import Draw
from archloom.language.examples import Example, to_batch, to_example
from archloom.language.interface import FinetuneRequest, FinetuneResult, FinetuneStep, Stopped
from archloom.language.model import ADAPTER_FILE, LanguageModel, file_sha256

LAST_STEPS: Final = 5


def finetune(
    model: LanguageModel,
    request: FinetuneRequest,
    on_step: Callable[[FinetuneStep], None],
    should_stop: Callable[[], bool],
) -> FinetuneResult:
    """A new adapter in `request.output_dir`; the base stays as it was.

    Raises Stopped before a step, ModelUnavailable if the target modules do not exist in this model, and
    ArithmeticError when there is nothing to learn from; a loss that is not a number is reported before that.
    """
    started = time.monotonic()
    base_sha256 = model.assert_base_unchanged()
    examples = [
        to_example(model.vocabulary, pair.prompt, pair.completion, model.context_tokens)
        for pair in request.pairs
    ]
    torch.manual_seed(request.seed)
    losses: list[float] = []
    tokens = 0
    with model.training_with(_lora_config(request)) as peft_model:
        for step in _steps(peft_model, examples, request, model.vocabulary.pad_id, should_stop):
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
    )


def _lora_config(request: FinetuneRequest) -> LoraConfig:
    targets = request.target_modules
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=request.rank,
        lora_alpha=request.alpha,
        lora_dropout=request.dropout,
        target_modules="all-linear" if targets == ["all-linear"] else targets,
    )


def _learning_rate(request: FinetuneRequest, step: int) -> float:
    """At a step numbered from 0: linear warm-up, then the schedule; cosine ends at 0 after the last step."""
    if step < request.warmup_steps:
        return request.learning_rate * (step + 1) / (request.warmup_steps + 1)
    if request.schedule == "constant":
        return request.learning_rate
    progress = (step - request.warmup_steps) / max(1, request.total_steps - request.warmup_steps)
    return request.learning_rate * 0.5 * (1 + math.cos(math.pi * progress))


def _steps(
    model: PeftModel,
    examples: list[Example],
    request: FinetuneRequest,
    pad_id: int,
    should_stop: Callable[[], bool],
) -> Iterator[FinetuneStep]:
    device = next(model.parameters()).device
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=request.learning_rate, weight_decay=request.weight_decay)
    batches = _batches(examples, request)
    model.train()
    tokens = 0
    for step in range(request.total_steps):
        if should_stop():
            raise Stopped
        loss = 0.0
        for _ in range(request.gradient_accumulation):
            batch = to_batch(next(batches), pad_id)
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=_computes_bf16(device)):
                output = model(
                    input_ids=batch.ids.to(device),
                    attention_mask=batch.attention_mask.to(device),
                    labels=batch.labels.to(device),
                )
            (output.loss / request.gradient_accumulation).backward()
            loss += output.loss.item() / request.gradient_accumulation
            tokens += int(batch.attention_mask.sum())
        grad_norm = torch.nn.utils.clip_grad_norm_(trained, request.max_grad_norm).item()
        learning_rate = _learning_rate(request, step)
        told = FinetuneStep(step + 1, request.total_steps, loss, learning_rate, grad_norm, tokens)
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


def _batches(examples: list[Example], request: FinetuneRequest) -> Iterator[list[Example]]:
    """Epoch after epoch without end, reshuffled each time; an epoch's last batch may be smaller."""
    draw = Draw(request.seed)
    while True:
        order = draw.shuffled(examples)
        for start in range(0, len(order), request.batch_size):
            yield order[start : start + request.batch_size]


def _save(model: PeftModel, output_dir: Path) -> None:
    """Written beside its place and moved there whole: a folder that exists is complete."""
    part = output_dir.with_name(f"{output_dir.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    # Asked to find out by itself, peft looks for the base on the network.
    model.save_pretrained(str(part), save_embedding_layers=False)
    shutil.rmtree(output_dir, ignore_errors=True)
    part.rename(output_dir)
