"""Other orders: of definitions, of statements that do not depend on each other, of operands and keywords."""

from __future__ import annotations

import ast

from archloom.corpus.draw import Draw
from archloom.disguise.trees import (
    attributes_read,
    classes,
    drawn,
    names_read,
    names_written,
    networks,
    self_attribute,
)


def reorder_layers(module: ast.Module, draw: Draw) -> bool:
    """Assignments in constructors."""
    changed = False
    for _, init, _ in networks(module):
        changed = _shuffle(init.body, draw, swaps=3 * len(init.body)) or changed
    return changed


def reorder_statements(module: ast.Module, draw: Draw) -> bool:
    """Assignments in forward methods."""
    changed = False
    for _, _, forward in networks(module):
        changed = _shuffle(forward.body, draw, swaps=3 * len(forward.body)) or changed
    return changed


def reorder_methods(module: ast.Module, draw: Draw) -> bool:
    changed = False
    for owner in classes(module):
        functions = [node for node in owner.body if isinstance(node, ast.FunctionDef)]
        if any(node.decorator_list for node in functions):
            continue
        order = draw.shuffled(functions)
        changed = changed or order != functions
        waiting = iter(order)
        owner.body = [next(waiting) if isinstance(node, ast.FunctionDef) else node for node in owner.body]
    return changed


def reorder_definitions(module: ast.Module, draw: Draw) -> bool:
    """Classes and functions at the top, bases still before what derives from them."""
    places = [
        place for place, node in enumerate(module.body) if isinstance(node, (ast.ClassDef, ast.FunctionDef))
    ]
    order = draw.shuffled([module.body[place] for place in places])
    defined: set[str] = set()
    names = {node.name for node in order if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    for node in order:
        assert isinstance(node, (ast.ClassDef, ast.FunctionDef))
        needed = {name for part in _run_at_once(node) for name in names_read(part)} & names
        if not needed <= defined:
            return False
        defined.add(node.name)
    changed = [module.body[place] for place in places] != order
    for place, node in zip(places, order, strict=True):
        module.body[place] = node
    return changed


def reorder_keywords(module: ast.Module, draw: Draw) -> bool:
    changed = False
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and all(keyword.arg for keyword in node.keywords):
            order = draw.shuffled(node.keywords)
            changed = changed or order != node.keywords
            node.keywords = order
    return changed


def swap_operands(module: ast.Module, draw: Draw) -> bool:
    """Addends and factors."""
    sums = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, (ast.Add, ast.Mult))
        and not _joins(node.left)
        and not _joins(node.right)
    ]
    chosen = drawn(draw, sums, 0.7)
    for node in chosen:
        node.left, node.right = node.right, node.left
    return bool(chosen)


def _joins(node: ast.expr) -> bool:
    """Whether adding it would be putting one behind the other."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text or isinstance(node, (ast.List, ast.Tuple, ast.JoinedStr))


def _run_at_once(node: ast.ClassDef | ast.FunctionDef) -> list[ast.AST]:
    """What a definition evaluates when it is reached."""
    if isinstance(node, ast.ClassDef):
        plain = [part for part in node.body if not isinstance(part, ast.FunctionDef)]
        return [*node.bases, *node.decorator_list, *plain]
    return [*node.decorator_list, *node.args.defaults]


def _shuffle(body: list[ast.stmt], draw: Draw, swaps: int) -> bool:
    """Swaps neighbours that do not need each other."""
    changed = False
    for _ in range(swaps if len(body) > 1 else 0):
        place = draw.pick(range(len(body) - 1))
        first, second = body[place : place + 2]
        if _independent(first, second):
            body[place], body[place + 1] = second, first
            changed = True
    return changed


def _independent(first: ast.stmt, second: ast.stmt) -> bool:
    return (
        isinstance(first, ast.Assign)
        and isinstance(second, ast.Assign)
        and not _reads_of(first) & _written_by(second)
        and not _reads_of(second) & _written_by(first)
        and not _written_by(first) & _written_by(second)
    )


def _reads_of(node: ast.stmt) -> set[str]:
    """Names and attributes; attributes with a dot before them."""
    return names_read(node) - {"self"} | {f".{name}" for name in attributes_read(node)}


def _written_by(node: ast.Assign) -> set[str]:
    names = names_written(node)
    for target in node.targets:
        attribute = self_attribute(target)
        if attribute is not None:
            names.add(f".{attribute}")
        elif not isinstance(target, ast.Name):
            # Into a list or a tensor: nothing says what else shares it.
            names |= names_read(target)
    return names
