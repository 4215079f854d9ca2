"""Other names: attributes, variables, helper classes and functions, imported modules."""

from __future__ import annotations

import ast
import builtins

from archloom.corpus.draw import Draw
from archloom.disguise.trees import (
    CONTRACT,
    SELF,
    FreshNames,
    classes,
    drawn,
    global_names,
    methods,
    names_written,
    self_attribute,
)

# Programs that spell names at run time would lose them.
_REFLECTION = frozenset(
    {"getattr", "setattr", "hasattr", "__dict__", "vars", "globals", "locals", "eval", "exec"}
)
_IMPORTED = ("torch", "nn", "F", "math")


def rename_attributes(module: ast.Module, draw: Draw) -> bool:
    """`self.conv1` everywhere, unless another object's attribute has the same name."""
    if _reflects(module):
        return False
    assigned: set[str] = set()
    others = {
        function.name
        for owner in classes(module)
        for function in owner.body
        if isinstance(function, ast.FunctionDef)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            name = self_attribute(node)
            if name is None:
                others.add(node.attr)
            elif isinstance(node.ctx, ast.Store):
                assigned.add(name)
    fresh = FreshNames(module, draw)
    names = {name: fresh.variable() for name in drawn(draw, sorted(assigned - others - CONTRACT), 0.9)}
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and self_attribute(node) in names:
            node.attr = names[node.attr]
    return bool(names)


def rename_variables(module: ast.Module, draw: Draw) -> bool:
    """Local variables and parameters, except those that some call gives by keyword."""
    if _reflects(module):
        return False
    fresh = FreshNames(module, draw)
    kept = {
        keyword.arg for node in ast.walk(module) if isinstance(node, ast.Call) for keyword in node.keywords
    }
    kept |= global_names(module) | set(dir(builtins)) | {SELF, *_IMPORTED}
    changed = False
    for function in _outermost_functions(module):
        bound = names_written(function)
        for node in ast.walk(function):
            if isinstance(node, (ast.FunctionDef, ast.Lambda)):
                bound |= {parameter.arg for parameter in _arguments(node.args)}
        # A star parameter or a nested function keeps its name: little to win.
        bound -= {node.name for node in ast.walk(function) if isinstance(node, ast.FunctionDef)}
        names = {name: fresh.variable() for name in drawn(draw, sorted(bound - kept), 0.9)}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in names:
                node.id = names[node.id]
            elif isinstance(node, ast.arg) and node.arg in names:
                node.arg = names[node.arg]
        changed = changed or bool(names)
    return changed


def rename_definitions(module: ast.Module, draw: Draw) -> bool:
    """Helper classes, functions and methods."""
    if _reflects(module):
        return False
    fresh = FreshNames(module, draw)
    top = {
        node.name: fresh.class_name() if isinstance(node, ast.ClassDef) else fresh.variable()
        for node in module.body
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name not in CONTRACT
    }
    elsewhere = {
        node.attr
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and self_attribute(node) is None
    }
    own = {
        node.name: fresh.variable()
        for owner in classes(module)
        for node in methods(owner)
        if not node.name.startswith("__") and node.name not in CONTRACT | elsewhere
    }
    for node in ast.walk(module):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            node.name = top.get(node.name, own.get(node.name, node.name))
        elif isinstance(node, ast.Name):
            node.id = top.get(node.id, node.id)
        elif isinstance(node, ast.Attribute) and self_attribute(node) in own:
            node.attr = own[node.attr]
    return bool(top or own)


def rename_imports(module: ast.Module, draw: Draw) -> bool:
    """`nn`, `torch`, `F` and `math` under other names, imported where a program relied on finding them."""
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)} & set(_IMPORTED)
    rebound = {name for name in used if name in names_written(module)}
    fresh = FreshNames(module, draw)
    names = {name: fresh.variable() for name in drawn(draw, sorted(used - rebound), 0.7)}
    if not names:
        return False
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    paths = {"torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "math": "math"}
    module.body[:0] = [ast.Import([ast.alias(paths[name], alias)]) for name, alias in names.items()]
    return True


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _outermost_functions(module: ast.Module) -> list[ast.FunctionDef]:
    bodies = [module.body, *(owner.body for owner in classes(module))]
    return [node for body in bodies for node in body if isinstance(node, ast.FunctionDef)]


def _reflects(module: ast.Module) -> bool:
    words = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    words |= {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}
    return bool(words & _REFLECTION)
