"""What all disguises need to know about a program's syntax tree."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from archloom.corpus.draw import Draw

T = TypeVar("T")
Function = ast.FunctionDef
SELF = "self"
# Names that the judge looks for, and those of nn.Module that a program may assign to.
CONTRACT = frozenset({"Net", "supported_hyperparameters", "forward", "train_setup", "learn", "training"})
_SYLLABLES = (
    "al",
    "ba",
    "co",
    "dre",
    "fi",
    "gor",
    "hel",
    "ki",
    "lum",
    "mer",
    "no",
    "pra",
    "sto",
    "tu",
    "vex",
)


def classes(module: ast.Module) -> list[ast.ClassDef]:
    return [node for node in module.body if isinstance(node, ast.ClassDef)]


def methods(owner: ast.ClassDef) -> list[Function]:
    return [node for node in owner.body if isinstance(node, ast.FunctionDef)]


def method(owner: ast.ClassDef, name: str) -> Function | None:
    return next((node for node in methods(owner) if node.name == name), None)


def networks(module: ast.Module) -> list[tuple[ast.ClassDef, Function, Function]]:
    """Classes with a constructor and a forward method, and those two."""
    found: list[tuple[ast.ClassDef, Function, Function]] = []
    for owner in classes(module):
        init, forward = method(owner, "__init__"), method(owner, "forward")
        if init is not None and forward is not None:
            found.append((owner, init, forward))
    return found


def self_attribute(node: ast.AST) -> str | None:
    """`name` of `self.name`."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == SELF:
        return node.attr
    return None


def attribute_uses(owner: ast.AST, name: str) -> list[ast.Attribute]:
    """Every place where `self.name` is read."""
    return [
        node
        for node in ast.walk(owner)
        if isinstance(node, ast.Attribute) and self_attribute(node) == name and isinstance(node.ctx, ast.Load)
    ]


def attribute_assignments(init: Function) -> dict[str, ast.Assign]:
    """`self.name = ...` directly in the body, for names assigned exactly once."""
    found: dict[str, list[ast.Assign]] = {}
    for node in ast.walk(init):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                name = self_attribute(target)
                if name is not None:
                    found.setdefault(name, []).append(node)
    return {
        name: nodes[0]
        for name, nodes in found.items()
        if len(nodes) == 1 and nodes[0] in init.body and len(nodes[0].targets) == 1
    }


def layer_name(node: ast.AST | None) -> str | None:
    """`Conv2d` of `nn.Conv2d(...)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        module = node.func.value
        if isinstance(module, ast.Name) and module.id == "nn":
            return node.func.attr
    return None


def layer_calls(node: ast.AST, *names: str) -> list[ast.Call]:
    return [part for part in ast.walk(node) if isinstance(part, ast.Call) and layer_name(part) in names]


def names_read(node: ast.AST) -> set[str]:
    return {
        part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    }


def names_written(node: ast.AST) -> set[str]:
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)
    }


def attributes_read(node: ast.AST) -> set[str]:
    return {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def parameters(function: Function) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def global_names(module: ast.Module) -> set[str]:
    """Names bound at the top, and those that a program uses without binding them anywhere."""
    bound: set[str] = set()
    for node in module.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        else:
            bound |= names_written(node)
    return bound


def identifiers(module: ast.Module) -> set[str]:
    """Every word that is already taken, in whatever role."""
    words: set[str] = set()
    for node in ast.walk(module):
        for field in ("id", "attr", "arg", "name", "asname"):
            word = getattr(node, field, None)
            if isinstance(word, str):
                words.add(word)
    return words


class FreshNames:
    """Invents words that the program does not use yet."""

    def __init__(self, module: ast.Module, draw: Draw) -> None:
        self._taken = identifiers(module)
        self._draw = draw

    def variable(self) -> str:
        return self._new(str.lower)

    def class_name(self) -> str:
        return self._new(str.title)

    def _new(self, style: Callable[[str], str]) -> str:
        while True:
            joint = self._draw.pick(("", "", "_"))
            parts = [style(self._draw.pick(_SYLLABLES)) for _ in range(self._draw.pick((2, 3)))]
            word = joint.join(parts) + (str(self._draw.pick(range(10))) if self._draw.chance(0.3) else "")
            if word not in self._taken and word.isidentifier() and not keyword.iskeyword(word):
                self._taken.add(word)
                return word


class _Replacer(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def replace(within: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """Puts `new` in the place of that very node."""
    _Replacer(old, new).generic_visit(within)


def bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every list of statements below a node."""
    for part in ast.walk(node):
        for field in ("body", "orelse", "finalbody"):
            body = getattr(part, field, None)
            if isinstance(body, list) and body:
                yield body


def expression(text: str, **parts: ast.expr) -> ast.expr:
    """The expression of a text in which each given name stands for a part."""
    node = ast.parse(text, mode="eval").body
    for part in list(ast.walk(node)):
        if isinstance(part, ast.Name) and part.id in parts:
            if part is node:
                return parts[part.id]
            replace(node, part, parts[part.id])
    return node


def statements(text: str) -> list[ast.stmt]:
    return ast.parse(text).body


def self_name(name: str) -> ast.expr:
    return expression(f"self.{name}")


def assign(target: str, value: ast.expr) -> ast.Assign:
    """`target = value`, where target may be `self.name`."""
    node = statements(f"{target} = None")[0]
    assert isinstance(node, ast.Assign)
    node.value = value
    return node


def drawn(draw: Draw, options: Iterable[T], share: float) -> list[T]:
    """Some of the options, each with the given probability, at least one if there is any."""
    listed = list(options)
    chosen = [option for option in listed if draw.chance(share)]
    return chosen or ([draw.pick(listed)] if listed else [])
