"""A program as a set of 7-token shingles, each a 64-bit hash.

Tokens are those of Python's `tokenize` without comments, blank lines and positions, so layout and remarks do
not count; text that is not Python falls back to its whitespace-separated words. Hashes are the same in every
process.

Two different shingles share a hash with probability 2^-64; a corpus of 8,000 programs holds about 10^6
different shingles, so figures computed on hashes are the exact ones in all but one of some 10^7 corpora.
"""

import io
import tokenize
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from archloom.novelty.frame import FRAMES

SHINGLE_TOKENS: Final = 7
MIN_BODY_SHINGLES: Final = 20

Hashes = npt.NDArray[np.uint64]
Basis = Literal["body", "file"]

_SKIPPED = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER})
_LAYOUT = {tokenize.NEWLINE: "<newline>", tokenize.INDENT: "<indent>", tokenize.DEDENT: "<dedent>"}

# Odd powers of one odd constant (the golden ratio's 64 bits): an order-sensitive, invertible mix of token
# hashes.
_POWERS = np.array(
    [pow(0x9E3779B97F4A7C15, 2 * place + 1, 2**64) for place in range(SHINGLE_TOKENS)], np.uint64
)


@dataclass(frozen=True, eq=False)
class Shingles:
    """The shingles of one program: sorted, without repetition, split into body and contract frame."""

    body: Hashes
    frame_mask: int
    """Bit k is set where the program contains the k-th shingle of the frame."""

    @property
    def basis(self) -> Basis:
        """What decides a comparison asked about this program: its body, or the whole file if the body is
        tiny.
        """
        return "body" if len(self.body) >= MIN_BODY_SHINGLES else "file"

    @cached_property
    def file(self) -> Hashes:
        """Body and frame together."""
        bits = np.array([self.frame_mask >> place & 1 for place in range(len(_frame()))], dtype=bool)
        return np.union1d(self.body, _frame()[bits])

    def on(self, basis: Basis) -> Hashes:
        return self.body if basis == "body" else self.file

    def size(self, basis: Basis) -> int:
        return len(self.body) + (self.frame_mask.bit_count() if basis == "file" else 0)


def program_tokens(code: str) -> list[str]:
    """The tokens that count. Line structure appears as `<newline>`, `<indent>` and `<dedent>`."""
    tokens: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.ERRORTOKEN:
                return code.split()
            if token.type not in _SKIPPED:
                tokens.append(_LAYOUT.get(token.type, token.string))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return code.split()
    return tokens


def shingle_hashes(code: str) -> Hashes:
    """All shingles of the text. A text of one to six tokens is a single shingle; an empty one has none."""
    tokens = np.array([_token_hash(token) for token in program_tokens(code)], np.uint64)
    if len(tokens) == 0:
        return tokens
    span = min(SHINGLE_TOKENS, len(tokens))
    windows = np.lib.stride_tricks.sliding_window_view(tokens, span)
    return np.unique((windows * _POWERS[:span]).sum(axis=1, dtype=np.uint64))


def shingles(code: str) -> Shingles:
    hashes = shingle_hashes(code)
    frame = _frame()
    is_frame = np.isin(hashes, frame, assume_unique=True)
    mask = 0
    for place in np.searchsorted(frame, hashes[is_frame]).tolist():
        mask |= 1 << place
    return Shingles(body=hashes[~is_frame], frame_mask=mask)


@lru_cache(maxsize=1)
def _frame() -> Hashes:
    return np.unique(np.concatenate([shingle_hashes(text) for text in FRAMES]))


@lru_cache(maxsize=65_536)
def _token_hash(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
