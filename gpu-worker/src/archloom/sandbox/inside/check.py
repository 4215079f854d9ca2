"""Does it build, does it map a batch to (N, classes), and how large is it?

First on the meta device, where a network of any size costs nothing: sizes are known before memory is touched
(one sampled `nn.Linear` kept a checker without this busy for 100 s). The meta device only guards: it refuses
a few things a processor does, and words errors oddly, so when it fails the real device has the last word.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false
# torch's operator overloads and registries carry no types.

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from archloom.recipes.protocol import Recipe

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
class Size:
    parameters: int
    multiply_adds: int
    """Of one forward pass of one image; convolutions and matrix products only."""


def check_network(construct: Construct, recipe: Recipe, real_pass: bool = False) -> Size:
    """Sizes of the network that `construct(device)` makes. `real_pass` also maps a batch on the real device.

    Raises TooLarge, or StageError from whatever the program raised, or from WrongOutput.
    """
    try:
        size = _pass(construct, recipe, torch.device("meta"))
    except StageError as error:
        if isinstance(error.__cause__, (SystemExit, MemoryError)):
            raise
        return _pass(construct, recipe, torch.device("cpu"))
    if real_pass:
        _pass(construct, recipe, torch.device("cpu"))
    return size


def _pass(construct: Construct, recipe: Recipe, device: torch.device) -> Size:
    limits = recipe.limits
    stage = Stage.CONSTRUCT
    try:
        with device:
            net = construct(device)
            check_parameters(net, limits.parameters)
            stage = Stage.FORWARD
            images = torch.zeros(CHECK_BATCH, *recipe.in_shape)
            with torch.no_grad(), _Meter(limits.multiply_adds, limits.activation_bytes) as meter:
                output = net(images)
            meter.check()
            check_output(output, CHECK_BATCH, recipe.classes)
            # Again: lazy layers have no parameters before they have seen a batch.
            return Size(check_parameters(net, limits.parameters), meter.multiply_adds // CHECK_BATCH)
    except TooLarge:
        raise
    except BaseException as error:
        raise StageError(stage) from error


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
    """Adds up multiply-adds and bytes produced by each operation, and stops the pass when either is too
    much."""

    def __init__(self, multiply_adds: int | None, activation_bytes: int | None) -> None:
        super().__init__()
        self._multiply_adds_limit = multiply_adds
        self._bytes_limit = activation_bytes
        self.multiply_adds = 0
        self._bytes = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        output = func(*args, **kwargs)
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
