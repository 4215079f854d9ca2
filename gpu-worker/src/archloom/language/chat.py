"""Messages as the text a model was trained to see: its tokenizer's chat template.

Two habits of models are allowed for. A template that refuses a system message, or leaves it out, gets the
system text in front of the first user message. A tokenizer without a template belongs to a model that was
never taught to chat: it gets the contents of the messages with a blank line between and behind them, and
continues.
"""

# pyright: reportUnknownMemberType=false
# transformers types a tokenizer's methods as anything a tokenizer ever returned.

from typing import Any, Final

from transformers import PreTrainedTokenizerBase

from archloom.language.interface import ChatMessage, ModelUnavailable

_PROBE: Final = "archloom"


def has_template(tokenizer: PreTrainedTokenizerBase) -> bool:
    return bool(getattr(tokenizer, "chat_template", None))


def render_messages(tokenizer: PreTrainedTokenizerBase, messages: list[ChatMessage]) -> str:
    """The text up to where the model's answer begins. Raises ModelUnavailable if the template fails."""
    if not has_template(tokenizer):
        return "".join(f"{message['content']}\n\n" for message in messages)
    system = [message["content"].strip() for message in messages if message["role"] == "system"]
    if system:
        try:
            text = _apply(tokenizer, messages)
        except ModelUnavailable:
            text = ""
        if all(content in text for content in system):
            return text
        messages = _without_system(messages)
    return _apply(tokenizer, messages)


def find_turn_end(tokenizer: PreTrainedTokenizerBase) -> int | None:
    """The token that follows an assistant's message in the template, where that is a special one.

    Many instruct models end a turn with a token that neither their tokenizer nor their generation settings
    call the end of text; without it they would go on to play the user.
    """
    if not has_template(tokenizer):
        return None
    chat = [{"role": "user", "content": "?"}, {"role": "assistant", "content": _PROBE}]
    try:
        text = _apply(tokenizer, chat, is_open=False)
    except ModelUnavailable:
        return None
    ids = _encode(tokenizer, text.rpartition(_PROBE)[2].lstrip())
    return ids[0] if ids and ids[0] in special_ids(tokenizer) else None


def _apply(tokenizer: PreTrainedTokenizerBase, chat: Any, is_open: bool = True) -> str:
    try:
        text: Any = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=is_open)
    # A template is a program of the model's authors and fails as it likes.
    except Exception as error:
        raise ModelUnavailable(f"the model's chat template refuses these messages: {error}") from error
    return str(text)


def _without_system(messages: list[ChatMessage]) -> list[ChatMessage]:
    """System texts joined to the first user message, as model cards of such models advise."""
    system = [message["content"] for message in messages if message["role"] == "system"]
    others = [message for message in messages if message["role"] != "system"]
    first = others[0]["content"] if others else ""
    content = "\n\n".join(part for part in (*system, first) if part)
    return [{"role": "user", "content": content}, *others[1:]]


def _encode(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    encoded: Any = tokenizer(text, add_special_tokens=False)
    return encoded.input_ids


def special_ids(tokenizer: PreTrainedTokenizerBase) -> set[int]:
    added: dict[int, Any] = tokenizer.added_tokens_decoder
    return {*tokenizer.all_special_ids, *(number for number, token in added.items() if token.special)}
