"""Code moved elsewhere: into methods, functions and classes of its own, into and out of variables."""

from __future__ import annotations

import ast
from typing import TypeGuard

from archloom.corpus.draw import Draw
from archloom.disguise.trees import (
    SELF,
    FreshNames,
    assign,
    attribute_assignments,
    attribute_uses,
    bodies,
    drawn,
    expression,
    layer_name,
    names_read,
    names_written,
    networks,
    parameters,
    replace,
    self_attribute,
    statements,
)

_LEAVING = (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.Global, ast.Nonlocal)
_HOLDER = """
class {name}(nn.Module):
    def __init__(self{given}):
        super().__init__()
        self.{inner} = None
    def forward(self, {x}):
        return self.{inner}({x})
"""


def extract_method(module: ast.Module, draw: Draw) -> bool:
    """Some consecutive statements of forward as a method."""
    changed = False
    for owner, _, forward in networks(module):
        taken = _take_statements(module, forward, draw)
        if taken is None:
            continue
        body, given, returned = taken
        name = FreshNames(module, draw).variable()
        owner.body.append(_function(name, [SELF, *given], body, returned))
        _put_call(forward, ast.Call(expression(f"self.{name}"), _loads(given), []), returned)
        changed = True
    return changed


def extract_function(module: ast.Module, draw: Draw) -> bool:
    """Some consecutive statements of forward as a function that is given the network."""
    changed = False
    for _, _, forward in networks(module):
        taken = _take_statements(module, forward, draw)
        if taken is None:
            continue
        body, given, returned = taken
        fresh = FreshNames(module, draw)
        name, net = fresh.variable(), fresh.variable()
        function = _function(name, [net, *given], body, returned)
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id == SELF:
                node.id = net
        _insert_after_imports(module, function)
        _put_call(forward, ast.Call(expression(name), _loads([SELF, *given]), []), returned)
        changed = True
    return changed


def extract_class(module: ast.Module, draw: Draw) -> bool:
    """A layer, or a sequence of them, in a module class of its own."""
    changed = False
    for owner, init, _ in networks(module):
        fresh = FreshNames(module, draw)
        local = {parameter.arg for parameter in parameters(init)} - {SELF} | names_written(init)
        calls = {node.func for node in ast.walk(owner) if isinstance(node, ast.Call)}
        plain = [
            definition
            for name, definition in attribute_assignments(init).items()
            if layer_name(definition.value) is not None
            and layer_name(definition.value) not in ("ModuleList", "Parameter")
            and all(use in calls for use in attribute_uses(owner, name))
            and not any(self_attribute(node) for node in ast.walk(definition.value))
        ]
        for definition in drawn(draw, plain, 0.4):
            given = sorted(names_read(definition.value) & local)
            holder, inner, x = fresh.class_name(), fresh.variable(), fresh.variable()
            text = _HOLDER.format(name=holder, given="".join(f", {name}" for name in given), inner=inner, x=x)
            node = statements(text)[0]
            for part in ast.walk(node):
                if isinstance(part, ast.Assign):
                    part.value = definition.value
            _insert_after_imports(module, node)
            definition.value = ast.Call(expression(holder), _loads(given), [])
            changed = True
    return changed


def split_statements(module: ast.Module, draw: Draw) -> bool:
    """`x = self.b(self.a(x))` in two statements."""
    changed = False
    for _, _, forward in networks(module):
        fresh = FreshNames(module, draw)
        for place in range(len(forward.body) - 1, -1, -1):
            node = forward.body[place]
            if not isinstance(node, (ast.Assign, ast.Return)) or node.value is None:
                continue
            inner = [part for part in ast.walk(node.value) if part is not node.value and _is_innermost(part)]
            if not inner or _has_lazy_parts(node.value):
                continue
            for call in drawn(draw, inner, 0.6):
                name = fresh.variable()
                replace(node, call, expression(name))
                forward.body.insert(place, assign(name, call))
                changed = True
    return changed


def merge_statements(module: ast.Module, draw: Draw) -> bool:
    """`x = f(x)` followed by `x = g(x)` as `x = g(f(x))`."""
    changed = False
    for _, _, forward in networks(module):
        place = 0
        while place + 1 < len(forward.body):
            first, second = forward.body[place : place + 2]
            if _flows_into(first, second) and draw.chance(0.5):
                assert isinstance(first, ast.Assign)
                name = names_written(first).pop()
                read = next(
                    node
                    for node in ast.walk(second)
                    if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
                )
                replace(second, read, first.value)
                del forward.body[place]
                changed = True
            else:
                place += 1
    return changed


