"""One jail for all tests that need one: starting it takes seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from archloom.recipes import Recipe, get_recipe
from archloom.recipes.protocol import DeviceKind
from archloom.sandbox import Verdict, open_sandbox
from archloom.sandbox.interface import Protection, Slot
from archloom.sandbox.slot import JailedSlot

GOOD = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        )
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.features(x))
"""

LEMUR = """
import torch
import torch.nn as nn

def supported_hyperparameters():
    return {"lr", "momentum", "dropout"}

class Net(nn.Module):
    def __init__(self, in_shape, out_shape, prm, device):
        super().__init__()
        self.device = device
        self.conv = nn.Conv2d(in_shape[1], 16, 3, padding=1)
        self.drop = nn.Dropout(prm["dropout"])
        self.head = nn.Linear(16 * 4, out_shape[0])
        self.to(device)

    def forward(self, x):
        x = nn.functional.adaptive_max_pool2d(torch.relu(self.conv(x)), 2)
        return self.head(self.drop(x.flatten(1)))

    def train_setup(self, prm):
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.parameters(), lr=prm["lr"], momentum=prm["momentum"])

    def learn(self, train_data):
        self.train()
        for inputs, labels in train_data:
            self.optimizer.zero_grad()
            loss = self.criterion(self(inputs.to(self.device)), labels.to(self.device))
            loss.backward()
            nn.utils.clip_grad_norm_(self.parameters(), 3)
            self.optimizer.step()
"""

Judge = Callable[..., Verdict]


@pytest.fixture(scope="session")
def quick_digits() -> Recipe:
    """The digits recipe with time limits that keep tests of endless programs short."""
    recipe = get_recipe("digits")
    return replace(recipe, limits=replace(recipe.limits, cpu_seconds=4, wall_seconds=12))


@pytest.fixture(scope="session")
def slot(quick_digits: Recipe) -> Iterator[JailedSlot]:
    opened = open_sandbox().open_slot(quick_digits)
    yield opened
    opened.close()


@pytest.fixture
def judge(slot: JailedSlot) -> Iterator[Judge]:
    """Evaluate a program with seed 0. Afterwards the slot must still be able to do its work."""

    def judge_one(code: str, seed: int = 0, check_only: bool = False) -> Verdict:
        return slot.evaluate(code, seed, threading.Event(), check_only)

    yield judge_one
    assert judge_one(GOOD, check_only=True).outcome == "ok"


class KeptSlots:
    """A sandbox whose slots stay warm between tests: starting one takes longer than most tests."""

    def __init__(self) -> None:
        self._sandbox = open_sandbox()
        self._slots: dict[str, Slot] = {}

    @property
    def protection(self) -> Protection:
        return self._sandbox.protection

    def open_slot(self, recipe: Recipe) -> Slot:
        if recipe.name not in self._slots:
            self._slots[recipe.name] = self._sandbox.open_slot(recipe)
        return _Kept(self._slots[recipe.name])

    def close(self) -> None:
        for slot in self._slots.values():
            slot.close()


class _Kept:
    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    @property
    def device(self) -> DeviceKind:
        return self._slot.device

    def evaluate(self, code: str, seed: int, cancel: threading.Event, check_only: bool = False) -> Verdict:
        return self._slot.evaluate(code, seed, cancel, check_only)

    def close(self) -> None:
        """Whoever keeps the slot closes it."""


@pytest.fixture(scope="module")
def kept_slots() -> Iterator[KeptSlots]:
    with closing(KeptSlots()) as kept:
        yield kept
