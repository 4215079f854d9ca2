"""The base model and its adapters.

Guarantee: the base's weights never change. An adapter is merged into a copy, and trained on a copy, of a
small base; a large one (above COPY_LIMIT parameters) is lent to peft, which leaves frozen weights alone, and
taken back.
"""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# torch, transformers and peft annotate only part of what they offer.

import copy
import gc
import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel
from transformers.pytorch_utils import Conv1D

from archloom.language.interface import ModelUnavailable
from archloom.language.quiet import known_warnings_hidden
from archloom.language.vocabulary import Vocabulary

STARTER: Final = "starter"
STARTER_DIR: Final = Path(__file__).parent / "starter"
COPY_LIMIT: Final = 50_000_000
ADAPTER_FILE: Final = "adapter_model.safetensors"


class LanguageModel:
    """One loaded base with its tokenizer, and the copy that carries the adapter used last."""

    def __init__(self, name: str) -> None:
        """Raises ModelUnavailable."""
        self.name = name
        source = str(STARTER_DIR) if name == STARTER else name
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        dtype = torch.bfloat16 if self.device.type == "cuda" else torch.float32
        try:
            self.vocabulary = Vocabulary(AutoTokenizer.from_pretrained(source))
            base: Any = AutoModelForCausalLM.from_pretrained(source, dtype=dtype)
        # Hubs, file formats and network stacks raise what they like; the caller needs one answer.
        except Exception as error:
            reason = str(error).strip().split("\n")[0]
            raise ModelUnavailable(f"the language model {name!r} cannot be loaded: {reason}") from error
        # Adapters repeat where their base came from: the name a person chose, not a folder of this machine.
        base.name_or_path = base.config._name_or_path = name
        self._base: PreTrainedModel = base.to(self.device).eval().requires_grad_(False)
        self._is_small = base.num_parameters() <= COPY_LIMIT
        self._merged: tuple[str, PreTrainedModel] | None = None

    @cached_property
    def _loaded_sha256(self) -> str:
        return _weights_sha256(self._base)

    def assert_base_unchanged(self) -> str:
        """The SHA-256 of the base's weights. A large base is hashed once: nothing here can write to it."""
        if self._is_small and _weights_sha256(self._base) != self._loaded_sha256:
            raise AssertionError(f"the base weights of {self.name} have changed since they were loaded")
        return self._loaded_sha256

    @property
    def context_tokens(self) -> int:
        return self._base.config.max_position_embeddings

    @contextmanager
    def writing_with(self, adapter_dir: str | None) -> Generator[PreTrainedModel | PeftModel]:
        """The model to sample from. Raises ModelUnavailable if the adapter does not fit this base."""
        if adapter_dir is None:
            yield self._base
        elif self._is_small:
            yield self._merge(adapter_dir)
        else:
            model = self._attach(self._base, adapter_dir)
            try:
                yield model
            finally:
                self._take_back(model)

    @property
    def linear_layers(self) -> dict[str, torch.nn.Module]:
        """By path: where an adapter can be put. The output head is not among them."""
        head = self._base.get_output_embeddings()
        return {
            path: layer
            for path, layer in self._base.named_modules()
            if isinstance(layer, torch.nn.Linear | Conv1D) and layer is not head
        }

    @contextmanager
    def training_with(self, config: LoraConfig, continue_from: str | None = None) -> Generator[PeftModel]:
        """A trainable adapter on the base: the one in `continue_from`, or a fresh one, whose initial weights
        are drawn from torch's generator as it stands. Raises ModelUnavailable."""
        base = copy.deepcopy(self._base) if self._is_small else self._base
        if self.device.type == "cpu":
            # At these sizes eager attention trains about twice as fast on a CPU.
            base.set_attn_implementation("eager")
        if continue_from is None:
            try:
                with known_warnings_hidden():
                    model = get_peft_model(base, config)
            except ValueError as error:
                raise ModelUnavailable(f"{self.name!r} cannot carry this adapter: {error}") from error
        else:
            model = self._attach(base, continue_from, is_trainable=True)
        if not self._is_small and base.supports_gradient_checkpointing:
            # Activations of a 7B model would not fit beside its weights. After the adapter: peft would
            # otherwise leave a hook on the base's embeddings.
            base.activation_checkpointing_enable({"use_reentrant": False})
        try:
            yield model
        finally:
            if not self._is_small:
                self._take_back(model)

    def _merge(self, adapter_dir: str) -> PreTrainedModel:
        """Merged, a small model writes a third faster. Kept until another adapter is asked for."""
        key = _adapter_key(adapter_dir)
        if self._merged is None or self._merged[0] != key:
            self._merged = None
            model = self._attach(copy.deepcopy(self._base), adapter_dir)
            merged: Any = model.merge_and_unload()
            self._merged = key, merged.eval()
        return self._merged[1]

    def _attach(self, base: PreTrainedModel, adapter_dir: str, is_trainable: bool = False) -> PeftModel:
        try:
            with known_warnings_hidden():
                return PeftModel.from_pretrained(base, adapter_dir, is_trainable=is_trainable).eval()
        except Exception as error:
            reason = str(error).strip().split("\n")[0]
            raise ModelUnavailable(
                f"the adapter {adapter_dir!r} does not fit {self.name!r}: {reason}"
            ) from error

    def _take_back(self, model: PeftModel) -> None:
        model.unload()
        if hasattr(self._base, "peft_config"):
            del self._base.peft_config
        self._base.requires_grad_(False)
        self._base.activation_checkpointing_disable()


class ModelHolder:
    """The one model in memory; asking for another name replaces it."""

    def __init__(self) -> None:
        self._model: LanguageModel | None = None

    def get(self, name: str) -> LanguageModel:
        """Raises ModelUnavailable; the model held so far is gone then only if loading had begun."""
        if self._model is None or self._model.name != name:
            self._model = None
            gc.collect()
            self._model = LanguageModel(name)
        return self._model


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _adapter_key(adapter_dir: str) -> str:
    """Of the weights, not of the folder: the same folder may hold another adapter later."""
    path = Path(adapter_dir) / ADAPTER_FILE
    if not path.is_file():
        raise ModelUnavailable(f"the adapter {adapter_dir!r} has no {ADAPTER_FILE}")
    return file_sha256(path)


def _weights_sha256(model: PreTrainedModel) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
