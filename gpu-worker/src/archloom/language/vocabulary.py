"""A tokenizer as this package uses it: prompts, completions and text."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# transformers types a tokenizer's attributes as anything a tokenizer ever returned.

from typing import Any

from transformers import PreTrainedTokenizerBase


class Vocabulary:
    """Prompt and completion are always encoded apart, in training as in generation.

    In one piece, a token may span the boundary; a model trained on that token, prompted with the prompt
    alone, ended at once in 8 of 8 samples.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        self._tokenizer: Any = tokenizer
        self.pad_id: int = self._tokenizer.pad_token_id
        self.end_id: int = self._tokenizer.eos_token_id

    def encode_prompt(self, text: str) -> list[int]:
        """With the begin-of-sequence token, where the model has one."""
        return self._tokenizer(text).input_ids

    def encode_completion(self, text: str) -> list[int]:
        """Without the end-of-sequence token."""
        return self._tokenizer(text, add_special_tokens=False).input_ids

    def decode(self, ids: list[int]) -> str:
        """The text, without special tokens; "clean up" would delete spaces before punctuation."""
        return self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
