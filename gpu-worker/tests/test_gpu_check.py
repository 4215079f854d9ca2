"""`npm run gpu-check` tells what it could not check, and never passes over a failure."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from archloom.gpu_check import jail, language
from archloom.gpu_check.__main__ import run_suite
from archloom.gpu_check.outcome import Failed, Skipped
from archloom.sandbox.device import list_cards


@pytest.mark.skipif(len(list_cards()) > 0, reason="this machine has a graphics card")
def test_without_a_card_every_check_is_skipped_with_the_reason() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "archloom.gpu_check"], capture_output=True, text=True, check=False
    )
    lines = run.stdout.strip().split("\n")
    assert run.returncode == 0
    assert lines[0].endswith("cards: none")
    for name in (*jail.CHECKS, *language.CHECKS):
        assert any(line.startswith(name) and "skipped: no NVIDIA card" in line for line in lines)
    assert lines[-1] == f"0 passed, 0 failed, {len(lines) - 2} skipped"


@contextmanager
def bench() -> Iterator[str]:
    yield "bench"


@contextmanager
def broken_bench() -> Iterator[str]:
    raise OSError("the disk is full")
    yield


def fails(bench: str) -> str:
    raise Failed("saw 2")


def breaks(bench: str) -> str:
    return str(1 / len(bench[:0]))


def skips() -> Iterator[str]:
    raise Skipped("not here")
    yield


def test_each_check_says_what_it_saw(capsys: pytest.CaptureFixture[str]) -> None:
    checks = {"good": str.upper, "fails": fails, "breaks": breaks}
    assert run_suite(bench, checks) == ["ok", "failed", "failed"]
    said = [" ".join(line.split()) for line in capsys.readouterr().out.strip().split("\n")]
    assert said == [
        "good ok: BENCH",
        "fails failed: saw 2",
        "breaks failed: ZeroDivisionError: division by zero",
    ]


def test_a_bench_that_does_not_open_decides_all_its_checks() -> None:
    assert run_suite(broken_bench, {"good": str.upper}) == ["failed"]
    assert run_suite(contextmanager(skips), {"good": str.upper}) == ["skipped"]
