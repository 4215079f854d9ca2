"""JSON as it is written by others: read strictly where silence would lose data, leniently where Python is."""

import json
from collections import Counter
from typing import Final

from archloom.corpus.entry import JsonValue
from archloom.corpus.sources.text import BadText


class _Problem(ValueError):
    """A value that the parser accepts and we do not."""


def parse_json(text: str) -> JsonValue:
    """Raises BadText. NaN and infinities, which Python writes and JSON does not know, become null."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"character {error.pos + 1:,}"
        if error.lineno > 1:
            place = f"line {error.lineno:,}, column {error.colno:,}"
        raise BadText(f"is not JSON: {error.msg} at {place}") from error
    except RecursionError as error:
        raise BadText("is nested too deeply") from error
    except ValueError as error:
        raise BadText(str(error)) from error


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise _Problem(f"has the key {json.dumps(twice)} twice")
    return found


def _finite(text: str) -> float | None:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _Problem(f"has the number {text[:40]}, which is too large")
    return value


def _nothing(_: str) -> None:
    return None


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_nothing)
