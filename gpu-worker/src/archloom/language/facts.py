"""What a model is, from its files alone: config, tokenizer, headers of the weights. No weight is read.

Everything that would make the model useless is found here, before gigabytes are moved: another kind of
network, shapes that are not the config's, a tokenizer that belongs to another model.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# torch and transformers annotate only part of what they offer.

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING,
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
)
from transformers.pytorch_utils import Conv1D

from archloom.language import hub
from archloom.language.estimate import Sizes
from archloom.language.gguf_file import find_unpacked, read_gguf, read_gguf_tokenizer, unpack
from archloom.language.inspection import ALL_LINEAR
from archloom.language.interface import ModelUnavailable
from archloom.language.source import Source
from archloom.language.vocabulary import Vocabulary
from archloom.language.weights import Weights, read_weights

COPY_LIMIT: Final = 50_000_000
DEFAULT_CONTEXT: Final = 2048
# Rows of an embedding are rounded up to suit a card, by 2 % in the largest case known (51,200 for 50,295).
SPARE_ROWS_SHARE: Final = 0.1
SPARE_ROWS: Final = 1024
_CONTEXT_NAMES: Final = ("max_position_embeddings", "max_sequence_length", "max_seq_len", "seq_length")


@dataclass(frozen=True)
class ModelFacts:
    source: Source
    folder: Path | None
    """Where its files lie, perhaps without weights yet if it is a hub's; None for a GGUF not yet unpacked."""
    config: Any
    weights: Weights
    sizes: Sizes
    architecture: str
    rows: int
    """Of the embedding."""
    context_tokens: int
    linear_layers: Mapping[str, tuple[int, int]]
    """(outputs, inputs) of the layers an adapter may be put on, by path."""
    vocabulary: Vocabulary | None
    has_chat_template: bool

    @property
    def is_quantised(self) -> bool:
        return getattr(self.config, "quantization_config", None) is not None

    @property
    def layer_names(self) -> list[str]:
        return list(dict.fromkeys(path.rpartition(".")[2] for path in self.linear_layers))

    def adapter_parameters(self, rank: int, targets: tuple[str, ...]) -> int:
        """Of a LoRA adapter: rank x (outputs + inputs) for each layer. Raises ModelUnavailable for a layer
        that does not exist."""
        if targets == (ALL_LINEAR,):
            chosen = list(self.linear_layers.values())
        else:
            unknown = [name for name in targets if name not in self.layer_names]
            if unknown:
                raise ModelUnavailable(
                    f"it has no layer called {unknown[0]} for an adapter; its layers are "
                    f"{', '.join(self.layer_names)}"
                )
            chosen = [size for path, size in self.linear_layers.items() if path.rpartition(".")[2] in targets]
        return rank * sum(outputs + inputs for outputs, inputs in chosen)

    def fetch(self) -> Path:
        """The folder with everything in it: downloads or unpacks what is missing. Raises ModelUnavailable."""
        if self.source.kind == "gguf":
            assert self.source.place is not None
            return unpack(self.source.place, self.sizes.parameters)
        assert self.folder is not None
        if self.source.kind == "hub":
            hub.fetch_weights(self.source.name, self.folder, self.weights.bytes)
        return self.folder


def read_facts(source: Source) -> ModelFacts:
    """Raises ModelUnavailable, or whatever transformers makes of a broken config or tokenizer."""
    folder = _find_folder(source)
    if folder is None:
        assert source.place is not None
        packed = read_gguf(source.place)
        return _facts(
            source, None, packed.config, packed.weights, None, packed.tokens, packed.has_chat_template
        )
    config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    _assert_causal(config)
    weights = hub.read_remote_weights(source.name, folder) if source.kind == "hub" else read_weights(folder)
    vocabulary = Vocabulary(AutoTokenizer.from_pretrained(folder, trust_remote_code=False))
    return _facts(
        source, folder, config, weights, vocabulary, vocabulary.tokens, vocabulary.has_chat_template
    )


def read_vocabulary(source: Source) -> Vocabulary:
    """Of a model whose weights are of no interest. Raises as `read_facts` does."""
    folder = _find_folder(source)
    if folder is None:
        assert source.place is not None
        return Vocabulary(read_gguf_tokenizer(source.place))
    return Vocabulary(AutoTokenizer.from_pretrained(folder, trust_remote_code=False))


def read_config(source: Source) -> Any:
    """As transformers reads it. Raises as `read_facts` does."""
    folder = _find_folder(source)
    if folder is None:
        assert source.place is not None
        return read_gguf(source.place).config
    return AutoConfig.from_pretrained(folder, trust_remote_code=False)


