"""What curation compares of a program: its tokens as a whole, its 10-token shingles, the calls it makes.

Tokens are those of the novelty check (comments, blank lines and layout do not count). nn-dup, whose numbers
the thresholds are, first replaces names, numbers and strings by placeholders, so that networks that differ in
widths only are one. Here a width is a difference: of 60 networks that Qwen2.5 wrote 48 are left instead of
35, of 2,000 of the starter grammar 1,996 instead of 1,722 (60 pairs of LEMUR: 47 either way).
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from archloom.novelty.shingles import program_tokens

SHINGLE_TOKENS: Final = 10

Hashes = npt.NDArray[np.uint64]

NO_SHINGLES: Final[Hashes] = np.zeros(0, np.uint64)

# Odd powers of one odd constant: an order-sensitive, invertible mix of token hashes modulo 2^64.
_POWERS = np.array(
    [pow(0x9E3779B97F4A7C15, 2 * place + 1, 2**64) for place in range(SHINGLE_TOKENS)], np.uint64
)
_DEFINING: Final = frozenset({"def", "class"})


@dataclass(frozen=True, eq=False)
class Profile:
    digest: bytes
    """Equal exactly for programs with the same tokens (up to collisions of 128 bits)."""
    shingles: Hashes
    """Sorted, without repetition; empty for a program without tokens."""
    calls: bytes
    """Digest of the names called, in order: what nn-dup's structural fingerprint holds first; empty if none.
    """


def program_digest(code: str) -> bytes:
    """Of the program's tokens: 16 bytes, the same in every process."""
    return _digest(program_tokens(code))


def profile(code: str) -> Profile:
    tokens = program_tokens(code)
    calls = [name for before, name, after in _triples(tokens) if _is_call(before, name, after)]
    return Profile(_digest(tokens), _shingles(tokens), _digest(calls) if calls else b"")


def _triples(tokens: list[str]) -> "zip[tuple[str, str, str]]":
    return zip(["", *tokens], tokens, tokens[1:], strict=False)


def _is_call(before: str, name: str, after: str) -> bool:
    return after == "(" and name.isidentifier() and before not in _DEFINING


def _shingles(tokens: list[str]) -> Hashes:
    hashes = np.array([_token_hash(token) for token in tokens], np.uint64)
    if len(hashes) == 0:
        return hashes
    span = min(SHINGLE_TOKENS, len(hashes))
    windows = np.lib.stride_tricks.sliding_window_view(hashes, span)
    return np.unique((windows * _POWERS[:span]).sum(axis=1, dtype=np.uint64))


def _digest(tokens: list[str]) -> bytes:
    return blake2b("\0".join(tokens).encode("utf-8", "surrogatepass"), digest_size=16).digest()


@lru_cache(maxsize=65_536)
def _token_hash(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
