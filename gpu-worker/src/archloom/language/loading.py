"""Getting weights into memory: on which device, in which type, and whether they fit at all."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# torch and transformers annotate only part of what they offer.

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, GenerationConfig, PreTrainedModel

from archloom.language.estimate import WeightType, held_bytes, in_words, weights_bytes
from archloom.language.facts import ModelFacts
from archloom.language.interface import ModelUnavailable, Quantization
from archloom.language.memory import available_bytes, total_bytes

NF4_FROM_SHARE: Final = 0.6  # of the card: what is left is for programs being written and for fine-tuning
_DTYPES: Final[dict[WeightType, torch.dtype]] = {
    "fp32": torch.float32,
    "bf16": torch.bfloat16,
    "nf4": torch.bfloat16,
    "stored": torch.bfloat16,
}


@dataclass(frozen=True)
class LoadPlan:
    device: torch.device
    kind: WeightType
    needed_bytes: int
    available_bytes: int

    @property
    def where(self) -> str:
        return "the card" if self.device.type == "cuda" else "the worker's machine"


def plan_loading(facts: ModelFacts, quantization: Quantization, freed_bytes: int = 0) -> LoadPlan:
    """`freed_bytes`: of a loaded model that makes room. Raises ModelUnavailable for NF4 asked for in vain."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    available = available_bytes(device) + freed_bytes
    if quantization == "nf4":
        _assert_nf4(device)
    kind = _weight_type(facts, quantization, device, available)
    return LoadPlan(device, kind, held_bytes(facts.sizes, kind), available)


def assert_fits(facts: ModelFacts, plan: LoadPlan) -> None:
    """Raises ModelUnavailable: the system would end the worker, and this machine's other work with it."""
    if plan.needed_bytes > plan.available_bytes:
        raise ModelUnavailable(
            f"its {facts.sizes.parameters:,} parameters in {plan.kind} need about "
            f"{in_words(plan.needed_bytes)} of memory, and {in_words(plan.available_bytes)} are free on "
            f"{plan.where}: take a smaller model"
        )


def load_weights(facts: ModelFacts, folder: Path, plan: LoadPlan) -> PreTrainedModel:
    """Frozen, on its device. Raises ModelUnavailable if the files lack a tensor."""
    options: dict[str, Any] = {"dtype": _DTYPES[plan.kind]}
    if plan.kind == "nf4":
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
    if plan.device.type == "cuda" or plan.kind == "stored":
        # Straight to the card: the host may have less memory than the card.
        options["device_map"] = {"": plan.device}
    loaded: Any = AutoModelForCausalLM.from_pretrained(
        folder, trust_remote_code=False, use_safetensors=True, output_loading_info=True, **options
    )
    base, told = loaded
    missing: list[str] = sorted(told["missing_keys"])
    if missing:
        # transformers would go on with random numbers in their place.
        raise ModelUnavailable(f"its files lack {len(missing)} of its tensors, {missing[0]} for one")
    # What a model's authors recommend (a repetition penalty, say) would silently change a run's settings.
    stated = base.generation_config
    base.generation_config = GenerationConfig(
        bos_token_id=stated.bos_token_id,
        eos_token_id=stated.eos_token_id,
        pad_token_id=stated.pad_token_id,
    )
    return base.eval().requires_grad_(False)


def _weight_type(
    facts: ModelFacts, quantization: Quantization, device: torch.device, available: int
) -> WeightType:
    if facts.is_quantised:
        return "stored"
    if device.type == "cuda":
        fills = weights_bytes(facts.sizes, "bf16") > NF4_FROM_SHARE * total_bytes(device)
        wanted = quantization == "nf4" or (quantization == "auto" and fills and _has_bitsandbytes())
        return "nf4" if wanted else "bf16"
    fits = held_bytes(facts.sizes, "fp32") <= available
    return "bf16" if facts.weights.are_half and not fits else "fp32"


def _assert_nf4(device: torch.device) -> None:
    if device.type != "cuda":
        raise ModelUnavailable(
            "4-bit weights (nf4) need an NVIDIA card, and the worker has none: set quantization to auto"
        )
    if not _has_bitsandbytes():
        raise ModelUnavailable(
            "4-bit weights (nf4) need the package bitsandbytes in the worker's environment: "
            "pip install bitsandbytes, or set quantization to none"
        )


def _has_bitsandbytes() -> bool:
    return importlib.util.find_spec("bitsandbytes") is not None