def _find_folder(source: Source) -> Path | None:
    """None for a GGUF file that was not unpacked yet."""
    if source.kind == "hub":
        return hub.fetch_description(source.name)
    assert source.place is not None
    return find_unpacked(source.place) if source.kind == "gguf" else source.place


def read_context_tokens(config: Any) -> int | None:
    text = config.get_text_config()
    found = (getattr(text, name, None) for name in _CONTEXT_NAMES)
    return next((limit for limit in found if isinstance(limit, int)), None)


def linear_layers(model: PreTrainedModel) -> dict[str, torch.nn.Module]:
    """By path: where an adapter can be put. The output head is not among them."""
    head = model.get_output_embeddings()
    return {
        path: layer
        for path, layer in model.named_modules()
        if isinstance(layer, torch.nn.Linear | Conv1D) and layer is not head
    }


def _facts(
    source: Source,
    folder: Path | None,
    config: Any,
    weights: Weights,
    vocabulary: Vocabulary | None,
    tokens: int,
    has_chat_template: bool,
) -> ModelFacts:
    with torch.device("meta"):
        empty: Any = AutoModelForCausalLM.from_config(config, trust_remote_code=False)
    _assert_shapes(empty, weights)
    rows: int = empty.get_input_embeddings().weight.shape[0]
    _assert_tokens(rows, tokens)
    layers = {path: _outputs_and_inputs(layer) for path, layer in linear_layers(empty).items()}
    limit = vocabulary.tokenizer.model_max_length if vocabulary else DEFAULT_CONTEXT
    return ModelFacts(
        source=source,
        folder=folder,
        config=config,
        weights=weights,
        sizes=_sizes(empty, config, weights, layers, rows),
        architecture=type(empty).__name__,
        rows=rows,
        context_tokens=read_context_tokens(config) or (limit if limit < 10**9 else DEFAULT_CONTEXT),
        linear_layers=layers,
        vocabulary=vocabulary,
        has_chat_template=has_chat_template,
    )


def _sizes(
    empty: Any, config: Any, weights: Weights, layers: Mapping[str, tuple[int, int]], rows: int
) -> Sizes:
    text = config.get_text_config()
    hidden = getattr(text, "hidden_size", 0)
    heads = getattr(text, "num_attention_heads", 0)
    parameters = empty.num_parameters()
    return Sizes(
        parameters=parameters,
        linear_parameters=sum(outputs * inputs for outputs, inputs in layers.values()),
        stored_bytes=weights.bytes,
        layers=getattr(text, "num_hidden_layers", 0),
        hidden=hidden,
        heads=heads,
        key_value_heads=getattr(text, "num_key_value_heads", None) or heads,
        head_size=getattr(text, "head_dim", None) or (hidden // heads if heads else 0),
        vocabulary=rows,
        is_small=parameters <= COPY_LIMIT,
    )


def _outputs_and_inputs(layer: Any) -> tuple[int, int]:
    outputs, inputs = layer.weight.shape
    # GPT-2's layers keep their weights transposed.
    return (inputs, outputs) if isinstance(layer, Conv1D) else (outputs, inputs)


def _assert_causal(config: Any) -> None:
    known: set[str] = set()
    for names in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values():
        known.update((names,) if isinstance(names, str) else names)
    stated: list[str] = config.architectures or []
    if type(config) not in MODEL_FOR_CAUSAL_LM_MAPPING or (stated and known.isdisjoint(stated)):
        kind = stated[0] if stated else config.model_type
        raise ModelUnavailable(f"it is a {kind}, not a causal language model, and cannot write programs")


def _assert_shapes(empty: PreTrainedModel, weights: Weights) -> None:
    for name, tensor in empty.state_dict().items():
        stored = weights.tensors.get(name)
        if stored and stored.shape != tuple(tensor.shape) and not stored.is_packed:
            raise ModelUnavailable(
                f"its weights are not those of its config: {name} has the shape {stored.shape} in the file "
                f"and {tuple(tensor.shape)} by the config"
            )


def _assert_tokens(rows: int, tokens: int) -> None:
    if tokens > rows:
        raise ModelUnavailable(
            f"its tokenizer has {tokens:,} tokens and its embedding {rows:,} rows: they belong to two models"
        )
    if rows - tokens > max(SPARE_ROWS, rows * SPARE_ROWS_SHARE):
        raise ModelUnavailable(
            f"its tokenizer has only {tokens:,} tokens for the {rows:,} rows of its embedding: "
            "they belong to two models"
        )
