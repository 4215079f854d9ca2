"""What can be asked about a model without loading its weights. Never imports torch.

Both requests raise ModelUnavailable, as a run that used the model would: a model that is missing, gated,
incomplete or of another kind is told in one sentence before any work starts.
"""

from dataclasses import dataclass
from typing import Final

from archloom.language.interface import Backend, ChatMessage, Quantization

ALL_LINEAR: Final = "all-linear"


@dataclass(frozen=True)
class PreviewRequest:
    """The exact text and tokens of a prompt. Exactly one of `prompt` and `messages` is given."""

    model: str
    prompt: str | None
    messages: list[ChatMessage] | None = None
    backend: Backend = "transformers"
    server_url: str = ""


@dataclass(frozen=True)
class PreviewToken:
    id: int
    text: str
    """Its part of the text; of a character spread over several tokens, the first has it all."""
    special: bool
    """Written by the tokenizer or the template, never by what a person typed."""


@dataclass(frozen=True)
class Preview:
    text: str
    tokens: list[PreviewToken]
    """None for a server: it does not show them."""
    context_tokens: int | None
    note: str
    """What a reader should know of this text: no chat template, the system message moved. Often empty."""


@dataclass(frozen=True)
class CheckModelRequest:
    """Can this model do this work on this machine?"""

    model: str
    backend: Backend = "transformers"
    server_url: str = ""
    quantization: Quantization = "auto"
    count: int = 16
    """Programs written side by side."""
    new_tokens: int = 1024
    """Longest program expected, prompt included."""
    lora_rank: int | None = None
    """None: it will not be fine-tuned."""
    lora_targets: tuple[str, ...] = (ALL_LINEAR,)
    training_batch: int = 1


@dataclass(frozen=True)
class ModelCheck:
    """What is known of a model. Bytes are estimates, see `estimate`; None is what a server does not tell."""

    fits: bool
    sentence: str
    architecture: str | None
    parameters: int | None
    vocabulary: int | None
    """Rows of the embedding, which may be a few more than the tokenizer has tokens."""
    context_tokens: int | None
    has_chat_template: bool | None
    dtype: str | None
    """In which the weights would be held: fp32, bf16 or nf4."""
    needed_bytes: int | None
    available_bytes: int | None
    device: str | None
    adapter_target_modules: list[str]
    """Names of the linear layers that an adapter may be put on."""
