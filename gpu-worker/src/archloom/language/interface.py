"""What the worker asks of a language model, and what it gets back. Never imports torch.

Errors:

    LanguageError
    +-- ModelUnavailable      the name cannot be loaded, or the adapter does not fit; nothing was done
    +-- LanguageFailure       the request failed inside the language process, which goes on
    +-- LanguageProcessLost   the process died or closed its pipe; the next request starts a new one
    +-- Stopped               the caller asked to stop; nothing was written
"""

from dataclasses import dataclass
from typing import Final, Literal

from typing_extensions import TypedDict  # pydantic reads typing's own only from Python 3.12 on

FLUSH_SECONDS: Final = 0.1
"""What was written since then is shown together."""

Backend = Literal["transformers", "server", "grammar"]
FinishReason = Literal["eos", "length"]
Quantization = Literal["auto", "none", "nf4"]
Schedule = Literal["cosine", "constant"]


class LanguageError(Exception):
    """Root of everything a language request can raise."""


class ModelUnavailable(LanguageError):
    """The named model or adapter cannot be loaded; the message names it. Raised before any work is done."""


class LanguageFailure(LanguageError):
    """The request failed inside the language process: its error's type and message. The process lives on."""


class LanguageProcessLost(LanguageError):
    """The language process ended while it was needed; the message carries the last lines it wrote."""


class Stopped(LanguageError):
    """The work ended at a safe point because the caller wanted it to."""


class ChatMessage(TypedDict):
    """One turn of what a chat model is asked; what it answers holds the program."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True)
class GenerateRequest:
    """`count` programs, sampled as one batch: continuations of one prompt, or answers to one chat.

    With the backend `transformers`, the same request gives the same programs on the same machine, whatever
    the process did before. Another `count` gives other programs: a batch is drawn as a whole. A server gets
    one request and one seed for each program and promises what it promises.
    """

    model: str
    """What `source` can resolve: `starter`, a local folder, a .gguf file, a Hugging Face name. With the
    backend `server`: the name it serves the model under."""
    adapter_dir: str | None
    """A PEFT directory trained on `model`; None writes with the base model."""
    prompt: str | None
    """Text to continue. Exactly one of `prompt` and `messages` is given."""
    count: int
    seed: int
    temperature: float
    top_p: float
    """Nucleus sampling, in (0, 1]; 1 is off."""
    top_k: int
    """0 is off. Never left to a default: transformers would use 50."""
    max_new_tokens: int
    messages: list[ChatMessage] | None = None
    backend: Backend = "transformers"
    """`grammar` writes without a language model: the stage does that itself."""
    server_url: str = ""
    """Base address of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1; for that backend."""
    quantization: Quantization = "auto"
    """`nf4`: 4-bit weights on an NVIDIA card; `auto`: only where 16-bit weights would fill the card."""

    def __post_init__(self) -> None:
        if (self.prompt is None) == (self.messages is None) or self.messages == []:
            raise ValueError("give either a prompt or messages")
        if self.backend == "server" and not self.server_url:
            raise ValueError("the backend server needs the server's address")
        if self.count < 1 or self.max_new_tokens < 1:
            raise ValueError("count and max_new_tokens must be at least 1")
        if not self.temperature > 0:
            raise ValueError(f"temperature must be above 0, not {self.temperature}")
        if not 0 < self.top_p <= 1 or self.top_k < 0:
            raise ValueError("top_p must lie in (0, 1] and top_k must not be negative")


@dataclass(frozen=True)
class GeneratedProgram:
    """One program and what it was taken from."""

    text: str
    """The program: the prompt and its continuation, or the code found in a chat's answer."""
    tokens: int
    """Tokens sampled, the end-of-sequence token included."""
    finish: FinishReason
    seconds: float
    """From the start of the batch to this program's last token."""
    output: str
    """What the model wrote, without the prompt, as it wrote it."""


