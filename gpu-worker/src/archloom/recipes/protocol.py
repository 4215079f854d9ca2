"""What every recipe says about itself.

This file and the recipe files are also loaded inside the jail, so they import torch only inside functions and
nothing of the rest of the package at the top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn

    from archloom.datasets.evaluation_data import Array, EvaluationData

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one candidate may use. `None` means no limit of that kind."""

    parameters: int | None
    multiply_adds: int | None
    """Of one forward pass of one image."""
    activation_bytes: int | None
    """Sum over everything that one forward pass of one image produces."""
    cpu_seconds: int
    """Enforced by the kernel on each process of the candidate, so a busy machine ends nobody early."""
    wall_seconds: float
    """For programs that wait instead of computing."""
    memory_bytes: int = 1024 * MIB
    """Address space that the candidate may add to what it starts with."""
    processes: int = 16
    """Processes a candidate may have at once, itself included."""
    threads: int = 64
    disk_bytes: int = 64 * MIB
    disk_entries: int = 1000
    output_bytes: int = 4 * MIB
    """What it may print before it is ended; only the beginning is kept."""


class Batches(Protocol):
    """One epoch: iterating yields (images, labels) once, a second iteration yields nothing."""

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]: ...
    def __next__(self) -> tuple[Tensor, Tensor]: ...
    def __len__(self) -> int: ...


@dataclass(frozen=True)
class Losses:
    """Training loss of the first and of the last batch."""

    first: float
    last: float


@dataclass(frozen=True)
class Recipe:
    """A named, versioned evaluation protocol: data, resolution, batch, optimiser, epochs, precision."""

    name: str
    version: int
    module: str
    """Import path of the file that defines it; its source travels into the jail."""
    in_shape: tuple[int, int, int]
    """Channels, height, width, as the network sees them."""
    classes: int
    batch_size: int
    prm: Mapping[str, float]
    """Hyper-parameters handed to a candidate of the LEMUR contract."""
    typical_seconds: float
    """CPU seconds that an ordinary candidate takes on one core."""
    limits: Limits
    load: Callable[[], EvaluationData]
    """Runs in the worker. Raises DatasetUnavailable."""
    prepare: Callable[[Array, Array], tuple[Tensor, Tensor]]
    """Runs in the jail: raw training and test images to what the network sees."""
    train: Callable[[nn.Module, Batches, Mapping[str, float]], Losses]
    """Runs in the jail: one epoch for a candidate without training methods of its own."""
