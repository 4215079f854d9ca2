"""The base model and its adapters.

Guarantee: the base's weights never change. An adapter is merged into a copy, and trained on a copy, of a
small base; a large one (above COPY_LIMIT parameters) is lent to peft, which leaves frozen weights alone, and
taken back.
"""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# torch, transformers and peft annotate only part of what they offer.

import copy
import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.tuners.tuners_utils import BaseTunerLayer
from transformers import PreTrainedModel

from archloom.language.estimate import WeightType, in_words, training_bytes, writing_bytes
from archloom.language.facts import COPY_LIMIT, linear_layers, read_facts, read_vocabulary
from archloom.language.interface import ModelUnavailable, Quantization
from archloom.language.loading import assert_fits, load_weights, plan_loading
from archloom.language.memory import available_bytes
from archloom.language.quiet import known_warnings_hidden
from archloom.language.source import find_source, told_of

ADAPTER_FILE: Final = "adapter_model.safetensors"


class LanguageModel:
    """One loaded base with its tokenizer, and the copy that carries the adapter used last."""

    def __init__(self, name: str, quantization: Quantization = "auto") -> None:
        """Raises ModelUnavailable, as a rule before a weight is read."""
        self.name = name
        self.quantization = quantization
        with told_of(name):
            facts = read_facts(find_source(name))
            plan = plan_loading(facts, quantization)
            assert_fits(facts, plan)
            folder = facts.fetch()
            self.vocabulary = facts.vocabulary or read_vocabulary(find_source(name))
            base: Any = load_weights(facts, folder, plan)
        # Adapters repeat where their base came from: the name a person chose, not a folder of this machine.
        base.name_or_path = base.config._name_or_path = name
        self.facts = facts
        self.device = plan.device
        self.kind: WeightType = plan.kind
        self._base: PreTrainedModel = base
        self._is_small = base.num_parameters() <= COPY_LIMIT and plan.kind in ("fp32", "bf16")
        self._merged: tuple[str, PreTrainedModel] | None = None
        self.stop_ids = self._find_stop_ids()

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
        return self.facts.context_tokens

    @property
    def held_bytes(self) -> int:
        """Of the weights, and of the copy that carries an adapter."""
        models = [self._base, *([self._merged[1]] if self._merged else [])]
        return sum(model.get_memory_footprint() for model in models)

    def room_after(self, prompt: list[int]) -> int:
        """Tokens left for a program. Raises ModelUnavailable for a prompt that this model cannot read."""
        room = self.context_tokens - len(prompt)
        if room < 1:
            raise ModelUnavailable(
                f"the prompt has {len(prompt):,} tokens, and {self.name!r} reads at most "
                f"{self.context_tokens:,} with the program: shorten the prompt"
            )
        unknown = next((token for token in prompt if token >= self.facts.rows), None)
        if unknown is not None:
            raise ModelUnavailable(
                f"the prompt has token {unknown}, and the embedding of {self.name!r} ends at "
                f"{self.facts.rows - 1}: its tokenizer was given tokens that the model never saw"
            )
        return room

    def assert_can_write(self, count: int, tokens: int) -> None:
        """Raises ModelUnavailable if the system would end this process. A card only refuses, and the formula
        assumes the longest programs: there it is tried."""
        self._assert_memory(
            f"writing {count} programs of up to {tokens:,} tokens at once",
            writing_bytes(self.facts.sizes, self.kind, count, tokens),
            "smaller batches, or shorter programs",
        )

    def assert_can_train(self, rank: int, targets: tuple[str, ...], count: int, tokens: int) -> None:
        """For batches of `count` sequences of at most `tokens` tokens. Raises as `assert_can_write` does."""
        adapter = self.facts.adapter_parameters(rank, targets)
        self._assert_memory(
            f"fine-tuning on {count} sequences of {tokens:,} tokens at once",
            training_bytes(self.facts.sizes, self.kind, adapter, count, tokens),
            "smaller batches, or a lower rank",
        )

    def _assert_memory(self, work: str, needed: int, advice: str) -> None:
        available = available_bytes(self.device)
        if self.device.type == "cpu" and needed > available:
            raise ModelUnavailable(
                f"{work} with {self.name!r} needs about {in_words(needed)} of memory beside its weights, and "
                f"{in_words(available)} are free: take {advice}"
            )

    def _find_stop_ids(self) -> frozenset[int]:
        """Every token that ends a text by the tokenizer, the chat template or the model's own settings (some
        have two)."""
        base: Any = self._base
        stated = base.generation_config.eos_token_id
        if stated is None:
            stated = base.config.get_text_config().eos_token_id
        ends = [stated] if isinstance(stated, int) else list(stated or [])
        return frozenset([*ends, self.vocabulary.end_id, self.vocabulary.turn_end_id])

    @contextmanager
    def writing_with(self, adapter_dir: str | None) -> Generator[PreTrainedModel | PeftModel]:
        """The model to sample from. Raises ModelUnavailable if the adapter does not fit this base."""
        if adapter_dir is None:
            yield self._base
        elif self._is_small:
            yield self._merge(adapter_dir)
        else:
            try:
                yield self._attach(self._base, adapter_dir)
            finally:
                self._take_back()

    @property
    def linear_layers(self) -> dict[str, torch.nn.Module]:
        """By path: where an adapter can be put. The output head is not among them."""
        return linear_layers(self._base)

    @contextmanager
    def training_with(self, config: LoraConfig, continue_from: str | None = None) -> Generator[PeftModel]:
        """A trainable adapter on the base: the one in `continue_from`, or a fresh one, whose initial weights
        are drawn from torch's generator as it stands. Raises ModelUnavailable."""
        base = copy.deepcopy(self._base) if self._is_small else self._base
        # Known under this private name only; never None once a model is built.
        attention: Any = self._base.config._attn_implementation  # pyright: ignore[reportPrivateUsage]
        try:
            if self.device.type == "cpu":
                # At these sizes eager attention trains about twice as fast on a CPU.
                base.set_attn_implementation("eager")
            yield self._make_trainable(base, config, continue_from)
        finally:
            if not self._is_small:
                self._take_back()
                # Another implementation rounds otherwise: the same request would give other programs.
                self._base.set_attn_implementation(attention)

    def _make_trainable(
        self, base: PreTrainedModel, config: LoraConfig, continue_from: str | None
    ) -> PeftModel:
        if continue_from is not None:
            model = self._attach(base, continue_from, is_trainable=True)
        else:
            try:
                with known_warnings_hidden():
                    model = get_peft_model(base, config)
            except ValueError as error:
                raise ModelUnavailable(f"{self.name!r} cannot carry this adapter: {error}") from error
        if not self._is_small and base.supports_gradient_checkpointing:
            # Activations of a 7B model would not fit beside its weights. After the adapter: peft would
            # otherwise leave a hook on the base's embeddings.
            base.activation_checkpointing_enable({"use_reentrant": False})
        return model

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
            # The first of torch's lines only says that there are more.
            reason = " ".join(str(error).split("\n", 2)[:2]).replace("\t", "")
            raise ModelUnavailable(
                f"the adapter {adapter_dir!r} does not fit {self.name!r}: {reason}"
            ) from error

    def _take_back(self) -> None:
        """The base as it was lent, also from an adapter that failed half-way into it."""
        base: Any = self._base
        for path, layer in list(base.named_modules()):
            if isinstance(layer, BaseTunerLayer):
                base.set_submodule(path, layer.get_base_layer())
        if hasattr(self._base, "peft_config"):
            del self._base.peft_config
        self._base.activation_checkpointing_disable()
        # Training leaves the base's own dropout switched on.
        self._base.eval().requires_grad_(False)


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
        # Flat, because a single number has no last dimension that could be read as bytes.
        digest.update(tensor.detach().cpu().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
