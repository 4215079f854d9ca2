"""Frames between worker and zygote: a JSON header and a body of bytes, both length-prefixed and capped.

Used on both sides of the jail's wall. A reader believes no length above its cap.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

LENGTHS = struct.Struct(">II")
HEADER_CAP = 64 * 1024


class FrameError(Exception):
    """What arrived is not a frame, or the other side has gone (`EndOfFrames`)."""


class EndOfFrames(FrameError):
    """End of file where a frame could have begun, or within one."""


@dataclass(frozen=True)
class Frame:
    header: Mapping[str, Any]
    body: bytes = b""


def encode_frame(frame: Frame) -> bytes:
    header = json.dumps(dict(frame.header)).encode()
    return LENGTHS.pack(len(header), len(frame.body)) + header + frame.body


def read_frame(read: Callable[[int], bytes], body_cap: int) -> Frame:
    """The next frame. `read(n)` returns 1 to n bytes, or none at end of file. Raises FrameError."""
    header_length, body_length = LENGTHS.unpack(_read_exactly(read, LENGTHS.size))
    if header_length > HEADER_CAP or body_length > body_cap:
        raise FrameError(f"a frame of {header_length} + {body_length} bytes is larger than allowed")
    header_bytes = _read_exactly(read, header_length)
    body = _read_exactly(read, body_length)
    try:
        header = json.loads(header_bytes)
    except (ValueError, RecursionError) as error:
        raise FrameError("the frame's header is not JSON") from error
    if not isinstance(header, dict):
        raise FrameError("the frame's header is not an object")
    return Frame(cast("dict[str, Any]", header), body)


def _read_exactly(read: Callable[[int], bytes], length: int) -> bytes:
    parts: list[bytes] = []
    missing = length
    while missing:
        part = read(min(missing, 1024 * 1024))
        if not part:
            raise EndOfFrames("the other side closed its end")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
