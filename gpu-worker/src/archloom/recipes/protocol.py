"""What every recipe says about itself.

This file and the recipe files are also loaded inside the jail, so they import torch only inside functions and
nothing of the rest of the package at the top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

    from archloom.datasets.evaluation_data import Array, EvaluationData

MIB = 1024 * 1024
GIB = 1024 * MIB

DeviceKind = Literal["cpu", "cuda"]


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
    """Address space that the candidate may add to what it starts with; resident memory on a graphics card,
    since CUDA reserves address space without end."""
    card_memory_bytes: int = 8 * 1024 * MIB
    """Of a graphics card. Held by torch's allocator, which a program can talk out of it."""
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
    description: str
    """One sentence for a person who chooses a recipe."""
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
    """Runs once in the jail: raw training and test images to the tensors that every candidate starts with."""
    train: Callable[[nn.Module, Batches, Mapping[str, float]], Losses]
    """Runs in the jail: one epoch for a candidate without training methods of its own."""
    dataset: str | None = None
    """Name of its data set in `archloom.datasets`; None for data that the installation brings."""
    data_bytes: int = 0
    """What the images take in the jail, whose memory limit counts them."""
    augment: Callable[[Tensor, Generator], Tensor] | None = None
    """Runs in the jail on each training batch, before `view`. The generator is on the processor, so that a
    seed means the same epoch everywhere."""
    view: Callable[[Tensor], Tensor] | None = None
    """Runs in the jail on each batch of training and of test images: what `prepare` made to what the network
    sees. Bytes become floats here, a batch at a time. None: they are the same."""
    test_batch_size: int = 1000
    """Images of one forward pass over the test images."""
    card_limits: Limits | None = None
    """Limits on a graphics card. None: evaluated on the processor even where there is one."""

    def on(self, kind: DeviceKind) -> Recipe:
        """The same recipe with the limits of that device."""
        return replace(self, limits=self.card_limits or self.limits) if kind == "cuda" else self
