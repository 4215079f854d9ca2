"""A tokenizer as this package uses it: prompts, chats, completions and text."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# transformers types a tokenizer's attributes as anything a tokenizer ever returned.

from typing import Any

from transformers import PreTrainedTokenizerBase

from archloom.language import chat
from archloom.language.inspection import PreviewToken
from archloom.language.interface import ChatMessage, ModelUnavailable


class Vocabulary:
    """Prompt and completion are always encoded apart, in training as in generation.

    In one piece, a token may span the boundary; a model trained on that token, prompted with the prompt
    alone, ended at once in 8 of 8 samples.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        """Raises ModelUnavailable: without an end every program would run to its limit."""
        self.tokenizer = tokenizer
        self._encode: Any = tokenizer
        turn_end = chat.find_turn_end(tokenizer)
        end: Any = tokenizer.eos_token_id
        if end is None:
            end = turn_end
        if end is None:
            raise ModelUnavailable("its tokenizer names no end-of-sequence token")
        pad: Any = tokenizer.pad_token_id
        self.end_id: int = end
        self.turn_end_id: int = end if turn_end is None else turn_end
        """What ends the answer to a chat; `end_id` where the template names nothing else."""
        self.pad_id: int = end if pad is None else pad

    @property
    def tokens(self) -> int:
        """Its own, without those added later: an added one that the model has no row for may never be used
        (an image's place in a model that reads text), and is told of when it is."""
        return self._encode.vocab_size

    @property
    def has_chat_template(self) -> bool:
        return chat.has_template(self.tokenizer)

    def encode_prompt(self, text: str) -> list[int]:
        """With the begin-of-sequence token, where the model has one."""
        return self._encode(text).input_ids

    def render_messages(self, messages: list[ChatMessage]) -> str:
        """The text that `encode_messages` encodes. Raises ModelUnavailable if the template fails."""
        return chat.render_messages(self.tokenizer, messages)

    def encode_messages(self, messages: list[ChatMessage]) -> list[int]:
        """Up to where the answer begins. A template writes its own begin-of-sequence token."""
        text = self.render_messages(messages)
        return self._encode(text, add_special_tokens=not self.has_chat_template).input_ids

    def show(self, prompt: str | None, messages: list[ChatMessage] | None) -> tuple[str, list[PreviewToken]]:
        """What a model is given, as text and token by token, for the eye."""
        text = self.render_messages(messages) if messages is not None else prompt or ""
        is_whole = messages is not None and self.has_chat_template
        can_place: bool = self._encode.is_fast
        encoded = self._encode(text, add_special_tokens=not is_whole, return_offsets_mapping=can_place)
        ids: list[int] = encoded.input_ids
        ends = [end for _, end in encoded.offset_mapping] if can_place else [0] * len(ids)
        special = chat.special_ids(self.tokenizer)
        tokens: list[PreviewToken] = []
        shown = 0
        for number, end in zip(ids, ends, strict=True):
            # A token without a place in the text is shown by its name.
            piece = text[shown:end] if end else self._encode.convert_ids_to_tokens(number)
            shown = max(shown, end)
            tokens.append(PreviewToken(number, piece, number in special))
        return text, tokens

    def encode_completion(self, text: str) -> list[int]:
        """Without the end-of-sequence token."""
        return self._encode(text, add_special_tokens=False).input_ids

    def decode(self, ids: list[int]) -> str:
        """The text, without special tokens; "clean up" would delete spaces before punctuation."""
        return self._encode.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
