"""Programs as training examples: token ids, labels, padded batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch

from archloom.language.interface import TrainingPair
from archloom.language.vocabulary import Vocabulary

IGNORED: Final = -100  # label that the loss skips


@dataclass(frozen=True)
class Example:
    """Token ids of prompt, completion and end; the first `prompt_tokens` carry no loss."""

    ids: list[int]
    prompt_tokens: int

    @property
    def learnt_tokens(self) -> int:
        """Tokens that carry loss; the very first one of a text is predicted from nothing and never does."""
        return max(0, len(self.ids) - max(1, self.prompt_tokens))


@dataclass(frozen=True)
class Examples:
    """What is left of the pairs after each was cut to the model's context."""

    kept: list[Example]
    cut: int
    dropped: int
    """Pairs whose prompt alone fills the context."""


@dataclass(frozen=True)
class Batch:
    """Tensors of shape (rows, longest row)."""

    ids: torch.Tensor
    attention_mask: torch.Tensor
    """1 where a token is, 0 in the padding."""
    labels: torch.Tensor
    position_ids: torch.Tensor | None = None
    """Of packed rows, where positions restart with every example."""

    @property
    def learnt_tokens(self) -> int:
        return int((self.labels[:, 1:] != IGNORED).sum())

    def inputs(self, device: torch.device) -> dict[str, torch.Tensor]:
        """Arguments of a causal language model's forward.

        Packed, positions stand in for the mask: with any mask given, transformers does not look at positions
        to tell the examples of a row apart.
        """
        inputs = {"input_ids": self.ids, "labels": self.labels}
        if self.position_ids is None:
            inputs["attention_mask"] = self.attention_mask
        else:
            inputs["position_ids"] = self.position_ids
        return {name: tensor.to(device) for name, tensor in inputs.items()}


def to_example(vocabulary: Vocabulary, prompt: str, completion: str, context_tokens: int) -> Example:
    """Cut to the context, at the end."""
    return _cut(_to_whole(vocabulary, TrainingPair(prompt, completion, key="")), context_tokens)


def to_examples(vocabulary: Vocabulary, pairs: Sequence[TrainingPair], context_tokens: int) -> Examples:
    """Each pair cut to the context; one that has nothing left to learn is dropped."""
    kept: list[Example] = []
    cut = 0
    for pair in pairs:
        whole = _to_whole(vocabulary, pair)
        example = _cut(whole, context_tokens)
        if example.learnt_tokens:
            kept.append(example)
            cut += len(example.ids) < len(whole.ids)
    return Examples(kept, cut, len(pairs) - len(kept))


def to_batch(examples: list[Example], pad_id: int) -> Batch:
    """One example a row."""
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


def _to_whole(vocabulary: Vocabulary, pair: TrainingPair) -> Example:
    if pair.messages is None:
        prompt_ids, end_id = vocabulary.encode_prompt(pair.prompt), vocabulary.end_id
    else:
        prompt_ids, end_id = vocabulary.encode_messages(pair.messages), vocabulary.turn_end_id
    return Example([*prompt_ids, *vocabulary.encode_completion(pair.completion), end_id], len(prompt_ids))


def _cut(example: Example, context_tokens: int) -> Example:
    return Example(example.ids[:context_tokens], example.prompt_tokens)
