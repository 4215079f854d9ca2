"""A network in disguise: several changes at once, none of which changes what it computes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archloom.corpus.draw import Draw
from archloom.disguise import dead_code, helpers, layers, rename, reorder, spelling, style

Change = Callable[[ast.Module, Draw], bool]

# In the order in which they are applied: names last, so that what was added is renamed, too.
CHANGES: Mapping[str, Change] = {
    "unpacked sequences": layers.unpack_sequences,
    "packed sequences": layers.pack_sequences,
    "sequences as lists": layers.list_sequences,
    "modules as functions": layers.use_functions,
    "functions as modules": layers.use_modules,
    "in place": layers.switch_in_place,
    "named arguments": spelling.name_arguments,
    "written defaults": spelling.write_defaults,
    "squares": spelling.write_squares,
    "calls respelled": spelling.respell_calls,
    "split statements": helpers.split_statements,
    "merged statements": helpers.merge_statements,
    "unrolled loops": helpers.unroll_loops,
    "reordered statements": reorder.reorder_statements,
    "extracted method": helpers.extract_method,
    "extracted function": helpers.extract_function,
    "extracted class": helpers.extract_class,
    "swapped operands": reorder.swap_operands,
    "numbers": spelling.write_numbers,
    "dead modules": dead_code.add_modules,
    "dead variables": dead_code.add_variables,
    "dead branches": dead_code.add_branches,
    "dead definitions": dead_code.add_definitions,
    "reordered layers": reorder.reorder_layers,
    "reordered methods": reorder.reorder_methods,
    "reordered definitions": reorder.reorder_definitions,
    "reordered keywords": reorder.reorder_keywords,
    "subclass": spelling.add_subclass,
    "annotations": spelling.annotate,
    "docstrings": style.add_docstrings,
    "renamed attributes": rename.rename_attributes,
    "renamed variables": rename.rename_variables,
    "renamed definitions": rename.rename_definitions,
    "renamed imports": rename.rename_imports,
}
_MOST = 8
_TRIES = 20


@dataclass(frozen=True)
class Disguise:
    code: str
    changes: tuple[str, ...]
    """What was changed, in order."""


def disguise(code: str, seed: int) -> Disguise:
    """A copy with up to eight changes, remarks and another layout; the same for the same seed.

    Nearly always the same network; `proof` says whether it is. Raises SyntaxError, ValueError where nothing
    can be changed.
    """
    draw = Draw(seed)
    for _ in range(_TRIES):
        wanted = set(draw.shuffled(list(CHANGES))[: draw.pick(range(1, _MOST + 1))])
        module = ast.parse(code)
        done: list[str] = []
        for name, change in CHANGES.items():
            if name in wanted and change(module, draw):
                done.append(name)
                ast.fix_missing_locations(module)
        if done:
            return Disguise(style.restyle(ast.unparse(module) + "\n", draw), tuple(done))
    raise ValueError("none of the changes can be made to this program")
