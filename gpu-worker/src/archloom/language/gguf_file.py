"""Models in one .gguf file, llama.cpp's format: unpacked once, then an ordinary model folder.

Packed weights would compute as slowly as they are small, and could carry no merged adapter. The copy lies in
ARCHLOOM_HOME/models under the file's name and a digest; it may be deleted at any time.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import hashlib
import importlib.util
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GgufConfig, PretrainedConfig
from transformers.integrations.gguf.reader import GgufHeader, read_gguf_metadata

from archloom.language.estimate import in_words
from archloom.language.interface import ModelUnavailable
from archloom.language.weights import TensorHeader, Weights

HOME_VARIABLE: Final = "ARCHLOOM_HOME"
_DIGESTED_BYTES: Final = 2**20


@dataclass(frozen=True)
class GgufFacts:
    config: PretrainedConfig
    weights: Weights
    tokens: int
    has_chat_template: bool


def read_gguf(file: Path) -> GgufFacts:
    """From the file's header. Raises ModelUnavailable: no GGUF, a kind that is unknown here, cut short."""
    _assert_readable()
    try:
        header = GgufHeader.from_file(str(file))
        metadata, _ = read_gguf_metadata(str(file))
        end = max(header.data_start + tensor.offset + tensor.nbytes for tensor in header.tensors)
    except (ValueError, KeyError, IndexError, TypeError, struct.error) as error:
        raise ModelUnavailable(f"{file.name} cannot be read as GGUF: {error}") from error
    size = file.stat().st_size
    if size < end:
        raise ModelUnavailable(
            f"{file.name} has {size:,} bytes where its header says {end:,}: download it again"
        )
    config: Any = AutoConfig.from_pretrained(str(file.parent), gguf_file=file.name)
    return GgufFacts(
        config=config,
        weights=Weights({tensor.name: TensorHeader("BF16", tensor.shape) for tensor in header.tensors}, size),
        tokens=int(metadata.get("tokenizer.ggml.tokens", 0)),
        has_chat_template="tokenizer.chat_template" in metadata,
    )


def read_gguf_tokenizer(file: Path) -> Any:
    _assert_readable()
    return AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name)


def find_unpacked(file: Path) -> Path | None:
    folder = _place(file)
    return folder if folder.is_dir() else None


def unpack(file: Path, parameters: int) -> Path:
    """The folder of the unpacked copy, in bf16; made if it is not there. Raises ModelUnavailable."""
    folder = _place(file)
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    needed, free = parameters * 2, shutil.disk_usage(folder.parent).free
    if needed > free:
        raise ModelUnavailable(
            f"its unpacked copy takes {in_words(needed)} and {in_words(free)} are free in {folder.parent}"
        )
    part = Path(tempfile.mkdtemp(prefix=".unpack-", dir=folder.parent))
    try:
        model: Any = AutoModelForCausalLM.from_pretrained(
            str(file.parent),
            gguf_file=file.name,
            dtype=torch.bfloat16,
            quantization_config=GgufConfig(dequantize=True),
        )
        model.save_pretrained(part)
        read_gguf_tokenizer(file).save_pretrained(part)
        if not folder.is_dir():
            part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _place(file: Path) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    if not home:
        raise ModelUnavailable(f"{HOME_VARIABLE} is not set, so its unpacked copy has no place")
    return Path(home) / "models" / f"{file.stem}-{_digest(file)}"


def _digest(file: Path) -> str:
    """Of the size, the beginning and the end: a file of many gigabytes is not read twice."""
    size = file.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with file.open("rb") as stream:
        digest.update(stream.read(_DIGESTED_BYTES))
        stream.seek(max(0, size - _DIGESTED_BYTES))
        digest.update(stream.read())
    return digest.hexdigest()[:12]


def _assert_readable() -> None:
    if importlib.util.find_spec("gguf") is None:
        raise ModelUnavailable(
            "GGUF files need the package gguf: pip install gguf, in the worker's environment"
        )
