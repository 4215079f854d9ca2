"""The accuracy that a row states: in a field, or in the last line of its answer."""

import re
from collections.abc import Mapping

from archloom.corpus.entry import JsonValue, is_accuracy
from archloom.corpus.sources.text import BadText

_HOLDERS = ("meta", "metadata")
_SEARCHED_CHARACTERS = 1000

# nn-gpt's answers may end with `addon_accuracy: 0.6984` behind the code: what the improved network reached.
_LAST_LINE = re.compile(
    r"[\s#*_>-]*(?:\w+[ _-])?accuracy[*_]*\s*[:=]\s*[*_]*\s*"
    r"(?P<number>\d*\.?\d+(?:e-?\d+)?)\s*(?P<percent>%?)[\s*_.]*",
    re.IGNORECASE,
)


def accuracy_field(row: Mapping[str, JsonValue]) -> float | None:
    """Of the row or its `meta`; None if none is stated. Raises BadText if what is stated is no accuracy."""
    for holder in (row, *(row.get(key) for key in _HOLDERS)):
        if not isinstance(holder, Mapping):
            continue
        value = holder.get("accuracy")
        if value is None:
            continue
        if not is_accuracy(value):
            shown = str(value)[:40]
            raise BadText(f"accuracy is {shown}; it must be a fraction from 0 to 1")
        return float(value)
    return None


def accuracy_in_answer(answer: str) -> float | None:
    """Of a last line that is nothing but a label and a number, inside the code's fence or behind it."""
    lines = (line for line in reversed(answer[-_SEARCHED_CHARACTERS:].splitlines()) if line.strip(" \t`~"))
    match = _LAST_LINE.fullmatch(next(lines, ""))
    if match is None:
        return None
    value = float(match["number"]) / (100 if match["percent"] else 1)
    return value if is_accuracy(value) else None