def unroll_loops(module: ast.Module, draw: Draw) -> bool:
    """`for i in range(3)` as three copies."""
    changed = False
    for body in list(bodies(module)):
        for node in list(body):
            if not isinstance(node, ast.For) or not isinstance(node.target, ast.Name) or node.orelse:
                continue
            times = ast.unparse(node.iter)
            if not (times.startswith("range(") and times[6:-1].isdigit() and int(times[6:-1]) <= 8):
                continue
            if any(isinstance(part, _LEAVING) for part in ast.walk(node)) or not draw.chance(0.9):
                continue
            text, unrolled = ast.unparse(ast.Module(node.body, [])), list[ast.stmt]()
            for index in range(int(times[6:-1])):
                copy = ast.parse(text)
                for part in list(ast.walk(copy)):
                    if isinstance(part, ast.Name) and part.id == node.target.id:
                        replace(copy, part, ast.Constant(index))
                unrolled += copy.body
            place = body.index(node)
            body[place : place + 1] = unrolled
            changed = True
    return changed


def _take_statements(
    module: ast.Module, forward: ast.FunctionDef, draw: Draw
) -> tuple[list[ast.stmt], list[str], list[str]] | None:
    """Cuts statements out of forward: the statements, the variables they need and those they leave behind.
    A placeholder stays where they were."""
    if len(forward.body) < 2:
        return None
    first = draw.pick(range(len(forward.body) - 1))
    last = first + draw.pick(range(1, min(6, len(forward.body) - first)))
    taken, rest = forward.body[first:last], forward.body[last:]
    if any(isinstance(part, _LEAVING) for node in taken for part in ast.walk(node)):
        return None
    local = {parameter.arg for parameter in parameters(forward)} - {SELF} | names_written(forward)
    before = {parameter.arg for parameter in parameters(forward)} | {
        name for node in forward.body[:first] for name in names_written(node)
    }
    written = {name for node in taken for name in names_written(node)}
    read = {name for node in taken for name in names_read(node)}
    later = {name for node in rest for name in names_read(node)}
    given = sorted(read & local & before)
    returned = sorted(written & later)
    if not returned:
        return None
    forward.body[first:last] = statements("_ = None")
    return taken, given, returned


def _put_call(forward: ast.FunctionDef, call: ast.Call, returned: list[str]) -> None:
    place = next(place for place, node in enumerate(forward.body) if ast.unparse(node) == "_ = None")
    node = statements(f"{', '.join(returned)} = None")[0]
    assert isinstance(node, ast.Assign)
    node.value = call
    forward.body[place] = node


def _function(name: str, given: list[str], body: list[ast.stmt], returned: list[str]) -> ast.FunctionDef:
    function = statements(f"def {name}({', '.join(given)}):\n    return {', '.join(returned)}")[0]
    assert isinstance(function, ast.FunctionDef)
    function.body[:0] = body
    return function


def _insert_after_imports(module: ast.Module, node: ast.stmt) -> None:
    place = 0
    while place < len(module.body) and isinstance(module.body[place], (ast.Import, ast.ImportFrom, ast.Expr)):
        place += 1
    module.body.insert(place, node)


def _loads(names: list[str]) -> list[ast.expr]:
    return [expression(name) for name in names]


def _is_innermost(node: ast.AST) -> TypeGuard[ast.Call]:
    """A call of an own attribute that calls no other one for its arguments."""
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call) and self_attribute(part.func)]
    return len(calls) == 1 and calls[0] is node


def _has_lazy_parts(node: ast.expr) -> bool:
    return any(
        isinstance(part, (ast.IfExp, ast.BoolOp, ast.Lambda, ast.ListComp, ast.GeneratorExp))
        for part in ast.walk(node)
    )


def _flows_into(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether a variable is made by the first, read once by the second and made anew there."""
    if not isinstance(first, ast.Assign) or not isinstance(second, ast.Assign):
        return False
    targets = [*first.targets, *second.targets]
    if len(targets) != 2 or not all(isinstance(target, ast.Name) for target in targets):
        return False
    name = names_written(first).pop()
    reads = [node for node in ast.walk(second.value) if isinstance(node, ast.Name) and node.id == name]
    return names_written(second) == {name} and len(reads) == 1 and not _has_lazy_parts(second.value)
