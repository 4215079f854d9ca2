"""Rows of JSONL, or of one JSON list, as entries: one row in memory at a time."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from archloom.corpus.entry import JsonValue, Rejected, SourceItem
from archloom.corpus.sources.json_items import read_items
from archloom.corpus.sources.json_text import parse_json
from archloom.corpus.sources.lines import Line, read_lines
from archloom.corpus.sources.rows import read_row
from archloom.corpus.sources.text import BadText


def jsonl_items(stream: BinaryIO, name: str, origin: str | None = None) -> Iterator[SourceItem]:
    """`name` is what positions begin with (`pairs.jsonl`, `archive.zip: train.jsonl`), and the origin."""
    stem = PurePosixPath(name.rpartition(": ")[2]).stem
    empty = True
    for line in read_lines(stream):
        empty = False
        position = f"{name} line {line.number:,}"
        yield _item(_parsed(line), position, f"{stem}-{line.number}", name if origin is None else origin)
    if empty:
        yield Rejected(name, "is empty")


def json_list_items(stream: BinaryIO, name: str) -> Iterator[SourceItem]:
    stem = PurePosixPath(name).stem
    for number, value in enumerate(read_items(stream, name, None), 1):
        yield _item(value, f"{name} item {number:,}", f"{stem}-{number}", name)


def _parsed(line: Line) -> JsonValue | BadText:
    try:
        return line.text if isinstance(line.text, BadText) else parse_json(line.text)
    except BadText as error:
        return error


def _item(value: JsonValue | BadText, position: str, fallback_name: str, origin: str) -> SourceItem:
    try:
        if isinstance(value, BadText):
            raise value
        return read_row(value, position, fallback_name, origin)
    except BadText as error:
        return Rejected(position, str(error))
