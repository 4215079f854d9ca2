"""Tiny models of other architectures, as ordinary Hugging Face folders with a tokenizer of their own.

A few thousand random weights are enough for every path that a big model takes.
"""

import json
from pathlib import Path
from typing import Literal

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GenerationConfig,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from archloom.corpus.grammar import generate_corpus

TinyKind = Literal["gpt2", "qwen2"]

VOCABULARY_SIZE = 512
CONTEXT_TOKENS = 1024
END_OF_TEXT, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def make_tiny_tokenizer(chat: bool = True, size: int = VOCABULARY_SIZE) -> PreTrainedTokenizerFast:
    """Byte-level BPE, learnt from a few networks of the starter's grammar."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [END_OF_TEXT, TURN_START, TURN_END]
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(generate_corpus(40), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END_OF_TEXT,
        additional_special_tokens=[TURN_START, TURN_END],
        clean_up_tokenization_spaces=False,
        model_max_length=CONTEXT_TOKENS,
        chat_template=CHAT_TEMPLATE if chat else None,
    )


def make_tiny_model(folder: Path, kind: TinyKind = "gpt2", chat: bool = True) -> Path:
    """Writes the folder in about a second and returns it. What such a model writes is noise."""
    tokenizer = make_tiny_tokenizer(chat)
    torch.manual_seed(0)
    save_tiny_model(folder, new_tiny_model(kind), tokenizer)
    return folder


def new_tiny_model(kind: TinyKind, rows: int = VOCABULARY_SIZE) -> PreTrainedModel:
    if kind == "gpt2":
        return GPT2LMHeadModel(
            GPT2Config(
                vocab_size=rows,
                n_positions=CONTEXT_TOKENS,
                n_embd=32,
                n_layer=2,
                n_head=2,
                bos_token_id=0,
                eos_token_id=0,
            )
        )
    return Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=rows,
            max_position_embeddings=CONTEXT_TOKENS,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            tie_word_embeddings=True,
            bos_token_id=0,
            eos_token_id=0,
        )
    )


def save_tiny_model(
    folder: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, shard_size: str = "1GB"
) -> None:
    # Servers sample only where the model's own settings say so.
    model.generation_config = GenerationConfig(do_sample=True, eos_token_id=0, bos_token_id=0, top_k=0)
    model.save_pretrained(folder, max_shard_size=shard_size)
    tokenizer.save_pretrained(folder)


def edit_json(file: Path, **changes: object) -> None:
    """Replaces entries of a model's JSON file; None removes one."""
    content = json.loads(file.read_text()) | changes
    file.write_text(json.dumps({name: value for name, value in content.items() if value is not None}))
