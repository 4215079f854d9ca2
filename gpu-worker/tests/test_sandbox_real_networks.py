"""Networks that a 7B model really wrote, with what happened to them: the check must agree with the record.

Skipped where the data folder beside the project is absent.
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from archloom.recipes import get_recipe
from archloom.sandbox import open_sandbox

NETWORKS = Path(__file__).parents[3] / "shared" / "data" / "real-networks.jsonl"


@pytest.mark.skipif(not NETWORKS.is_file(), reason="the folder with real networks is not beside the project")
def test_the_check_agrees_with_what_is_on_record_about_real_networks() -> None:
    digits = get_recipe("digits")
    roomy = replace(
        digits.limits,
        parameters=None,
        multiply_adds=None,
        activation_bytes=None,
        memory_bytes=4 * 2**30,
        cpu_seconds=60,
        wall_seconds=180,
    )
    slot = open_sandbox().open_slot(replace(digits, in_shape=(3, 32, 32), classes=10, limits=roomy))
    disagreements: list[str] = []
    try:
        for line in NETWORKS.read_text(encoding="utf-8").splitlines():
            network = json.loads(line)
            verdict = slot.evaluate(network["code"], 0, threading.Event(), check_only=True)
            if (verdict.outcome == "ok") != network["built"]:
                disagreements.append(
                    f"{network['name']}: {verdict.outcome} {verdict.error}, {network['error']}"
                )
    finally:
        slot.close()
    assert disagreements == []
