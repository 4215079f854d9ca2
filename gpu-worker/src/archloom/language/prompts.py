"""Prompt templates: ordinary text in which `{{field}}` stands for a value.

Only two braces on either side make a field, so that a template may hold Python code ({'lr'}, f"{x}") as it
is. The web's server checks a template by the same rule before it is stored.
"""

import difflib
import re
from collections.abc import Mapping
from typing import Final

_FIELD: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


class PromptFieldUnknown(ValueError):
    """A template has a field that nothing fills; the message names it and its place, both counted from 1."""

    def __init__(self, field: str, line: int, column: int, known: list[str]) -> None:
        near = difflib.get_close_matches(field, known, n=1)
        advice = f"did you mean {{{{{near[0]}}}}}?" if near else f"fields are {', '.join(known)}"
        place = f"line {line}, column {column}"
        super().__init__(f"the prompt template has an unknown field {{{{{field}}}}} in {place}: {advice}")
        self.field = field
        self.line = line
        self.column = column


def render(text: str, fields: Mapping[str, str | int]) -> str:
    """The text with every field filled, once: braces in a value stay. Raises PromptFieldUnknown."""

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if name not in fields:
            before = text[: found.start()]
            line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
            raise PromptFieldUnknown(name, line, column, sorted(fields))
        return str(fields[name])

    return _FIELD.sub(fill, text)
