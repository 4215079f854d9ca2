"""One JSON object as a network.

Accepted, by the keys that decide (nn-gpt and nn-dup: ABrain-One on GitHub, versions of autumn 2026):

- `messages`: a list of {role, content}: an optional system message, a user message, the assistant's answer
  with the code in a fenced block. nn-dup's chat data and what nn-gpt fine-tunes on.
- `prompt` and `completion` (or `response`), each a text or such a list: nn-gpt's frames for TRL.
- `instruction` and `response`, with `context` in between if it is not empty: nn-gpt's raw data set.
- `code` (or `nn_code`): a plain row; with `task`, `dataset`, `metric` and `epoch` it is a row of LEMUR's API
  and its `accuracy`, `duration` and `prm` become a trial.

Beside them: `name` (or `nn`, `meta.source_path`, `id`), `accuracy`, `statistics`, `origin`.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from archloom.corpus.entry import Entry, JsonValue, Messages, Trial, best_accuracy
from archloom.corpus.fences import fenced_code
from archloom.corpus.sources.limits import MAX_CODE_BYTES, MAX_NAME_CHARACTERS
from archloom.corpus.sources.stated_accuracy import accuracy_field, accuracy_in_answer
from archloom.corpus.sources.text import BadText, assert_storable, printable
from archloom.corpus.sources.trials import lemur_row_trial, read_statistics

# nn-dup's files: the network's name in LEMUR, two underscores, the first digits of the code's hash.
_CODE_HASH: Final = re.compile(r"__[0-9a-f]{12}$")

Row = Mapping[str, JsonValue]


def read_row(value: JsonValue, position: str, fallback_name: str, origin: str) -> Entry:
    """Raises BadText with the reason why the row is no network."""
    if not isinstance(value, dict):
        raise BadText(f"is {_kind(value)}, not an object in braces")
    messages, answer = _conversation(value)
    code = _code(value, answer)
    statistics = _statistics(value)
    name = _name(value) or fallback_name
    accuracy = _accuracy(value, statistics)
    if answer is not None and "accuracy" not in value and accuracy is None:
        accuracy = accuracy_in_answer(answer)
    stated_origin = value.get("origin")
    return Entry(
        position=position,
        name=printable(name.strip())[:MAX_NAME_CHARACTERS],
        code=code,
        origin=printable(stated_origin)[:MAX_NAME_CHARACTERS] if isinstance(stated_origin, str) else origin,
        messages=messages,
        answer=answer,
        accuracy=accuracy,
        statistics=statistics,
    )


def checked_code(code: str) -> str:
    """The code without a byte order mark. Raises BadText if this is no network's code whatever it says."""
    code = code.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if not code.strip():
        raise BadText("the code is empty")
    assert_storable("the code", code)
    size = len(code.encode())
    if size > MAX_CODE_BYTES:
        raise BadText(f"the code has {size:,} bytes; at most {MAX_CODE_BYTES:,} are read")
    return code


def _conversation(row: Row) -> tuple[Messages | None, str | None]:
    if "messages" in row:
        turns = _turns("messages", row["messages"])
    elif "prompt" in row and ("completion" in row or "response" in row):
        key = "completion" if "completion" in row else "response"
        turns = [*_turns("prompt", row["prompt"], "user"), *_turns(key, row[key], "assistant")]
    elif "instruction" in row and "response" in row:
        parts = [_text("instruction", row["instruction"])]
        if row.get("context"):
            parts.append(_text("context", row["context"]))
        turns = [("user", "\n\n".join(parts)), ("assistant", _text("response", row["response"]))]
    else:
        return None, None
    roles = [role for role, _ in turns]
    match roles:
        case ["system", "user", "assistant"]:
            return Messages(turns[0][1], turns[1][1]), turns[2][1]
        case ["user", "assistant"]:
            return Messages("", turns[0][1]), turns[1][1]
        case _:
            found = printable(", ".join(roles)[:200]) or "none"
            raise BadText(f"the messages must be system (optional), user and assistant; they are: {found}")


def _turns(field: str, value: JsonValue, role: str | None = None) -> list[tuple[str, str]]:
    """(role, text) of each message; a plain text is one message of the given role."""
    if role is not None and isinstance(value, str):
        return [(role, _text(field, value))]
    if not isinstance(value, list):
        raise BadText(f"{field} is {_kind(value)}, not a list of messages")
    turns: list[tuple[str, str]] = []
    for place, message in enumerate(value):
        if not isinstance(message, dict):
            raise BadText(f"{field}[{place}] is {_kind(message)}, not an object in braces")
        turns.append(
            (
                _text(f"{field}[{place}].role", message.get("role")),
                _text(f"{field}[{place}].content", message.get("content")),
            )
        )
    return turns


def _code(row: Row, answer: str | None) -> str:
    given = row.get("code") if row.get("code") is not None else row.get("nn_code")
    if given is not None:
        return checked_code(_text("code", given))
    if answer is None:
        raise BadText("has neither messages nor code")
    found = fenced_code(answer)
    if found is None:
        raise BadText("the answer has no code: it needs a fenced block (```python ... ```)")
    return checked_code(found)


def _statistics(row: Row) -> tuple[Trial, ...]:
    given = row.get("statistics")
    if given is not None:
        return read_statistics(given)
    trial = lemur_row_trial(row)
    return () if trial is None else (trial,)


def _accuracy(row: Row, statistics: tuple[Trial, ...]) -> float | None:
    if "nn_code" in row and statistics:
        # In a row of LEMUR's API the field is that of the metric, which need not be an accuracy.
        return best_accuracy(statistics)
    stated = accuracy_field(row)
    return best_accuracy(statistics) if stated is None else stated


def _name(row: Row) -> str | None:
    meta = row.get("meta")
    path = meta.get("source_path") if isinstance(meta, dict) else None
    stem = _CODE_HASH.sub("", PurePosixPath(path).stem) if isinstance(path, str) else None
    for name in (row.get("name"), row.get("nn"), stem, row.get("id")):
        if isinstance(name, str) and name.strip():
            return name
    return None


def _text(field: str, value: JsonValue) -> str:
    if not isinstance(value, str):
        raise BadText(f"{field} is {_kind(value)}, not text")
    assert_storable(field, value)
    return value


def _kind(value: JsonValue) -> str:
    match value:
        case None:
            return "missing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "an object"
