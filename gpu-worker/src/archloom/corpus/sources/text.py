"""Bytes and strings that cannot be text of an entry, and the sentence that says where they go wrong."""

import codecs
import re
from typing import Final

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class BadText(Exception):
    """The message says what is wrong; it completes "<position>: ..."."""


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, if the first bytes of a text say so: by a mark, or by a NUL beside the first
    character.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if len(head) >= 4 and head[:4].count(0) == 2 and head[:4].replace(b"\0", b"").isascii():
        return "UTF-16"
    return None


def decode(data: bytes, offset: int | None = None) -> str:
    """UTF-8 as text. Raises BadText; `offset` is where in its file the data begins, in bytes, where that
    helps.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1:,}"
        if offset is not None:
            place += f" of the line (offset {offset + error.start:,} in the file)"
        raise BadText(
            f"{place} is 0x{data[error.start]:02X}, which is not UTF-8; "
            "save the file as UTF-8 (it may be Latin-1 or Windows-1252)"
        ) from error
    nul = text.find("\0")
    if nul >= 0:
        raise BadText(f"character {nul + 1:,} is NUL; the file is damaged or not text")
    return text


def assert_storable(field: str, text: str) -> None:
    """Raises BadText if a string read from JSON holds what no database and no file can: NUL, half a surrogate
    pair.
    """
    found = _UNSTORABLE.search(text)
    if found is None:
        return
    what = "NUL" if found[0] == "\0" else f"half of a surrogate pair (U+{ord(found[0]):04X})"
    raise BadText(f"{field} holds {what} at character {found.start() + 1:,}")


def printable(name: str) -> str:
    """A name from outside as one line of text that can be shown and stored."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", name)
