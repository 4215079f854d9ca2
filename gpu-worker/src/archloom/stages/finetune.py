"""Stage 4: a LoRA adapter on everything selected so far and part of the corpus, to write the next cycle.

A pure function of base model, pairs, settings, seed and continued adapter: a try that was stopped or lost is
simply made again.
"""

import math
import time

from archloom.contract.generated import LoraConfig, RunConfig
from archloom.contract.ids import run_id
from archloom.contract.read import read
from archloom.language.client import LanguageClient
from archloom.language.interface import FinetuneRequest, FinetuneResult, FinetuneStep, Stopped
from archloom.stages.adapter_folder import AdapterFolders
from archloom.stages.control import AttemptStopped, Control, RunCannotGoOn
from archloom.stages.prompt import run_prompt
from archloom.stages.seeds import finetune_seed
from archloom.stages.training_pairs import replayed_pair, selected_pair
from archloom.store import Store
from archloom.store.adapters import FinetunePoint, Replay, TrainedAdapter
from archloom.store.rows import CyclePlan, Job

MAX_GRAD_NORM = 1.0
STEP_EVENT_SECONDS = 0.5  # at most two a second reach the screen, and always the last


def finetune(
    job: Job, store: Store, language: LanguageClient, adapters: AdapterFolders, control: Control
) -> None:
    plan = store.batches.plan(job)
    config = read(RunConfig, plan.config, f"the configuration of {run_id(job.run_id)}")
    prompt = run_prompt(plan, config)
    seed = finetune_seed(config.seed, job.cycle)
    training = store.adapters.start(job, Replay(config.loop.replay_share, config.corpus_version, seed))
    adapter = training.adapter_id
    pairs = [
        *(selected_pair(job.run_id, program, prompt) for program in training.selected),
        *(replayed_pair(config.corpus_version, entry, prompt) for entry in training.replayed),
    ]

    points: list[FinetunePoint] = []
    shown_at = -math.inf

    def show(step: FinetuneStep) -> None:
        nonlocal shown_at
        if not math.isfinite(step.loss):
            raise RunCannotGoOn(
                f"Cycle {job.cycle}: the loss stopped being a number at fine-tuning step {step.step}. "
                "A lower learning rate may help."
            )
        points.append(FinetunePoint(step.step, step.loss, step.learning_rate, step.grad_norm))
        if step.step == step.total_steps or time.monotonic() - shown_at >= STEP_EVENT_SECONDS:
            store.adapters.step(job, step.step, step.total_steps, step.loss)
            shown_at = time.monotonic()

    output = adapters.new_folder(adapter, job.token)
    lora = config.lora
    request = FinetuneRequest(
        model=config.model,
        pairs=pairs,
        seed=seed,
        output_dir=str(output),
        rank=lora.rank,
        alpha=lora.alpha,
        dropout=lora.dropout,
        target_modules=list(lora.target_modules),
        learning_rate=lora.learning_rate,
        schedule=lora.schedule,
        warmup_steps=lora.warmup_steps,
        weight_decay=lora.weight_decay,
        batch_size=lora.batch_size,
        gradient_accumulation=lora.gradient_accumulation,
        steps=None if lora.epochs else steps_for(len(pairs), lora),
        epochs=lora.epochs or None,
        # By epochs everything follows Trainer; by steps the starter keeps the schedule it was measured with.
        warmup_from_zero=lora.epochs > 0,
        max_grad_norm=MAX_GRAD_NORM,
        quantization=config.generation.quantization,
        packing=lora.packing,
        continue_from=_continued(config, plan, store, adapters),
    )
    try:
        result = language.finetune(request, show, control.should_stop)
        trained = TrainedAdapter(
            sha256=result.sha256,
            base_sha256=result.base_sha256,
            steps=result.steps,
            tokens=result.tokens,
            seconds=result.seconds,
            points=points,
            files={file.name: file.read_bytes() for file in sorted(output.iterdir())},
        )
        store.adapters.end(job, adapter, trained, len(pairs), _notes(job.cycle, result, len(pairs)))
        adapters.keep(output, adapter, result.sha256)
    except Stopped as stopped:
        raise AttemptStopped from stopped
    finally:
        adapters.discard(output)


def steps_for(pairs: int, lora: LoraConfig) -> int:
    """Optimiser steps for a pool of this size: a small pool gets few, so that it is not learnt by heart."""
    return min(lora.max_steps, math.ceil(lora.steps_per_pair * pairs))


def _continued(config: RunConfig, plan: CyclePlan, store: Store, adapters: AdapterFolders) -> str | None:
    """The folder of the adapter that wrote this cycle, where the run goes on from it."""
    if config.loop.adapter == "fresh" or plan.adapter_id is None or plan.adapter_sha256 is None:
        return None
    return str(adapters.folder(store, plan.adapter_id, plan.adapter_sha256))


def _notes(cycle: int, result: FinetuneResult, pairs: int) -> list[str]:
    notes: list[str] = []
    if result.dropped_pairs:
        notes.append(
            f"Fine-tuning after cycle {cycle}: {result.dropped_pairs} of {pairs} pairs were left out, "
            "because their prompt alone fills the model's context."
        )
    if result.cut_pairs:
        notes.append(
            f"Fine-tuning after cycle {cycle}: {result.cut_pairs} of {pairs} pairs are longer than the "
            "model's context and were cut at their end."
        )
    return notes
