"""Layers held otherwise: in sequences or one by one, as modules or as functions, in place or not."""

from __future__ import annotations

import ast

from archloom.corpus.draw import Draw
from archloom.disguise.spelling import argument
from archloom.disguise.trees import (
    FreshNames,
    assign,
    attribute_assignments,
    attribute_uses,
    drawn,
    expression,
    layer_calls,
    layer_name,
    networks,
    replace,
    self_attribute,
    self_name,
    statements,
)

_IN_PLACE = ("ReLU", "ReLU6", "LeakyReLU", "ELU", "SELU", "CELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid",
             "Hardtanh", "Dropout", "Dropout2d")  # fmt: skip
# Modules without parameters as functions of their input; braces take an argument of the constructor.
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "ReLU": ("nn.functional.relu(x)", "torch.relu(x)", "x.relu()", "nn.functional.relu(x, inplace=True)"),
    "Sigmoid": ("torch.sigmoid(x)", "x.sigmoid()"),
    "Tanh": ("torch.tanh(x)", "x.tanh()"),
    "GELU": ("nn.functional.gelu(x)",),
    "SiLU": ("nn.functional.silu(x)",),
    "Mish": ("nn.functional.mish(x)",),
    "ELU": ("nn.functional.elu(x)",),
    "Hardswish": ("nn.functional.hardswish(x)",),
    "Hardsigmoid": ("nn.functional.hardsigmoid(x)",),
    "Hardtanh": ("nn.functional.hardtanh(x)",),
    "ReLU6": ("nn.functional.relu6(x)",),
    "Softplus": ("nn.functional.softplus(x)",),
    "LeakyReLU": ("nn.functional.leaky_relu(x, {negative_slope})",),
    "MaxPool2d": ("nn.functional.max_pool2d(x, {kernel_size})",),
    "AvgPool2d": ("nn.functional.avg_pool2d(x, {kernel_size})",),
    "AdaptiveAvgPool2d": ("nn.functional.adaptive_avg_pool2d(x, {output_size})",),
    "AdaptiveMaxPool2d": ("nn.functional.adaptive_max_pool2d(x, {output_size})",),
    "Dropout": ("nn.functional.dropout(x, p={p}, training=self.training)",),
    "Flatten": ("torch.flatten(x, 1)", "x.flatten(1)"),
}


def unpack_sequences(module: ast.Module, draw: Draw) -> bool:
    """`self.a = nn.Sequential(p, q)` as `self.a0` and `self.a1`, called one after the other."""
    changed = False
    for owner, init, _ in networks(module):
        fresh = FreshNames(module, draw)
        for name, calls, layers in drawn(draw, list(_sequences(owner, init)), 0.6):
            names = [fresh.variable() for _ in layers]
            definition = attribute_assignments(init)[name]
            place = init.body.index(definition)
            init.body[place : place + 1] = [
                assign(f"self.{own}", layer) for own, layer in zip(names, layers, strict=True)
            ]
            for call in calls:
                replace(owner, call, _chain(call.args[0], [self_name(own) for own in names]))
            changed = True
    return changed


def pack_sequences(module: ast.Module, draw: Draw) -> bool:
    """`self.b(self.a(x))` as one sequence, where nothing else uses the two."""
    changed = False
    for owner, init, forward in networks(module):
        fresh = FreshNames(module, draw)
        for outer in [node for node in ast.walk(forward) if isinstance(node, ast.Call)]:
            calls = _nested(outer)
            defined = attribute_assignments(init)
            names = [self_attribute(call.func) or "" for call in calls]
            if len(calls) < 2 or not draw.chance(0.6):
                continue
            if any(
                len(attribute_uses(owner, name)) != 1 or not layer_name(_value(defined, name))
                for name in names
            ):
                continue
            definitions = [defined[name] for name in names]
            first = min(init.body.index(node) for node in definitions)
            own = fresh.variable()
            sequence = ast.Call(
                expression("nn.Sequential"), [node.value for node in reversed(definitions)], []
            )
            init.body[first] = assign(f"self.{own}", sequence)
            init.body = [node for node in init.body if node not in definitions]
            replace(owner, outer, ast.Call(self_name(own), calls[-1].args, []))
            changed = True
    return changed


def list_sequences(module: ast.Module, draw: Draw) -> bool:
    """A sequence as a `ModuleList` that forward goes through in a loop."""
    changed = False
    for owner, init, forward in networks(module):
        fresh = FreshNames(module, draw)
        sequences = {name: (calls, layers) for name, calls, layers in _sequences(owner, init)}
        for place in range(len(forward.body) - 1, -1, -1):
            node = forward.body[place]
            if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)) or not draw.chance(
                0.7
            ):
                continue
            name = self_attribute(node.value.func)
            if name is None or name not in sequences or len(sequences[name][0]) != 1:
                continue
            definition, flow, layer = attribute_assignments(init)[name], fresh.variable(), fresh.variable()
            layers = ast.List(sequences[name][1], ast.Load())
            definition.value = ast.Call(expression("nn.ModuleList"), [layers], [])
            loop = statements(f"for {layer} in self.{name}:\n    {flow} = {layer}({flow})")
            ready = ast.Assign(node.targets, expression(flow))
            forward.body[place : place + 1] = [assign(flow, node.value.args[0]), *loop, ready]
            changed = True
    return changed


