"""Does it build, does it map a batch to (N, classes), how large is it, and what is its structure?

What is to be trained is mapped on the meta device first, where a network of any size costs nothing: sizes are
known before memory is touched (one sampled `nn.Linear` kept a checker without this busy for 100 s). The meta
device only guards: it refuses a few things a processor does, and words errors oddly, so when it fails the
real device has the last word.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false
# torch's operator overloads and registries carry no types.

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from archloom.recipes.protocol import Recipe
from archloom.sandbox.inside.fingerprint import fingerprint
from archloom.sandbox.inside.graph import Recorder
from archloom.sandbox.inside.meta_results import meta_result

CHECK_BATCH = 2

Construct = Callable[[torch.device], nn.Module]


class TooLarge(BaseException):
    """A size limit is exceeded. Not an Exception: a program's own `except Exception` must not swallow it."""


class WrongOutput(Exception):
    """The network runs, but what it returns is not (N, classes)."""


class Stage:
    """Where the work is; an error means something else while constructing than while mapping a batch."""

    DEFINE = "define"
    CONSTRUCT = "construct"
    FORWARD = "forward"
    TRAIN = "train"
    MEASURE = "measure"


class StageError(Exception):
    """Carries the stage of its cause."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


@dataclass(frozen=True)
class Built:
    """What is known of a network that maps a batch to (N, classes)."""

    parameters: int
    multiply_adds: int
    """Of one forward pass of one image; convolutions and matrix products only."""
    fingerprint: str | None
    """Of its structure; None where it does something that the recorder does not understand."""


def check_network(construct: Construct, recipe: Recipe, is_last_word: bool = False) -> Built:
    """Checks the network that `construct(device)` makes. `is_last_word`: nothing is trained afterwards, so
    that a batch is mapped on the real device at once, which finds everything the meta device does.

    Raises TooLarge, or StageError from whatever the program raised, or from WrongOutput.
    """
    if not is_last_word:
        try:
            return trace(construct, recipe, torch.device("meta"))
        except StageError as error:
            if isinstance(error.__cause__, (SystemExit, MemoryError)):
                raise
    return trace(construct, recipe, torch.device("cpu"))


def trace(construct: Construct, recipe: Recipe, device: torch.device) -> Built:
    """One pass in training mode; the fingerprint is the same on every device. Raises as `check_network`."""
    limits = recipe.limits
    stage = Stage.CONSTRUCT
    try:
        with device:
            net = construct(device)
            check_parameters(net, limits.parameters)
            stage = Stage.FORWARD
            images = torch.zeros(CHECK_BATCH, *recipe.in_shape)
            recorder = Recorder()
            if any(is_lazy(parameter) for parameter in net.parameters()):
                # What lazy layers make of themselves at their first batch is no part of the network.
                _map(net, images, _Meter(limits.multiply_adds, limits.activation_bytes))
            meter = _Meter(limits.multiply_adds, limits.activation_bytes, recorder)
            output = check_output(_map(net, images, meter), CHECK_BATCH, recipe.classes)
            # Again: lazy layers have no parameters before they have seen a batch.
            parameters = check_parameters(net, limits.parameters)
            structure = recorder.value_of(output)
            return Built(
                parameters,
                meter.multiply_adds // CHECK_BATCH,
                fingerprint(recorder.nodes, structure) if structure else None,
            )
    except TooLarge:
        raise
    except BaseException as error:
        raise StageError(stage) from error


def _map(net: nn.Module, images: Tensor, meter: _Meter) -> object:
    # A network that decides by chance which way to go goes the same way whatever the candidate's seed.
    random.seed(0)
    torch.default_generator.manual_seed(0)
    with torch.no_grad(), meter.recorder or nullcontext(), meter:
        if meter.recorder:
            meter.recorder.start(images)
        output = net(images)
    meter.check()
    return output


def check_parameters(net: nn.Module, limit: int | None) -> int:
    """Number of parameters that exist. Raises TooLarge."""
    count = sum(parameter.numel() for parameter in net.parameters() if not is_lazy(parameter))
    if limit is not None and count > limit:
        raise TooLarge(f"{count:,} parameters; the recipe allows {limit:,}")
    return count


def check_output(output: object, images: int, classes: int) -> Tensor:
    """The output, if it is a tensor of shape (images, classes). Raises WrongOutput."""
    if not isinstance(output, Tensor):
        raise WrongOutput(f"forward returned {type(output).__name__}, not a tensor")
    if tuple(output.shape) != (images, classes):
        raise WrongOutput(f"forward returned shape {tuple(output.shape)}, expected {(images, classes)}")
    return output


class _Meter(TorchDispatchMode):
    """Adds up multiply-adds and bytes produced by each operation, stops the pass when either is too much, and
    shows each operation to the recorder."""

    def __init__(
        self, multiply_adds: int | None, activation_bytes: int | None, recorder: Recorder | None = None
    ) -> None:
        super().__init__()
        self.recorder = recorder
        self._multiply_adds_limit = multiply_adds
        self._bytes_limit = activation_bytes
        self.multiply_adds = 0
        self._bytes = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        recorder = self.recorder
        call = recorder and recorder.before(func, args, kwargs)
        output = meta_result(func, args, kwargs)
        if output is None:
            output = func(*args, **kwargs)
        if recorder:
            recorder.after(call, output)
        count = flop_registry.get(func._overloadpacket)
        if count is not None:
            self.multiply_adds += count(*args, **kwargs, out_val=output) // 2
        # A view or an in-place result takes no memory of its own.
        if all(value.alias_info is None for value in func._schema.returns):
            tensors = (leaf for leaf in tree_leaves(output) if isinstance(leaf, Tensor))
            self._bytes += sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        self.check()
        return output

    def check(self) -> None:
        """Raises TooLarge."""
        limit = self._multiply_adds_limit
        if limit is not None and self.multiply_adds // CHECK_BATCH > limit:
            raise TooLarge(f"more than {limit:,} multiply-adds an image; the recipe allows no more")
        limit = self._bytes_limit
        if limit is not None and self._bytes // CHECK_BATCH > limit:
            raise TooLarge(
                f"more than {limit // 2**20} MiB of activations an image; the recipe allows no more"
            )
