from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archloom.sandbox.frames import EndOfFrames, Frame, FrameError, encode_frame, read_frame

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.builds(Frame, st.dictionaries(st.text(), JSON, max_size=3), st.binary(max_size=200))))
def test_frames_arrive_as_they_were_sent(frames: list[Frame]) -> None:
    stream = io.BytesIO(b"".join(map(encode_frame, frames)))
    assert [read_frame(stream.read, 200) for _ in frames] == frames
    with pytest.raises(EndOfFrames):
        read_frame(stream.read, 200)


@given(st.binary(max_size=100))
def test_any_bytes_are_a_frame_or_a_frame_error(data: bytes) -> None:
    try:
        frame = read_frame(io.BytesIO(data).read, 50)
    except FrameError:
        return
    assert len(frame.body) <= 50


@pytest.mark.parametrize("lengths", [(2**32 - 1, 0), (2, 2**32 - 1), (2, 51)])
def test_a_length_above_the_cap_is_refused_before_anything_is_read(lengths: tuple[int, int]) -> None:
    stream = io.BytesIO(struct.pack(">II", *lengths) + b"{}" + b"x" * 100)
    with pytest.raises(FrameError, match="larger than allowed"):
        read_frame(stream.read, 50)
    assert stream.tell() == 8


@pytest.mark.parametrize("header", [b"{", b"[]", b"\xff\xff", b"[" * 30_000, b"9" * 5_000])
def test_a_header_that_is_no_json_object_is_refused(header: bytes) -> None:
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(struct.pack(">II", len(header), 0) + header).read, 0)
