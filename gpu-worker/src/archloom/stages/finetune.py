"""Stage 4: a fresh LoRA adapter on everything selected so far, which writes the next cycle.

A pure function of base model, pairs, settings and seed: a try that was stopped or lost is simply made again.
"""

import math
import time

from archloom.contract.generated import LoraConfig, RunConfig
from archloom.contract.ids import candidate_id, run_id
from archloom.contract.read import read
from archloom.language.client import LanguageClient
from archloom.language.interface import FinetuneRequest, FinetuneStep, Stopped, TrainingPair
from archloom.stages.adapter_folder import AdapterFolders
from archloom.stages.control import AttemptStopped, Control, RunCannotGoOn
from archloom.stages.seeds import finetune_seed
from archloom.store import Store
from archloom.store.adapters import FinetunePoint, TrainedAdapter
from archloom.store.rows import Job, SelectedProgram

MAX_GRAD_NORM = 1.0
STEP_EVENT_SECONDS = 0.5  # at most two a second reach the screen, and always the last


def finetune(
    job: Job, store: Store, language: LanguageClient, adapters: AdapterFolders, control: Control
) -> None:
    plan = store.batches.plan(job)
    config = read(RunConfig, plan.config, f"the configuration of {run_id(job.run_id)}")
    adapter, programs = store.adapters.start(job)
    pairs = [_to_pair(job.run_id, program) for program in programs]

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
        seed=finetune_seed(config.seed, job.cycle),
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
        steps=steps_for(len(pairs), lora),
        epochs=None,
        max_grad_norm=MAX_GRAD_NORM,
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
        store.adapters.end(job, adapter, trained, len(pairs))
        adapters.keep(output, adapter, result.sha256)
    except Stopped as stopped:
        raise AttemptStopped from stopped
    finally:
        adapters.discard(output)


def steps_for(pairs: int, lora: LoraConfig) -> int:
    """Optimiser steps for a pool of this size: a small pool gets few, so that it is not learnt by heart."""
    return min(lora.max_steps, math.ceil(lora.steps_per_pair * pairs))


def _to_pair(run: int, program: SelectedProgram) -> TrainingPair:
    key = candidate_id(run, program.cycle, program.index)
    if not program.code.startswith(program.prompt):
        raise RunCannotGoOn(f"{key} does not begin with the prompt that its cycle was written from.")
    return TrainingPair(prompt=program.prompt, completion=program.code.removeprefix(program.prompt), key=key)
