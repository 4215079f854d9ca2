"""The same tokens in another layout, with remarks."""

from __future__ import annotations

import ast
import io
import tokenize

from archloom.corpus.draw import Draw
from archloom.disguise.trees import classes, statements

_REMARKS = (
    "output shape: (N, C, H, W)", "main path", "TODO: tune", "see the paper", "regularisation", "block",
    "classifier", "keep this cheap", "shortcut", "feature extractor",
)  # fmt: skip
_INDENTS = ("  ", "   ", "\t", "        ")


def add_docstrings(module: ast.Module, draw: Draw) -> bool:
    for node in [*module.body, *(part for owner in classes(module) for part in owner.body)]:
        if (
            isinstance(node, (ast.ClassDef, ast.FunctionDef))
            and ast.get_docstring(node) is None
            and draw.chance(0.6)
        ):
            node.body[:0] = statements(repr(draw.pick(_REMARKS).capitalize() + "."))
    module.body[:0] = statements(repr(f"Network {draw.pick(range(1000))}."))
    return True


def restyle(code: str, draw: Draw) -> str:
    """Comments, blank lines, indentation and quotes of a text that `ast.unparse` made."""
    indent, remarks = draw.pick(_INDENTS), draw.chance(0.7)
    lines: list[str] = []
    for line in code.splitlines():
        text = line.lstrip(" ")
        margin = indent * ((len(line) - len(text)) // 4)
        if remarks and draw.chance(0.15):
            lines.append(f"{margin}# {draw.pick(_REMARKS)}")
        if draw.chance(0.08):
            lines.append("")
        lines.append(margin + text + (f"  # {draw.pick(_REMARKS)}" if remarks and draw.chance(0.2) else ""))
    restyled = "\n".join(lines) + "\n"
    # A text over several lines must not be moved.
    return restyled if _same_tokens(code, restyled) else code


def _same_tokens(first: str, second: str) -> bool:
    return _words(first) == _words(second)


def _words(code: str) -> list[str]:
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE}
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return [token.string for token in tokens if token.type not in skipped]
