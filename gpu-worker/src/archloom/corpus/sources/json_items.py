"""The items of one list in a large JSON document, without holding the document.

The list is the document itself, or the value of one key of its outermost object. JSON has no line structure,
so a syntax error cannot be skipped: it ends the reading with a SourceRefused that names the place.
"""

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO, Final

from archloom.corpus.entry import JsonValue
from archloom.corpus.errors import SourceRefused
from archloom.corpus.sources.json_text import parse_json
from archloom.corpus.sources.limits import MAX_LINE_BYTES
from archloom.corpus.sources.text import BadText

_CHUNK_BYTES: Final = 2**16
_IN_NUMBERS: Final = "0123456789.+-eE"
_MAX_OTHER_BYTES: Final = 64 * 2**20
"""Of what stands before the list."""

_SPACE: Final = " \t\r\n"
_LONGEST_TOKEN: Final = len("-Infinity") + len("\\ud83d\\ude00")
"""A syntax error farther than this from the window's end has nothing to do with the end."""

# Finds where a value ends and judges nothing.
_BOUNDARIES: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def read_items(stream: BinaryIO, name: str, key: str | None) -> Iterator[JsonValue | BadText]:
    """Items in order; BadText in place of one that is JSON but not acceptable (a key twice, say).

    Raises SourceRefused.
    """
    text = _Window(stream, name)
    if key is not None:
        _enter_key(text, key)
    text.expect("[")
    if text.peek() == "]":
        return
    while True:
        yield text.value()
        if text.expect(",]") == "]":
            return


def _enter_key(text: "_Window", key: str) -> None:
    """Moves to the value of the key."""
    text.expect("{")
    while True:
        found = text.value()
        text.expect(":")
        if found == key:
            return
        text.value(_MAX_OTHER_BYTES)
        if text.expect(",}") == "}":
            raise SourceRefused(f"{text.name} has no key {json.dumps(key)}.")


def _strictly(item: str) -> JsonValue | BadText:
    try:
        return parse_json(item)
    except BadText as error:
        return error


class _Window:
    """The part of the document that is being parsed; what was parsed is dropped."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._dropped = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def expect(self, allowed: str) -> str:
        found = self.peek()
        if not found or found not in allowed:
            wanted = " or ".join(allowed)
            raise self._refused(f"{wanted} is missing" if found else f"it ends where {wanted} is missing")
        self._at += 1
        return found

    def value(self, limit: int = MAX_LINE_BYTES) -> JsonValue | BadText:
        """The next value, whatever its kind; at most so many characters of it."""
        self.peek()
        want = _CHUNK_BYTES
        while True:
            try:
                _, end = _BOUNDARIES.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                near_the_end = error.pos > len(self._text) - _LONGEST_TOKEN
                if self._ended or not (near_the_end or error.msg.startswith("Unterminated")):
                    raise self._refused(error.msg, error.pos) from error
            except RecursionError as error:
                raise self._refused("an item is nested too deeply") from error
            else:
                # `-0` is a number, and may be the beginning of `-0.5`.
                if self._ended or (end < len(self._text) and self._text[end] not in _IN_NUMBERS):
                    item, self._at = self._text[self._at : end], end
                    return _strictly(item)
            if len(self._text) - self._at > limit:
                raise self._refused(f"an item is longer than {limit // 2**20} MiB")
            self._more(want)
            want *= 2

    def _more(self, size: int = _CHUNK_BYTES) -> bool:
        """Reads on; False at the end of the document."""
        if self._ended:
            return False
        data = self._stream.read(size)
        self._ended = not data
        try:
            fresh = self._decoder.decode(data, self._ended)
        except UnicodeDecodeError as error:
            byte = f"0x{error.object[error.start]:02X}"
            raise self._refused(f"byte {byte} is not UTF-8", len(self._text)) from error
        self._text = self._text[self._at :] + fresh
        self._dropped += self._at
        self._at = 0
        return not self._ended or bool(fresh)

    def _refused(self, what: str, at: int | None = None) -> SourceRefused:
        place = self._dropped + (self._at if at is None else at) + 1
        return SourceRefused(f"{self.name} is not valid JSON: {what} at character {place:,}.")
