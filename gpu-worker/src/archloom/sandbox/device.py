"""What candidates are trained on: every usable NVIDIA card, or the processor. Found without loading torch,
which the worker's own process never does.

Also loaded inside the jail. Not covered: cards divided by MIG, and other makers' cards.
"""

from __future__ import annotations

import os
import re
import runpy
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

from archloom.recipes.protocol import DeviceKind

DeviceChoice = Literal["auto", "cpu", "cuda"]
DEVICE_CHOICES: tuple[DeviceChoice, ...] = get_args(DeviceChoice)

DEVICE_FAILED_STATUS = 75
"""How a candidate's process ends when its card fails (EX_TEMPFAIL of sysexits.h). A program can end itself
so, too; all it wins is a second try in a new jail."""

_DRIVER_CARDS = Path("/proc/driver/nvidia/gpus")
_DEVICE_FILES = Path("/dev")
_BUS = Path("/sys/bus/pci/devices")
_COMMON_FILES = ("/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools")


class NoCard(Exception):
    """A card was asked for, and there is none to use; the message says why."""


@dataclass(frozen=True)
class Device:
    kind: DeviceKind
    number: int | None = None
    """Of a card: N of its device file /dev/nvidiaN."""
    uuid: str | None = None
    """Of a card, where the driver tells it. In a jail that sees one card its number means nothing to CUDA."""
    bus: str | None = None
    """Of a card: its place on the bus, such as 0000:17:00.0."""

    @property
    def cuda_name(self) -> str:
        """Value of CUDA_VISIBLE_DEVICES that shows a process this device only; empty for the processor."""
        if self.number is None:
            return ""
        return self.uuid or str(self.number)

    @property
    def files(self) -> tuple[str, ...]:
        """Device files that a process needs to open for it."""
        if self.number is None:
            return ()
        return tuple(name for name in (f"/dev/nvidia{self.number}", *_COMMON_FILES) if Path(name).exists())

    @property
    def bus_folder(self) -> str | None:
        """Where the kernel describes it; what lies in /sys/bus/pci/devices are links to such folders."""
        if self.bus is None:
            return None
        folder = _BUS / self.bus
        return str(folder.resolve()) if folder.exists() else None


PROCESSOR = Device("cpu")


def choose_devices(choice: DeviceChoice) -> tuple[Device, ...]:
    """The cards to use, none for the processor. Raises NoCard if cards were asked for and there are none."""
    if choice == "cpu":
        return ()
    cuda = _torch_cuda_version()
    cards = visible_cards(list_cards(), os.environ.get("CUDA_VISIBLE_DEVICES"))
    if cuda is not None and cards:
        return cards
    if choice == "cuda":
        raise NoCard(
            "no NVIDIA card is visible here"
            if not cards
            else "the installed torch cannot use NVIDIA cards (it was built without CUDA)"
        )
    return ()


def list_cards() -> tuple[Device, ...]:
    """Cards with a device file, in the order of their places on the bus where the driver tells it."""
    told = [_read_card(file) for file in sorted(_DRIVER_CARDS.glob("*/information"))]
    known = [card for card in told if card is not None and card.files[:1] == (f"/dev/nvidia{card.number}",)]
    if known:
        return tuple(known)
    numbers = sorted(
        int(match.group(1))
        for entry in _DEVICE_FILES.glob("nvidia*")
        if (match := re.fullmatch(r"nvidia(\d+)", entry.name))
    )
    return tuple(Device("cuda", number) for number in numbers)


def visible_cards(cards: tuple[Device, ...], wanted: str | None) -> tuple[Device, ...]:
    """Those that CUDA_VISIBLE_DEVICES leaves, read as CUDA does: an entry that fits no card ends the list."""
    if wanted is None:
        return cards
    chosen: list[Device] = []
    for entry in wanted.split(","):
        name = entry.strip()
        if name.isdecimal() and int(name) < len(cards):
            chosen.append(cards[int(name)])
            continue
        matching = [card for card in cards if name.startswith("GPU-") and (card.uuid or "").startswith(name)]
        if len(matching) != 1:
            break
        chosen += matching
    return tuple(chosen)


def _read_card(file: Path) -> Device | None:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    number = re.search(r"^Device Minor:\s*(\d+)\s*$", text, re.MULTILINE)
    uuid = re.search(r"^GPU UUID:\s*(GPU-[0-9A-Fa-f-]+)\s*$", text, re.MULTILINE)
    if number is None:
        return None
    return Device("cuda", int(number.group(1)), uuid and uuid.group(1), file.parent.name)


def _torch_cuda_version() -> str | None:
    """What torch.version.cuda would say."""
    torch = find_spec("torch")
    if torch is None or torch.origin is None:
        return None
    cuda = runpy.run_path(str(Path(torch.origin).parent / "version.py")).get("cuda")
    return cuda if isinstance(cuda, str) else None
