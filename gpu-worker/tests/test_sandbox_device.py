"""Where candidates are trained. What needs a card is `npm run gpu-check`; here is what holds without one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from archloom.recipes import Recipe
from archloom.runner.settings import Settings, SettingsError
from archloom.sandbox import SandboxUnavailable, open_sandbox
from archloom.sandbox.device import PROCESSOR, Device, choose_devices, list_cards, visible_cards
from archloom.sandbox.launch import start_jailed
from archloom.sandbox.open import Devices
from archloom.sandbox.processes import resident_bytes_below
from archloom.sandbox.slot import JailedSlot

CARDS = (Device("cuda", 1, "GPU-aa-1"), Device("cuda", 0, "GPU-ab-2"), Device("cuda", 2, "GPU-b-3"))
needs_no_card = pytest.mark.skipif(len(list_cards()) > 0, reason="this machine has a graphics card")


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (None, [1, 0, 2]),
        ("", []),
        ("-1", []),
        ("1", [0]),
        ("2, 0", [2, 1]),
        ("0,7,1", [1]),
        ("GPU-b", [2]),
        ("GPU-a", []),
        ("GPU-ab-2,GPU-aa", [0, 1]),
        ("MIG-aa", []),
    ],
)
def test_only_cards_that_the_worker_was_given_are_used(wanted: str | None, numbers: list[int]) -> None:
    assert [card.number for card in visible_cards(CARDS, wanted)] == numbers


def test_slots_share_the_cards_and_recipes_without_card_limits_stay_on_the_processor(
    quick_digits: Recipe,
) -> None:
    devices = Devices(CARDS[:2])
    on_card = replace(quick_digits, card_limits=quick_digits.limits)
    given = [devices.device_for(on_card).number for _ in range(3)]
    assert given == [1, 0, 1]
    assert devices.device_for(quick_digits) == PROCESSOR
    assert Devices().device_for(on_card) == PROCESSOR


def test_the_worker_s_setting_is_one_of_three() -> None:
    needed = {"DATABASE_URL": "postgres://x", "ARCHLOOM_HOME": "/home/x"}
    assert Settings.from_environment(needed).device == "auto"
    assert Settings.from_environment(needed | {"ARCHLOOM_DEVICE": "cuda"}).device == "cuda"
    with pytest.raises(SettingsError, match="must be auto, cpu or cuda, not 'gpu'"):
        Settings.from_environment(needed | {"ARCHLOOM_DEVICE": "gpu"})


@needs_no_card
def test_asking_for_a_card_where_there_is_none_is_refused_at_once() -> None:
    assert choose_devices("auto") == ()
    with pytest.raises(SandboxUnavailable, match="no NVIDIA card is visible here"):
        open_sandbox(device="cuda")


def test_memory_on_a_card_is_what_a_program_has_beyond_its_zygote() -> None:
    """Shared pages do not count, since a fork has all that the zygote has."""
    program = (
        "import os, sys\n"
        "shared = b'x' * 100_000_000\n"
        "if os.fork() == 0:\n"
        "    own = b'y' * 50_000_000\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.read()\n"
        "    os._exit(0)\n"
        "os.wait()\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe) as zygote:
        assert zygote.stdout is not None
        assert zygote.stdout.readline() == b"ready\n"
        assert 50_000_000 <= resident_bytes_below(zygote.pid) < 60_000_000
        zygote.communicate()


@needs_no_card
def test_a_card_that_does_not_work_is_the_machine_s_trouble_not_a_candidate_s(quick_digits: Recipe) -> None:
    """The real jail tries the card before any program is run in it."""
    on_card = replace(quick_digits, card_limits=quick_digits.limits)
    with pytest.raises(SandboxUnavailable, match="the graphics card cannot be used"):
        JailedSlot(on_card, start_jailed, confined=True, device=Device("cuda", 0, "GPU-none"))
