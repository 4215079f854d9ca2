"""A file line by line in constant memory, whatever it holds."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archloom.corpus.sources.limits import MAX_LINE_BYTES
from archloom.corpus.sources.text import BadText, decode, wide_encoding


@dataclass(frozen=True)
class Line:
    number: int
    """From 1."""
    text: str | BadText
    """Without its end; or why it is no text."""


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """Lines that are not blank. A byte order mark of UTF-8 is skipped; CR LF ends a line too."""
    offset = 0
    number = 0
    while True:
        data = stream.readline(MAX_LINE_BYTES + len(b"\r\n"))
        if not data:
            return
        number += 1
        start, offset = offset, offset + len(data)
        if number == 1:
            encoding = wide_encoding(data)
            if encoding is not None:
                first = data[:4].hex(" ").upper()
                yield Line(1, BadText(f"the file is {encoding} (it begins with {first}); save it as UTF-8"))
                return
            if data.startswith(codecs.BOM_UTF8):
                data, start = data[len(codecs.BOM_UTF8) :], start + len(codecs.BOM_UTF8)
        content = data.rstrip(b"\r\n")
        if len(content) > MAX_LINE_BYTES:
            offset += _skip_line(stream, data)
            yield Line(number, BadText(f"is longer than {MAX_LINE_BYTES // 2**20} MiB"))
        elif content.strip():
            yield _decoded(number, content, start)


def _decoded(number: int, data: bytes, start: int) -> Line:
    try:
        return Line(number, decode(data, start))
    except BadText as error:
        return Line(number, error)


def _skip_line(stream: BinaryIO, data: bytes) -> int:
    """Reads to the end of the line that `data` begins; returns how many bytes that took."""
    skipped = 0
    while not data.endswith(b"\n"):
        data = stream.readline(2**16)
        if not data:
            break
        skipped += len(data)
    return skipped
