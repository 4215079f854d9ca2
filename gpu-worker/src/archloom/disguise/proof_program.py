"""Runs in the jail, as a program like any other: do two networks compute the same?

Their parameters are matched in several orders (as they are registered, as forward meets them, as the
gradient graph reaches them), one network's are copied into the other, and both map the same batch: in
training mode, back to the input's gradient, and in evaluation mode. Chance is taken out first: dropout is
a factor that depends on its probability alone. No fingerprint has any part in this.

Equal results under one matching prove that the two are the same network. They are different if the shapes of
the parameters that reach their outputs are, or if the results differ under every matching.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false
# torch's autograd graph carries no types.

from __future__ import annotations

import inspect
import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

IMAGES = 3
SAME_WITHIN = 1e-3
DIFFERENT_BEYOND = 2e-2
# Of the parameters' own size. Makes scales and shifts of normalisation unequal, so that none can stand for
# another.
NOISE = 0.2


def compare(first: str, second: str, in_shape: tuple[int, ...], classes: int, prm: dict[str, float]) -> str:
    """`same`, `different` or why neither was shown."""
    _take_out_chance()
    networks: list[nn.Module] = []
    for code in (first, second):
        try:
            torch.manual_seed(0)
            networks.append(_construct(code, in_shape, classes, prm))
        except Exception as error:
            return f"does not build: {type(error).__name__}"
    torch.manual_seed(1)
    images = torch.randn(IMAGES, *in_shape)
    for parameter in networks[0].parameters():
        scale = parameter.detach().abs().mean() + 0.1
        parameter.data += NOISE * scale * torch.randn(parameter.shape)
    try:
        orders = [list(_orders(network, images)) for network in networks]
    except Exception as error:
        return f"does not run: {type(error).__name__}"
    if _shapes(orders[0][0]) != _shapes(orders[1][0]):
        return "different"
    return _compare_results(networks, orders, images)


def _compare_results(networks: list[nn.Module], orders: list[list[list[Tensor]]], images: Tensor) -> str:
    expected: list[Tensor] | None = None
    distances: list[float] = []
    for left, right in zip(*orders, strict=True):
        if [parameter.shape for parameter in left] != [parameter.shape for parameter in right]:
            continue
        with torch.no_grad():
            for source, target in zip(left, right, strict=True):
                target.copy_(source)
        try:
            expected = expected or _results(networks[0], images)
            distances.append(_distance(expected, _results(networks[1], images)))
        except Exception as error:
            return f"cannot be trained: {type(error).__name__}"
        if distances[-1] < SAME_WITHIN:
            return "same"
    if distances and min(distances) > DIFFERENT_BEYOND:
        return "different"
    return "undecided"


def _construct(code: str, in_shape: tuple[int, ...], classes: int, prm: dict[str, float]) -> nn.Module:
    names: dict[str, Any] = {"torch": torch, "nn": nn, "F": functional, "math": math, "__name__": "network"}
    exec(compile(code, "network", "exec"), names)
    net = names["Net"]
    given = inspect.signature(net).parameters.values()
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    if any(parameter.default is parameter.empty and parameter.kind not in kinds for parameter in given):
        return net((IMAGES, *in_shape), (classes,), dict(prm), torch.device("cpu"))
    return net()


def _take_out_chance() -> None:
    def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        return input * (1 - p / 3) if training else input

    for name in ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"):
        setattr(functional, name, dropout)


def _results(network: nn.Module, images: Tensor) -> list[Tensor]:
    """What it makes of the images in training mode, the gradient there, and then in evaluation mode."""
    torch.manual_seed(2)
    for module in network.modules():
        reset = getattr(module, "reset_running_stats", None)
        if callable(reset):
            reset()
    given = images.clone().requires_grad_()
    network.train()
    # A leaf must not be changed in place, and a network may begin so.
    trained = network(given + 0)
    (trained * _weights(trained)).sum().backward()
    gradient = given.grad
    network.eval()
    with torch.no_grad():
        evaluated = network(images.clone())
    return [trained.detach(), torch.zeros_like(images) if gradient is None else gradient, evaluated]


def _weights(output: Tensor) -> Tensor:
    return torch.linspace(-1, 1, output.numel()).view_as(output)


def _distance(left: list[Tensor], right: list[Tensor]) -> float:
    """The largest deviation, relative to the size of the values."""
    return max(
        float((one - other).abs().max() / (one.abs().max() + 1e-6))
        for one, other in zip(left, right, strict=True)
    )


def _shapes(parameters: list[Tensor]) -> list[tuple[int, ...]]:
    return sorted(tuple(parameter.shape) for parameter in parameters)


def _orders(network: nn.Module, images: Tensor) -> Iterator[list[Tensor]]:
    """The parameters that reach the output, in three orders."""
    network.train()
    with torch.no_grad():
        # Lazy layers become what they are.
        network(images.clone())
    meetings = _Meetings()
    with meetings:
        output = network(images.clone())
    reached = _reached(output)
    known = {id(parameter) for parameter in reached}
    yield [parameter for parameter in network.parameters() if id(parameter) in known]
    yield [parameter for parameter in meetings.parameters if id(parameter) in known]
    yield reached


class _Meetings(TorchFunctionMode):
    """Notes parameters in the order in which functions are given them."""

    def __init__(self) -> None:
        super().__init__()
        self.parameters: list[Tensor] = []
        self._seen: set[int] = set()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self._note((args, kwargs or {}))
        return func(*args, **(kwargs or {}))

    def _note(self, given: Any) -> None:
        if isinstance(given, nn.Parameter):
            if id(given) not in self._seen:
                self._seen.add(id(given))
                self.parameters.append(given)
        elif isinstance(given, (list, tuple)):
            for item in given:
                self._note(item)
        elif isinstance(given, dict):
            self._note(tuple(given.values()))


def _reached(output: Tensor) -> list[Tensor]:
    """Parameters in the order in which a walk back from the output meets them; the operands of sums and
    products are visited in an order that does not depend on how they were written."""
    looks: dict[Any, int] = {}

    def look(node: Any) -> int:
        if node not in looks:
            shape = tuple(node.variable.shape) if hasattr(node, "variable") else ()
            below = [look(child) for child, _ in node.next_functions if child is not None]
            kernel = str(getattr(node, "_saved_stride", "")) + str(getattr(node, "_saved_padding", ""))
            looks[node] = hash((node.name(), shape, kernel, tuple(sorted(below) if _is_sum(node) else below)))
        return looks[node]

    found: list[Tensor] = []
    seen: set[Any] = set()

    def walk(node: Any) -> None:
        if node is None or node in seen:
            return
        seen.add(node)
        if hasattr(node, "variable"):
            found.append(node.variable)
        children = [child for child, _ in node.next_functions if child is not None]
        for child in sorted(children, key=look) if _is_sum(node) else children:
            walk(child)

    sys.setrecursionlimit(20_000)
    walk(output.grad_fn)
    return found


def _is_sum(node: Any) -> bool:
    return node.name().startswith(("AddBackward", "MulBackward"))


def say(decide: Callable[[], str]) -> None:
    """Prints the answer and ends the process: there is no network of its own to build."""
    answer = "failed"
    with suppress(Exception):
        answer = decide()
    print(json.dumps({"answer": answer}), flush=True)
    sys.exit()
