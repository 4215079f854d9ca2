"""What do the novelty tests let through, and what do they refuse by mistake?

`npm run bench -- novelty` prints two rates for each test, as Markdown: disguised copies that pass as novel,
and different networks that are refused (single edits and unrelated networks apart). Each case is a pair,
judged as if the original were all that is known. A case counts only if running both networks proved that they
compute the same, or that they do not; what was left out is printed with the reason.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import get_args

from archloom.disguise.cases import Case, Kind, draw_cases, read_networks
from archloom.disguise.proof import Answer, compare_networks
from archloom.novelty.index import NOVELTY_THRESHOLD, NoveltyIndex
from archloom.novelty.structure import NoveltyTests, decide
from archloom.recipes import Recipe, get_recipe
from archloom.sandbox import Slot, Verdict, open_sandbox

_EXPECTED: dict[Kind, Answer] = {"disguise": "same", "edit": "different", "pair": "different"}
_TESTS = (
    "shingle Jaccard",
    "MinHash estimate, 128 permutations",
    "structural fingerprint",
    "text and structure",
)
_DECIDING: dict[str, NoveltyTests] = {
    "shingle Jaccard": "text",
    "structural fingerprint": "structure",
    "text and structure": "text_and_structure",
}
_AT_ONCE = 16


@dataclass(frozen=True)
class Judged:
    case: Case
    left_out: str | None
    """Why the case does not count."""
    novel: dict[str, bool]
    """By test."""
    without_fingerprint: bool = False


class Judges:
    """Jails for both kinds of networks, one pair of jails for each thread."""

    def __init__(self, count: int, with_real: bool, stack: ExitStack) -> None:
        sandbox, self._digits = open_sandbox(), get_recipe("digits")
        self._real = _recipe_of_real_networks(self._digits)
        self._free: list[tuple[Slot, Slot | None]] = []
        for _ in range(count):
            slots = sandbox.open_slot(self._digits), sandbox.open_slot(self._real) if with_real else None
            for slot in slots:
                if slot is not None:
                    stack.callback(slot.close)
            self._free.append(slots)
        self._pool = stack.enter_context(ThreadPoolExecutor(count))
        # Real networks are few and slow to check, and come again and again.
        self._known: dict[str, Verdict] = {}

    def judge(self, cases: Sequence[Case]) -> list[Judged]:
        return list(self._pool.map(self._judge, cases))

    def _judge(self, case: Case) -> Judged:
        slots = self._free.pop()
        try:
            slot, recipe = (slots[1], self._real) if case.real else (slots[0], self._digits)
            assert slot is not None
            return judge_case(slot, recipe, case, self._known if case.real else {})
        finally:
            self._free.append(slots)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-n", type=_positive, default=1000, help="cases of each kind and seed")
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="one or more; 1 by default")
    parser.add_argument("--networks", type=Path, help="real networks: JSON lines with `code` and `built`")
    parser.add_argument("--slots", type=_positive, default=2, help="networks judged side by side")
    arguments = parser.parse_args()
    try:
        networks = read_networks(arguments.networks) if arguments.networks else []
    except (OSError, ValueError) as error:
        sys.exit(f"{error}")
    everything: list[Judged] = []
    with ExitStack() as stack:
        judges = Judges(arguments.slots, bool(networks), stack)
        for seed in arguments.seed:
            judged = measure(judges, networks, seed, arguments.n, _show_progress)
            print(f"\n## Seed {seed}\n\n{describe(judged)}", flush=True)
            everything += judged
    if len(arguments.seed) > 1:
        print(f"\n## All seeds\n\n{describe(everything)}")


def measure(
    judges: Judges, networks: list[str], seed: int, wanted: int, on_progress: Callable[[Kind, int], None]
) -> list[Judged]:
    """For each kind the first `wanted` cases that count, with those left out on the way."""
    judged: list[Judged] = []
    for kind in get_args(Kind):
        cases, counting = draw_cases(kind, networks, seed), 0
        while counting < wanted:
            for one in judges.judge(list(islice(cases, _AT_ONCE))):
                if counting < wanted:
                    judged.append(one)
                    counting += one.left_out is None
            on_progress(kind, counting)
    return judged


def describe(judged: Sequence[Judged]) -> str:
    """A table of both rates, what was left out, and each case that the structural fingerprint got wrong."""
    by_kind = {kind: [one for one in judged if one.case.kind == kind] for kind in get_args(Kind)}
    lines = [
        "| Test | disguises that pass as novel | single edits refused | different networks refused |",
        "|---|---|---|---|",
    ]
    for test in _TESTS:
        cells: list[str] = []
        for ones in by_kind.values():
            counting = [one for one in ones if one.left_out is None]
            wrong = sum(_is_wrong(one, test) for one in counting)
            cells.append(f"{wrong:,} of {len(counting):,} ({wrong / max(len(counting), 1):.1%})")
        lines.append(f"| {test} | {' | '.join(cells)} |")
    for kind, ones in by_kind.items():
        real = sum(one.case.real for one in ones if one.left_out is None)
        reasons = Counter(one.left_out for one in ones if one.left_out)
        said = "; ".join(f"{number:,} {reason}" for reason, number in reasons.most_common()) or "none"
        lines.append(f"\n{kind}: {real:,} of real networks. Left out: {said}.")
    bare = sum(one.without_fingerprint for one in judged)
    lines.append(f"\nPairs without a fingerprint, decided by text: {bare:,}.")
    lines += [_show_wrong(one.case) for one in judged if _is_wrong(one, "structural fingerprint")]
    return "\n".join(lines)


def _is_wrong(one: Judged, test: str) -> bool:
    return one.left_out is None and one.novel[test] == (one.case.kind == "disguise")


def _show_wrong(case: Case) -> str:
    programs = f"{case.original}\n# ---\n{case.other}"
    return f"\nWRONG, {case.kind} ({case.how}):\n\n```python\n{programs}\n```"


def judge_case(slot: Slot, recipe: Recipe, case: Case, known: dict[str, Verdict]) -> Judged:
    """`known` are verdicts on originals; they are looked up there and added."""
    if case.original not in known:
        known[case.original] = slot.evaluate(case.original, 0, threading.Event(), check_only=True)
    verdicts = [known[case.original], slot.evaluate(case.other, 0, threading.Event(), check_only=True)]
    if not all(verdict.built for verdict in verdicts):
        outcome = next(verdict.outcome for verdict in verdicts if not verdict.built)
        return Judged(case, f"do not build ({outcome})", {})
    answer, reason = compare_networks(slot, recipe, case.original, case.other)
    if answer != _EXPECTED[case.kind]:
        return Judged(case, "compute the same" if answer == "same" else answer or reason, {})
    index = NoveltyIndex()
    index.add("original", case.original)
    nearest = index.nearest(case.other)
    assert nearest is not None
    first, second = (verdict.fingerprint for verdict in verdicts)
    match = None if first is None or second is None else first == second
    novel = {
        test: decide(nearest.jaccard, match, tests, NOVELTY_THRESHOLD).novel
        for test, tests in _DECIDING.items()
    }
    novel["MinHash estimate, 128 permutations"] = nearest.minhash_estimate < NOVELTY_THRESHOLD
    return Judged(case, None, novel, match is None)


def _recipe_of_real_networks(digits: Recipe) -> Recipe:
    """For networks written for 3x32x32 images, too large for the digits' limits."""
    roomy = replace(
        digits.limits,
        parameters=None,
        multiply_adds=None,
        activation_bytes=None,
        memory_bytes=6 * 2**30,
        cpu_seconds=120,
        wall_seconds=600,
    )
    return replace(digits, in_shape=(3, 32, 32), limits=roomy)


def _show_progress(kind: Kind, done: int) -> None:
    print(f"\r{kind}: {done:,}   ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
