"""Parse, build, check, train for one epoch, and say which class each test image looks like.

The program's exceptions end here: each becomes an outcome.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import math
import sys
import time
from collections.abc import Callable, Mapping
from types import CodeType, ModuleType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from archloom.recipes.protocol import Losses, Recipe
from archloom.sandbox.inside.check import (
    Stage,
    StageError,
    check_network,
    check_output,
)
from archloom.sandbox.inside.device import DeviceFailed, move_to_device, wait_for_device
from archloom.sandbox.inside.errors import (
    CANDIDATE_FILE,
    EmptyProgram,
    NotFinite,
    WrongClass,
    describe_error,
    outcome_of,
)
from archloom.sandbox.inside.warm import Workbench, seed_everything

# Names that a program may use without importing them, as language models habitually do.
PREAMBLE: Mapping[str, object] = {"torch": torch, "nn": nn, "F": functional, "math": math}

Said = dict[str, Any]


def judge(
    code: str, seed: int, check_only: bool, workbench: Workbench, report: Callable[[Said], None]
) -> Said:
    """The verdict, as a JSON object. `report` tells each step as it is reached, for programs that never
    end. Raises DeviceFailed, which is the machine's fault."""
    try:
        compiled = _parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError, EmptyProgram) as error:
        return {"outcome": "parse_error", "error": describe_error(error)}
    report({"parsed": True})
    said: Said = {}
    stage = Stage.DEFINE
    try:
        seed_everything(seed)
        net_class = _define(compiled, code)
        construct = _constructor(net_class, workbench.recipe)
        said |= vars(check_network(construct, workbench.recipe, is_last_word=check_only))
        report({"built": True, **said})
        if check_only:
            return {"outcome": "ok", **said}
        workbench = move_to_device(workbench)
        stage = Stage.TRAIN
        seed_everything(seed)
        net = construct(workbench.device)
        if workbench.device.type != "cpu":
            net = net.to(workbench.device)
        said |= _train(net, seed, workbench)
        stage = Stage.MEASURE
        said["predictions"] = _predict(net, workbench)
    except DeviceFailed:
        raise
    except StageError as error:
        cause = error.__cause__ or error
        return {**said, "outcome": outcome_of(cause, error.stage), "error": describe_error(cause)}
    except BaseException as error:
        said.pop("predictions", None)
        return {**said, "outcome": outcome_of(error, stage), "error": describe_error(error)}
    return {"outcome": "ok", **said}


def _parse(code: str) -> CodeType:
    tree = ast.parse(code, CANDIDATE_FILE)
    if not tree.body:
        raise EmptyProgram("the program is empty")
    return compile(tree, CANDIDATE_FILE, "exec", dont_inherit=True)


def _define(compiled: CodeType, code: str) -> type[nn.Module]:
    """Run the program's module body. Raises what it raises, or WrongClass."""
    module = ModuleType("candidate")
    vars(module).update(PREAMBLE)
    sys.modules["candidate"] = module
    linecache.cache[CANDIDATE_FILE] = (len(code), None, code.splitlines(keepends=True), CANDIDATE_FILE)
    exec(compiled, vars(module))
    net_class = vars(module).get("Net")
    if net_class is None:
        raise WrongClass("the program defines no class Net")
    if not (isinstance(net_class, type) and issubclass(net_class, nn.Module)):
        raise WrongClass("Net is not a subclass of torch.nn.Module")
    return net_class


def _constructor(net_class: type[nn.Module], recipe: Recipe) -> Callable[[torch.device], nn.Module]:
    """How to make a Net: LEMUR's contract, `Net(in_shape, out_shape, prm, device)`, or plain `Net()`."""
    parameters = inspect.signature(net_class).parameters
    needed = [
        parameter
        for parameter in parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]

    def construct(device: torch.device) -> nn.Module:
        if needed or "in_shape" in parameters:
            in_shape = (recipe.batch_size, *recipe.in_shape)
            net = net_class(in_shape, (recipe.classes,), dict(recipe.prm), device)
        else:
            net = net_class()
        return _assert_module(net)

    return construct


def _assert_module(net: object) -> nn.Module:
    """A class may make something else of itself. Raises WrongClass."""
    if not isinstance(net, nn.Module):
        raise WrongClass(f"Net() made a {type(net).__name__}")
    return net


class _Epoch:
    """One pass over the training images, augmented, in an order that follows from the seed. The last, partial
    batch is dropped."""

    def __init__(self, workbench: Workbench, seed: int) -> None:
        self._workbench = workbench
        size = workbench.recipe.batch_size
        self._random = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(workbench.train_images), generator=self._random)
        self._batches = order[: len(order) // size * size].view(-1, size).to(workbench.device)
        self.delivered = 0

    def __iter__(self) -> _Epoch:
        return self

    def __next__(self) -> tuple[Tensor, Tensor]:
        if self.delivered >= len(self._batches):
            raise StopIteration
        chosen = self._batches[self.delivered]
        self.delivered += 1
        images = self._workbench.train_images[chosen]
        return self._workbench.training_view(images, self._random), self._workbench.train_labels[chosen]

    def __len__(self) -> int:
        return len(self._batches)


def _train(net: nn.Module, seed: int, workbench: Workbench) -> Said:
    recipe = workbench.recipe
    epoch = _Epoch(workbench, seed)
    learn = getattr(net, "learn", None)
    losses: Losses | None = None
    wall, cpu = time.perf_counter(), time.process_time()
    if callable(learn):
        train_setup = getattr(net, "train_setup", None)
        if callable(train_setup):
            train_setup(dict(recipe.prm))
        learn(epoch)
    else:
        losses = recipe.train(net, epoch, recipe.prm)
    wait_for_device(workbench.device)
    said: Said = {
        "train_seconds": time.perf_counter() - wall,
        "train_cpu_seconds": time.process_time() - cpu,
        "batches_delivered": epoch.delivered,
    }
    if losses is not None:
        if not (math.isfinite(losses.first) and math.isfinite(losses.last)):
            raise NotFinite("the training loss became NaN or infinite")
        said |= {"train_loss_first": losses.first, "train_loss_last": losses.last}
    return said


def _predict(net: nn.Module, workbench: Workbench) -> list[int]:
    """One pass over all test images in evaluation mode. Raises WrongOutput, NotFinite."""
    net.eval()
    predicted: list[int] = []
    size = workbench.recipe.test_batch_size
    with torch.no_grad():
        for start in range(0, len(workbench.test_images), size):
            images = workbench.test_images[start : start + size]
            output = check_output(net(workbench.view(images)), len(images), workbench.recipe.classes)
            if not torch.isfinite(output).all():
                raise NotFinite("the network's output has NaN or infinite values")
            predicted += _as_list(output.argmax(dim=1))
    return predicted


def _as_list(indices: Any) -> list[int]:
    return indices.tolist()
