"""Generated from server/contract by `npm run contract`. Edit the zod schemas, not this file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypeAliasType

DesiredState = TypeAliasType("DesiredState", Literal['run', 'pause', 'cancel'])


RunState = TypeAliasType("RunState", Literal['waiting', 'running', 'pausing', 'paused', 'cancelling', 'cancelled', 'finished', 'failed'])


CycleStage = TypeAliasType("CycleStage", Literal['generating', 'evaluating', 'selecting', 'finetuning', 'ended'])


CandidateState = TypeAliasType("CandidateState", Literal['writing', 'complete', 'evaluating', 'ended'])


EvaluationState = TypeAliasType("EvaluationState", Literal['queued', 'running', 'ended'])


Outcome = TypeAliasType("Outcome", Literal['ok', 'parse_error', 'build_error', 'shape_mismatch', 'too_large', 'screen_rejected', 'runtime_error', 'time_limit', 'memory_limit', 'process_limit', 'disk_limit', 'output_limit', 'crashed', 'no_result', 'invalid_metric', 'gpu_oom', 'worker_lost', 'cancelled'])


JobKind = TypeAliasType("JobKind", Literal['generate', 'evaluate', 'select', 'finetune', 'check_corpus', 'import_corpus', 'export_networks', 'fetch_data', 'preview_prompt', 'check_model'])


JobState = TypeAliasType("JobState", Literal['queued', 'leased', 'done', 'failed', 'cancelled'])


AttemptEnding = TypeAliasType("AttemptEnding", Literal['done', 'failed', 'lost', 'released', 'cancelled'])


AdapterState = TypeAliasType("AdapterState", Literal['training', 'ready'])


NoveltyBasis = TypeAliasType("NoveltyBasis", Literal['body', 'whole_file'])


SelectionReason = TypeAliasType("SelectionReason", Literal['winner', 'fallback'])


Requester = TypeAliasType("Requester", Literal['loop', 'person'])


ProtectionLevel = TypeAliasType("ProtectionLevel", Literal['full', 'reduced', 'none'])


WorkerState = TypeAliasType("WorkerState", Literal['running', 'stopped', 'lost'])


TaskKind = TypeAliasType("TaskKind", Literal['check_corpus', 'import_corpus', 'export_networks', 'fetch_data', 'preview_prompt', 'check_model'])


TaskState = TypeAliasType("TaskState", Literal['queued', 'running', 'done', 'failed', 'cancelled'])


Backend = TypeAliasType("Backend", Literal['transformers', 'server', 'grammar'])


Quantization = TypeAliasType("Quantization", Literal['auto', 'none', 'nf4'])


NoveltyTests = TypeAliasType("NoveltyTests", Literal['text', 'structure', 'text_and_structure'])


AdapterMode = TypeAliasType("AdapterMode", Literal['fresh', 'continued'])


PromptKind = TypeAliasType("PromptKind", Literal['plain', 'chat'])


CorpusSplit = TypeAliasType("CorpusSplit", Literal['train', 'validation', 'test'])


ExportFormat = TypeAliasType("ExportFormat", Literal['lemur', 'chat_jsonl', 'hugging_face'])


FindingVerdict = TypeAliasType("FindingVerdict", Literal['accepted', 'duplicate', 'rejected'])


class GenerationConfig(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    batch_size: Annotated[int, Field(ge=1, le=256)]
    """
    Programs written side by side. Evaluation of a batch starts as soon as it is written.
    """
    temperature: Annotated[float, Field(ge=0.05, le=2.0)]
    """
    Higher writes more varied and more broken programs; lower repeats what the model knows.
    """
    top_p: Annotated[float, Field(gt=0.0, le=1.0)]
    """
    Sample only from the most likely tokens that together reach this share. 1 = off.
    """
    top_k: Annotated[int, Field(ge=0, le=1000)]
    """
    Sample only from this many most likely tokens. 0 = off.
    """
    max_new_tokens: Annotated[int, Field(ge=16, le=32768)]
    """
    A program longer than this is cut off, and will usually not parse.
    """
    quantization: Literal['auto', 'none', 'nf4']
    """
    4-bit weights (NF4) on a CUDA card. auto: only where 16-bit weights would fill the card.
    """


class NoveltyConfig(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    filter: bool
    """
    Off: near-duplicates may win and be trained on (ablation). Novelty is still measured.
    """
    threshold: Annotated[float, Field(gt=0.0, le=1.0)]
    """
    Novel = the most similar earlier program has a Jaccard similarity below this.
    """
    tests: Literal['text', 'structure', 'text_and_structure']
    """
    What makes a copy: the text (Jaccard), the traced structure (equal graph, whatever the names), or either of them.
    """


class SelectionConfig(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    threshold: Annotated[float, Field(ge=0.0, le=1.0)]
    """
    A winner needs at least this accuracy on the selection split.
    """
    quantile: Annotated[float, Field(ge=0.0, le=1.0)]
    """
    Raise the threshold to this quantile of the cycle's accuracies where that is higher. 0 = fixed threshold.
    """
    min_selected: Annotated[int, Field(ge=0, le=1000)]
    """
    When a cycle has fewer winners, the best novel candidates above the floor fill up to this many.
    """
    floor: Annotated[float, Field(ge=0.0, le=1.0)]
    """
    Candidates below this accuracy never fill up.
    """


TargetModule = TypeAliasType(
    "TargetModule", Annotated[str, Field(pattern='^[A-Za-z0-9_.-]{1,80}$')]
)


class LoraConfig(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    rank: Annotated[int, Field(ge=1, le=256)]
    """
    Rank of the adapter: how much the model can change.
    """
    alpha: Annotated[int, Field(ge=1, le=1024)]
    """
    Scale of the adapter; the update is multiplied by alpha / rank.
    """
    dropout: Annotated[float, Field(ge=0.0, le=0.9)]
    """
    Dropout inside the adapter while it is trained.
    """
    target_modules: Annotated[list[TargetModule], Field(max_length=32, min_length=1)]
    """
    Layers that get an adapter, by name; all-linear = every linear layer but the output head.
    """
    learning_rate: Annotated[float, Field(gt=0.0, le=0.1)]
    """
    Peak learning rate of AdamW.
    """
    schedule: Literal['cosine', 'constant']
    """
    Learning rate after the warm-up.
    """
    warmup_steps: Annotated[int, Field(ge=0, le=10000)]
    """
    Steps over which the learning rate rises from 0.
    """
    weight_decay: Annotated[float, Field(ge=0.0, le=1.0)]
    """
    Weight decay of AdamW.
    """
    batch_size: Annotated[int, Field(ge=1, le=128)]
    """
    Programs in one forward pass.
    """
    gradient_accumulation: Annotated[int, Field(ge=1, le=128)]
    """
    Forward passes in one optimiser step.
    """
    max_steps: Annotated[int, Field(ge=1, le=100000)]
    """
    Upper limit of optimiser steps in one fine-tuning.
    """
    steps_per_pair: Annotated[float, Field(gt=0.0, le=1000.0)]
    """
    Optimiser steps for each training pair while the pool is small: steps = min(max steps, this x pairs).
    """
    epochs: Annotated[int, Field(ge=0, le=100)]
    """
    Passes over all pairs in one fine-tuning. 0 = by steps (max steps, steps for each pair).
    """
    packing: bool
    """
    Several pairs in one row, without seeing each other: less padding, the same loss.
    """


class LoopConfig(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    adapter: Literal['fresh', 'continued']
    """
    fresh: each fine-tuning starts from the base model on everything selected so far. continued: from the last adapter.
    """
    replay_share: Annotated[float, Field(ge=0.0, le=1.0)]
    """
    Share of the training pairs that comes from the corpus. 0 = none; 1 = all pairs of its training split beside the selected ones.
    """
    cycle_minutes: Annotated[float, Field(ge=0.0, le=10080.0)]
    """
    No further batch of a cycle is written after this many minutes. 0 = only the number of candidates counts.
    """
    stop_on_collapse: bool
    """
    End the run when the valid rate or novelty has fallen below cycle 0 beyond chance in two cycles in a row. Off: it is only said.
    """


class PromptConfig(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    template: Annotated[str, Field(pattern='^[a-z0-9][a-z0-9._-]{0,39}@[1-9]\\d{0,5}$')]
    """
    The prompt template and its version, e.g. starter@1.
    """
    novelty_wishes: Annotated[str, Field(max_length=2000)]
    """
    What the field {{novelty_wishes}} of the template becomes.
    """


class RunConfig(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    preset: Annotated[str, Field(max_length=40, min_length=1)]
    """
    The preset this configuration started from.
    """
    seed: Annotated[int, Field(ge=0, le=2147483647)]
    """
    Same seed, same machine, same versions: same programs and accuracies.
    """
    cycles: Annotated[int, Field(ge=1, le=200)]
    """
    Turns of the loop. n cycles have n - 1 fine-tunings; the last has none.
    """
    candidates_per_cycle: Annotated[int, Field(ge=1, le=1000)]
    """
    Programs written in each cycle. More gives narrower intervals.
    """
    backend: Literal['transformers', 'server', 'grammar']
    """
    transformers: the worker loads the model. server: an OpenAI-compatible server writes. grammar: random networks without any model.
    """
    model: Annotated[str, Field(max_length=500, min_length=1)]
    """
    starter, a Hugging Face name (org/model), a local folder or a .gguf file; for a server the name it serves the model under.
    """
    server_url: Annotated[str, Field(max_length=500)]
    """
    Address of the server, e.g. http://127.0.0.1:8000/v1. Only for the backend server.
    """
    prompt: PromptConfig
    recipe: Annotated[str, Field(pattern='^[a-z0-9][a-z0-9._-]{0,39}$')]
    """
    How a program is trained and scored.
    """
    corpus_version: Annotated[str, Field(pattern='^[a-z0-9][a-z0-9._-]{0,39}$')]
    """
    Networks known before the run; a copy of one is not novel.
    """
    evaluation_seed: Annotated[int, Field(ge=0, le=2147483647)]
    """
    Seed of each network's initial weights and batch order.
    """
    fine_tuning: bool
    """
    Off: every cycle is written by the base model (the frozen control).
    """
    generation: GenerationConfig
    novelty: NoveltyConfig
    selection: SelectionConfig
    lora: LoraConfig
    loop: LoopConfig


class Source(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['file'] = 'file'
    file: Annotated[int, Field(ge=1, le=9007199254740991)]


class Source1(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['nn_dataset'] = 'nn_dataset'


class Source2(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['run'] = 'run'
    run: Annotated[int, Field(ge=1, le=9007199254740991)]


BaseVersion = TypeAliasType(
    "BaseVersion", Annotated[str, Field(pattern='^[a-z0-9][a-z0-9._-]{0,39}$')]
)


class CheckCorpusArgs(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    source: Source | Source1 | Source2
    recipe: Annotated[str, Field(pattern='^[a-z0-9][a-z0-9._-]{0,39}$')]
    base_version: BaseVersion | None


class CorpusCheck(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    source: str
    entries: Annotated[int, Field(ge=0, le=9007199254740991)]
    accepted: Annotated[int, Field(ge=0, le=9007199254740991)]
    duplicates: Annotated[int, Field(ge=0, le=9007199254740991)]
    rejected: Annotated[int, Field(ge=0, le=9007199254740991)]


class ImportCorpusArgs(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    check: Annotated[int, Field(ge=1, le=9007199254740991)]
    version: Annotated[str, Field(pattern='^[a-z0-9][a-z0-9._-]{0,39}$')]
    description: Annotated[str, Field(max_length=500)]
    base_version: BaseVersion | None
    seed: Annotated[int, Field(ge=0, le=2147483647)]


class CorpusImport(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    version: Annotated[str, Field(pattern='^[a-z0-9][a-z0-9._-]{0,39}$')]
    entries: Annotated[int, Field(ge=0, le=9007199254740991)]


class Source3(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['run'] = 'run'
    run: Annotated[int, Field(ge=1, le=9007199254740991)]
    which: Literal['winners', 'valid']


class Source4(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['corpus'] = 'corpus'
    version: Annotated[str, Field(pattern='^[a-z0-9][a-z0-9._-]{0,39}$')]


class ExportNetworksArgs(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    source: Source3 | Source4
    format: Literal['lemur', 'chat_jsonl', 'hugging_face']


class ExportedNetworks(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    file: Annotated[int, Field(ge=1, le=9007199254740991)]
    name: str
    bytes: Annotated[int, Field(ge=0, le=9007199254740991)]
    networks: Annotated[int, Field(ge=0, le=9007199254740991)]


class FetchDataArgs(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    dataset: Annotated[str, Field(max_length=40, min_length=1)]


class FetchedData(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    dataset: str
    bytes: Annotated[int, Field(ge=0, le=9007199254740991)]


class Lora(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    rank: Annotated[int, Field(ge=1, le=9007199254740991)]
    target_modules: Annotated[list[str], Field(min_length=1)]
    batch_size: Annotated[int, Field(ge=1, le=9007199254740991)]


class CheckModelArgs(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    backend: Literal['transformers', 'server', 'grammar']
    model: Annotated[str, Field(max_length=500, min_length=1)]
    server_url: Annotated[str, Field(max_length=500)]
    quantization: Literal['auto', 'none', 'nf4']
    batch_size: Annotated[int, Field(ge=1, le=9007199254740991)]
    max_new_tokens: Annotated[int, Field(ge=1, le=9007199254740991)]
    lora: Lora | None


Parameters = TypeAliasType(
    "Parameters", Annotated[int, Field(ge=0, le=9007199254740991)]
)


Vocabulary = TypeAliasType(
    "Vocabulary", Annotated[int, Field(ge=0, le=9007199254740991)]
)


ContextTokens = TypeAliasType(
    "ContextTokens", Annotated[int, Field(ge=0, le=9007199254740991)]
)


NeededBytes = TypeAliasType(
    "NeededBytes", Annotated[int, Field(ge=0, le=9007199254740991)]
)


AvailableBytes = TypeAliasType(
    "AvailableBytes", Annotated[int, Field(ge=0, le=9007199254740991)]
)


class ModelCheck(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    fits: bool
    sentence: str
    architecture: str | None
    parameters: Parameters | None
    vocabulary: Vocabulary | None
    context_tokens: ContextTokens | None
    has_chat_template: bool | None
    dtype: str | None
    needed_bytes: NeededBytes | None
    available_bytes: AvailableBytes | None
    device: str | None
    adapter_target_modules: list[str]


class PreviewPromptArgs(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    backend: Literal['transformers', 'server', 'grammar']
    model: Annotated[str, Field(max_length=500, min_length=1)]
    server_url: Annotated[str, Field(max_length=500)]
    quantization: Literal['auto', 'none', 'nf4']
    kind: Literal['plain', 'chat']
    system: Annotated[str, Field(max_length=20000)]
    text: Annotated[str, Field(max_length=20000)]
    recipe: Annotated[str, Field(pattern='^[a-z0-9][a-z0-9._-]{0,39}$')]
    novelty_wishes: Annotated[str, Field(max_length=2000)]


class Token(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    id: Annotated[int, Field(ge=0, le=9007199254740991)]
    text: str
    special: bool


class PromptPreview(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    text: str
    tokens: list[Token]
    context_tokens: ContextTokens | None
    note: str


Total = TypeAliasType("Total", Annotated[int, Field(ge=0, le=9007199254740991)])


class TaskProgress(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    done: Annotated[int, Field(ge=0, le=9007199254740991)]
    total: Total | None
    unit: str
    note: str


class GenerateArgs(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    batch: Annotated[int, Field(ge=0, le=9007199254740991)]
    first_index: Annotated[int, Field(ge=0, le=9007199254740991)]
    count: Annotated[int, Field(ge=1, le=9007199254740991)]


class Chunk(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    batch: Annotated[int, Field(ge=0, le=9007199254740991)]
    attempt: Annotated[int, Field(ge=1, le=9007199254740991)]
    suffixes: dict[Annotated[str, StringConstraints(pattern=r'^\d+$')], str]


class RunStateEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['run_state'] = 'run_state'
    state: Literal['waiting', 'running', 'pausing', 'paused', 'cancelling', 'cancelled', 'finished', 'failed']
    desired: Literal['run', 'pause', 'cancel']
    error: str | None


class CycleOpenedEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['cycle_opened'] = 'cycle_opened'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    has_adapter: bool


class CycleStageEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['cycle_stage'] = 'cycle_stage'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    stage: Literal['generating', 'evaluating', 'selecting', 'finetuning', 'ended']


Index = TypeAliasType("Index", Annotated[int, Field(ge=0, le=9007199254740991)])


class BatchStartedEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['batch_started'] = 'batch_started'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    batch: Annotated[int, Field(ge=0, le=9007199254740991)]
    indexes: list[Index]


class BatchEndedEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['batch_ended'] = 'batch_ended'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    batch: Annotated[int, Field(ge=0, le=9007199254740991)]
    indexes: list[Index]
    tokens: Annotated[int, Field(ge=0, le=9007199254740991)]


class CandidateEvaluatingEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['candidate_evaluating'] = 'candidate_evaluating'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    index: Annotated[int, Field(ge=0, le=9007199254740991)]


Accuracy = TypeAliasType("Accuracy", Annotated[float, Field(ge=0.0, le=1.0)])


class CandidateEndedEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['candidate_ended'] = 'candidate_ended'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    index: Annotated[int, Field(ge=0, le=9007199254740991)]
    outcome: Literal['ok', 'parse_error', 'build_error', 'shape_mismatch', 'too_large', 'screen_rejected', 'runtime_error', 'time_limit', 'memory_limit', 'process_limit', 'disk_limit', 'output_limit', 'crashed', 'no_result', 'invalid_metric', 'gpu_oom', 'worker_lost', 'cancelled']
    accuracy: Accuracy | None


class EvaluationQueuedEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['evaluation_queued'] = 'evaluation_queued'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    index: Annotated[int, Field(ge=0, le=9007199254740991)]
    ordinal: Annotated[int, Field(ge=0, le=9007199254740991)]


class EvaluationStartedEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['evaluation_started'] = 'evaluation_started'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    index: Annotated[int, Field(ge=0, le=9007199254740991)]
    ordinal: Annotated[int, Field(ge=0, le=9007199254740991)]


class EvaluationEndedEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['evaluation_ended'] = 'evaluation_ended'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    index: Annotated[int, Field(ge=0, le=9007199254740991)]
    ordinal: Annotated[int, Field(ge=0, le=9007199254740991)]
    outcome: Literal['ok', 'parse_error', 'build_error', 'shape_mismatch', 'too_large', 'screen_rejected', 'runtime_error', 'time_limit', 'memory_limit', 'process_limit', 'disk_limit', 'output_limit', 'crashed', 'no_result', 'invalid_metric', 'gpu_oom', 'worker_lost', 'cancelled']
    accuracy: Accuracy | None


class SelectionEndedEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['selection_ended'] = 'selection_ended'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    novel: Annotated[int, Field(ge=0, le=9007199254740991)]
    winners: Annotated[int, Field(ge=0, le=9007199254740991)]
    selected: Annotated[int, Field(ge=0, le=9007199254740991)]
    threshold: float | None


class FinetuneStepEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['finetune_step'] = 'finetune_step'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    step: Annotated[int, Field(ge=0, le=9007199254740991)]
    total_steps: Annotated[int, Field(ge=0, le=9007199254740991)]
    loss: float


class FinetuneEndedEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['finetune_ended'] = 'finetune_ended'
    cycle: Annotated[int, Field(ge=0, le=9007199254740991)]
    pairs: Annotated[int, Field(ge=0, le=9007199254740991)]
    seconds: float


class NoticeEvent(BaseModel):
    model_config = ConfigDict(
        extra='forbid',
        frozen=True,
    )
    type: Literal['notice'] = 'notice'
    message: str
