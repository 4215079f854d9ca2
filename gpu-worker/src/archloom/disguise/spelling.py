"""The same constants, arguments and calls written otherwise."""

from __future__ import annotations

import ast
from collections.abc import Callable

from archloom.corpus.draw import Draw
from archloom.disguise.trees import (
    classes,
    drawn,
    expression,
    layer_calls,
    layer_name,
    replace,
    statements,
)

# Parameters of layers in the order in which they may be given by position.
SIGNATURES: dict[str, tuple[str, ...]] = {
    "Conv2d": (
        "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias",
    ),
    "Linear": ("in_features", "out_features", "bias"),
    "BatchNorm2d": ("num_features", "eps", "momentum"),
    "BatchNorm1d": ("num_features", "eps", "momentum"),
    "InstanceNorm2d": ("num_features", "eps", "momentum"),
    "GroupNorm": ("num_groups", "num_channels"),
    "LocalResponseNorm": ("size",),
    "MaxPool2d": ("kernel_size", "stride", "padding"),
    "AvgPool2d": ("kernel_size", "stride", "padding"),
    "AdaptiveAvgPool2d": ("output_size",),
    "AdaptiveMaxPool2d": ("output_size",),
    "Dropout": ("p",),
    "Dropout2d": ("p",),
    "LeakyReLU": ("negative_slope",),
}  # fmt: skip
_DEFAULTS: dict[str, dict[str, str]] = {
    "Conv2d": {"stride": "1", "padding": "0", "dilation": "1", "groups": "1", "bias": "True"},
    "Linear": {"bias": "True"},
    "BatchNorm2d": {"eps": "1e-05", "momentum": "0.1", "affine": "True", "track_running_stats": "True"},
    "BatchNorm1d": {"eps": "1e-05", "momentum": "0.1"},
    "InstanceNorm2d": {"affine": "False", "track_running_stats": "False"},
    "GroupNorm": {"eps": "1e-05", "affine": "True"},
    "LocalResponseNorm": {"alpha": "0.0001", "beta": "0.75"},
    "MaxPool2d": {"padding": "0", "ceil_mode": "False"},
    "AvgPool2d": {"ceil_mode": "False", "count_include_pad": "True"},
    "ELU": {"alpha": "1.0"},
    "Hardtanh": {"min_val": "-1.0", "max_val": "1"},
    "Softplus": {"beta": "1"},
    "Flatten": {"start_dim": "1", "end_dim": "-1"},
}
_CONCATENATIONS = (
    "torch.cat(parts, dim=axis)",
    "torch.concat(parts, axis)",
    "torch.cat(tensors=parts, dim=axis)",
)
_SQUARE = frozenset({"kernel_size", "stride", "padding", "dilation", "output_size"})


