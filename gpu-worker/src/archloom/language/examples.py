"""Programs as training examples: token ids, labels, padded batches."""

from dataclasses import dataclass
from typing import Final

import torch

from archloom.language.vocabulary import Vocabulary

IGNORED: Final = -100  # label that the loss skips


@dataclass(frozen=True)
class Example:
    """Token ids of prompt, completion and end; the first `prompt_tokens` carry no loss."""

    ids: list[int]
    prompt_tokens: int


@dataclass(frozen=True)
class Batch:
    """Three tensors of shape (examples, longest example)."""

    ids: torch.Tensor
    attention_mask: torch.Tensor
    labels: torch.Tensor


def to_example(vocabulary: Vocabulary, prompt: str, completion: str, context_tokens: int) -> Example:
    """Cut to the context, at the end."""
    prompt_ids = vocabulary.encode_prompt(prompt)
    ids = [*prompt_ids, *vocabulary.encode_completion(completion), vocabulary.end_id]
    return Example(ids[:context_tokens], len(prompt_ids))


def to_batch(examples: list[Example], pad_id: int) -> Batch:
    shape = len(examples), max(len(example.ids) for example in examples)
    ids = torch.full(shape, pad_id)
    attention_mask = torch.zeros(shape, dtype=torch.long)
    labels = torch.full(shape, IGNORED)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        attention_mask[row, :length] = 1
        labels[row, example.prompt_tokens : length] = ids[row, example.prompt_tokens : length]
    return Batch(ids, attention_mask, labels)
