"""Entries as rows that `sources.rows` reads back as they were."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from archloom.corpus.curation.splits import SPLITS, Split
from archloom.corpus.entry import Entry, JsonValue, Messages
from archloom.corpus.exports.files import File
from archloom.corpus.fences import fence, fenced_code

DEFAULT_MESSAGES: Final = Messages(
    system="You write neural networks in PyTorch. Answer with one fenced Python block and nothing else.",
    user="Write a new network for image classification: class Net(nn.Module).",
)
"""Asked for a network whose own prompt is not known."""


@dataclass(frozen=True)
class Exported:
    entry: Entry
    split: Split = "train"
    family: str | None = None


def chat_files(exported: Iterable[Exported], default: Messages = DEFAULT_MESSAGES) -> Iterator[File]:
    """Chat rows, `<split>.jsonl` for every split that has any."""
    yield from jsonl_files(((each.split, chat_row(each.entry, default)) for each in exported), "")


def chat_row(entry: Entry, default: Messages = DEFAULT_MESSAGES) -> dict[str, JsonValue]:
    messages = entry.messages or default
    answer = entry.answer
    if answer is None or fenced_code(answer) != entry.code:
        answer = fence(entry.code)
    turns = [("system", messages.system), ("user", messages.user), ("assistant", answer)]
    row: dict[str, JsonValue] = {
        "name": entry.name,
        "messages": [{"role": role, "content": text} for role, text in turns if text or role != "system"],
        "accuracy": entry.accuracy,
        "statistics": [trial.to_json() for trial in entry.statistics],
        "origin": entry.origin,
    }
    return row


def jsonl_files(rows: Iterable[tuple[Split, dict[str, JsonValue]]], folder: str) -> Iterator[File]:
    """One file for each split that has rows, in the order of SPLITS."""
    lines: dict[Split, list[bytes]] = {split: [] for split in SPLITS}
    for split, row in rows:
        # ASCII, so that no reader can take a character of a text for the end of a line.
        lines[split].append(json.dumps(row, allow_nan=False).encode() + b"\n")
    for split in SPLITS:
        if lines[split]:
            yield f"{folder}{split}.jsonl", b"".join(lines[split])
