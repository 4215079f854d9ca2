"""Checks of the language model on a card: 4-bit weights, writing, one step of fine-tuning."""

# pyright: reportUnknownMemberType=false
# torch and transformers annotate only part of what they offer.

from __future__ import annotations

import importlib.util
import math
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from archloom.gpu_check.outcome import Skipped, expect
from archloom.language.client import LanguageClient
from archloom.language.interface import (
    FinetuneRequest,
    FinetuneStep,
    GenerateRequest,
    Quantization,
    TrainingPair,
)
from archloom.sandbox.device import choose_devices

PROMPT = "import torch\nimport torch.nn as nn\n"
PROGRAMS = 4
NEW_TOKENS = 64
_STARTER = Path(__file__).parents[1] / "language" / "starter"


class Bench:
    """A small random Llama in a folder, and a language process."""

    def __init__(self, folder: Path, quantization: Quantization) -> None:
        self._model, self._adapter = folder / "model", folder / "adapter"
        self._quantization: Quantization = quantization
        self._client = LanguageClient()
        make_tiny_llama(self._model)

    def loads(self) -> str:
        from archloom.language.model import LanguageModel

        model = LanguageModel(str(self._model), self._quantization)
        parameters = model.facts.sizes.parameters
        seen = f"{parameters:,} parameters held as {model.kind} on {model.device}: {model.held_bytes:,} bytes"
        expect(model.kind == "nf4" and model.held_bytes < 2 * parameters, seen)
        return f"{seen}, {2 * parameters:,} in 16 bits"

    def writes(self) -> str:
        request = GenerateRequest(
            model=str(self._model),
            adapter_dir=None,
            prompt=PROMPT,
            count=PROGRAMS,
            seed=0,
            temperature=1.0,
            top_p=1.0,
            top_k=0,
            max_new_tokens=NEW_TOKENS,
            quantization=self._quantization,
        )
        first, again = (self._client.generate(request, lambda _: None, _never) for _ in range(2))
        tokens = sum(program.tokens for program in again.programs)
        seconds = max(program.seconds for program in again.programs)
        is_same = [program.text for program in first.programs] == [program.text for program in again.programs]
        same = "the same" if is_same else "other"
        seen = f"{tokens} tokens in {seconds:.2f} s; the same seed gives {same} programs"
        expect(tokens > 0 and is_same, seen)
        return seen

    def trains(self) -> str:
        steps: list[FinetuneStep] = []
        request = FinetuneRequest(
            model=str(self._model),
            pairs=[TrainingPair(PROMPT, "class Net(nn.Module):\n    pass\n", f"pair {i}") for i in range(4)],
            seed=0,
            output_dir=str(self._adapter),
            rank=8,
            alpha=16,
            dropout=0.05,
            target_modules=["all-linear"],
            learning_rate=1e-3,
            schedule="constant",
            warmup_steps=0,
            weight_decay=0.01,
            batch_size=1,
            gradient_accumulation=2,
            steps=2,
            epochs=None,
            max_grad_norm=1.0,
            quantization=self._quantization,
        )
        result = self._client.finetune(request, steps.append, _never)
        seen = ", ".join(f"loss {step.loss:.3f} with gradient {step.grad_norm:.3f}" for step in steps)
        files = sorted(path.name for path in self._adapter.iterdir())
        expect(
            len(steps) == 2
            and all(math.isfinite(step.loss) and step.grad_norm > 0 for step in steps)
            and "adapter_model.safetensors" in files,
            f"{seen}, files {files}",
        )
        return f"{seen}, {result.seconds:.1f} s"

    def close(self) -> None:
        self._client.close()


CHECKS = {
    "4-bit NF4 load": Bench.loads,
    "generation": Bench.writes,
    "a LoRA step": Bench.trains,
}


@contextmanager
def open_bench(quantization: Quantization = "nf4") -> Generator[Bench, None, None]:
    """Raises Skipped, NoCard."""
    choose_devices("cuda")
    if importlib.util.find_spec("bitsandbytes") is None:
        raise Skipped("bitsandbytes is not installed (pip install bitsandbytes)")
    with TemporaryDirectory(prefix="archloom-gpu-check-") as folder:
        bench = Bench(Path(folder), quantization)
        try:
            yield bench
        finally:
            bench.close()


def make_tiny_llama(folder: Path) -> None:
    """Random weights with the starter's tokenizer; layers wide enough for blocks of 64 4-bit values."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=768,
        hidden_size=256,
        intermediate_size=512,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=512,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(_STARTER / name, folder / name)


def _never() -> bool:
    return False
