"""What the tests of the corpus share: networks to write down, and a source read to its end."""

from __future__ import annotations

import json
from pathlib import Path

from archloom.corpus.entry import Entry, Rejected, SourceItem
from archloom.corpus.grammar import generate_corpus
from archloom.corpus.sources import detect

PROGRAMS = generate_corpus(40)
NET = "class Net(nn.Module):\n    def forward(self, x):\n        return x\n"


def line(**row: object) -> bytes:
    return json.dumps(row).encode() + b"\n"


def read(path: Path) -> list[SourceItem]:
    return list(detect(path).items())


def read_bytes(tmp_path: Path, content: bytes, name: str = "rows.jsonl") -> list[SourceItem]:
    path = tmp_path / name
    path.write_bytes(content)
    return read(path)


def entries(items: list[SourceItem]) -> list[Entry]:
    return [item for item in items if isinstance(item, Entry)]


def rejected(items: list[SourceItem]) -> list[tuple[str, str]]:
    return [(item.position, item.reason) for item in items if isinstance(item, Rejected)]