def argument(call: ast.Call, name: str) -> ast.expr | None:
    """What a layer's call gives for a parameter, by position or by keyword."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    signature = SIGNATURES.get(layer_name(call) or "", ())
    if name in signature and signature.index(name) < len(call.args):
        return call.args[signature.index(name)]
    return None


def set_argument(call: ast.Call, name: str, value: ast.expr) -> None:
    signature = SIGNATURES.get(layer_name(call) or "", ())
    for keyword in call.keywords:
        if keyword.arg == name:
            keyword.value = value
            return
    if name in signature and signature.index(name) < len(call.args):
        call.args[signature.index(name)] = value
    else:
        call.keywords.append(ast.keyword(name, value))


def name_arguments(module: ast.Module, draw: Draw) -> bool:
    """Positional arguments of layers as keywords, from some position on."""
    calls = [call for call in layer_calls(module, *SIGNATURES) if call.args and not _is_starred(call)]
    chosen = drawn(draw, calls, 0.6)
    for call in chosen:
        names = SIGNATURES[layer_name(call) or ""]
        first = draw.pick(range(len(call.args)))
        named = [ast.keyword(*pair) for pair in zip(names[first:], call.args[first:], strict=False)]
        if len(named) == len(call.args) - first:
            call.keywords[:0] = named
            del call.args[first:]
    return bool(chosen)


def write_defaults(module: ast.Module, draw: Draw) -> bool:
    """Arguments that are left out, given their default."""
    changed = False
    for call in drawn(draw, layer_calls(module, *_DEFAULTS), 0.5):
        defaults = _DEFAULTS[layer_name(call) or ""]
        free = [name for name in defaults if argument(call, name) is None and not _is_starred(call)]
        if layer_name(call) == "Flatten" and call.args:
            continue
        for name in drawn(draw, free, 0.5):
            call.keywords.append(ast.keyword(name, expression(defaults[name])))
            changed = True
    return changed


def write_squares(module: ast.Module, draw: Draw) -> bool:
    """`3` as `(3, 3)` where a layer takes both, and a pooling stride that follows the kernel."""
    changed = False
    for call in layer_calls(
        module, "Conv2d", "MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d", "AdaptiveMaxPool2d"
    ):
        if _is_starred(call):
            continue
        for name in sorted(_SQUARE):
            value = argument(call, name)
            if integer(value) is not None and draw.chance(0.5):
                set_argument(call, name, expression(f"({integer(value)}, {integer(value)})"))
                changed = True
        kernel = argument(call, "kernel_size")
        pools = layer_name(call) in ("MaxPool2d", "AvgPool2d")
        if pools and kernel is not None and argument(call, "stride") is None and draw.chance(0.5):
            call.keywords.append(ast.keyword("stride", expression(ast.unparse(kernel))))
            changed = True
    return changed


def write_numbers(module: ast.Module, draw: Draw) -> bool:
    """64 as `8 * 8` or `0x40`, 0.25 as `1 / 4`."""
    numbers = [
        node
        for owner in classes(module)
        for node in ast.walk(owner)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]
    chosen = drawn(draw, numbers, 0.4)
    for node in chosen:
        replace(module, node, expression(_otherwise(node.value, draw)))
    return bool(chosen)


def respell_calls(module: ast.Module, draw: Draw) -> bool:
    """`super()`, `x.flatten(1)`, `torch.cat([...], 1)` and calls of modules in their other forms."""
    changed = False
    for node in list(ast.walk(module)):
        if isinstance(node, ast.Call) and draw.chance(0.6):
            other = _other_call(node, draw)
            if other is not None:
                replace(module, node, other)
                changed = True
    for owner in classes(module):
        for node in list(ast.walk(owner)):
            if isinstance(node, ast.Call) and ast.unparse(node).startswith("super(") and draw.chance(0.7):
                if ast.unparse(node) == "super()":
                    node.args = [expression(owner.name), expression("self")]
                    changed = True
                elif ast.unparse(node) == f"super({owner.name}, self)":
                    node.args = []
                    changed = True
    return changed


def annotate(module: ast.Module, draw: Draw) -> bool:
    """Types for what is a tensor, an int or nothing."""
    changed = False
    for owner in classes(module):
        for node in owner.body:
            if not isinstance(node, ast.FunctionDef) or not draw.chance(0.8):
                continue
            if node.name == "__init__":
                node.returns = expression("None")
            elif node.name == "forward":
                node.returns = expression("'torch.Tensor'")
                for given in node.args.args[1:]:
                    given.annotation = expression("'torch.Tensor'")
            changed = True
    return changed


def add_subclass(module: ast.Module, draw: Draw) -> bool:
    """The network under another name, and `Net` derived from it without a line of its own."""
    net = next((owner for owner in classes(module) if owner.name == "Net"), None)
    if net is None or any(isinstance(node, ast.Name) and node.id == "Net" for node in ast.walk(module)):
        return False
    words = {node.name for node in classes(module)}
    net.name = next(name for name in ("Body", "Backbone", "Inner", "Model0") if name not in words)
    note = '    """Public name."""' if draw.chance(0.5) else "    pass"
    module.body.insert(module.body.index(net) + 1, statements(f"class Net({net.name}):\n{note}")[0])
    return True


def _other_call(node: ast.Call, draw: Draw) -> ast.expr | None:
    text = ast.unparse(node.func)
    if text == "torch.cat" and len(node.args) == 2 and isinstance(node.args[0], ast.List):
        parts = ast.Tuple(node.args[0].elts, ast.Load())
        return expression(draw.pick(_CONCATENATIONS), parts=parts, axis=node.args[1])
    if isinstance(node.func, ast.Attribute) and node.func.attr in _TENSOR_METHODS and not node.keywords:
        return _TENSOR_METHODS[node.func.attr](node, draw)
    return None


def _flatten(node: ast.Call, draw: Draw) -> ast.expr | None:
    assert isinstance(node.func, ast.Attribute)
    owner = node.func.value
    if isinstance(owner, ast.Name) and owner.id == "torch":
        if len(node.args) == 2 and integer(node.args[1]) == 1 and isinstance(node.args[0], ast.Name):
            forms = (
                "t.flatten(1)",
                "t.reshape(t.size(0), -1)",
                "t.view(t.shape[0], -1)",
                "t.flatten(start_dim=1)",
            )
            return ast.parse(draw.pick(forms).replace("t.", f"{node.args[0].id}."), mode="eval").body
    elif len(node.args) == 1 and integer(node.args[0]) == 1:
        return expression("torch.flatten(t, 1)", t=owner)
    return None


def _view(node: ast.Call, draw: Draw) -> ast.expr | None:
    assert isinstance(node.func, ast.Attribute)
    owner = node.func.value
    if isinstance(owner, ast.Name) and len(node.args) == 2 and integer(node.args[1]) == -1:
        first = ast.unparse(node.args[0])
        if first in (f"{owner.id}.size(0)", f"{owner.id}.shape[0]"):
            return expression(
                draw.pick(("torch.flatten(t, 1)", "t.flatten(1)", "torch.flatten(t, start_dim=1)")), t=owner
            )
    return None


_TENSOR_METHODS: dict[str, Callable[[ast.Call, Draw], ast.expr | None]] = {
    "flatten": _flatten,
    "view": _view,
    "reshape": _view,
}


def integer(node: ast.expr | None) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inside = integer(node.operand)
        return None if inside is None else -inside
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def _is_starred(call: ast.Call) -> bool:
    return any(isinstance(value, ast.Starred) for value in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )


def _otherwise(value: object, draw: Draw) -> str:
    if isinstance(value, float):
        if value and (1 / value).is_integer():
            return f"1 / {int(1 / value)}"
        return draw.pick((f"{value:e}", f"float('{value}')"))
    assert isinstance(value, int)
    divisors = [factor for factor in range(2, value) if value % factor == 0]
    forms = [f"int({value})", hex(value) if value >= 0 else f"-({-value})", f"{value + 1} - 1"]
    if divisors:
        factor = draw.pick(divisors)
        forms.append(f"{factor} * {value // factor}")
    return f"({draw.pick(forms)})"
