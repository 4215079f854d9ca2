"""The starter corpus's fingerprints, shipped: computing 8,000 takes minutes of a first start.

The file begins with one line of JSON that says what the fingerprints are of, then has 16 bytes for each
program in corpus order; sixteen zeros for one that has none. A file that does not fit this installation is
not used.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from archloom.sandbox.inside.fingerprint import FINGERPRINT_VERSION

FILE: Final = Path(__file__).with_name("starter-1.fingerprints")
_BYTES: Final = 16


@dataclass(frozen=True)
class Origin:
    """What a fingerprint depends on beside the program."""

    fingerprint_version: int
    torch_version: str
    shape_key: str
    corpus_sha256: str

    @classmethod
    def here(cls, shape_key: str, corpus_sha256: str) -> "Origin":
        """Of fingerprints computed by this installation."""
        # Builds of one version for other processors record the same operators.
        torch_version = version("torch").partition("+")[0]
        return cls(FINGERPRINT_VERSION, torch_version, shape_key, corpus_sha256)


def load_fingerprints(
    shape_key: str, corpus_sha256: str, programs: int, file: Path = FILE
) -> list[str | None] | None:
    """One for each program of the corpus, or None where there is no file that fits: then compute them."""
    try:
        head, _, body = file.read_bytes().partition(b"\n")
        origin: object = json.loads(head)
    except (OSError, ValueError):
        return None
    if origin != asdict(Origin.here(shape_key, corpus_sha256)) or len(body) != programs * _BYTES:
        return None
    parts = (body[start : start + _BYTES] for start in range(0, len(body), _BYTES))
    return [part.hex() if any(part) else None for part in parts]


def save_fingerprints(origin: Origin, fingerprints: Sequence[str | None], file: Path = FILE) -> None:
    body = b"".join(bytes.fromhex(fingerprint or "00" * _BYTES) for fingerprint in fingerprints)
    file.write_bytes(json.dumps(asdict(origin)).encode() + b"\n" + body)
