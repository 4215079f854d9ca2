"""The self-test must see the difference between a jail and none."""

from __future__ import annotations

from archloom.sandbox import Protection, open_sandbox
from archloom.sandbox.open import BareSandbox
from archloom.sandbox.self_test import ESSENTIAL, self_test


def test_a_jail_passes_every_check() -> None:
    report = self_test(open_sandbox())
    assert [check for check in report.checks if not check.passed] == []
    assert report.level == "full"
    assert {check.name for check in report.checks} >= ESSENTIAL


def test_without_a_jail_the_essential_checks_fail_and_say_what_happened() -> None:
    report = self_test(BareSandbox(Protection("none", ())))
    failed = {check.name: check.detail for check in report.checks if not check.passed}
    assert report.level == "none"
    assert set(failed) >= ESSENTIAL
    assert "BROKEN" in failed["reads no other file"]
