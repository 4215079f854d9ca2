"""How much memory a model needs: formulas over its sizes. Estimates, meant to err upwards. Never imports
torch.

Held all the time: the weights, parameters x bytes of their type. A 4-bit NF4 weight takes 4.127 bits (4, and
its share of doubly quantised scales: 8 bits for 64 weights, 32 for 16,384; Dettmers et al. 2023, QLoRA); only
the weights of linear layers are quantised, the rest stays at 16 bits. A base of at most COPY_LIMIT parameters
is copied for a merged adapter and again for training: three times the weights.

Writing, for each program of a batch: keys and values, 2 x layers x key-value heads x head size x tokens x
bytes; and for its next token the logits and what sampling makes of them, vocabulary x SAMPLING_BYTES.

Fine-tuning: each adapter parameter has an fp32 weight, gradient and two moments of AdamW: 16 bytes. Each
token of a batch keeps, in every layer, the activations that the backward pass needs: 34 x hidden + 5 x heads
x tokens of the sequence, in bytes at 16 bits (Korthikanti et al. 2022, "Reducing activation recomputation",
section 4.1), times ADAPTER_FACTOR for the copies that LoRA and mixed precision add; a model above COPY_LIMIT
keeps only each layer's input and computes one layer's activations again at a time. For the loss: vocabulary x
LOSS_BYTES.

Either has WORKSPACE_BYTES on top. Against measured peaks on a CPU: SmolLM2-135M in fp32, 16 programs of 45
tokens 67 MB (estimate 135), adapters on one and on two sequences of 384 tokens 497 and 786 MB (556 and 969);
the starter, 16 x 305 tokens 29 MB (91), training on 4 x 336 tokens 143 MB (440).
"""

from dataclasses import dataclass
from typing import Final, Literal

WeightType = Literal["fp32", "bf16", "nf4", "stored"]

NF4_BYTES: Final = 4.127 / 8
WORKSPACE_BYTES: Final = 64_000_000
SAMPLING_BYTES: Final = (
    48  # fp32 logits and copies, sorted with 8-byte indices, their softmax and running sum
)
LOSS_BYTES: Final = 16  # fp32 logits, their log-softmax, the gradient of either
ADAPTER_FACTOR: Final = 3
OPTIMISER_BYTES: Final = 16
COPIES: Final = 3


@dataclass(frozen=True)
class Sizes:
    """What the formulas are over."""

    parameters: int
    linear_parameters: int
    """Of them in linear layers other than the output head: what NF4 quantises."""
    stored_bytes: int
    layers: int
    hidden: int
    heads: int
    key_value_heads: int
    head_size: int
    vocabulary: int
    is_small: bool
    """At most COPY_LIMIT parameters."""


def weights_bytes(sizes: Sizes, kind: WeightType) -> int:
    """One copy of the weights. `stored`: quantised in the files already, kept as they are."""
    if kind == "stored":
        return sizes.stored_bytes
    if kind == "nf4":
        rest = sizes.parameters - sizes.linear_parameters
        return int(sizes.linear_parameters * NF4_BYTES + rest * 2)
    return sizes.parameters * bytes_each(kind)


def held_bytes(sizes: Sizes, kind: WeightType) -> int:
    """The weights with all copies that may be made of them."""
    is_copied = sizes.is_small and kind in ("fp32", "bf16")
    return weights_bytes(sizes, kind) * (COPIES if is_copied else 1)


def writing_bytes(sizes: Sizes, kind: WeightType, count: int, tokens: int) -> int:
    """Beside the weights, for `count` programs of at most `tokens` tokens, prompt included."""
    cached = 2 * sizes.layers * sizes.key_value_heads * sizes.head_size * bytes_each(kind)
    return WORKSPACE_BYTES + count * (cached * tokens + sizes.vocabulary * SAMPLING_BYTES)


def training_bytes(sizes: Sizes, kind: WeightType, adapter_parameters: int, count: int, tokens: int) -> int:
    """Beside the weights, for batches of `count` sequences of at most `tokens` tokens."""
    layer = (34 * sizes.hidden + 5 * sizes.heads * tokens) * ADAPTER_FACTOR * bytes_each(kind) // 2
    layers = sizes.layers * layer if sizes.is_small else sizes.layers * sizes.hidden * 4 + layer
    batch = count * tokens * (layers + sizes.vocabulary * LOSS_BYTES)
    return WORKSPACE_BYTES + adapter_parameters * OPTIMISER_BYTES + batch


def bytes_each(kind: WeightType) -> int:
    """Of a number computed with: quantised weights are computed with in 16 bits."""
    return 4 if kind == "fp32" else 2


def in_words(size: int) -> str:
    """Such as "4.1 GB": a million bytes is an MB, as disks and model cards count."""
    for unit, each in (("TB", 1e12), ("GB", 1e9)):
        if size >= each:
            return f"{size / each:.1f} {unit}"
    return f"{max(1, round(size / 1e6))} MB"
