"""Tiny models of other architectures, as ordinary Hugging Face folders with a tokenizer of their own.

A few thousand random weights are enough for every path that a big model takes.
"""

import json
from pathlib import Path
from typing import Literal

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GenerationConfig,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from archloom.corpus.grammar import draw_program, generate_corpus
from archloom.language.interface import ChatMessage

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
    return _finish_tokenizer(tokenizer, generate_corpus(40), size, chat)


def _finish_tokenizer(
    tokenizer: Tokenizer, texts: list[str], size: int, chat: bool
) -> PreTrainedTokenizerFast:
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END_OF_TEXT, TURN_START, TURN_END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
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


def train_tiny_model(folder: Path, kind: TinyKind, messages: list[ChatMessage]) -> Path:
    """A model that answers exactly these messages with a fenced network, most of the time: 5 s on one core.

    It knows eight small networks of the starter's grammar that are not in the starter corpus, and at a
    temperature of 0.7 or more it also mixes them.
    """
    programs = sorted(
        (program for seed in range(900_000, 900_060) if (program := draw_program(seed))), key=len
    )[:8]
    answers = [f"```python\n{program}```" for program in programs]
    tokenizer = _train_line_tokenizer([*answers, *(message["content"] for message in messages)])
    chat = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    prompt = tokenizer(chat, add_special_tokens=False).input_ids
    end = tokenizer.convert_tokens_to_ids(TURN_END)
    rows = [[*prompt, *tokenizer(answer, add_special_tokens=False).input_ids, end] for answer in answers]
    width = max(len(row) for row in rows)
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    labels = ids.masked_fill(ids == 0, -100)
    labels[:, : len(prompt)] = -100
    torch.manual_seed(0)
    model = new_tiny_model(kind, rows=len(tokenizer))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(100):
        model(input_ids=ids, labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    save_tiny_model(folder, model, tokenizer)
    return folder


def _train_line_tokenizer(texts: list[str]) -> PreTrainedTokenizerFast:
    """Whole lines become tokens, so that a network is some seventy of them."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\n]*\n"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return _finish_tokenizer(tokenizer, texts * 2, size=1200, chat=True)


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


def make_tiny_gguf(file: Path) -> PreTrainedModel:
    """Writes a tiny Qwen2 in llama.cpp's format and returns the model that was written."""
    # Only the development environment has the writer.
    from gguf import GGUFWriter, TokenType

    torch.manual_seed(0)
    model, tokenizer = new_tiny_model("qwen2"), make_tiny_tokenizer()
    config = model.config
    writer = GGUFWriter(file, "qwen2")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    state = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    tokens = sorted(state["vocab"], key=state["vocab"].__getitem__)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(tokens)
    special = {END_OF_TEXT, TURN_START, TURN_END}
    writer.add_token_types([TokenType.CONTROL if token in special else TokenType.NORMAL for token in tokens])
    writer.add_token_merges([" ".join(merge) for merge in state["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_chat_template(CHAT_TEMPLATE)
    for name, tensor in model.state_dict().items():
        if name != "lm_head.weight":  # tied to the embedding
            writer.add_tensor(_gguf_name(name), tensor.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return model


_GGUF_PARTS = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "model.layers.": "blk.",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "post_attention_layernorm": "ffn_norm",
    "input_layernorm": "attn_norm",
}


def _gguf_name(name: str) -> str:
    for part, replacement in _GGUF_PARTS.items():
        name = name.replace(part, replacement)
    return name
