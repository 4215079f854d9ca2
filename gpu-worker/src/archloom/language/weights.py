"""What a model's weight files hold, from their headers alone: no tensor is read, and torch is not imported.

A safetensors file is 8 bytes (the header's length, little-endian), a JSON header of that length with each
tensor's type, shape and offsets, and the data. That is enough to tell a download that broke off from a model.
"""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from archloom.language.interface import ModelUnavailable

SINGLE_FILE: Final = "model.safetensors"
INDEX_FILE: Final = "model.safetensors.index.json"
MAX_HEADER_BYTES: Final = 100_000_000  # the format's own limit


@dataclass(frozen=True)
class TensorHeader:
    dtype: str
    """As safetensors writes it: F32, BF16, U8, ..."""
    shape: tuple[int, ...]

    @property
    def elements(self) -> int:
        return math.prod(self.shape)

    @property
    def is_packed(self) -> bool:
        """Several quantised numbers share an element, so the shape is not the layer's."""
        return self.dtype in ("U8", "I8", "I32")


@dataclass(frozen=True)
class Weights:
    """All tensors of a model, by name, and the bytes of its files."""

    tensors: Mapping[str, TensorHeader]
    bytes: int

    @property
    def parameters(self) -> int:
        return sum(tensor.elements for tensor in self.tensors.values())

    @property
    def are_half(self) -> bool:
        """Most of them are kept in 16 bits: nothing is lost by loading them so."""
        half = sum(tensor.elements for tensor in self.tensors.values() if tensor.dtype in ("BF16", "F16"))
        return 2 * half > self.parameters


def read_weights(folder: Path) -> Weights:
    """Raises ModelUnavailable, naming the file: no weights, a missing shard, a broken header, a file cut
    short, a tensor that is in no file."""
    index = folder / INDEX_FILE
    if not index.is_file():
        file = folder / SINGLE_FILE
        if not file.is_file():
            raise ModelUnavailable(_no_weights(folder))
        return Weights(_read_header(file), file.stat().st_size)
    placed = read_index(index)
    shards = sorted(set(placed.values()))
    missing = [shard for shard in shards if not (folder / shard).is_file()]
    if missing:
        raise ModelUnavailable(
            f"{len(missing)} of {len(shards)} weight files are missing, {missing[0]} for one: "
            "download the model again"
        )
    tensors: dict[str, TensorHeader] = {}
    for shard in shards:
        tensors |= _read_header(folder / shard)
    lost = [name for name in placed if name not in tensors]
    if lost:
        raise ModelUnavailable(f"the tensor {lost[0]} should lie in {placed[lost[0]]} and does not")
    return Weights(tensors, sum((folder / shard).stat().st_size for shard in shards))


def to_tensors(header: Mapping[str, Any]) -> dict[str, TensorHeader]:
    """The tensors of a parsed header. Raises KeyError, TypeError or ValueError where it is none."""
    return {
        name: TensorHeader(str(entry["dtype"]), tuple(int(size) for size in entry["shape"]))
        for name, entry in header.items()
        if name != "__metadata__"
    }


def _read_header(file: Path) -> dict[str, TensorHeader]:
    size = file.stat().st_size
    try:
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > min(size - 8, MAX_HEADER_BYTES):
                raise ValueError(f"it claims {length:,} bytes of a file of {size:,}")
            header = json.loads(stream.read(length))
        tensors = to_tensors(header)
        end = max(
            (entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"), default=0
        )
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        struct.error,
    ) as error:
        raise ModelUnavailable(
            f"{file.name} has a broken safetensors header ({error}): download it again"
        ) from error
    if size != 8 + length + end:
        raise ModelUnavailable(
            f"{file.name} has {size:,} bytes where its header says {8 + length + end:,}: download it again"
        )
    return tensors


def read_index(index: Path) -> dict[str, str]:
    """The file of each tensor."""
    try:
        placed: dict[str, str] = json.loads(index.read_bytes())["weight_map"]
        if not placed:
            raise ValueError("it names no tensors")
        for shard in set(placed.values()):
            if Path(shard).name != shard:
                raise ValueError(f"it names the file {shard!r} outside the folder")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelUnavailable(f"{index.name} is broken ({error}): download it again") from error
    return placed


def _no_weights(folder: Path) -> str:
    pickled = next((file.name for file in sorted(folder.glob("*.bin"))), None)
    if pickled is not None:
        return (
            f"its weights are pickled ({pickled}), which is code and is not run here: "
            "take a version with safetensors"
        )
    return f"it has no {SINGLE_FILE}"
