"""What is answered without torch must be what torch answers; what torch refuses must be left to it."""

from typing import Any

import pytest
import torch
from torch import Tensor

from archloom.sandbox.inside.meta_results import meta_result

aten = torch.ops.aten
ACTIVATIONS = (
    *("elu", "gelu", "hardswish", "hardtanh", "leaky_relu", "mish"),
    *("relu", "sigmoid", "silu", "softplus", "tanh"),
)
SHAPES = [(2, 6, 5, 7), (2, 6), (3, 6, 4), (2, 6, 1, 1)]


def empty(*shape: int) -> Tensor:
    return torch.empty(shape, device="meta")


def likeness(result: Any) -> list[tuple[object, ...]]:
    results = [result] if isinstance(result, Tensor) else list(result)
    return [(tuple(one.shape), one.stride(), one.dtype, one.device) for one in results]


def assert_same(func: Any, *args: Any) -> None:
    answer = meta_result(func, args, {})
    assert answer is not None
    assert likeness(answer) == likeness(func(*args))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "name",
    [
        "elu",
        "gelu",
        "hardswish",
        "hardtanh",
        "leaky_relu",
        "mish",
        "relu",
        "sigmoid",
        "silu",
        "softplus",
        "tanh",
    ],
)
def test_activations(name: str, shape: tuple[int, ...]) -> None:
    assert_same(getattr(aten, name).default, empty(*shape))


def test_activations_with_numbers() -> None:
    assert_same(aten.elu.default, empty(2, 3), 0.5)
    assert_same(aten.hardtanh.default, empty(2, 3), 0.0, 6.0)
    assert_same(aten.leaky_relu.default, empty(2, 3), 0.2)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("affine", [True, False])
def test_batch_normalisation(shape: tuple[int, ...], training: bool, affine: bool) -> None:
    own = (empty(6), empty(6)) if affine else (None, None)
    assert_same(aten.native_batch_norm.default, empty(*shape), *own, empty(6), empty(6), training, 0.1, 1e-5)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("groups", [1, 3, 6])
def test_group_normalisation(shape: tuple[int, ...], groups: int) -> None:
    pixels = empty(*shape).numel() // (shape[0] * 6)
    args = (empty(*shape), empty(6), empty(6), shape[0], 6, pixels, groups, 1e-5)
    assert_same(aten.native_group_norm.default, *args)


def test_linear() -> None:
    assert_same(aten.addmm.default, empty(3), empty(5, 4), empty(4, 3))


@pytest.mark.parametrize(
    ("func", "args"),
    [
        (
            aten.native_batch_norm.default,
            (empty(2, 6, 4, 4), empty(5), empty(5), None, None, True, 0.1, 1e-5),
        ),
        (aten.native_batch_norm.default, (empty(6), None, None, None, None, True, 0.1, 1e-5)),
        (aten.native_group_norm.default, (empty(2, 6, 4, 4), empty(4), None, 2, 6, 16, 3, 1e-5)),
        (aten.native_group_norm.default, (empty(2, 6, 4, 4), None, None, 2, 6, 16, 4, 1e-5)),
        (aten.addmm.default, (empty(3), empty(5, 4), empty(5, 3))),
        (aten.addmm.default, (empty(2), empty(5, 4), empty(4, 3))),
        (aten.relu.default, (torch.empty(2, 3),)),
        (aten.relu.default, (torch.empty(2, 3, dtype=torch.int64, device="meta"),)),
        (aten.tanh.default, (empty(3, 2).t(),)),
        (aten.max_pool2d_with_indices.default, (empty(2, 6, 4, 4), [2, 2])),
    ],
)
def test_what_is_wrong_or_unusual_is_left_to_torch(func: Any, args: tuple[Any, ...]) -> None:
    assert meta_result(func, args, {}) is None
