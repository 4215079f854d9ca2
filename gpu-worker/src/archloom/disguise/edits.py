"""Single edits that make another network: another layer, size, wiring or constant in one place.

An edit need not give a network that builds, nor a different one (ReLU after ReLU): both are for the caller to
find out.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archloom.corpus.draw import Draw
from archloom.disguise.spelling import SIGNATURES, argument, integer, set_argument
from archloom.disguise.trees import (
    expression,
    layer_calls,
    layer_name,
    networks,
    replace,
    self_attribute,
    statements,
)

_ACTIVATIONS = (
    "ReLU", "LeakyReLU", "GELU", "SiLU", "ELU", "Hardswish", "Mish", "ReLU6", "Tanh", "Sigmoid", "Softplus",
)  # fmt: skip
_ADDED = (
    "nn.Tanh()", "nn.Dropout(0.35)", "nn.Sigmoid()", "nn.SiLU()", "nn.Softplus()", "nn.Mish()", "nn.ELU()",
)  # fmt: skip
_FUNCTIONS = ("relu", "silu", "gelu", "tanh", "sigmoid", "elu", "leaky_relu", "softplus")
_WIDTHS = (
    "in_channels", "out_channels", "groups", "num_features", "num_channels", "in_features", "out_features",
)  # fmt: skip
_NORMS = (
    "nn.BatchNorm2d(n)",
    "nn.InstanceNorm2d(n)",
    "nn.InstanceNorm2d(n, affine=True)",
    "nn.GroupNorm(2, n)",
)
_POOLS = {"MaxPool2d": "AvgPool2d", "AvgPool2d": "MaxPool2d"}
_ADAPTIVE_POOLS = {"AdaptiveAvgPool2d": "AdaptiveMaxPool2d", "AdaptiveMaxPool2d": "AdaptiveAvgPool2d"}
_TRIES = 40


@dataclass(frozen=True)
class Edit:
    original: str
    edited: str
    """Both as `ast.unparse` writes them, so that their texts differ in the edit alone."""
    kind: str


def edit(code: str, seed: int) -> Edit:
    """One edit; the same for the same seed. Raises SyntaxError, ValueError where nothing can be edited."""
    draw = Draw(seed)
    original = ast.unparse(ast.parse(code)) + "\n"
    for _ in range(_TRIES):
        kind = draw.pick(list(EDITS))
        module = ast.parse(original)
        if EDITS[kind](module, draw):
            edited = ast.unparse(ast.fix_missing_locations(module)) + "\n"
            if edited != original:
                return Edit(original, edited, kind)
    raise ValueError("nothing in this program can be edited")


def _other_kernel(module: ast.Module, draw: Draw) -> bool:
    for call in draw.shuffled(layer_calls(module, "Conv2d")):
        kernel, padding = integer(argument(call, "kernel_size")), integer(argument(call, "padding")) or 0
        if kernel is not None and padding == kernel // 2:
            other = draw.pick([size for size in (1, 3, 5, 7) if size != kernel])
            set_argument(call, "kernel_size", ast.Constant(other))
            set_argument(call, "padding", ast.Constant(other // 2))
            return True
    return False


def _other_width(module: ast.Module, draw: Draw) -> bool:
    """One channel count, wherever layers name it."""
    places: list[ast.Constant] = []
    for call in layer_calls(module, *SIGNATURES):
        for name in _WIDTHS:
            value = argument(call, name)
            # The channels of `16 * 4` come first.
            while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
                value = value.left
            if isinstance(value, ast.Constant) and integer(value) is not None and value.value != 1:
                places.append(value)
    if not places:
        return False
    width = draw.pick(places).value
    wider = (integer(ast.Constant(width)) or 0) + draw.pick((4, 8))
    for place in places:
        if place.value == width:
            place.value = wider
    return True


def _other_activation(module: ast.Module, draw: Draw) -> bool:
    calls = layer_calls(module, *_ACTIVATIONS)
    if not calls:
        return False
    call = draw.pick(calls)
    other = draw.pick([name for name in _ACTIVATIONS if name != layer_name(call)])
    replace(module, call, expression(f"nn.{other}()"))
    return True


def _added_layer(module: ast.Module, draw: Draw) -> bool:
    sequences = layer_calls(module, "Sequential")
    if not sequences:
        return False
    layers = draw.pick(sequences).args
    layers.insert(draw.pick(range(len(layers) + 1)), expression(draw.pick(_ADDED)))
    return True


def _removed_layer(module: ast.Module, draw: Draw) -> bool:
    sequences = [call for call in layer_calls(module, "Sequential") if len(call.args) > 1]
    if not sequences:
        return False
    layers = draw.pick(sequences).args
    del layers[draw.pick(range(len(layers)))]
    return True


def _swapped_layers(module: ast.Module, draw: Draw) -> bool:
    sequences = [call for call in layer_calls(module, "Sequential") if len(call.args) > 1]
    if not sequences:
        return False
    layers = draw.pick(sequences).args
    place = draw.pick(range(len(layers) - 1))
    layers[place], layers[place + 1] = layers[place + 1], layers[place]
    return True


def _other_pool(module: ast.Module, draw: Draw) -> bool:
    kinds = _POOLS | _ADAPTIVE_POOLS
    calls = layer_calls(module, *kinds)
    if not calls:
        return False
    call = draw.pick(calls)
    assert isinstance(call.func, ast.Attribute)
    call.func.attr = kinds[call.func.attr]
    return True


def _other_norm(module: ast.Module, draw: Draw) -> bool:
    calls = layer_calls(module, "BatchNorm2d", "InstanceNorm2d", "GroupNorm")
    if not calls:
        return False
    call = draw.pick(calls)
    width = argument(call, "num_channels" if layer_name(call) == "GroupNorm" else "num_features")
    if width is None:
        return False
    kept = [form for form in _NORMS if (layer_name(call) or "") not in form]
    replace(module, call, expression(draw.pick(kept), n=width))
    return True


def _other_bias(module: ast.Module, draw: Draw) -> bool:
    calls = layer_calls(module, "Conv2d", "Linear")
    if not calls:
        return False
    call = draw.pick(calls)
    given = argument(call, "bias")
    off = isinstance(given, ast.Constant) and given.value is False
    set_argument(call, "bias", ast.Constant(off))
    return True


def _other_stride(module: ast.Module, draw: Draw) -> bool:
    calls = layer_calls(module, "Conv2d")
    if not calls:
        return False
    call = draw.pick(calls)
    stride = integer(argument(call, "stride")) or 1
    set_argument(call, "stride", ast.Constant(1 if stride == 2 else 2))
    return True


def _other_groups(module: ast.Module, draw: Draw) -> bool:
    calls = [call for call in layer_calls(module, "Conv2d") if argument(call, "groups") is None]
    if not calls:
        return False
    set_argument(draw.pick(calls), "groups", ast.Constant(draw.pick((2, 4))))
    return True


def _other_dropout(module: ast.Module, draw: Draw) -> bool:
    calls = [call for call in layer_calls(module, "Dropout", "Dropout2d") if argument(call, "p") is not None]
    if not calls:
        return False
    set_argument(draw.pick(calls), "p", ast.Constant(draw.pick((0.05, 0.45, 0.6))))
    return True


def _other_wiring(module: ast.Module, draw: Draw) -> bool:
    """A residual cut, made or turned into a gate; operands of a concatenation exchanged."""
    places = [
        (forward, node)
        for _, _, forward in networks(module)
        for node in ast.walk(forward)
        if isinstance(node, ast.BinOp)
        or (
            isinstance(node, ast.Call)
            and (self_attribute(node.func) or ast.unparse(node.func) == "torch.cat")
        )
    ]
    for forward, node in draw.shuffled(places):
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.Add):
                product = ast.BinOp(node.left, ast.Mult(), node.right)
                replace(forward, node, draw.pick((node.left, node.right, product)))
                return True
            if isinstance(node.op, ast.Mult):
                node.op = ast.Add()
                return True
        elif self_attribute(node.func) and len(node.args) == 1:
            replace(forward, node, expression("a + b", a=node.args[0], b=node))
            return True
        elif node.args and isinstance(node.args[0], ast.List):
            node.args[0].elts.reverse()
            return True
    return False


def _added_function(module: ast.Module, draw: Draw) -> bool:
    """Of the variable that a statement of forward has just made."""
    places = [
        (forward, place, node.targets[0].id)
        for _, _, forward in networks(module)
        for place, node in enumerate(forward.body)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]
    if not places:
        return False
    forward, place, name = draw.pick(places)
    text = f"{name} = nn.functional.{draw.pick(_FUNCTIONS)}({name})"
    forward.body.insert(place + 1, statements(text)[0])
    return True


def _removed_statement(module: ast.Module, draw: Draw) -> bool:
    places = [
        (forward, node)
        for _, _, forward in networks(module)
        for node in forward.body
        if isinstance(node, ast.Assign) and len(forward.body) > 2
    ]
    if not places:
        return False
    forward, node = draw.pick(places)
    forward.body.remove(node)
    return True


EDITS: Mapping[str, Callable[[ast.Module, Draw], bool]] = {
    "kernel size": _other_kernel,
    "width": _other_width,
    "activation": _other_activation,
    "added layer": _added_layer,
    "removed layer": _removed_layer,
    "swapped layers": _swapped_layers,
    "pooling": _other_pool,
    "normalisation": _other_norm,
    "bias": _other_bias,
    "stride": _other_stride,
    "groups": _other_groups,
    "dropout": _other_dropout,
    "wiring": _other_wiring,
    "added function": _added_function,
    "removed statement": _removed_statement,
}
