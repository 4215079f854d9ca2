"""Runs all checks and prints what each saw. Exit code 1 if one failed; a skipped one says why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib.metadata import version
from typing import Final, Literal, TypeVar

from archloom.gpu_check import jail, language
from archloom.gpu_check.outcome import Failed, Skipped
from archloom.sandbox.device import NoCard, list_cards

WIDTH: Final = 36

Result = Literal["ok", "failed", "skipped"]
Bench = TypeVar("Bench")


def main() -> int:
    cards = ", ".join(f"/dev/nvidia{card.number} {card.uuid or ''}".strip() for card in list_cards())
    print(f"torch {version('torch')}; cards: {cards or 'none'}")
    results: list[Result] = [
        *run_suite(jail.open_bench, jail.CHECKS),
        *run_suite(language.open_bench, language.CHECKS),
    ]
    counts = {result: results.count(result) for result in ("ok", "failed", "skipped")}
    print(f"{counts['ok']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


def run_suite(
    open_bench: Callable[[], AbstractContextManager[Bench]], checks: Mapping[str, Callable[[Bench], str]]
) -> list[Result]:
    """All checks on one bench. A bench that cannot be set up decides all of them."""
    results: list[Result] = []
    try:
        with open_bench() as bench:
            for name, check in checks.items():
                results.append(_run(name, check, bench))
    except (Skipped, NoCard) as reason:
        for name in checks:
            results.append(_say(name, "skipped", str(reason)))
    # Whatever it is: on a machine with a card a bench that does not open is a failure, and the others go on.
    except Exception as error:
        for name in checks:
            results.append(_say(name, "failed", f"{type(error).__name__}: {error}"))
    return results


def _run(name: str, check: Callable[[Bench], str], bench: Bench) -> Result:
    try:
        return _say(name, "ok", check(bench))
    except Failed as failure:
        return _say(name, "failed", str(failure))
    # The checks are there to find what nobody expected.
    except Exception as error:
        return _say(name, "failed", f"{type(error).__name__}: {error}")


def _say(name: str, result: Result, seen: str) -> Result:
    print(f"{name:<{WIDTH}} {result}: {seen}", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
