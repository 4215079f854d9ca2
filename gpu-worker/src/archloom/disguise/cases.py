"""What the bench judges: pairs of an original and something that is, or is not, the same network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, count
from pathlib import Path
from typing import Literal

from archloom.corpus.draw import Draw
from archloom.corpus.grammar import draw_program
from archloom.disguise.disguise import disguise
from archloom.disguise.edits import edit

Kind = Literal["disguise", "edit", "pair"]

# Seeds of the starter corpus end below 10,000; the measurements' programs come from far above.
_FIRST_SEED = 10_000_000
_SEEDS_EACH = 1_000_000
# Of the cases of each kind. Real networks are a hundred times as large, so they decide how long it takes.
_REAL_SHARE = 0.1


@dataclass(frozen=True)
class Case:
    kind: Kind
    real: bool
    original: str
    other: str
    how: str
    """What was changed, in words."""


def read_networks(file: Path) -> list[str]:
    """The programs that were `built`, of a file with one JSON object a line. Raises ValueError, OSError."""
    networks: list[str] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            network = json.loads(line)
            if network["built"]:
                networks.append(network["code"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number} of {file} is no network: {error!r}") from error
    return networks


def draw_cases(kind: Kind, networks: list[str], seed: int) -> Iterator[Case]:
    """Endless, the same for the same seed; real networks among them while there are any."""
    draw = Draw(seed)
    start = _FIRST_SEED + seed * _SEEDS_EACH
    generated = (program for number in count(start) if (program := draw_program(number)) is not None)
    pairs = draw.shuffled(list(combinations(networks, 2)))
    for number in count(start):
        real = bool(networks) and draw.chance(_REAL_SHARE) and not (kind == "pair" and not pairs)
        if kind == "pair":
            first, second = pairs.pop() if real else (next(generated), next(generated))
            yield Case(kind, real, first, second, "another network")
            continue
        code = draw.pick(networks) if real else next(generated)
        try:
            if kind == "disguise":
                disguised = disguise(code, number)
                yield Case(kind, real, code, disguised.code, ", ".join(disguised.changes))
            else:
                edited = edit(code, number)
                yield Case(kind, real, edited.original, edited.edited, edited.kind)
        except ValueError:
            # Nothing in it can be changed: no case.
            continue
