"""Does a copy compute the same as its original? Answered in the jail, by running both."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Final, Literal, get_args

from archloom.recipes import Recipe
from archloom.sandbox.interface import Slot

Answer = Literal["same", "different"]

_PROGRAM: Final = Path(__file__).with_name("proof_program.py")


def compare_networks(slot: Slot, recipe: Recipe, first: str, second: str) -> tuple[Answer | None, str]:
    """Whether two programs are the same network or different ones, and why if neither could be shown.

    The programs are trusted not to lie: they are this package's own, or ones whose authors had no reason to.
    """
    given = f"{first!r}, {second!r}, {recipe.in_shape!r}, {recipe.classes}, {dict(recipe.prm)!r}"
    code = f"{_PROGRAM.read_text(encoding='utf-8')}\n\nsay(lambda: compare({given}))\n"
    verdict = slot.evaluate(code, 0, threading.Event(), check_only=True)
    for line in verdict.output.splitlines():
        try:
            answer: object = json.loads(line)["answer"]
        except (ValueError, KeyError, TypeError):
            continue
        known: Answer | None = next((word for word in get_args(Answer) if word == answer), None)
        return known, "" if known else str(answer)
    return None, f"the comparison ended as {verdict.outcome}"