@dataclass(frozen=True)
class GeneratedBatch:
    """All programs of a request, in order."""

    programs: list[GeneratedProgram]
    prompt_text: str
    """What the model was given, chat template and all. A server renders the template itself: the messages
    as JSON."""
    notes: list[str]
    """What was not done as asked, one sentence each (a server that knows no top_k)."""


@dataclass(frozen=True)
class TrainingPair:
    """What the model should write after a prompt. `key` says where it comes from (a candidate's id)."""

    prompt: str
    completion: str
    """As the model would write it: a program's text, or a chat model's whole answer with its fence."""
    key: str
    messages: list[ChatMessage] | None = None
    """Given, the prompt is these messages in the tokenizer's chat template, as generation sends them, and
    `prompt` is not read."""


@dataclass(frozen=True)
class FinetuneRequest:
    """A LoRA adapter on all given pairs: a function of base, continued adapter, pairs, settings and seed."""

    model: str
    pairs: list[TrainingPair]
    seed: int
    output_dir: str
    """Becomes an ordinary PEFT directory; it appears only when complete and replaces an older one."""
    rank: int
    alpha: int
    dropout: float
    target_modules: list[str]
    """Names of linear layers, such as `q_proj`; `["all-linear"]` is every one but the output head."""
    learning_rate: float
    schedule: Schedule
    """Of the learning rate after warm-up: a half cosine to 0, or constant."""
    warmup_steps: int
    weight_decay: float
    batch_size: int
    """Rows of one forward pass: pairs, or packs of pairs."""
    gradient_accumulation: int
    """Forward passes of one optimiser step; the last step of an epoch makes do with what is left of it."""
    steps: int | None
    """Optimiser steps. Exactly one of `steps` and `epochs` is given."""
    epochs: int | None
    max_grad_norm: float
    quantization: Quantization = "auto"
    """How the base model is loaded."""
    packing: bool = False
    """Short pairs share a row of the batch without seeing each other."""
    continue_from: str | None = None
    """A PEFT directory trained on `model` with the same LoRA settings; None starts a fresh adapter."""
    warmup_from_zero: bool = False
    """The first of `warmup_steps` has learning rate 0, as in transformers' Trainer, instead of one share."""

    def __post_init__(self) -> None:
        if not self.pairs:
            raise ValueError("an adapter needs at least one training pair")
        for place, pair in enumerate(self.pairs, start=1):
            if not pair.completion.strip():
                raise ValueError(f"training pair {place} ({pair.key}) has an empty completion")
        if (self.steps is None) == (self.epochs is None):
            raise ValueError("give either steps or epochs")
        if min(self.batch_size, self.gradient_accumulation, self.steps or self.epochs or 0) < 1:
            raise ValueError("batch_size, gradient_accumulation, steps and epochs must be at least 1")
        if self.warmup_steps < 0:
            raise ValueError(f"warmup_steps must not be negative, not {self.warmup_steps}")
        if not self.max_grad_norm > 0:
            raise ValueError(f"max_grad_norm must be above 0, not {self.max_grad_norm}")


@dataclass(frozen=True)
class FinetuneStep:
    """One optimiser step, numbered from 1."""

    step: int
    total_steps: int
    loss: float
    """Mean over the completion tokens of the step."""
    learning_rate: float
    grad_norm: float
    """Before clipping."""
    tokens: int
    """Seen so far, prompts included."""


@dataclass(frozen=True)
class FinetuneResult:
    """A finished adapter and what it cost."""

    adapter_dir: str
    sha256: str
    """Of adapter_model.safetensors."""
    steps: int
    first_loss: float
    last_loss: float
    """Mean of the last five steps."""
    seconds: float
    tokens: int
    base_sha256: str
    """Of the base's weights, unchanged by the training."""
    cut_pairs: int = 0
    """Longer than the model's context: their end, the end token included, was not learnt."""
    dropped_pairs: int = 0
    """Prompts that alone fill the context: nothing of their completion was left to learn."""