def use_functions(module: ast.Module, draw: Draw) -> bool:
    """Modules without parameters as functions."""
    changed = False
    for owner, init, forward in networks(module):
        for name, definition in drawn(draw, list(attribute_assignments(init).items()), 0.7):
            call = definition.value
            forms = _FUNCTIONS.get(layer_name(call) or "")
            uses = attribute_uses(owner, name)
            calls = [node for node in ast.walk(forward) if isinstance(node, ast.Call) and node.func in uses]
            if forms is None or not isinstance(call, ast.Call) or len(calls) != len(uses):
                continue
            form = _filled(draw.pick(forms), call)
            if form is None or any(len(node.args) != 1 for node in calls):
                continue
            for node in calls:
                replace(owner, node, expression(form, x=node.args[0]))
            if draw.chance(0.7):
                init.body.remove(definition)
            changed = True
    return changed


def use_modules(module: ast.Module, draw: Draw) -> bool:
    """`F.relu(x)` and the like as modules of their own."""
    kinds = {"relu": "ReLU", "sigmoid": "Sigmoid", "tanh": "Tanh", "gelu": "GELU", "silu": "SiLU"}
    changed = False
    for owner, init, forward in networks(module):
        fresh = FreshNames(module, draw)
        for node in [part for part in ast.walk(forward) if isinstance(part, ast.Call)]:
            where, _, kind = ast.unparse(node.func).rpartition(".")
            if where in ("F", "torch", "nn.functional", "torch.nn.functional") and kind in kinds:
                if len(node.args) != 1 or node.keywords or not draw.chance(0.7):
                    continue
                own = fresh.variable()
                init.body.append(assign(f"self.{own}", expression(f"nn.{kinds[kind]}()")))
                replace(owner, node, ast.Call(self_name(own), node.args, []))
                changed = True
    return changed


def switch_in_place(module: ast.Module, draw: Draw) -> bool:
    chosen = drawn(draw, layer_calls(module, *_IN_PLACE), 0.6)
    for call in chosen:
        given = [keyword for keyword in call.keywords if keyword.arg == "inplace"]
        if given:
            call.keywords.remove(given[0])
        else:
            call.keywords.append(ast.keyword("inplace", expression("True")))
    return bool(chosen)


def _sequences(
    owner: ast.ClassDef, init: ast.FunctionDef
) -> list[tuple[str, list[ast.Call], list[ast.expr]]]:
    """Attributes that are a plain sequence and are only ever called: name, calls, layers."""
    found: list[tuple[str, list[ast.Call], list[ast.expr]]] = []
    for name, definition in attribute_assignments(init).items():
        value = definition.value
        if layer_name(value) != "Sequential" or not isinstance(value, ast.Call) or len(value.args) < 2:
            continue
        if value.keywords or any(layer_name(layer) is None for layer in value.args):
            continue
        uses = attribute_uses(owner, name)
        calls = [node for node in ast.walk(owner) if isinstance(node, ast.Call) and node.func in uses]
        if len(calls) == len(uses) and all(len(call.args) == 1 and not call.keywords for call in calls):
            found.append((name, calls, value.args))
    return found


def _nested(outer: ast.Call) -> list[ast.Call]:
    """`self.c(self.b(self.a(x)))`: the calls, outermost first."""
    calls: list[ast.Call] = []
    node: ast.expr = outer
    while (
        isinstance(node, ast.Call)
        and self_attribute(node.func) is not None
        and len(node.args) == 1
        and not node.keywords
    ):
        calls.append(node)
        node = node.args[0]
    return calls


def _chain(value: ast.expr, functions: list[ast.expr]) -> ast.expr:
    for function in functions:
        value = ast.Call(function, [value], [])
    return value


def _value(defined: dict[str, ast.Assign], name: str) -> ast.expr | None:
    return defined[name].value if name in defined else None


def _filled(form: str, call: ast.Call) -> str | None:
    """The form with the constructor's arguments; None where it gives others, or names that forward lacks."""
    wanted = [part.partition("}")[0] for part in form.split("{")[1:]]
    given = {name: argument(call, name) for name in wanted}
    names = {node.id for node in ast.walk(call) if isinstance(node, ast.Name)}
    if len(call.args) + len(call.keywords) != len(wanted) or None in given.values() or names - {"nn"}:
        return None
    return form.format(**{name: ast.unparse(value) for name, value in given.items() if value is not None})
