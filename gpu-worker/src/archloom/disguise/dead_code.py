"""Code without effect: modules nobody calls, variables nobody reads, branches nobody takes."""

from __future__ import annotations

import ast

from archloom.corpus.draw import Draw
from archloom.disguise.trees import FreshNames, networks, statements

_MODULES = (
    "nn.Conv2d({a}, {b}, 3, padding=1)",
    "nn.Linear({a}, {b})",
    "nn.BatchNorm2d({a})",
    "nn.Sequential(nn.Linear({a}, {b}), nn.ReLU(), nn.Linear({b}, {a}))",
    "nn.Dropout(0.5)",
    "nn.Parameter(torch.zeros({a}, {b}))",
)
_UNREAD = (
    "{v} = {x}.mean()",
    "{v} = torch.relu({x}) * 2 + 1",
    "{v} = {x}.shape",
    "{v} = {x}.detach().clone().sum()",
    "{v} = [{x}, {x}]",
    "{v} = nn.functional.dropout({x}, 0.5)",
)
_NEVER = (
    "if False:\n    {x} = {x} * 0",
    "if {x} is None:\n    return None",
    "for {v} in range(0):\n    {x} = -{x}",
    "while False:\n    {x} = {x} + 1",
    "if self.training and not self.training:\n    raise RuntimeError('never')",
    "assert {x} is not None",
    "if {x}.dim() != {x}.dim():\n    return {x}",
)
_FUNCTION = "def {name}({a}, {b}=1):\n    {c} = {a} * {b}\n    return [{c} for _ in range({b})]"
_CLASS = """
class {name}(nn.Module):
    def __init__(self, {a}={n}):
        super().__init__()
        self.{b} = nn.Conv2d({a}, {a}, 3, padding=1)
    def forward(self, {c}):
        return {c} + self.{b}({c})
"""


def add_modules(module: ast.Module, draw: Draw) -> bool:
    for _, init, _ in networks(module):
        fresh = FreshNames(module, draw)
        for _ in range(draw.pick((1, 2, 3))):
            sizes = {"a": draw.pick((4, 7, 16)), "b": draw.pick((3, 8, 12))}
            node = statements(f"self.{fresh.variable()} = {draw.pick(_MODULES).format(**sizes)}")[0]
            # After `super().__init__()`, wherever that is.
            places = [place for place, line in enumerate(init.body) if "super" in ast.unparse(line)]
            init.body.insert(draw.pick(range((places or [0])[-1] + 1, len(init.body) + 1)), node)
    return bool(networks(module))


def add_variables(module: ast.Module, draw: Draw) -> bool:
    return _add_lines(module, draw, _UNREAD)


def add_branches(module: ast.Module, draw: Draw) -> bool:
    return _add_lines(module, draw, _NEVER)


def add_definitions(module: ast.Module, draw: Draw) -> bool:
    fresh = FreshNames(module, draw)
    words = {word: fresh.variable() for word in "abc"}
    if draw.chance(0.5):
        text = _FUNCTION.format(name=fresh.variable(), **words)
    else:
        text = _CLASS.format(name=fresh.class_name(), n=draw.pick((4, 8, 16)), **words)
    module.body.append(statements(text)[0])
    return True


def _add_lines(module: ast.Module, draw: Draw, forms: tuple[str, ...]) -> bool:
    """Into forward methods, where their input still has its own name and value."""
    changed = False
    for _, _, forward in networks(module):
        if len(forward.args.args) < 2:
            continue
        fresh = FreshNames(module, draw)
        for _ in range(draw.pick((1, 2))):
            text = draw.pick(forms).format(v=fresh.variable(), x=forward.args.args[1].arg)
            forward.body.insert(draw.pick((0, 0, 1)) if len(forward.body) > 1 else 0, statements(text)[0])
            changed = True
    return changed
