"""Several examples in one row of a batch, none of which sees another.

Rows are filled by best fit, longest example first; which examples share a row is decided once, for all
epochs. Positions restart with every example, and from that transformers derives an attention mask of blocks
along the diagonal, for every attention it implements. A model that does not (state-space layers, attention of
its own) would mix the examples of a row without a word, so each is tried before it is trained.
"""

from bisect import bisect_left, insort
from typing import Final, TypeAlias

import torch
from peft import PeftModel
from transformers import PreTrainedModel

from archloom.language.examples import IGNORED, Batch, Example

Pack: TypeAlias = list[Example]

# Attention over a whole context of 32k tokens would need gigabytes for its mask alone.
ROW_TOKENS: Final = 2048
TRIED_TOKENS: Final = 64


def to_rows(examples: list[Example], packing: bool, context_tokens: int) -> list[Pack]:
    """What one epoch goes through: packs, or each example alone."""
    return pack(examples, context_tokens) if packing else [[example] for example in examples]


def pack(examples: list[Example], context_tokens: int) -> list[Pack]:
    """Rows of at most ROW_TOKENS tokens, or as many as the longest example has; each example is in one."""
    row_tokens = max(min(context_tokens, ROW_TOKENS), *(len(example.ids) for example in examples))
    packs: list[Pack] = []
    # (free tokens, order of becoming so, row): the tightest fit, among equals the one that waits longest.
    free: list[tuple[int, int, int]] = []
    for order, example in enumerate(sorted(examples, key=lambda example: -len(example.ids))):
        at = bisect_left(free, (len(example.ids), -1, -1))
        if at < len(free):
            room, _, row = free.pop(at)
        else:
            room, row = row_tokens, len(packs)
            packs.append([])
        packs[row].append(example)
        insort(free, (room - len(example.ids), order, row))
    return packs


def to_packed_batch(packs: list[Pack], pad_id: int) -> Batch:
    """One pack a row. The padding at a row's end counts its positions like one more example."""
    shape = len(packs), max(sum(len(example.ids) for example in row) for row in packs)
    ids = torch.full(shape, pad_id)
    attention_mask = torch.zeros(shape, dtype=torch.long)
    labels = torch.full(shape, IGNORED)
    position_ids = torch.zeros(shape, dtype=torch.long)
    for row, examples in enumerate(packs):
        start = 0
        for example in examples:
            end = start + len(example.ids)
            # The token before is another example's: nothing to predict the first one from.
            learnt = start + max(1, example.prompt_tokens)
            ids[row, start:end] = torch.tensor(example.ids)
            labels[row, learnt:end] = ids[row, learnt:end]
            position_ids[row, start:end] = torch.arange(end - start)
            start = end
        attention_mask[row, :start] = 1
        position_ids[row, start:] = torch.arange(shape[1] - start)
    return Batch(ids, attention_mask, labels, position_ids)


def mixes_packed_examples(model: PreTrainedModel | PeftModel, example: Example) -> bool:
    """Whether what an example says reaches the one after it in a row. The model must be in eval mode.

    Masked attention multiplies the other example's values by exactly 0, so a model that keeps them apart
    gives the very same numbers whatever stands before.
    """
    ids = example.ids[:TRIED_TOKENS]
    others = [(token + 1) % model.config.vocab_size for token in ids]
    with torch.inference_mode():
        seen = [_last_logits(model, before, ids) for before in (ids, others)]
    return not torch.equal(*seen)


def _last_logits(model: PreTrainedModel | PeftModel, before: list[int], ids: list[int]) -> torch.Tensor:
    batch = to_packed_batch([[Example(before, 0), Example(ids, 0)]], pad_id=0)
    output = model(**batch.inputs(model.device), use_cache=False)
    return output.logits[0, len(before) :]
